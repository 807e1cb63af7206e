"""A stand-in for the web page of a Fuel master: what it draws of the settings."""

import re
from collections import namedtuple

# What the pages of all these releases draw.
DRAWN = ('text', 'password', 'textarea', 'checkbox', 'radio', 'select', 'number')
GROUPS = ('general', 'security', 'compute', 'network', 'storage', 'logging',
          'openstack_services', 'other')

# What the page draws of a section: the tab it stands on, the label beside its tick
# box, whether that is ticked, why it cannot be ticked ('' if it can), its settings.
Section = namedtuple('Section', 'tab label ticked blocked settings')


def web_page(fuel, environment, settings):
    """The sections that have a tick box, as the page of *fuel* draws them."""
    page = []
    for section in settings['editable'].values():
        metadata = dict(section['metadata'])
        if metadata.get('class') == 'plugin':
            section = next(version for version in metadata['versions'] if
                           version['metadata']['plugin_id'] == metadata['chosen_id'])
            metadata.update(section['metadata'])
        if metadata.get('toggleable'):
            page.append(Section(
                tab(fuel, metadata), metadata['label'], metadata['enabled'],
                blocked(metadata, environment), drawn(section)))
    return page


def tab(fuel, metadata):
    if fuel.version == '6.1':
        return 'Settings'
    if fuel.version == '7.0':
        return 'Settings, ' + metadata['label']
    if metadata.get('group') == 'network':
        return 'Networks, Other'
    group = metadata.get('group')
    return 'Settings, ' + (group if group in GROUPS else 'other').capitalize()


def blocked(metadata, environment):
    """The message of the first restriction that holds."""
    for restriction in metadata.get('restrictions', []):
        match = re.fullmatch(r"cluster:(\w+) (==|!=) '(\w+)'", restriction['condition'])
        if not match:
            raise ValueError('not known: {condition}'.format(**restriction))
        field, operator, value = match.groups()
        if (environment[field] == value) == (operator == '=='):
            return restriction['message']
    return ''


def drawn(section):
    """Labels of the settings, from top to bottom."""
    settings = [setting for name, setting in section.items() if name != 'metadata'
                and setting['type'] in DRAWN]
    return [setting['label'] for setting in sorted(settings, key=_weight)]


def _weight(setting):
    return setting['weight']
