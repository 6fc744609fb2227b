# Every target sets up what it needs; a fresh machine wants only make and Python 3.11 or later.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO_DIR ?= build/demo
WORKERS ?= 2

.PHONY: demo test check format lint types imports sample train docs golden bench chaos fuzz clean help

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --editable . --group dev
	touch $(READY)

demo: $(READY) ## Run the main job on the invented sample data
	$(BIN)/scanner demo --into $(DEMO_DIR)

test: $(READY) ## Run the tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

check: lint types imports test ## Everything that CI runs

format: $(READY) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

sample: $(READY) ## Make sample_data/ again from its seed
	$(BIN)/scanner simulate --sample sample_data

train: $(READY) ## Train the shipped risk model again on the simulated world
	$(BIN)/scanner model train --simulated 20240612 --payments 90000 --training-worlds 3 \
	    --test-payments 20000 --splits --challengers --into models

docs: $(READY) ## Make the generated pages again
	SCANNER_GOLDEN=write $(BIN)/python -m pytest -q tests/test_docs_generated.py

golden: $(READY) ## Write the golden files again; read the diff
	SCANNER_GOLDEN=write $(BIN)/python -m pytest -q tests/report tests/golden

bench: $(READY) ## Paired measurements, long form
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --group bench
	SCANNER_BENCH=long $(BIN)/python -m pytest tests/bench -m bench

chaos: $(READY) ## Kills and disk faults, long form
	SCANNER_CHAOS=long $(BIN)/python -m pytest -m chaos

fuzz: $(READY) ## Mutated input, long form
	SCANNER_FUZZ=long $(BIN)/python -m pytest -m fuzz

clean: ## Remove what the targets made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
