# Everything starts here. Needed: make, and Python 3.10 or newer with its venv module. The rest is installed into .venv.
#
#   make scan                     scan fixtures/modules      (make scan SCAN="my/modules --environment production")
#   make test                     run the tests              (make test TESTS="tests/report -k snapshot")
#   make check                    all that CI runs
#   PYTHON=python3.12 make test   the same with another Python; the environment is made anew when it changes

PYTHON ?= python3
VENV ?= .venv
SCAN ?= fixtures/modules
TESTS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
# Names the interpreter and this folder: an environment made by another one, or elsewhere, is of no use.
IDENTITY := $(shell $(PYTHON) -c 'import os, sys, zlib; print("%d.%d.%d-%08x" % (sys.version_info[:3] + \
	(zlib.crc32((sys.base_prefix + os.getcwd()).encode()) & 0xffffffff,)))' 2>/dev/null)

MADE := $(VENV)/.made-with-$(IDENTITY)
INSTALLED := $(VENV)/.installed
DEVELOPED := $(VENV)/.developed
WHEEL_TRIED := $(VENV)/.wheel-tried
METADATA := pyproject.toml hatch_build.py scanner/alexandria_scan/__init__.py
PACKAGED := $(METADATA) README.md LICENSE $(shell find scanner policies reports -type f ! -name '*.pyc')

.PHONY: help scan test lint types imports wheel check hook samples benchmark format clean
.NOTPARALLEL:
.DELETE_ON_ERROR:

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | sed -n 1,6p

scan: $(INSTALLED)
	@$(BIN)/alexandria-scan $(SCAN) || { status=$$?; \
	  if [ $$status -eq 1 ]; then echo; echo "make scan: exit status 1, the scan has findings."; \
	  else echo; echo "make scan: exit status $$status, the scan did not work as it should." >&2; exit $$status; fi; }

test: $(DEVELOPED)
	@$(BIN)/python -m pytest --numprocesses auto $(TESTS)

lint: $(DEVELOPED)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(DEVELOPED)
	@$(BIN)/python -m mypy

imports: $(DEVELOPED)
	@$(BIN)/lint-imports

wheel: $(WHEEL_TRIED)
	@echo "The wheel works in an environment of its own: $$(cd dist && echo *.whl)"

check: lint types imports test scan wheel

# Not part of check.

hook: $(DEVELOPED)
	@$(BIN)/python tests/packaging/try_hook.py

samples: $(DEVELOPED)
	@$(BIN)/python -m tests.report.make_samples

benchmark: $(DEVELOPED)
	@$(BIN)/python tests/benchmarks/benchmark.py

format: $(DEVELOPED)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# The environment. A stamp file says that a step is done; it lies in the environment and goes with it.

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	  echo "alexandria-scan needs Python 3.10 or newer. Name one: PYTHON=python3.12 make ..." >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(INSTALLED): $(MADE) $(METADATA)
	@echo "Installing alexandria-scan into $(VENV)"
	@$(PIP) install --editable .
	@touch $@

$(DEVELOPED): $(MADE) $(METADATA)
	@echo "Installing alexandria-scan and what its tests need into $(VENV)"
	@$(PIP) install --editable '.[dev,oscal-test]'
	@touch $(INSTALLED) $@

$(WHEEL_TRIED): $(DEVELOPED) $(PACKAGED) tests/packaging/try_wheel.py
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist . > $(VENV)/build.log 2>&1 || { cat $(VENV)/build.log; exit 1; }
	@$(BIN)/python tests/packaging/try_wheel.py dist/*.whl
	@touch $@
