# Commands of Rodinka. A fresh clone needs Python 3.11 to 3.13 and Node 20+; the rest is set up here.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Some images set it; then every process of the tests compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
DEMO ?= 1
SECONDS ?= 60
SEED ?= 1
N ?= 100000
# One more than the cores of a small machine: tests wait for browsers and for whole stacks.
WORKERS ?= 3

# The newest interpreter that really starts: a version manager's shim may exist and refuse.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
  $$python -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
  >/dev/null 2>&1 && echo $$python && break; done)
# Lambda needs 3.12 or later (docs/operations.md): one of those, on the path or among pyenv's.
DEPLOY_PYTHON ?= $(shell for python in python3.13 python3.12 python3 \
  $(wildcard $(HOME)/.pyenv/versions/3.1[23].*/bin/python); do \
  $$python -c 'import sys, ensurepip; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 13))' \
  >/dev/null 2>&1 && echo $$python && break; done)
UV_VERSION := 0.13.9
BIN := .venv/bin
DEPLOY_BIN := .venv-deploy/bin
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)

.PHONY: help run test check check-code check-types check-pages deploy undeploy rehearsal rehearsing bench evaluate-model cost campaign fuzz screenshots format openapi lock chromium

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

run: .venv/.ready web/dist/index.html  ## the whole system on http://127.0.0.1:8000/ (PORT=, DEMO=0)
	@exec $(BIN)/python -m infra.local --port $(PORT) $(if $(filter 0,$(DEMO)),--no-demo)

test: .venv/.ready web/dist/index.html chromium rehearsing  ## the tests (THOROUGH=1: further journeys and requests)
	npm run --silent --prefix web test
	$(if $(THOROUGH),RODINKA_THOROUGH=1 )$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Three parts, that `make -j3 check` does side by side.
check: check-code check-types check-pages  ## format, lint, types, import rules, template lint

check-code: .venv/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/cfn-lint infra/resources.yaml infra/watching.yaml

check-types: .venv/.ready
	$(BIN)/mypy

check-pages: web/node_modules/.ready
	npm run --silent --prefix web check

deploy: .venv-deploy/.ready web/dist/index.html  ## the whole system on AWS (STAGE=dev; PLAN=1 only tells what would change)
	@test -n "$(STAGE)" || { echo "Say which copy of the system: make deploy STAGE=dev"; exit 2; }
	$(DEPLOY_BIN)/python -m infra.deploy $(STAGE) $(if $(PLAN),--plan)

undeploy: .venv-deploy/.ready  ## remove functions, API and alarms of a stage, and no data (STAGE=dev)
	@test -n "$(STAGE)" || { echo "Say which copy of the system: make undeploy STAGE=dev"; exit 2; }
	$(DEPLOY_BIN)/python -m infra.deploy $(STAGE) --undeploy

rehearsal: .venv/.ready  ## an AWS on this machine to rehearse a deployment on (PORT=)
	@exec $(BIN)/python -m infra.local.rehearsal --port $(PORT)

bench: .venv/.ready  ## the benchmarks, as a table of ratios (also benchmarks/results.json)
	$(BIN)/python -m benchmarks

evaluate-model: .venv/.ready  ## the committed model on lesions it never saw, with intervals (DATA=../shared/data)
	$(BIN)/python -m training.evaluate $(if $(DATA),--data $(DATA)/ham10000 --isic2017 $(DATA)/isic2017 \
	  --photographs $(DATA)/clinical-photos/images)

cost: .venv/.ready  ## the monthly bill at three loads, and where quotas are met (docs/cost.md)
	$(BIN)/python -m infra.cost

fuzz: .venv/.ready  ## look for a file that breaks the image gate (SECONDS=60, SEED=1)
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) --seed $(SEED)

campaign: .venv/.ready  ## the simulation over many images (N=100000, SEED=1)
	PYTHONHASHSEED=0 $(BIN)/python -m tests.simulation $(N) --seed $(SEED)

screenshots: .venv/.ready web/dist/index.html chromium  ## every main page with demo data, into docs/screenshots (minutes)
	$(BIN)/python -m tests.web.screenshots docs/screenshots

format: .venv/.ready  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: .venv/.ready  ## write the OpenAPI document from the routes
	$(BIN)/python -m infra.openapi

lock: .venv/.ready  ## pin everything again after a change of requirements
	$(BIN)/uv pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header requirements-dev.txt -o requirements.lock
	for each in requirements.txt:requirements-functions.lock infra/requirements.txt:infra/requirements.lock \
	  $(foreach layer,$(wildcard layers/*/requirements.txt),$(layer):$(layer:.txt=.lock)); do \
	  $(BIN)/uv pip compile --quiet --system-certs --universal --python-version 3.12 --generate-hashes \
	    --no-emit-index-url --no-header -c requirements.lock $${each%:*} -o $${each#*:} || exit 1; done

.venv/.ready: requirements.lock
	@test -n "$(PYTHON)" || { echo "Rodinka needs Python 3.11, 3.12 or 3.13; none of them starts here."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip install --quiet --system-certs --require-hashes -r requirements.lock
	@touch $@

.venv-deploy/.ready: infra/requirements.lock
	@test -n "$(DEPLOY_PYTHON)" || { echo "Deploying needs Python 3.12 or 3.13; none of them starts here."; exit 1; }
	$(DEPLOY_PYTHON) -m venv .venv-deploy
	$(DEPLOY_BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(DEPLOY_BIN)/uv pip install --quiet --system-certs --python $(DEPLOY_BIN)/python --require-hashes -r infra/requirements.lock
	@touch $@

# The tests of the deployment want an interpreter to deploy from; without one they say so and skip.
rehearsing: $(if $(DEPLOY_PYTHON),.venv-deploy/.ready)
	@test -n "$(DEPLOY_PYTHON)" || echo "No Python 3.12 or 3.13 here: tests of the deployment will skip."

web/node_modules/.ready: web/package-lock.json
	@node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(+(major < 20 || (major === 20 && minor < 19)))' \
	  || { echo "Rodinka needs Node 20.19 or later."; exit 1; }
	npm ci --prefix web --loglevel=error --no-audit --no-fund
	@test -x web/node_modules/.bin/vite && touch $@  # npm that is stopped ends as if it had succeeded

web/dist/index.html: web/node_modules/.ready $(WEB_SOURCES)
	npm run --silent --prefix web build
	@touch $@

# Browser tests want Debian's chromium, and go quicker with its build without windows (older releases of Debian
# have none); where chromium cannot be installed they say so and skip.
DEBIAN_INSTALL := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
chromium:
	@command -v chromium >/dev/null && command -v chromium-headless-shell >/dev/null \
	  || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq \
	  && { $(DEBIAN_INSTALL) chromium chromium-headless-shell || $(DEBIAN_INSTALL) chromium; } >/dev/null; } \
	  || command -v chromium >/dev/null || echo "No chromium here: browser tests will skip."
