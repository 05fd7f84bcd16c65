# Two commands are all one needs: `make run` and `make test`. Each sets up what it needs by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check
# Programs are read once and kept as bytecode, whatever the machine says: tests start many a process.
export PYTHONDONTWRITEBYTECODE :=
UV := $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)

.PHONY: run test test-alone test-measures test-connected test-pages test-long test-long-worlds test-long-rest test-long-draws servers lint format accept messages lock screenshots bench clean

run: $(VENV)/installed  ## the demo: a made-up lab, its overview, a report in this folder
	$(BIN)/leumund demo

test: $(VENV)/installed-dev  ## all that must hold, in minutes
	$(MAKE) -j6 servers lint test-alone test-measures test-connected test-pages

# All side by side, in parts of about the same length: while servers are fetched, two cores are busy with the rest.
MEASURED := tests/measures tests/validate tests/simulate tests/sources
CONNECTED := tests/living tests/client tests/servers
PAGES := tests/web tests/board tests/widget tests/markup
PYTEST := $(BIN)/python -m pytest -p no:cacheprovider
test-alone: $(VENV)/installed-dev
	$(PYTEST) $(foreach folder,$(MEASURED) $(CONNECTED) $(PAGES),--ignore=$(folder))

test-measures: $(VENV)/installed-dev
	$(PYTEST) $(MEASURED)

test-connected: $(VENV)/installed-dev servers
	$(PYTEST) $(CONNECTED)

test-pages: $(VENV)/installed-dev servers
	$(PYTEST) $(PAGES)

# Two at a time, the longest first; what measures speed comes last, when nothing else runs.
test-long: $(VENV)/installed-bench servers  ## kill, fuzz, size and cluster runs, ten times as many draws of slow properties, speed
	$(MAKE) -k -j2 test-long-worlds test-long-rest test-long-draws
	$(PYTEST) -m long tests/benchmarks

WORLDS := tests/network $(MEASURED)
test-long-worlds: $(VENV)/installed-bench
	$(PYTEST) -m long $(WORLDS)

test-long-rest: $(VENV)/installed-bench servers
	$(PYTEST) -m long $(foreach folder,$(WORLDS) tests/benchmarks,--ignore=$(folder))

test-long-draws: $(VENV)/installed-bench servers
	DRAWS=10 $(PYTEST) -m "hypothesis and not long"

servers: $(VENV)/installed  ## the real servers and the browser that tests start; what cannot be had is left out and said
	$(BIN)/python tests/servers/installation.py
	$(BIN)/python -m tests.markup.installation

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

accept: $(VENV)/installed-dev  ## take today's answers of the sources' tests as the expected ones; then read the diff
	$(BIN)/python -m pytest --accept tests/sources

messages: $(VENV)/installed-dev  ## gather all texts, merge them into the German catalogue, compile it
	$(BIN)/pybabel -q extract -F src/leumund/locale/babel.cfg -k N_ -k "ngettext:1,2" --no-location --sort-output --omit-header -o src/leumund/locale/leumund.pot src/leumund
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -D leumund -i src/leumund/locale/leumund.pot -d src/leumund/locale -l de
	$(BIN)/pybabel -q compile -D leumund -d src/leumund/locale -l de

lock: $(VENV)/installed-dev  ## resolve the versions anew
	$(BIN)/uv pip compile -q --universal --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --no-header --python-version 3.11 --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --no-header --python-version 3.11 --group dev --group bench -c requirements-dev.lock pyproject.toml -o requirements-bench.lock

screenshots: $(VENV)/installed-dev  ## the pictures of README and docs, from the demo
	$(BIN)/python -m tests.docs.screenshots

bench: $(VENV)/installed-bench
	$(BIN)/python -m benchmarks

# uv needs a quarter of pip's time: the one that is there, else one of this folder; where it cannot do it, pip does.
install = { test -x $(UV) && $(UV) pip install -q --python $(BIN)/python $(1); } || $(PIP) $(1)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	test -x $(UV) || $(PIP) -c requirements-dev.lock uv || true

$(VENV)/installed: pyproject.toml requirements.lock | $(BIN)/python
	$(call install,-r requirements.lock -e .)
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	$(call install,-r requirements-dev.lock)
	touch $@

# Not every machine has a wheel of each peer: one that cannot be had is left out, and the tables say so.
$(VENV)/installed-bench: $(VENV)/installed-dev requirements-bench.lock
	$(call install,-r requirements-bench.lock) || grep -v '^ *#' requirements-bench.lock | while read -r peer; do \
		$(call install,"$$peer") || echo "left out: $$peer"; done
	touch $@

clean:
	rm -rf $(VENV) .servers build dist report.html
