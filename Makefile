# Two commands are all a newcomer needs: make demo, make test.
# They make the environment themselves; outside this folder only the user's cache is written to,
# where compiled kernels wait (MSAP_CACHE_DIR).

PYTHON ?= python3
VENV   := .venv
ifeq ($(OS),Windows_NT)
  BIN  := $(VENV)/Scripts
else
  BIN  := $(VENV)/bin
endif
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: help demo test check warm bench clean

help:
	@echo "make demo    plan the bundled Bellencombre round, write map and timetable, print who gains"
	@echo "make test    run the tests"
	@echo "make check   lint, types, layers"
	@echo "make warm    compile the kernels"
	@echo "make clean   remove the environment and what was written"

demo: $(VENV)/.core
	$(BIN)/msap warmup
	$(BIN)/msap demo --out out

test: $(VENV)/.test
	$(BIN)/python -m msap_mobility.compiled
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/.check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

warm: $(VENV)/.core
	$(BIN)/python -m msap_mobility.compiled

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Each stamp is an environment with one more layer of packages.
$(VENV)/.core: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 to 3.14 is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12") if not (3, 11) <= sys.version_info < (3, 15) else None'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade "pip>=25.1"
	$(PIP) install --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.core
	$(PIP) install --editable ".[osm]" --group test
	@touch $@

$(VENV)/.check: $(VENV)/.test
	$(PIP) install --group check
	@touch $@
