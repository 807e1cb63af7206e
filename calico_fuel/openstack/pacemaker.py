"""Pacemaker resources that must not run, on any node.

They are stopped, not deleted: ``target-role=Stopped`` is in the configuration
that all controllers share and keep across reboots, and Fuel's Puppet can undo it.
Without the resource its next run on a controller other than the primary fails
("Primitive ... was not found in CIB!": Fuel 6.1-8.0 library,
pacemaker/service, and puppet-pacemaker 1.0.9 of Fuel 9): only the primary makes
resources, and Fuel 9 skips the primary's task when a controller is added.  For
the same reason constraints between the resources (Fuel 6.1) stay.

The configuration is read and changed as XML, which pacemaker 1.1.10 and 2.1 share.
"""

from __future__ import unicode_literals

from collections import namedtuple
from xml.etree import ElementTree

from calico_fuel.errors import CommandError, NodeError, NotInstalledError
from calico_fuel.resources.base import Resource
from calico_fuel.resources.question import ask

# Fuel gives each agent up to 80 s to stop; for a slower one the next run waits.
SECONDS_TO_STOP = 90
SECONDS_TO_ANSWER = 30


class Stopped(Resource, namedtuple('Stopped', 'names')):
    """None of the primitives *names*, if it is there at all, runs on any node.

    A clone of one is stopped as a whole.  Where pacemaker is not installed
    there is nothing to do.
    """

    label_format = 'pacemaker resources stopped'

    def difference(self, system):
        configuration = _query(system)
        if configuration is None:
            return ''
        lines = ['{}: may run'.format(id_)
                 for id_, _ in modifications(configuration, self.names, 'Stopped')]
        lines += ['{}: runs on {}'.format(name, ', '.join(nodes))
                  for name, nodes in self._running(system)]
        return '\n'.join(lines)

    def change(self, system):
        # All at once: each may take its time to stop.
        _modify(system, self.names, 'Stopped')
        if not system.eventually(lambda: not self._running(system), SECONDS_TO_STOP, 1):
            raise NodeError('; '.join(
                '{}: has target-role Stopped, and still runs on {} after {} s. See '
                '"crm_mon -1 -r -f": take it out of maintenance or unmanaged mode, or '
                '"crm_resource --cleanup --resource {}" after a failed stop, and run '
                'this again'.format(name, ', '.join(nodes), SECONDS_TO_STOP, name)
                for name, nodes in self._running(system)))

    def _running(self, system):
        return running(_ask(system, 'crm_mon', '--as-xml'), self.names)


class Startable(Resource, namedtuple('Startable', 'names')):
    """No primitive of *names* has target-role Stopped: the reverse of Stopped."""

    label_format = 'pacemaker resources may run'

    def difference(self, system):
        configuration = _query(system)
        return '' if configuration is None else '\n'.join(
            '{}: must not run'.format(id_)
            for id_, _ in modifications(configuration, self.names, 'Started'))

    def change(self, system):
        _modify(system, self.names, 'Started')


def _modify(system, names, role):
    for id_, xml in modifications(_query(system), names, role):
        try:
            _ask(system, 'cibadmin', '--modify', '-o', 'resources', '--xml-text', xml)
        except CommandError:
            # The other controllers do the same at the same time.
            if id_ in dict(modifications(_query(system), names, role)):
                raise


def _query(system):
    """The resources in the configuration as XML; None without pacemaker."""
    try:
        return _ask(system, 'cibadmin', '--query', '-o', 'resources')
    except NotInstalledError:
        return None


def _ask(system, *argv):
    """What one of pacemaker's programs prints."""
    return ask(system, list(argv), SECONDS_TO_ANSWER, _fix).stdout


def _fix(_):
    return ('Pacemaker hangs: see its log, let it answer "crm_mon -1" again, and run '
            'this again')


def modifications(configuration, names, role):
    """The changes that give *names* the target-role *role*, Stopped or Started.

    Pairs of the id of a clone or primitive, and XML for it.  Without a
    target-role a resource may run.  That of the primitive outweighs that of its
    clone, so each that is there counts.
    """
    wanted = []
    for parent in ElementTree.fromstring(configuration.encode('utf-8')).iter():
        for primitive in parent.findall('primitive'):
            if primitive.get('id') in names:
                elements = [parent] * (parent.tag in ('clone', 'master')) + [primitive]
                changed = [_changed(element, role, element is elements[0])
                           for element in elements]
                wanted += [(one.get('id'), ElementTree.tostring(one).decode('ascii'))
                           for one in changed if len(one)]
    return wanted


def _changed(element, role, is_outer):
    """*element* with its wrong target-roles; the outer one must have it to stop."""
    roles = [(attributes.get('id'), pair)
             for attributes in element.findall('meta_attributes')
             for pair in attributes.findall('nvpair')
             if pair.get('name') == 'target-role']
    wrong = [(set_id, pair.get('id')) for set_id, pair in roles
             if pair.get('value') != role]
    if is_outer and role == 'Stopped' and not roles:
        attributes = element.find('meta_attributes')
        set_id = (element.get('id') + '-meta_attributes' if attributes is None
                  else attributes.get('id'))
        wrong = [(set_id, set_id + '-target-role')]
    changed = ElementTree.Element(element.tag, id=element.get('id'))
    for set_id, pair_id in wrong:
        attributes = ElementTree.SubElement(changed, 'meta_attributes', id=set_id)
        ElementTree.SubElement(attributes, 'nvpair', {
            'id': pair_id, 'name': 'target-role', 'value': role})
    return changed


def running(status, names):
    """Pairs of each of *names* that runs and its nodes; *status* is crm_mon's XML."""
    nodes = {}
    for resource in ElementTree.fromstring(status.encode('utf-8')).iter('resource'):
        # An instance of a clone may have its number behind its name.
        name = resource.get('id').partition(':')[0]
        if name in names:
            nodes.setdefault(name, []).extend(
                node.get('name') for node in resource.findall('node'))
    return [(name, sorted(nodes[name])) for name in names if nodes.get(name)]
