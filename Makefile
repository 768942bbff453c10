# The verbs of Doorstep. Each makes what it needs and nothing more; a second call starts at once.
PYTHON ?= python3
export PYTHON PG

BIN := .venv/bin
SENTENCES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
DOORSTEP := set -a; [ ! -f .env ] || . ./.env; exec $(BIN)/python main.py
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check install
PYTEST := $(BIN)/pytest -n 2

.PHONY: run demo check test browser prove bench words lock machine
.DELETE_ON_ERROR:

run: .venv/ready $(SENTENCES)   ## start Doorstep here and print its address
	@$(DOORSTEP)

demo: .venv/ready $(SENTENCES)  ## start it with an invented company, on data of its own
	@$(DOORSTEP) --data doorstep-demo demo

check: .venv/tools              ## style, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/house/test_floors.py tests/house/test_unsafe_html.py

test: check machine $(SENTENCES)    ## check, then all tests, journeys in Chromium included
	$(PYTEST)

browser: machine $(SENTENCES)       ## the journeys alone
	$(PYTEST) tests/browser

prove: machine $(SENTENCES)         ## what takes long; writes docs/performance.md
	$(BIN)/pytest -m prove --timeout=3600 --session-timeout=4500

bench: .venv/tools              ## what free times and bookings cost, here and now; see bench/README.md
	@for each in free_times rush slots booking; do $(BIN)/python -m bench.$$each && echo || exit; done

words: .venv/tools              ## collect the sentences of the code into every language
	@mkdir -p locale
	$(BIN)/pybabel -q extract -F pyproject.toml -k words -k self --project Doorstep --sort-by-file --no-location -o locale/doorstep.pot .
	for po in $(wildcard locale/*/LC_MESSAGES/*.po); do \
	    $(BIN)/pybabel -q update -N --ignore-pot-creation-date -i locale/doorstep.pot -l $$(echo $$po | cut -d/ -f2) -o $$po; done

# The locked sets hold hashes and no addresses: uv.lock would record where the packages came from.
LOCKED = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade) pyproject.toml --extra postgres

lock: .venv/uv                  ## lock what pyproject.toml asks for; UPGRADE=1 takes newer versions
	$(LOCKED) -o requirements.txt
	$(LOCKED) --group dev -o requirements-dev.txt

%.mo: %.po .venv/ready
	$(BIN)/pybabel -q compile -i $< -o $@

.venv/python:
	@.ci/machine venv
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: requirements.txt | .venv/python
	@echo 'Installing the locked packages into .venv (half a minute, once)'
	@$(PIP) --require-hashes -r $<
	@touch $@

.venv/tools: requirements-dev.txt | .venv/python
	@echo 'Installing the locked packages and the tools into .venv (a minute, once)'
	@$(PIP) --require-hashes -r $<
	@touch $@ .venv/ready

machine: .venv/tools
	@.ci/machine chromium libatomic1 postgresql

.venv/uv: | .venv/python
	@$(PIP) uv
	@touch $@
