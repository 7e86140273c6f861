# make run    the bot; without TELEGRAM_BOT_TOKEN in the sandbox: chats in a page, nothing to sign up for
# make test   the test suite on SQLite and a real PostgreSQL
# make check  format, lint, types, layers, house rules
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

# Where it is set, every process of every run would compile and pytest rewrite everything anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check format migrate bench clean

run: .venv/.installed
	@$(BIN)/tutorbot start

test: .venv/.dev
	@$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest tests/architecture

format: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/.installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed"; exit 1; }
	@test -x $(BIN)/python || { echo "Setting up (once, a minute or two) ..."; $(PYTHON) -m venv .venv; }
	@$(INSTALL) -e .
	@touch $@

.venv/.dev: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(INSTALL) -e '.[dev]'
	@touch .venv/.installed $@

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
