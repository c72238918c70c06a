# Two commands: `make run` serves the chat, `make test` checks everything. Nothing else is needed by hand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data

export ORGBOT_DATA = $(DATA)
export GRADIO_ANALYTICS_ENABLED = False
export HF_HUB_OFFLINE = 1
export OMP_NUM_THREADS = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test audit bench constraints clean

run: $(VENV)/installed
	$(BIN)/orgbot init
	$(BIN)/orgbot serve

test: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# pip is upgraded first: 23.2 crashes while it resolves lxml[html-clean], which trafilatura needs.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "orgbot needs Python 3.11 or newer: run make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; }; } \
		|| echo "Chromium is missing and could not be installed: the browser tests will say so."
	@{ { command -v nginx || test -x /usr/sbin/nginx; } && command -v openssl; } >/dev/null || { command -v apt-get >/dev/null && { apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light openssl; }; } \
		|| echo "nginx or openssl is missing and could not be installed: the tests of docs/deploy/nginx.conf will say so."
	@touch $@

# Known vulnerabilities of what is pinned. Needs a service on the network, and says so where it is out of reach.
audit: $(VENV)/installed-test
	$(BIN)/python -m tests.audit

bench: $(VENV)/installed-test
	$(BIN)/python -m benchmarks

# After a change of dependencies: what is installed becomes what is pinned.
constraints: $(VENV)/installed-test
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/ @ .*//; s/+cpu//' > constraints.txt
	$(BIN)/python -m tests.licences

clean:
	rm -rf $(VENV) build *.egg-info
