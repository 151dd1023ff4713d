# Two commands are all a newcomer needs: `make demo` and `make test`. `make` alone lists the others.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-builtin-rules --no-print-directory
# Byte code halves the start-up time of everything below.
unexport PYTHONDONTWRITEBYTECODE

# The newest Python on this machine that the locks cover; `make PYTHON=/path/to/python …` overrides it.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11 python,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
BIN := .venv/bin
STAMP := .venv/.installed
# half as many tests again as processors: many of them wait for a server or a child
TEST_WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) * 3 // 2)' 2>/dev/null || echo 2)
# sizes of `make bench`, in million answers
MILLIONS ?= 1 10

.PHONY: help demo quick test long check browser office r lab serve bench bench-serve install lock clean

help:  ## list what make can do
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(STAMP)  ## make .venv with everything in it (the other targets do it by themselves)

# uv is itself a hash-pinned first step; the locks carry versions and hashes and no addresses.
$(STAMP): requirements-uv.lock requirements-dev.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or later is needed and was not found. Install it, or run: make PYTHON=/path/to/python3 ..." >&2; exit 2; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then echo "$(PYTHON) lacks the venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 2; fi
	echo "Making .venv with $$($(PYTHON) --version): about a minute, once."
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	export VIRTUAL_ENV="$$PWD/.venv"
	$(BIN)/python -m uv pip install --quiet --require-hashes --no-deps --compile-bytecode -r requirements-dev.lock
	$(BIN)/python -m uv pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q dimios_core
	touch $(STAMP)

lock: $(STAMP)  ## resolve the locks again (after a change in pyproject.toml)
	@export VIRTUAL_ENV="$$PWD/.venv" UV_NO_CONFIG=1
	args="--quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links"
	$(BIN)/python -m uv pip compile $$args --upgrade pyproject.toml -o requirements.lock
	$(BIN)/python -m uv pip compile $$args --constraint requirements.lock --extra collect --extra export --group dev pyproject.toml -o requirements-dev.lock
	echo uv | $(BIN)/python -m uv pip compile $$args - -o requirements-uv.lock

demo: $(STAMP)  ## from raw files of made-up organisations to reports
	@$(BIN)/dimios demo

# What is quick and what is long is decided in tests/tiers.py.
quick test long: export OPENBLAS_NUM_THREADS = 1
PYTEST := $(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder

quick: $(STAMP)  ## run the tests that need no process, server, browser, demo or scored store: about two minutes
	@$(PYTEST) -m quick --durations 5

test: $(STAMP)  ## run every check, and every test that a landing needs: some 25 minutes on two cores
	@$(MAKE) check
	$(PYTEST) -m "not long"

long: $(STAMP)  ## run what a landing can do without: fault matrices, all charts in a browser, large simulations
	@$(PYTEST) -m long

check: $(STAMP)  ## ruff, types, import directions, notebook rules
	@$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	PYTHONPATH=. $(BIN)/lint-imports
	find notebooks -name '*.ipynb' -not -path '*/.*' -print0 | xargs -0 $(BIN)/nbstripout --verify
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/notebooks/test_rules.py

serve: $(STAMP)  ## show the reports in a browser, on this machine only
	@$(BIN)/dimios serve

# Chromium is Debian's: browsers of test tools' own are not fetched.
browser:  ## install Chromium for the browser tests (Debian and Ubuntu)
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then exit 0; fi
	if ! command -v apt-get >/dev/null; then echo "No apt-get here: the browser tests will be skipped. Install Chromium by hand to run them."; exit 0; fi
	as_root=""
	if [ "$$(id -u)" != 0 ]; then as_root="sudo"; fi
	echo "Installing Chromium for the browser tests."
	$$as_root apt-get update -qq
	DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null

# LibreOffice opens slides and workbooks as a recipient would; without its windows it is a third of the size.
office:  ## install LibreOffice for the tests of slides and workbooks (Debian and Ubuntu)
	@if command -v soffice >/dev/null || command -v libreoffice >/dev/null; then exit 0; fi
	if ! command -v apt-get >/dev/null; then echo "No apt-get here: the tests with LibreOffice will be skipped. Install LibreOffice by hand to run them."; exit 0; fi
	as_root=""
	if [ "$$(id -u)" != 0 ]; then as_root="sudo"; fi
	echo "Installing LibreOffice for the tests of slides and workbooks."
	$$as_root apt-get update -qq
	DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends libreoffice-impress-nogui libreoffice-calc-nogui >/dev/null

# The tests carry R's figures; R itself is asked only whether its scripts still write them.
r:  ## install R for `make long`, which runs tests/spec/r again (Debian and Ubuntu)
	@if Rscript -e 'for (p in c("survey", "psych", "lme4", "metafor", "lavaan")) library(p, character.only = TRUE)' >/dev/null 2>&1; then exit 0; fi
	if ! command -v apt-get >/dev/null; then echo "No apt-get here: R's scripts will not be run again. Install R with survey, psych, lme4, metafor and lavaan by hand."; exit 0; fi
	as_root=""
	if [ "$$(id -u)" != 0 ]; then as_root="sudo"; fi
	echo "Installing R for the scripts of tests/spec/r."
	$$as_root apt-get update -qq
	DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends r-base-core r-cran-survey r-cran-psych r-cran-lme4 r-cran-metafor r-cran-lavaan >/dev/null

lab: $(STAMP)  ## open JupyterLab on the project
	@$(BIN)/python -m jupyterlab --notebook-dir=.

bench: $(STAMP)  ## measure the whole line, scoring and notebooks beside others (an hour; MILLIONS="1" for a part)
	@$(BIN)/python -m tests.benchmarks.bench_notebooks
	@$(BIN)/python -m tests.benchmarks.bench_exports
	@$(BIN)/python -m tests.benchmarks.bench_scoring
	@$(BIN)/python -m tests.benchmarks.bench_research
	@$(BIN)/python -m tests.benchmarks.bench_files
	@$(BIN)/python -m tests.benchmarks.bench_line --millions $(MILLIONS)

bench-serve: $(STAMP)  ## measure how reports are served beside stock Voilà, in a real browser and under load (a quarter of an hour)
	@$(BIN)/python -m tests.benchmarks.bench_serve

clean:  ## remove .venv and caches; outputs/ is left alone
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
