# What a fresh clone needs: Python 3.11 and make. `make start` runs the portal, `make test` its tests, `make check` the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := start
.PHONY: start test test-langsam check lock update

PYTHON ?= python3
PY := .venv/bin/python
ARGS ?=
GUTE_UMGEBUNG := IKZ_DEMO=0 DEBUG=0 BASE_URL=https://ikz.example ALLOWED_HOSTS=ikz.example \
	SECRET_KEY=nur-fuer-die-pruefung-0123456789-abcdefghijklmnopqrstuvwxyz DATABASE_URL=postgresql://ikz@127.0.0.1:1/ikz

# $(call umgebung,NAME[,NAME]): .venv with the packages of requirements-NAME.lock, only if they aren't there already.
# The second name is a lock that has all of the first; a copy of each installed lock lies in .venv.
define umgebung
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo >&2 \
	  "Fehler: Python 3.11 oder neuer wird gebraucht (make PYTHON=/pfad/zu/python3.11 …). Python 3.11 or newer is needed."; exit 1; }
	@if ! $(PY) -c 'import pip' 2>/dev/null; then echo "Virtuelle Umgebung wird angelegt …"; rm -rf .venv; \
	  $(PYTHON) -m venv .venv || { rm -rf .venv; echo >&2 \
	  "Fehler: Die virtuelle Umgebung ließ sich nicht anlegen. Unter Debian: apt-get install python3-venv"; exit 1; }; fi
	@for name in $(1) $(2); do cmp -s requirements-$$name.lock .venv/$$name.lock && exit 0; done; \
	  echo "Pakete werden installiert …"; rm -f .venv/*.lock; \
	  $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-$(1).lock \
	  && cp requirements-$(1).lock .venv/$(1).lock
endef

start:
	$(call umgebung,eingebettet,entwicklung)
	@IKZ_DEMO=$${IKZ_DEMO-1} exec $(PY) manage.py starten --mit-aufrufer-enden

test:
	$(call umgebung,entwicklung)
	@exec $(PY) -m pytest -n auto -m "not langsam" $(ARGS)

test-langsam:
	$(call umgebung,entwicklung)
	@exec $(PY) -m pytest -m langsam $(ARGS)

check:
	$(call umgebung,entwicklung)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	.venv/bin/djade --check --target-version 5.2 $$(find templates -name '*.html')
	$(PY) -m mypy .
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(GUTE_UMGEBUNG) $(PY) manage.py check --deploy --fail-level WARNING
	@# ignored by name: dropped columns before the first release; unique constraints that no row can be in the way of
	$(PY) manage.py lintmigrations --quiet ok ignore --no-cache --ignore-initial-migrations \
	  --ignore-name 0004_tage_statt_merker 0008_eine_laufende_runde 0009_ergebnis_und_entwurf \
	  --include-apps basis kommunen bestandsaufnahme projekte wissen

update:
	$(call umgebung,eingebettet,entwicklung)
	$(PY) manage.py migrate --no-input
	$(PY) manage.py createcachetable
	$(PY) manage.py collectstatic --no-input --clear --verbosity 0

UV := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" --quiet pyproject.toml

lock:
	@command -v uv >/dev/null || { echo >&2 "Fehler: uv fehlt (pip install uv)."; exit 1; }
	$(UV) -o requirements.lock
	$(UV) --extra eingebettet -c requirements.lock -o requirements-eingebettet.lock
	$(UV) --extra eingebettet --extra entwicklung -c requirements.lock -o requirements-entwicklung.lock
