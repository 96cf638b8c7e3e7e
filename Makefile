# `make` alone lists what there is. Everything runs from .venv, built from the locked versions.

VENV := .venv
PY := $(VENV)/bin/python
SETUP := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
COMPRESSED := .cache/static/made
VENDOR := assets/vendor/plotly.js-basic-dist-min.js assets/vendor/regenerator-runtime.js
# The locks hold every package there is to install: nothing is resolved anew.
PIP := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps
COMPILE := $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help setup run test fuzz check format data schema bench lock audit screenshots

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(SETUP) ## Build .venv from requirements.lock and fetch the smaller scripts
	@ls $(VENDOR) >/dev/null 2>&1 || $(PY) -m tools.fetch_scripts

run: $(COMPRESSED) ## Start the dashboard; ARGS="--help" lists its options
	@$(PY) app.py $(ARGS)

test: $(DEV) ## Run every test, those in a browser too (installs Chromium if root)
	@sh tools/ensure_chromium.sh
	@sh tools/test.sh

fuzz: $(DEV) ## Send 20,000 hostile requests to the app; ARGS="-k questions" of one kind
	SMM_FUZZ=20000 $(PY) -m pytest -p no:cacheprovider -s tests/callbacks/test_fuzz.py $(ARGS)

check: $(DEV) ## Lint, formatting, types and the direction of imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/oxlint --deny-warnings assets
	$(VENV)/bin/mypy
	$(PY) -m pytest -p no:cacheprovider tests/test_architecture.py

format: $(DEV) ## Format the code and mend what the linter can mend (there are no git hooks)
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

data: $(SETUP) ## Write the simulated studies again
	$(PY) -m data.generate

schema: $(SETUP) ## Write the JSON Schemas of the evidence files, for editors
	@$(PY) -m services.evidence.schema

bench: $(SETUP) ## Time the engine, as in the README's table
	$(PY) -m benchmarks.engine $(ARGS)

lock: $(DEV) ## Resolve the lock files again (add ARGS="--upgrade" for newer versions)
	$(COMPILE) $(ARGS) --output-file requirements.lock
	$(COMPILE) $(ARGS) --extra deploy --constraint requirements.lock \
		--output-file requirements-deploy.lock
	$(COMPILE) $(ARGS) --extra dev --extra deploy --constraint requirements-deploy.lock \
		--output-file requirements-dev.lock

audit: $(DEV) ## Look the locked packages up among known vulnerabilities (needs the network)
	@$(PY) -m tools.audit $(ARGS)

screenshots: $(DEV) ## Photograph the pages, three widths, light and dark, into screenshots/
	@sh tools/ensure_chromium.sh
	$(PY) -m tests.browser.screenshots $(ARGS)

$(PY):
	@python=$$(sh tools/find_python.sh) && echo "Building $(VENV) with $$python" \
		&& "$$python" -m venv $(VENV)

# The stamps are younger than their lock: a second call does nothing. The development lock holds
# all of the other one (a test says so), hence its install counts for both.
$(SETUP): requirements.lock | $(PY)
	@echo "Installing the locked packages (a minute or two, once)"
	@$(PIP) -r requirements.lock
	@$(PY) -m tools.fetch_scripts
	@touch $@

$(COMPRESSED): $(SETUP) $(wildcard assets/*.js assets/*.css $(VENDOR))
	@echo "Compressing what pages load (some seconds, once)"
	@$(PY) -m tools.compress

$(DEV): requirements-dev.lock requirements.lock | $(PY)
	@echo "Installing the locked packages, those for development too (a few minutes, once)"
	@$(PIP) -r requirements-dev.lock
	@$(PY) -m tools.fetch_scripts
	@touch $(SETUP) $@
