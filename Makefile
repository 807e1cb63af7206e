# make demo    shows a Calico network come up on this machine
# make test    runs every test
# make rpm     builds both RPMs into dist/
# make packages FUEL=6.1 MIRROR=URL KEYRING=FILE   gives the RPM its packages
# make test-page   the page of "status --html" in a real browser (installs Chromium)
# make lab ARGS=...   a Fuel environment to play with: up, add, remove, status, ping
# make mutants ARGS='calico_fuel.bgp.sessions*'   faults in the code that no test notices
# make test-plan FUEL=7.0   the test plan, and .cache/test-report.md
# make docs    the documentation as a site, in .build/docs
# make soak HOURS=2 SEED=7 FUEL=8.0   a random day of an environment; or STEPS=5
# make bench   every benchmark, and .cache/bench-report.md; make bench-render: one
.PHONY: demo docs lab test pages test-page test-plan soak rpm packages lint bench \
    measure-restarts mutants clean

PYTHON = .venv/bin/python
# What it runs is pinned by hash.
BUILDER = .cache/fpb-py3/bin/python
ARGS ?=

demo:
	@[ "$$(id -u)" = 0 ] || { echo "make demo: needs root, for network namespaces"; exit 1; }
	@tools/setup python py27 rpm fpb bird pacemaker
	@$(PYTHON) -m lab.demo $(ARGS)

lab:
	@[ "$$(id -u)" = 0 ] || { echo "make lab: needs root, for namespaces"; exit 1; }
	@tools/setup python py27 rpm fpb bird pacemaker openvswitch \
	    $(if $(findstring --neutron,$(ARGS)),neutron)
	@$(PYTHON) -m lab.cli $(or $(ARGS),--help)

rpm:
	@tools/setup rpm fpb
	@$(BUILDER) tools/build-rpms $(ARGS)

packages:
	@tools/setup rpm fpb
	@$(BUILDER) -B tools/packages $(FUEL) $(if $(MIRROR),--mirror "$(MIRROR)") \
	    $(if $(KEYRING),--keyring "$(KEYRING)") $(ARGS)

test:
	@tools/test $(ARGS)

test-plan:
	@PARTS=plan FUEL=$(or $(FUEL),6.1) tools/test --report .cache/test-report.md $(ARGS)

# No HOURS: one. No SEED: by the time. No FUEL: by the seed. Needs root.
soak:
	@tools/setup python py27 rpm fpb bird pacemaker openvswitch faketime
	@$(PYTHON) -m tests.soak $(if $(FUEL),--fuel $(FUEL)) $(if $(SEED),--seed $(SEED)) \
	    $(if $(HOURS),--hours $(HOURS)) $(if $(STEPS),--steps $(STEPS)) $(ARGS)

test-page:
	@tools/setup python chromium
	@$(PYTHON) -m pytest -q tests/browser $(ARGS)

# From nothing, because pages that did not change may name those that did.
docs:
	@tools/setup docs
	@rm -rf .build/docs
	@.cache/docs-py3/bin/sphinx-build -q -W --keep-going -c docs . .build/docs
	@echo "docs: .build/docs/index.html"

# What is generated from code: pages, the man page, the completion of bash.
pages:
	@tools/setup python
	@$(PYTHON) -B tools/pages

lint:
	@tools/setup python lint
	@tools/lint

bench: bench-all

# One benchmark, or all and .cache/bench-report.md: bench-render, bench-deployments,
# bench-status, bench-sessions, bench-reflector, bench-convergence. Needs root.
bench-%:
	@tools/setup python py27 rpm fpb bird etcd pacemaker
	@$(PYTHON) -m lab.measure.bench $* $(ARGS)

# What each way of restarting BIRD loses, into docs/restarts.md. Needs root.
measure-restarts:
	@tools/setup python bird
	@$(PYTHON) -m lab.measure.restarts $(ARGS)

# What decides about sessions, routes and members of etcd, each line changed in turn.
mutants:
	@tools/setup python mutmut
	@.cache/mutmut/bin/mutmut run $(ARGS)

clean:
	rm -rf mutants .cache .venv .build build dist deployment_scripts/calico_fuel \
	    deployment_scripts/packages *.egg-info .hypothesis .pytest_cache
