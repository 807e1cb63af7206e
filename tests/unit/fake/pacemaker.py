"""Pacemaker with clones of OCF agents: cibadmin and crm_mon."""

from __future__ import unicode_literals

from xml.etree import ElementTree

from tests.unit.fake.system import UnknownCommand, bad, good


class Pacemaker(object):
    """``resources`` is the XML of the CIB's resources; all nodes run what may run.

    A resource whose name is in ``blocked`` does not stop.  Each poll by crm_mon
    is one step of the cluster: a resource takes ``polls_to_stop`` of them.
    """

    def __init__(self, system, names=(), nodes=('node-1', 'node-2'), polls_to_stop=3):
        self.system = system
        self.resources = ElementTree.Element('resources')
        self.running = {}
        self.nodes = nodes
        self.blocked = set()
        self.polls_to_stop = polls_to_stop
        self.meanwhile = None
        for name in names:
            self.add(name)
        system.programs['cibadmin'] = self.cibadmin
        system.programs['crm_mon'] = self.crm_mon

    def add(self, name, is_clone=True, roles=()):
        """As Fuel's Puppet makes it; ``roles`` has the elements with target-role."""
        parent = self.resources
        if is_clone:
            parent = ElementTree.SubElement(parent, 'clone', id='clone_' + name)
        primitive = ElementTree.SubElement(
            parent, 'primitive', {'id': name, 'class': 'ocf', 'provider': 'fuel'})
        secrets = ElementTree.SubElement(
            primitive, 'instance_attributes', id=name + '-instance_attributes')
        _pair(secrets, 'password', 's3cret')
        if is_clone:
            attributes = ElementTree.SubElement(
                parent, 'meta_attributes', id='clone_{}-meta_attributes'.format(name))
            _pair(attributes, 'interleave', 'true')
            if 'clone' in roles:
                _pair(attributes, 'target-role', 'Started')
        if 'primitive' in roles:
            _pair(ElementTree.SubElement(primitive, 'meta_attributes', id=name + '-m'),
                  'target-role', 'Started')
        self.running[name] = self.polls_to_stop

    def may_run(self, name):
        for parent in self.resources.iter():
            for primitive in parent.findall('primitive'):
                if primitive.get('id') == name:
                    role = _role(primitive) or (
                        parent.tag == 'clone' and _role(parent))
                    return role != 'Stopped'
        return False

    def cibadmin(self, argv, text):
        if argv[1:] == ['--query', '-o', 'resources']:
            return good(ElementTree.tostring(self.resources).decode('utf-8'))
        if argv[1:5] == ['--modify', '-o', 'resources', '--xml-text']:
            if self.meanwhile:
                self.meanwhile(self)
            self.system.about_to_change()
            change = ElementTree.fromstring(argv[5].encode('utf-8'))
            for element in self.resources.iter(change.tag):
                if element.get('id') == change.get('id'):
                    _merge(element, change)
                    return good()
            return bad('Call failed: No such device or address', 105)
        raise UnknownCommand(' '.join(argv))

    def crm_mon(self, argv, text):
        if argv[1:] != ['--as-xml']:
            raise UnknownCommand(' '.join(argv))
        status = ElementTree.Element('crm_mon')
        for name in sorted(self.running):
            if not self.may_run(name) and name not in self.blocked:
                self.running[name] = max(0, self.running[name] - 1)
            resource = ElementTree.SubElement(status, 'resource', id=name)
            for node in self.nodes if self.running[name] > 0 else ():
                ElementTree.SubElement(resource, 'node', name=node)
        return good(ElementTree.tostring(status).decode('utf-8'))


def _pair(parent, name, value):
    ElementTree.SubElement(parent, 'nvpair', {
        'id': '{}-{}'.format(parent.get('id'), name), 'name': name, 'value': value})


def _role(element):
    for pair in element.findall('meta_attributes/nvpair'):
        if pair.get('name') == 'target-role':
            return pair.get('value')
    return None


def _merge(element, change):
    """As cibadmin --modify: children are the same that have the same id."""
    element.attrib.update(change.attrib)
    for child in change:
        known = [old for old in element.findall(child.tag)
                 if old.get('id') == child.get('id')]
        if known:
            _merge(known[0], child)
        else:
            element.append(child)
