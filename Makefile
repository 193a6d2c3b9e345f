.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow fuzz check format docs effects facts screening calibration worlds pictures bench results baselines constraints bundle clean
SHELL := /bin/sh
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

# A stamp is written last, so a broken installation is done again.
.venv/core.stamp: pyproject.toml constraints.txt tools/find-python.sh $(wildcard simulation/kernels/*.py simulation/kernels/*/*.py)
	@python=$$(sh tools/find-python.sh) || exit 1; \
	test -x $(BIN)/python || { echo "creating .venv with $$python"; "$$python" -m venv .venv; }
	@echo "installing (a few minutes the first time)"
	@$(PIP) -e '.[dashboard]'
	@$(BIN)/python -m tocsin.simulation.kernels
	@touch $@

.venv/dev.stamp: .venv/core.stamp
	@$(PIP) -e '.[dashboard,cluster,dev]'
	@touch $@

setup: .venv/core.stamp  ## create .venv and install, nothing else

demo: .venv/core.stamp  ## the question of the project, answered in two minutes
	@$(BIN)/python -m tocsin demo --out demo

test: .venv/dev.stamp  ## the tests (twenty minutes on two cores)
	@$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile --no-loadscope-reorder

test-slow: .venv/dev.stamp  ## experiments that take longer
	@$(BIN)/python -m pytest -m slow

COUNT ?= 100000
SECONDS ?= 86400
SEED ?= 0
fuzz: .venv/dev.stamp  ## damage input files by chance; COUNT=100000, SECONDS=120, SEED=0
	@$(BIN)/python tools/fuzz.py --count $(COUNT) --seconds $(SECONDS) --seed $(SEED)

check: .venv/dev.stamp  ## format, lint, types, generated docs current
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/python tools/check_types.py
	@$(BIN)/python -m tocsin docs --check

format: .venv/dev.stamp  ## put the code in format
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

docs: .venv/core.stamp  ## renew the generated tables in docs/
	@$(BIN)/python -m tocsin docs

effects: .venv/core.stamp  ## measure what each thing that the coordinator does moves (an hour)
	@$(BIN)/python -m tocsin.experiments.methods.effects
	@$(BIN)/python -m tocsin docs

facts: .venv/core.stamp  ## the stylised facts, run and judged (about half an hour)
	@$(BIN)/python -m tocsin.experiments.methods.facts

screening: .venv/core.stamp  ## which assumptions decide the answers (about a quarter of an hour)
	@$(BIN)/python -m tocsin.experiments.methods.screening

calibration: .venv/core.stamp  ## fit Central Asia 2010 to 2012 and renew docs/calibration.md (about ten minutes)
	@rm -rf build/calibration
	@$(BIN)/python -m tocsin calibrate central_asia_fit --out build/calibration || test $$? -eq 1
	@$(BIN)/python -m tocsin.experiments.methods.calibration_page build/calibration

worlds: .venv/core.stamp  ## what comes out on the real maps, ten runs of each (a few minutes)
	@$(BIN)/python -m tocsin docs --worlds 10

pictures: .venv/dev.stamp  ## renew the pictures and quoted tables of README and docs (about half an hour; needs chromium)
	@$(BIN)/python tools/pictures.py

bench: .venv/dev.stamp  ## every benchmark, one table; on a machine that does nothing else (a quarter of an hour)
	@$(BIN)/python -m benchmarks

results: .venv/dev.stamp  ## keep the table of the last `make bench` and the figures of docs/speed.md
	@$(BIN)/python -m benchmarks keep

baselines: .venv/core.stamp  ## renew the exact baselines after a deliberate change of the model
	@$(BIN)/python tests/baselines/renew.py

bundle: .venv/dev.stamp  ## wheels for a room without internet; FOR=windows, macos, macos-intel, linux
	@$(BIN)/python tools/bundle.py bundle$(if $(FOR),-$(FOR)) $(FOR)

constraints: .venv/dev.stamp  ## renew the pinned versions from this environment
	@$(BIN)/python -m pip freeze --exclude-editable | grep -E '^[A-Za-z0-9_.-]+==[^ ]+$$' > constraints.tmp
	@mv constraints.tmp constraints.txt

clean:  ## remove the environment and what was generated
	rm -rf .venv build dist demo bundle bundle-* *.egg-info .pytest_cache .ruff_cache .hypothesis
