# make run         start the demo on http://127.0.0.1:7860
# make test        run the tests, the page in a real browser included
# make test-host   run those of the demo as a program, with nginx, Redis and the container's steps
# make test-engines the page in Firefox and in WebKit, Safari's engine
# make test-pythons what needs no server, with each newer Python that is here; says which
# make check       format, lint, types and import rules
# make scale-test  two replicas behind nginx with one Redis, and what happens when one is killed
# make bench       how fast it is, in under six minutes; writes docs/performance.md
# make sandbox     the stand-in of AI/ML API alone, on http://127.0.0.1:8399
# make screenshots the page in every state, seven sizes, three browsers; two of them for the README
# make docs        write what README.md and docs/ take from the code, such as the table of settings
# make gallery     draw the examples again: by Imagen with a key in the environment, else by the sandbox

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test test-host test-engines test-pythons check sandbox gallery screenshots bench scale-test docs

# With many threads, C's library on Linux keeps memory for each; two such places are enough.
run: .venv/.run
	MALLOC_ARENA_MAX=2 $(BIN)/python app.py

bench: .venv/.run
	$(BIN)/python -m benchmarks

sandbox: .venv/.run
	$(BIN)/python -m imagen_demo.sandbox --port 8399 --latency 1.0

gallery: .venv/.run
	$(BIN)/python -m tools.draw_gallery

docs: .venv/.run
	$(BIN)/python -m tools.write_docs

screenshots: .venv/.browser
	$(BIN)/python -m tools.screenshots

scale-test: .venv/.run .venv/.servers
	$(BIN)/python -m tools.scale_test

# A file's tests stay together, for what they share; three workers are for two cores, since one of
# them often waits. In the order of tests/conftest.py: sorted by the number of their tests, the few
# long ones of the page would come last, and the other workers would wait. What is compiled is kept.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder

# Without exiftool, exiv2 or ImageMagick the tests that read our pictures with them are skipped.
test: .venv/.dev .venv/.headless .venv/.node
	-@$(MAKE) -s .venv/.readers
	$(BIN)/node --test "tests/js/*.test.js"
	$(PYTEST) -n 3 -m "not host and not engines"

# Without a redis-server or nginx their tests are skipped.
test-host: .venv/.dev .venv/.headless
	-@$(MAKE) -s .venv/.servers
	$(PYTEST) -n 2 -m host

# A browser that is not installed is skipped.
test-engines: .venv/.dev
	-@$(MAKE) -s .venv/.engines
	$(BIN)/python -m pytest -n 2 -rs -m engines

PYTHONS ?= python3.12 python3.13 python3.14
ROOMS = domain aimlapi pictures service endpoints ui stage

# Each in an environment of its own, which stays for the next time. pyenv hides what is not chosen.
test-pythons: export PYENV_VERSION := $(shell pyenv versions --bare 2>/dev/null | paste -sd: -)
test-pythons:
	@for python in $(PYTHONS); do \
	  version="$$($$python --version 2>/dev/null)" || { echo "$$python is not here"; continue; }; \
	  echo "$$version"; its=".venv-$${version#Python }/bin/python"; \
	  { test -x "$$its" || $$python -m venv ".venv-$${version#Python }"; } \
	    && "$$its" -m pip install -q -r requirements-dev.txt \
	    && "$$its" -m pip install -q --no-deps -r requirements-readers.txt \
	    && "$$its" -m pytest -q -n 2 --dist loadfile -m "not host and not engines" \
         $(addprefix tests/,$(ROOMS)) || exit 1; \
	done

check: .venv/.dev .venv/.node
	node_modules/.bin/biome check --error-on-warnings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one with: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/.run: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install -q -r requirements.txt
	touch $@

.venv/.dev: requirements-dev.txt requirements-readers.txt requirements-mcp.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install -q -r requirements-dev.txt
	$(BIN)/python -m pip install -q --no-deps -r requirements-readers.txt
	touch $@ .venv/.run

# Node comes as a package of Python's; it checks and tests the page's scripts.
.venv/.node: package-lock.json | .venv/.dev
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent --no-audit --no-fund
	touch $@

# The browser tests use Debian's Chromium without a window where apt can install it, which is less
# work than one that has a window somewhere; else any Chromium that is here, or Playwright's.
.venv/.headless: | .venv/.dev
	command -v chromium-headless-shell >/dev/null \
	  || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] \
	       && apt-get update -qq && apt-get install -y -qq chromium-headless-shell >/dev/null; } \
	  || command -v chromium >/dev/null \
	  || $(BIN)/python -m playwright install chromium
	touch $@

# Screenshots are of the whole browser: Debian's where apt can install it, else Playwright's.
.venv/.browser: | .venv/.dev
	command -v chromium >/dev/null \
	  || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] \
	       && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || $(BIN)/python -m playwright install chromium
	touch $@

.venv/.readers: | .venv/bin/python
	@{ command -v exiftool && command -v exiv2 && command -v identify; } >/dev/null \
	  || { { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; } \
	       || { echo "Install exiftool, exiv2 and ImageMagick for all tests of pictures." >&2; exit 1; }; \
	       apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	         libimage-exiftool-perl exiv2 imagemagick >/dev/null; }
	touch $@

ENGINES = firefox-esr webkit2gtk-driver xvfb
.venv/.engines: | .venv/bin/python
	@{ command -v firefox-esr && command -v WebKitWebDriver && command -v Xvfb; } >/dev/null \
	  || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq \
	       && DEBIAN_FRONTEND=noninteractive \
	          apt-get install -y -qq --no-install-recommends $(ENGINES) >/dev/null; } \
	  || { echo "Install them, or what is missing is skipped: apt-get install $(ENGINES)" >&2; exit 1; }
	touch $@

# Debian starts a server as soon as it is installed, unless a policy-rc.d says no; ours are started
# by the test, with a configuration of their own.
.venv/.servers: | .venv/bin/python
	@PATH="$$PATH:/usr/sbin"; for server in nginx redis-server; do \
	  command -v $$server >/dev/null && continue; \
	  { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; } \
	    || { echo "Install $$server first: apt-get install $$server" >&2; exit 1; }; \
	  policy=/usr/sbin/policy-rc.d; \
	  [ -e $$policy ] || { trap "rm -f $$policy" EXIT; printf '#!/bin/sh\nexit 101\n' >$$policy; chmod +x $$policy; }; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$server >/dev/null || exit 1; \
	done
	touch $@
