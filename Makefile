# make run and make test are all that a newcomer needs; both make the environment first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORPUS ?=
PART ?= run
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run test test-pipeline test-others doctest lint types format reference bench bench-setup ci lock clean

help:  ## show these lines
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP)  ## make .venv with seimai and everything it needs

# Modules and kernels are compiled and the database of Prefect is made here once, so that no run
# has to, not even where Python may write no bytecode.
$(STAMP): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q seimai pipeline filters flows configs
	$(BIN)/python -m seimai.pipeline.engine.precompile
	$(BIN)/python -m seimai.flows.server prepare
	@touch $(STAMP)

run: setup  ## curate the shipped sample through the Prefect flow
	$(BIN)/python -m seimai.flows.curate configs/sample.yaml --out out/sample

test: test-pipeline test-others doctest  ## run the tests; on two cores: make -j2 test

# Parts of about the same length, which need nothing of each other.
test-pipeline: setup
	$(BIN)/python -m pytest tests/pipeline

test-others: setup
	$(BIN)/python -m pytest tests --ignore tests/pipeline

doctest: setup
	$(BIN)/python -m pytest --pyargs --doctest-modules seimai.pipeline seimai.filters seimai.flows -q

lint: setup  ## ruff, rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup  ## mypy, strict, over a view in which the import names are folders
	mkdir -p build/view/seimai
	ln -sfn ../../../seimai/__init__.py build/view/seimai/__init__.py
	for folder in pipeline filters flows configs; do ln -sfn ../../../$$folder build/view/seimai/$$folder; done
	$(BIN)/mypy

format: setup  ## let ruff format and mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

reference: setup  ## write configs/REFERENCE*.md and the JSON schema of recipes from the code
	$(BIN)/python -m seimai.pipeline.reference configs

bench: setup  ## print the ratios of the targets: make bench CORPUS=DIR, one part: PART=formats
	$(BIN)/python -m benchmarks.$(PART) $(if $(CORPUS),--corpus $(CORPUS))

bench-setup:  ## install the tools that `make bench` compares with into .venv-bench
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt

ci: lint types test  ## what .ci/run calls

# Without the learned scores of others: fastText has to be compiled where it is installed.
lock:  ## resolve pyproject.toml into requirements.lock, without index addresses
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --extra all --extra ray --group dev \
	  --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.lock

clean:  ## remove what was made, but not .venv
	rm -rf out build .prefect .pytest_cache .mypy_cache .ruff_cache .hypothesis
