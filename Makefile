# Portal: `make run`, `make test`, `make check`, `make test-services`. Needs Python 3.11+ and make, nothing else.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
# Tests see nothing of the caller's own Portal.
CLEAN := env -u SECRET_KEY -u SECRET_KEY_FALLBACKS -u ENCRYPTION_KEYS -u WEBHOOK_SECRET -u DATABASE_URL -u REDIS_URL -u BROKER_URL -u EMAIL_URL -u SMS_URL \
  -u PORTAL_BASE_URL -u ALLOWED_HOSTS -u TRUSTED_PROXIES -u DEFAULT_FROM_EMAIL -u HELP_EMAIL -u SUPPORT_EMAIL -u METRICS_TOKEN -u FILES_DIR -u FILES_ACCEL -u SCANNER_URL -u PORT
TEST_ENV := $(CLEAN) PORTAL_ENV=test
SERVICES_ENV := $(TEST_ENV) DATABASE_URL=$${TEST_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/portal} REDIS_URL=$${TEST_REDIS_URL:-redis://127.0.0.1:6379/9}
COMPILE := $(BIN)/uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml
SYNC := $(BIN)/uv --no-config pip sync --quiet --require-hashes --python $(BIN)/python
PO := $(wildcard locale/*/LC_MESSAGES/*.po)
STATIC := $(shell find static -type f)

.PHONY: run test check test-services lock messages pictures
.NOTPARALLEL:
.DELETE_ON_ERROR:

# --- the two commands ---------------------------------------------------------
run: export PORTAL_ENV ?= demo
run: export PORT := $(PORT)
run: .venv/run.stamp var/messages.stamp var/static.stamp
	@$(BIN)/python manage.py migrate --verbosity 0
	@if [ "$$PORTAL_ENV" = demo ]; then $(BIN)/python manage.py demo; fi
	@exec $(BIN)/gunicorn portal.wsgi --bind "127.0.0.1:$$PORT" --workers 1 --worker-class gthread --threads 8 --no-control-socket --log-level warning

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
	$(CLEAN) $(BIN)/python .ci/check_deploy.py

test-services: .venv/dev.stamp var/messages.stamp var/static.stamp
	$(BIN)/python .ci/services_ready.py
	$(SERVICES_ENV) $(BIN)/python -m pytest -q -n 2 -p tests.own_redis -m "not services and not browser"
	$(SERVICES_ENV) $(BIN)/python -m pytest -q -m "services or browser"

# The state machines with sequences of chance, other ones each time, on PostgreSQL; MACHINE_EXAMPLES says how many.
.PHONY: chance
chance: .venv/dev.stamp var/messages.stamp
	$(BIN)/python .ci/services_ready.py
	$(SERVICES_ENV) MACHINE_EXAMPLES=$${MACHINE_EXAMPLES:-100} $(BIN)/python -m pytest -q --hypothesis-profile=default \
	  tests/attacks/test_machine.py tests/permissions/test_machine.py tests/permissions/test_membership_story.py

# Write the locks again after a change of dependencies in pyproject.toml; UPGRADE=1 also takes newer versions of what is locked.
lock: .venv/bin/uv
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group tool -o requirements.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --constraint requirements.lock --group tool --group dev -o requirements-dev.lock

# Collect new strings into the Welsh catalogue; they arrive empty, and `make check` fails until they are translated.
messages: .venv/dev.stamp
	$(TEST_ENV) $(BIN)/python .ci/catalogue.py

# The pictures of docs/guide/, from a live Portal (needs Chromium).
pictures: .venv/dev.stamp var/messages.stamp var/static.stamp
	$(TEST_ENV) $(BIN)/python .ci/screenshots.py

# Every kind of e-mail in both languages, light and dark, into var/letters/ for review (needs Chromium). KINDS="invite reset_code" takes some.
.PHONY: letters
letters: .venv/dev.stamp var/messages.stamp
	$(TEST_ENV) $(BIN)/python .ci/letters.py $(KINDS)

# --- what is missing ------------------------------------------------------------
# Debian keeps the part of venv that brings pip in a package of its own; the system's pip does as well.
.venv/bin/uv:
	@echo "Making the virtual environment (once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Portal needs Python 3.11 or later: make PYTHON=/path/to/python3 ...")'
	@if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
	  $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then \
	  $(PYTHON) -m venv --without-pip .venv && $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check uv; \
	else \
	  echo "Python came without pip and venv; on Debian: apt-get install python3-venv" >&2; exit 1; \
	fi

# An environment that has the developers' tools keeps them: their lock holds everything of the other.
.venv/run.stamp: requirements.lock | .venv/bin/uv
	@echo "Installing the locked packages"
	@if [ -e .venv/dev.stamp ]; then $(SYNC) requirements-dev.lock; else $(SYNC) requirements.lock; fi
	@touch $@

.venv/dev.stamp: requirements-dev.lock | .venv/bin/uv
	@echo "Installing the locked packages and the developers' tools"
	@$(SYNC) requirements-dev.lock
	@touch $@ .venv/run.stamp

var/messages.stamp: $(PO) .venv/run.stamp
	@mkdir -p var
	@for po in $(PO); do $(BIN)/pybabel --quiet compile -i $$po -o $${po%.po}.mo || exit 1; done
	@touch $@

# With names that carry a hash of the content: the same files serve a demonstration and the production-like servers of the tests.
var/static.stamp: $(STATIC) .venv/run.stamp
	@mkdir -p var
	@$(CLEAN) PORTAL_ENV=demo $(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@

# --- tools of the security work ---------------------------------------------------
TOOL_COMPILE := $(BIN)/uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
.PHONY: limits scan mutants tool-locks

# docs/limits.md from portal/limits.py.
limits:
	$(PYTHON) .ci/limits_page.py

# A scanner for web sites against a Portal of this machine, first as a stranger, then signed in. Needs no network once installed.
scan: .venv/dev.stamp var/messages.stamp var/static.stamp .venv-scan/stamp
	$(TEST_ENV) $(BIN)/python .ci/scan.py

# Break workers, brokers, databases and the mail provider on purpose and see what becomes of each message; writes docs/faults.md. About ten
# minutes; needs the programs of PostgreSQL and Redis, which it starts for itself on free ports.
.PHONY: faults
faults: .venv/dev.stamp var/messages.stamp var/static.stamp
	$(TEST_ENV) $(BIN)/python -m bench.faults

# Mutation testing of the rules: break each line on purpose and see whether a test notices. Works on a copy of the tree.
mutants: .venv/dev.stamp var/messages.stamp .venv-mutants/stamp
	$(TEST_ENV) $(BIN)/python .ci/mutants.py

# Each tool has an environment of its own: their packages do not go with ours.
tool-locks: .venv/bin/uv
	echo wapiti3 | $(TOOL_COMPILE) $(if $(UPGRADE),--upgrade) - -o requirements-scan.lock
	echo cosmic-ray | $(TOOL_COMPILE) $(if $(UPGRADE),--upgrade) - -o requirements-mutants.lock

.venv-%/stamp: requirements-%.lock | .venv/bin/uv
	@echo "Installing the tool for make $*"
	@$(BIN)/uv --no-config venv --quiet --allow-existing --python $(BIN)/python .venv-$*
	@$(BIN)/uv --no-config pip sync --quiet --require-hashes --python .venv-$*/bin/python $<
	@touch $@
