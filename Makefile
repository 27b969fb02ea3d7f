# Every target does its own set-up: nothing but Python 3.11+, git and make is needed.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
APART := postgres or go or long or browser
SOURCES := src tests tools $(wildcard bench)

.PHONY: setup demo test check long mutation bench lint format lock test-postgres test-go clean

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml tools/build_venv.py
	@test -n "$(PYTHON)" || { echo "make setup: no Python 3.11 or newer found; set PYTHON=/path/to/python."; exit 1; }
	@$(PYTHON) tools/build_venv.py

demo: setup
	@$(BIN)/onetonne demo

test: setup
	@$(PYTEST) -q -n 2 -m "not ($(APART))"

check: lint
	@$(PYTEST) -q -n 2 -m "not ($(APART) or slow)"

lint: setup
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy

format: setup
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

test-postgres: setup
	@$(PYTEST) -q -m postgres

.venv/.go: requirements-go.lock .venv/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  --only-binary=:all: -r requirements-go.lock
	@touch $@

test-go: .venv/.go
	@$(PYTEST) -q -m go

long: setup
	@ONETONNE_LONG=$${ONETONNE_LONG:-1} $(PYTEST) -v -m long -o faulthandler_timeout=3600
	@$(BIN)/python -m tools.mutate

mutation: setup
	@$(BIN)/python -m tools.mutate

bench: setup
	@$(BIN)/python -m bench

# Only this one talks to an index about versions; it rewrites the two lock files.
lock:
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" --extra postgres --extra pdf \
	  --group dev --group build pyproject.toml --output-file requirements.lock
	@.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" \
	  --group pyproject.toml:go --output-file requirements-go.lock
	@rm -rf .venv-lock

clean:
	@rm -rf .venv .venv-lock .venv-building build dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
