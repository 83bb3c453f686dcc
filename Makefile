# make demo     install, and run the main job on the embedded world (no account needed)
# make test     install what the tests need, and run them
# make check    what has to be green before a change goes in
# make bench    the figures that the README quotes
# make picture  the README's picture of the report

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install -qq -c constraints.txt

.PHONY: demo test check lint types coverage bench picture schemas clean

demo: $(VENV)/installed
	@$(BIN)/mailwatch demo --fail-on never

test: $(VENV)/installed-tests
	@$(BIN)/python -m pytest -n auto

check: lint types coverage

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

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

picture: $(VENV)/installed
	$(BIN)/python docs/picture.py

schemas: $(VENV)/installed
	$(BIN)/python -m mailwatch.schemas

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
