# Commands for development. `make run` and `make test` need only Python 3.11+ and make.
PYTHON ?= python3
BIN = .venv/bin
PIP_INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
# Workers take tests from each other, so that neither waits for the other's slow ones.
PYTEST = $(BIN)/pytest --numprocesses 2 --dist worksteal
FUZZ = tests/test_fuzz.py tests/test_hostile_texts.py tests/test_browser_hostile.py

# Only the readers' site is translated.
UNTRANSLATED = .venv accounts bench docs newsdesk tests templates/accounts templates/admin \
	stories/admin stories/fields.py stories/importers stories/link_titles stories/management stories/models

.PHONY: run serve test coverage fuzz mutants lint format messages lock demo bench help

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: .venv/base .env ## Install, migrate, load the demo into an empty database, serve on http://127.0.0.1:8000
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py loaddemo
	@$(BIN)/python manage.py runserver 127.0.0.1:8000

serve: export DEBUG = 0
serve: export HTTPS ?= 0
serve: export HOST ?= 127.0.0.1
serve: .venv/base .env ## Serve as in production: compressed static files, two processes, pages kept in memory
	@grep -q ^SECRET_KEY= .env || $(BIN)/python -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(60))' >> .env
	@grep -q ^ALLOWED_HOSTS= .env || echo "ALLOWED_HOSTS=localhost,127.0.0.1" >> .env
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py loaddemo
	@echo "Serving on http://$(HOST):$${PORT:-8000}"
	@PATH="$(CURDIR)/$(BIN):$$PATH" bin/start

# The second run leaves out tests without a database and most browser tests: they can't differ there.
test: .venv/dev lint ## Run every test on SQLite, and those of the database on PostgreSQL too; in about five minutes
	$(PYTEST) --database sqlite
	$(PYTEST) --database postgresql -m "database and (not browser or both_databases)"

coverage: .venv/dev ## Measure which lines and branches the tests reach on SQLite, without a browser
	$(BIN)/coverage run -m pytest --numprocesses 0 -m "not browser"
	$(BIN)/coverage report

mutants: .venv/mutants ## Change the rules in small ways and list the changes that no test notices; MODULES="fuzzy workflow" limits it
	$(BIN)/python -m tests.mutants $(MODULES)

fuzz: export INPUTS ?= 3000
fuzz: .venv/dev ## Try INPUTS generated requests, texts and bodies on each database, and all listed ones; in about half an hour
	$(PYTEST) --database sqlite $(FUZZ)
	$(PYTEST) --database postgresql $(FUZZ)

lint: .venv/dev ## Check style, docstrings, types and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	DEBUG=1 $(BIN)/mypy
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')

format: .venv/dev ## Rewrite the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade $$(git ls-files 'templates/*.html')

messages: .venv/base ## Collect the words of the readers' site in locale/ and compile their translations; needs GNU gettext
	$(BIN)/django-admin makemessages --locale de --locale ru --add-location file --no-obsolete $(UNTRANSLATED:%=--ignore %)
	$(BIN)/django-admin compilemessages --locale de --locale ru --ignore .venv

lock: .venv/dev ## Pin the requirements again, from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --upgrade pyproject.toml -o requirements/base.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --upgrade --group dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --upgrade --group mutants --constraints requirements/dev.txt -o requirements/mutants.txt

demo: .venv/dev ## Write the demo fixture again, from stories/fixtures/demo.txt
	$(BIN)/python -m stories.fixtures.write_demo

bench: .venv/dev ## Measure it all on SIZES="10000 100000 1000000" stories and write bench/RESULTS.md; in about half an hour
	$(BIN)/python -m bench

.env:
	@echo "DEBUG=1" > .env

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Newsdesk needs Python 3.11 or later; say which with make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python can make no virtual environment here; on Debian: apt install python3-venv"; exit 1; }

# Each stamp is a copy of the requirements that are installed. A fresh clone that keeps its .venv has newer files with the
# same content, and installs nothing.
.venv/base: .venv/bin/python requirements/base.txt
	@cmp -s requirements/base.txt $@ || { echo "Installing what Newsdesk needs ..."; \
	  rm -f .venv/dev && $(PIP_INSTALL) -r requirements/base.txt; }
	@cp requirements/base.txt $@

.venv/dev: .venv/bin/python requirements/dev.txt
	@cmp -s requirements/dev.txt $@ || { echo "Installing what the tests need ..."; \
	  rm -f .venv/base && $(PIP_INSTALL) --no-compile -r requirements/dev.txt && cp requirements/base.txt .venv/base; }
	@cp requirements/dev.txt $@

.venv/mutants: .venv/dev requirements/mutants.txt
	@cmp -s requirements/mutants.txt $@ || { echo "Installing mutmut ..."; $(PIP_INSTALL) -r requirements/mutants.txt; }
	@cp requirements/mutants.txt $@
