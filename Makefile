# Every target makes its own environment: a fresh machine needs Python 3.11 and make.
#
#   make demo             the main job from nothing: synthetic chain -> ... -> website
#   make test             every test; installs a browser and more where it may, and names what it had to skip (JOBS=2)
#   make real DATA=DIR    the same commands over a real linked chain (examples/cook-county)
#   make lab              JupyterLab, ready (OPTIONS=... go to JupyterLab)
#   make bench            how long things take, beside the bare engine (SCALES="0.01 0.1 1", ROWS="1000000 10000000": minutes)
#   make docs             what the documentation shows of the synthetic chain, made again (takes minutes)
#   make check | fix      look for faults | mend what can be mended

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
APART  := tests/attack/test_three_accounts.py  # forks to other accounts: in a process that has no threads yet
# sh has what runs behind it ignore Ctrl-C, and Python would go along with that
HEEDING := import pytest, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(pytest.main())
DAS    := $(BIN)/das
REAL   := .das-real

.PHONY: demo test real lab bench docs check fix clean
.DEFAULT_GOAL := demo

$(VENV)/.run: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "das-research needs Python 3.11 or newer; name it with: make PYTHON=/path/to/python $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Setting up the environment in $(VENV) (a minute or two, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/.run
	@$(DAS) demo

real: $(VENV)/.run
	@$(DAS) --catalog examples/cook-county --home $(REAL) demo --data "$(DATA)"

lab: $(VENV)/.run
	@$(DAS) lab $(OPTIONS)

test: $(VENV)/.dev
	@$(BIN)/python tests/install_packages.py
	@failed=0; apart=$$(mktemp); trap wait INT; \
	$(BIN)/python -c '$(HEEDING)' -ra $(APART) >$$apart 2>&1 & \
	$(BIN)/python -m pytest -ra -n $(or $(JOBS),2) --dist loadfile --ignore $(APART) || failed=$$?; \
	wait $$! || failed=$$?; \
	cat $$apart; rm $$apart; exit $$failed

bench: $(VENV)/.dev
	@$(BIN)/python benchmarks/synthetic.py --scales $(or $(SCALES),0.01 0.1)
	@$(BIN)/python benchmarks/intake.py --rows $(or $(ROWS),1000000 2000000)
	@$(BIN)/python benchmarks/build.py --scales $(or $(SCALES),0.01 0.1)
	@$(BIN)/python benchmarks/linkage.py
	@$(BIN)/python benchmarks/chain.py --events $(or $(ROWS),1000000 2000000)
	@$(BIN)/python benchmarks/suppression.py --argus
	@$(BIN)/python benchmarks/extract.py --rows $(firstword $(ROWS) 1000000)
	@$(BIN)/python benchmarks/recidivism.py --persons $(or $(PERSONS),250000 1000000)

docs: $(VENV)/.run
	@rm -rf .das-calibration
	@$(DAS) synthetic .das-calibration --scale 1 --seed 1 --calibration docs/calibration.md
	@rm -rf .das-calibration

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(DAS) catalog check
	@$(DAS) --catalog examples/cook-county catalog check
	@$(BIN)/nbstripout --verify notebooks/*.ipynb

fix: $(VENV)/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/nbstripout notebooks/*.ipynb

clean:
	rm -rf $(VENV) .das .das-real .pytest_cache .ruff_cache .mypy_cache build dist
