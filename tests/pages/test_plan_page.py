"""The test plan has every case, and says of each what is done and what is expected."""

import pytest

from tools.pages import plan

IN_A_CHAPTER = [plan.TESTS / name
                for _, _, names in plan.CHAPTERS for name in names]
STORIES = 'test_fuel8', 'test_fuel9'


def test_every_file_that_has_a_case_is_in_a_chapter():
    having = {path for path in plan.TESTS.rglob('test_*.py')
              if plan.cases(path)}

    assert having == set(IN_A_CHAPTER)


@pytest.mark.parametrize('path', IN_A_CHAPTER, ids=lambda path: path.stem)
def test_each_case_says_what_is_done_and_what_is_expected(path):
    for case in plan.cases(path):
        assert case.expected.endswith('.'), case
        # In a story the name of a case is its step.
        assert case.steps.endswith('.') or path.stem in STORIES, case


def test_the_cases_that_reviewers_of_plugins_ask_for_are_there():
    text = plan.page()

    for words in ('installed and not enabled', 'master updated under the plugin',
                  '## Security', '## Performance', '### install_plugin',
                  '### uninstall_plugin_with_deployed_env'):
        assert words in text
