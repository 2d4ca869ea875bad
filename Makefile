# What there is to do here, and the one way to do it. `make run` and `make test` need only Python 3.11+ and make.
PYTHON ?= python3
BIN = .venv/bin
PIP_INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
FUZZ = tests/test_fuzz.py tests/test_hostile_texts.py tests/test_browser_hostile.py

# Only the readers' site is translated.
UNTRANSLATED = .venv accounts bench docs newsdesk tests templates/accounts templates/admin \
	stories/admin stories/fields.py stories/importers stories/link_titles stories/management stories/models

.PHONY: run serve test fuzz lint format messages lock demo bench help

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

test: .venv/dev lint ## Run every test on SQLite and on PostgreSQL, in Chromium where there is one
	$(BIN)/pytest --numprocesses 2 --database sqlite
	$(BIN)/pytest --numprocesses 2 --database postgresql

fuzz: export INPUTS ?= 3000
fuzz: .venv/dev ## Try INPUTS odd requests, texts and bodies on each database, and all that are written down; in about half an hour
	$(BIN)/pytest --numprocesses 2 --database sqlite $(FUZZ)
	$(BIN)/pytest --numprocesses 2 --database postgresql $(FUZZ)

lint: .venv/dev ## Check the code's style
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
	  rm -f .venv/base && $(PIP_INSTALL) -r requirements/dev.txt && cp requirements/base.txt .venv/base; }
	@cp requirements/dev.txt $@
