"""Write what is generated from code: pages, a man page, a completion for bash.

python tools/pages [DIR]: into this tree, or below DIR.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[0] = str(ROOT)

from tools.pages import (  # noqa: E402
    codes, commands, completion, man_page, plan, settings_reference)

# Path -> the function that returns its text.
PAGES = {
    'docs/codes.md': codes.page,
    'docs/commands.md': commands.page,
    'docs/settings-reference.md': settings_reference.page,
    'docs/test-plan.md': plan.page,
    # All of this folder reaches the nodes.
    'deployment_scripts/calico-fuel.8': man_page.page,
    'deployment_scripts/calico-fuel.bash': completion.text,
}


def main(folder):
    for name, page in PAGES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(), encoding='utf-8')
        print('wrote', path)


if __name__ == '__main__':
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT)
