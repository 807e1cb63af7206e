import re

from setuptools import find_packages
from setuptools import setup

with open('calico_fuel/__init__.py') as stream:
    VERSION = re.search(r"__version__ = '([^']+)'", stream.read()).group(1)
# The RPM for Fuel 9 installs the same.
with open('calico_fuel_master/entry_points.txt') as stream:
    ENTRY_POINTS = stream.read()

setup(
    name='calico-fuel',
    version=VERSION,
    description='Calico networking for environments deployed by Mirantis Fuel',
    license='Apache-2.0',
    packages=find_packages(include=[
        'calico_fuel', 'calico_fuel.*', 'calico_fuel_master', 'calico_fuel_master.*']),
    package_data={'calico_fuel': ['templates/*.j2'],
                  'calico_fuel_master': [
                      'entry_points.txt', 'timmy.yaml', 'calico_verify/*.yaml']},
    python_requires='>=2.7, ' + ', '.join('!=3.{}.*'.format(n) for n in range(8)),
    install_requires=['Jinja2>=2.7', 'PyYAML>=3.10'],
    entry_points=ENTRY_POINTS + """
[console_scripts]
calico-fuel = calico_fuel.__main__:program
calico-fuel-master = calico_fuel_master.program:program
""",
)
