# Calypso. `make` prints this help.
SHELL := /bin/bash
UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
CALYPSO_SITE_URL ?= http://$(HOST):$(PORT)
CALYPSO_VAR ?= $(CURDIR)/var
run: export CALYPSO_SITE_URL := $(CALYPSO_SITE_URL)
run: export CALYPSO_VAR := $(CALYPSO_VAR)

.PHONY: help run test check check-all release bench fix lock install services screenshots docs clean

help: ## this help
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

.uv/bin/uv:
	@echo "uv is not installed: bringing it into .uv/"
	@python3 -m venv .uv && .uv/bin/pip install --quiet "uv==$(UV_VERSION)"

# One stamp a set of pins: a second call does nothing.
.venv/.base: requirements/base.txt pyproject.toml | $(filter .uv/bin/uv,$(UV))
	@$(UV) venv --quiet --allow-existing .venv
	@$(UV) pip sync --quiet --require-hashes requirements/base.txt
	@$(UV) pip install --quiet --no-deps --editable .
	@$(BIN)/python -m calypso.ops.catalogues
	@rm -f .venv/.dev && touch $@

.venv/.dev: requirements/dev.txt pyproject.toml | $(filter .uv/bin/uv,$(UV))
	@$(UV) venv --quiet --allow-existing .venv
	@$(UV) pip sync --quiet --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --no-deps --editable .
	@$(BIN)/python -m calypso.ops.catalogues
	@touch .venv/.base $@

run: ## sets up, migrates, loads the demonstration when empty, serves (PORT=…, CALYPSO_VAR=…)
run: $(if $(wildcard .venv/.dev),.venv/.dev,.venv/.base)
	@$(BIN)/python -m calypso.ops.catalogues
	@exec $(BIN)/calypso run --demo --host $(HOST) --port $(PORT)

install: .venv/.dev ## everything a developer needs in .venv

services: ## Debian packages that the tests need, when absent
	@scripts/services

test: .venv/.dev ## all that CI runs, on both databases; T=path runs one file fast, on SQLite
ifdef T
	@$(BIN)/python -m pytest -q $(T)
else
	@$(MAKE) --no-print-directory check
endif

check: .venv/.dev services ## everything CI runs, in its order
	@scripts/check

check-all: .venv/.dev services ## the same, with every test on both databases
	@scripts/check all

release: .venv/.dev services ## builds dist/, installs the wheel in an empty environment, has it migrate, serve and send
	@scripts/release

fix: .venv/.dev ## formats and mends what can be
	@$(BIN)/ruff format src tests bench && $(BIN)/ruff check --fix src tests bench && scripts/javascript --fix

docs: .venv/.dev ## writes the generated pages of docs/
	@$(BIN)/calypso docs && scripts/checklist

TICKETS ?= 20000
RUNS ?= 3
ENGINES ?= sqlite postgresql
SERVED_PYTHON ?= 3.13
bench: .venv/.dev services ## measures on made-up installations (TICKETS=…, RUNS=…, ENGINES="sqlite postgresql")
	@$(UV) venv --quiet --allow-existing --python $(SERVED_PYTHON) .venv/served # what a vendor installs, without the tools of developers
	@$(UV) pip sync --quiet --compile-bytecode --python .venv/served/bin/python --require-hashes requirements/base.txt
	@$(UV) pip install --quiet --python .venv/served/bin/python --no-deps --editable .
	@export BENCH_PYTHON=$(CURDIR)/.venv/served/bin/python; \
	for engine in $(ENGINES); do \
	  with=$$( [ $$engine = postgresql ] && echo scripts/with-postgres ); \
	  env -u CALYPSO_DATABASE_URL $$with $(BIN)/python -m bench.measure --tickets $(TICKETS) --runs $(RUNS) || exit 1; \
	done

screenshots: .venv/.dev services ## every page at 390 and 1280 px, light and dark, into screenshots/
	@$(BIN)/python -m pytest -q tests/journeys/screenshots.py

lock: | $(filter .uv/bin/uv,$(UV)) ## writes the pins and hashes again
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements/base.txt
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --extra pdf --group dev -o requirements/dev.txt

clean: ## removes the environment and the caches, never the data
	@rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
