# Portal: `make run`, `make test`, `make check`, `make test-services`. Needs Python 3.11+ and make, nothing else.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
TEST_ENV := PORTAL_ENV=test
SERVICES_ENV := PORTAL_ENV=test DATABASE_URL=$${TEST_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/portal} REDIS_URL=$${TEST_REDIS_URL:-redis://127.0.0.1:6379/9}
COMPILE := $(BIN)/uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml
SYNC := $(BIN)/uv --no-config pip sync --quiet --require-hashes --python $(BIN)/python
PO := $(wildcard locale/*/LC_MESSAGES/*.po)

.PHONY: run test check test-services lock messages

# --- the two commands ---------------------------------------------------------
run: export PORTAL_ENV ?= demo
run: export PORT := $(PORT)
run: .venv/run.stamp var/messages.stamp
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@if [ "$$PORTAL_ENV" = demo ]; then $(BIN)/python manage.py demo; fi
	@exec $(BIN)/gunicorn portal.wsgi --bind 127.0.0.1:$(PORT) --workers 1 --threads 8 --worker-tmp-dir /dev/shm --access-logfile /dev/null

test: .venv/dev.stamp var/messages.stamp
	$(TEST_ENV) $(BIN)/python -m pytest -q -n 2 -m "not services and not browser"

# --- the rest -----------------------------------------------------------------
check: .venv/dev.stamp var/messages.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(TEST_ENV) $(BIN)/mypy .
	$(TEST_ENV) $(BIN)/lint-imports --no-cache
	$(TEST_ENV) $(BIN)/python -m pytest -q tests/house
	$(TEST_ENV) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python .ci/check_deploy.py

test-services: .venv/dev.stamp var/messages.stamp
	$(BIN)/python .ci/services_ready.py
	$(SERVICES_ENV) $(BIN)/python -m pytest -q

# Write the lock again after a change of dependencies in pyproject.toml.
lock: .venv/bin/uv
	$(COMPILE) --group tool -o requirements.lock
	$(COMPILE) --group tool --group dev -o requirements-dev.lock

# Collect new strings into the Welsh catalogue (needs GNU gettext); the compiled catalogue is made by Babel.
messages: .venv/dev.stamp
	$(TEST_ENV) $(BIN)/python manage.py makemessages -l cy --no-wrap --no-location --ignore ".venv" --ignore "tests" --ignore "var"

.venv/bin/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# An environment that has the developers' tools keeps them: their lock holds everything of the other.
.venv/run.stamp: requirements.lock | .venv/bin/uv
	@if [ -e .venv/dev.stamp ]; then $(SYNC) requirements-dev.lock; else $(SYNC) requirements.lock; fi
	@touch $@

.venv/dev.stamp: requirements-dev.lock | .venv/bin/uv
	$(SYNC) requirements-dev.lock
	@touch $@ .venv/run.stamp

var/messages.stamp: $(PO) | .venv/run.stamp
	@mkdir -p var
	@for po in $(PO); do $(BIN)/pybabel --quiet compile -i $$po -o $${po%.po}.mo || exit 1; done
	@touch $@
