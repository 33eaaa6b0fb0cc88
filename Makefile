# Two commands: `make run` opens the map, `make test` tests everything.
PYTHON ?= python3
BIN := .venv/bin
PROJECT ?= border
PIP := $(BIN)/python -m pip --disable-pip-version-check
INPUTS := pyproject.toml constraints.txt scripts/build_hook.py scripts/vendor_assets.py

.PHONY: run test lint bench torture pictures clean

# set up, assess the bundled border, open the map
run: .venv/ready
	@test -f $(PROJECT)/riskmap.sqlite || $(BIN)/riskmap init --project $(PROJECT)
	@$(BIN)/riskmap run --project $(PROJECT)
	@$(BIN)/riskmap app --project $(PROJECT)

# set up and test everything; the browser tests skip, saying so, without a Chromium
test: .venv/ready-dev lint
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile

# what a machine can check without running the code
lint: .venv/ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m numpydoc.hooks.validate_docstrings $$(git ls-files 'riskmap/*.py')

# speed and memory against peers, side by side; writes docs/benchmarks.md
bench: .venv/ready-bench
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.load --people 25 --seconds 60

# long kill and bit-flip runs
torture: .venv/ready-dev
	$(BIN)/python -m tests.project.torture
	$(BIN)/python -m tests.sharing.torture --worlds 1000
	$(BIN)/python -m tests.exports.random_exports --exports 500 --features 2000
	$(BIN)/python -m benchmarks.load --people 25 --seconds 1800

# the screenshots in README and docs
pictures: .venv/ready-dev
	$(BIN)/python -m scripts.take_screenshots

clean:
	rm -rf .venv build dist $(PROJECT)

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready: $(INPUTS) | .venv/bin/python
	$(PIP) install --quiet --editable . --constraint constraints.txt
	@touch $@

.venv/ready-dev: .venv/ready
	$(PIP) install --quiet --editable '.[dev]' --constraint constraints.txt
	@$(BIN)/python scripts/vendor_assets.py --for-tests
	@touch $@

.venv/ready-bench: .venv/ready-dev
	$(PIP) install --quiet --editable '.[dev,bench]' --constraint constraints.txt
	@touch $@
