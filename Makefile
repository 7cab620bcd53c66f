# Needs Python 3.11 or newer and make; everything else comes from PyPI, exactly as the lock files say.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
TESTS ?= tests
WORKERS ?= 2
MUTATION_SECONDS ?= 3600
FAULTS_SECONDS ?= 60

.PHONY: demo up test check format lint types imports test-compose test-browser test-standards test-alerts test-helm docs bench bench-compare mutation faults lock sbom clean help

help: ## What can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

demo: $(VENV)/run ## Play a case across the four agencies
	$(BIN)/qorgau demo

up: $(VENV)/run ## Run the network until Ctrl-C
	$(BIN)/qorgau up

test: $(VENV)/dev ## Every test, with real NATS and PostgreSQL
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder $(TESTS)

check: format lint types imports test ## All that CI checks, but compose and browser

format: $(VENV)/dev ## Formatting
	$(BIN)/ruff format --check .

lint: $(VENV)/dev ## Lint
	$(BIN)/ruff check .

types: $(VENV)/dev ## Strict types
	$(BIN)/mypy

imports: $(VENV)/dev ## The architecture, as import contracts
	$(BIN)/lint-imports

bench: $(VENV)/dev ## What it costs, beside limits and peers (some minutes; writes tests/bench/RESULTS.md)
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.growing
	QORGAU_BENCH=1 $(BIN)/pytest -s -p no:xdist tests/bench/test_page_cost.py

bench-compare: $(VENV)/dev ## What changed since the results that were committed last
	@$(BIN)/python -m tests.bench compare

faults: $(VENV)/dev ## Break everything, for long: each test that can go on does for FAULTS_SECONDS
	QORGAU_FAULTS=$(FAULTS_SECONDS) $(BIN)/pytest -s -p no:xdist tests/faults

mutation: $(VENV)/dev ## Mutation testing of the contract (long; at most MUTATION_SECONDS)
	timeout $(MUTATION_SECONDS) $(BIN)/mutmut run --max-children $(WORKERS)
	$(BIN)/mutmut results

test-compose: $(VENV)/dev ## The journeys against deploy/compose.yaml (needs a Docker engine)
	tests/compose/run

test-browser: $(VENV)/dev ## The desk in a real browser (needs Chromium)
	tests/browser/run

test-standards: $(VENV)/dev ## What is spoken to others, by their own implementations (Node.js from PyPI, the npm registry)
	tests/standards/run

docs: $(VENV)/dev ## The documentation site, strictly, to deploy/docs/site
	deploy/docs/run

test-alerts: ## Alerts and dashboard by Prometheus's own promtool
	tests/alerts/run

test-helm: $(VENV)/dev ## The Helm chart by Helm's own engine and Kubernetes' own schemas
	tests/helm/run

COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

lock: ## Write the lock files anew (needs uv)
	$(COMPILE) --group build -o requirements-build.lock
	$(COMPILE) pyproject.toml --extra embedded -c requirements-build.lock -o requirements.lock
	$(COMPILE) pyproject.toml -c requirements.lock -o requirements-image.lock
	$(COMPILE) pyproject.toml --extra embedded --extra dev -c requirements.lock -o requirements-dev.lock

sbom: $(VENV)/dev ## What the software is made of, as CycloneDX (deploy/release/sbom.cdx.json), anew from the lock files
	deploy/release/sbom

clean: ## Remove the data of `make up` and the environment
	test ! -x $(BIN)/qorgau || $(BIN)/qorgau remove
	rm -rf $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements-build.lock requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements-build.lock
	$(PIP) install --require-hashes --no-build-isolation -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/run
	$(PIP) install --require-hashes --no-build-isolation -r requirements-dev.lock
	touch $@
