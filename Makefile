# One command each; `make help` lists them. GNU make 4.3 or newer and a POSIX shell.

.DEFAULT_GOAL := help
.PHONY: help setup run test pictures check bench engines-stop clean requirements env-example
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
# Handed on to the command: make test ARGS="-k cart", make requirements ARGS=--upgrade
ARGS ?=
# Settings that start the private engines of the tests, for checks that look at the models.
AS_TEST := DJANGO_SETTINGS_MODULE=bookstore.testing

help: ## This list
	@awk -F ':.*## ' \
	  '/^#@ / { printf "\n%s\n", substr($$0, 4) } \
	   /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

#@ Every day
setup: ## Find Python 3.12 or newer, make .venv, install (once). PYTHON=… chooses
	@sh tools/setup.sh

run: setup ## The whole shop with demo data on localhost. PORT=8000 HOST=127.0.0.1
	@exec $(PY) -m bookstore.run

test: setup ## All tests. ARGS="-k cart -x" goes to pytest
	@$(PY) -m pytest $(ARGS)

pictures: setup ## Take the pictures of docs/images and docs/staff again, from the running shop
	@PICTURES=docs/images STAFF_PICTURES=docs/staff/images $(PY) -m pytest \
	  tests/journeys/test_pictures.py tests/journeys/test_desk_pictures.py

check: setup ## Linters, types, import contracts, migrations, deploy check
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	$(PY) -c 'from importlinter.cli import lint_imports_command as main; main()'
	$(AS_TEST) $(PY) manage.py makemigrations --check --dry-run
	sh tools/check_deploy.sh

bench: setup ## The measurements of benchmarks/
	@$(PY) -m benchmarks $(ARGS)

#@ Housekeeping
engines-stop: ## Stop the private PostgreSQL and Redis (the shop's and the tests')
	@for data in .data .data/test; do \
	  if [ -x $(PY) ] && [ -d $$data ]; then \
	    $(PY) -m bookstore.embedded stop --data-dir $$data || exit 1; \
	  fi; \
	done

clean: engines-stop ## Remove the demo shop's data, static files and caches; keep .venv, .env, media
	rm -rf .data staticfiles test-results .coverage htmlcov
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

#@ Keeping things current
requirements: setup ## Pin requirements*.in again, with hashes. ARGS=--upgrade takes newer versions
	@for name in requirements requirements-dev; do \
	  $(PY) -m uv pip compile --quiet --no-config --generate-hashes --universal \
	    --python-version 3.12 --no-annotate --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command 'make requirements' $(ARGS) -o $$name.txt $$name.in || exit 1; \
	done

env-example: setup ## Write .env.example from the settings
	@$(PY) -m bookstore.environment >.env.example.new && mv .env.example.new .env.example
