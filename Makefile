# Purna. `make` alone lists what can be made.
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT
unexport PYTHONDONTWRITEBYTECODE # compiled once, everything starts three times as fast

VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
PYTHON := $(shell test -x /usr/bin/python3 && echo /usr/bin/python3 || echo python3)
UV_VERSION := 0.13.9
APT := python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
APT_TEST := chromium-headless-shell postgresql redis-server poppler-utils
CATALOGS := $(wildcard portal/translations/*/LC_MESSAGES/*.po)
UV := $(BIN)/uv --quiet
INSTALL := $(UV) pip install --python $(BIN)/python --require-hashes

.PHONY: help install demo test lint format bench contact-sheet screenshots messages lock clean
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

install: $(STAMPS)/installed $(STAMPS)/catalogs ## what the portal runs on, as locked

demo: $(STAMPS)/installed $(STAMPS)/catalogs var/.ready ## the portal with example shops; PORT=8001 and HOST=0.0.0.0 move it
	@$(BIN)/python -m portal.demo.run

test: $(STAMPS)/installed-dev $(STAMPS)/catalogs ## every test, in a real browser and on PostgreSQL and Redis, too
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(STAMPS)/installed-dev ## style, types, templates, security
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml portal wsgi.py

format: $(STAMPS)/installed-dev ## bring the source into its one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMPS)/installed-dev $(STAMPS)/catalogs ## what pages, documents and visits cost; ARGS=visits measures a part
	$(BIN)/python -m tests.bench $(ARGS)

contact-sheet: $(STAMPS)/installed-dev $(STAMPS)/catalogs var/.ready ## all documents of the demo on one picture, in colour and in grey
	@$(BIN)/python -m tests.contact_sheet

screenshots: $(STAMPS)/installed-dev $(STAMPS)/catalogs var/.ready ## the pictures of the README, taken anew
	@$(BIN)/python -m tests.screenshots

messages: $(STAMPS)/installed ## gather the sentences of the source into the catalogs
	$(BIN)/pybabel -q extract -F pyproject.toml --project=Purna --no-wrap --sort-by-file --add-location=file -o $(STAMPS)/messages.pot .
	for language in id en; do \
	  if [ -f portal/translations/$$language/LC_MESSAGES/messages.po ]; then action="update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap"; else action="init --no-wrap"; fi; \
	  $(BIN)/pybabel -q $$action -i $(STAMPS)/messages.pot -d portal/translations -l $$language || exit 1; \
	done

lock: $(STAMPS)/venv ## write requirements*.txt anew from requirements*.in
	for name in requirements requirements-dev; do \
	  $(UV) pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 $$name.in -o $$name.txt || exit 1; \
	done

clean: ## remove what was made, the demo's data too
	rm -rf $(VENV) $(STAMPS) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find portal/translations -name '*.mo' -delete 2>/dev/null || true
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What the targets above stand on. A stamp is as old as what it was made from.
var/.ready: $(wildcard migrations/versions/*.py)
	@mkdir -p var
	@$(BIN)/python -m portal.demo.run prepare
	@touch $@

$(STAMPS)/catalogs: $(CATALOGS) | $(STAMPS)/installed
	@test -z "$(CATALOGS)" || $(BIN)/pybabel -q compile -d portal/translations
	@touch $@

$(STAMPS)/installed: requirements.txt | $(STAMPS)/venv
	@echo "Installing what the portal runs on …"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(STAMPS)/installed-dev: requirements-dev.txt $(STAMPS)/installed
	$(call packages,$(APT_TEST))
	@echo "Installing what the tests need …"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(STAMPS)/venv:
	$(call packages,$(APT))
	@mkdir -p $(STAMPS)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip --quiet --disable-pip-version-check install uv==$(UV_VERSION)
	@touch $@

# Debian packages, only those that are missing.
define packages
	@missing=; for name in $(1); do dpkg-query -W -f '$${Status}' $$name 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$name"; done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing with apt:$$missing …"; \
	  as=; [ "$$(id -u)" = 0 ] || as=sudo; \
	  $$as apt-get -qq update && $$as env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$missing >/dev/null \
	  || { echo "These packages are missing and could not be installed:$$missing"; \
	       echo "Please install them as root: apt-get install$$missing"; exit 1; }; \
	fi
endef
