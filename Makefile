# The course's workshop. `make help` lists what there is to make.

include lab.mk

.PHONY: help test test-all course test-browser test-colab colab-python bench mutate-tool pins lint clean

help:
	@echo "make lab           open the lessons in JupyterLab (make lab LANGUAGE=fr ARGS=--no-browser)"
	@echo "make test          every check: style, types, lessons, unit tests, and each solution in one language"
	@echo "make test-all      the same, with the solutions in every language"
	@echo "make test-browser  lessons in JupyterLab and the site, in a browser (needs Chromium)"
	@echo "make test-colab    the solution notebooks again, in Colab's environment (needs Python 3.13)"
	@echo "make bench         speed and learning beside Stable-Baselines3, into benchmarks/RESULTS.md (an hour or more)"
	@echo "make mutate-tool   plant faults in what makes marks, and name those that no test sees (some ten minutes)"
	@echo "make lint          style and types only"
	@echo "make pins          compile requirements*.txt from pyproject.toml (make pins ARGS=--upgrade)"
	@echo "make clean         delete the environments and caches"

lint: .venv/requirements-dev.txt
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy

test: .venv/requirements-dev.txt
	@$(MAKE) --no-print-directory -j 2 lint course
	$(ONE_THREAD) .venv/bin/python -m $(NBVAL) tests $(NOTEBOOKS) --ignore=tests/colab --ignore=tests/browser $(ARGS)

test-all:
	@$(MAKE) --no-print-directory test NOTEBOOKS=solutions

# A lesson's code is the same in every language (coursekit check compares them): a run has each lesson in one of them, in
# turn, and Colab's run in the next one. For all: make test-all, and make test-colab NOTEBOOKS=solutions.
NOTEBOOKS = $(wildcard solutions/en/?[147]_* solutions/fr/?[258]_* solutions/ro/?[0369]_*)
test-colab: NOTEBOOKS = $(wildcard solutions/ro/?[147]_* solutions/en/?[258]_* solutions/fr/?[0369]_*)

course: .venv/requirements-dev.txt
	.venv/bin/coursekit check

# One kernel a notebook (loadfile), as a student has it. After a time-out nbval expects the notebook's later cells to
# fail, and so forgives them: --runxfail lets nothing be forgiven. A third worker fills what the others wait.
NBVAL = pytest --nbval --nbval-current-env --nbval-cell-timeout 300 --runxfail -n 3 --dist loadfile \
    --disable-warnings --durations 20

# Tests run side by side: with several threads each, they would be in each other's way.
ONE_THREAD = $(addsuffix =1,TF_NUM_INTRAOP_THREADS TF_NUM_INTEROP_THREADS OMP_NUM_THREADS OPENBLAS_NUM_THREADS)

# Lessons walked through in JupyterLab, and the site, in Chromium; skipped where that is not installed.
test-browser: .venv/requirements-dev.txt
	.venv/bin/python -m pytest tests/browser -rs -n 2 --dist loadfile

# A set-up cell that replaced something has spoilt the environment: the next run makes it anew.
test-colab: .venv-colab/requirements.txt
	.venv/bin/python -m pytest tests/colab || { rm $<; exit 1; }
	$(ONE_THREAD) .venv-colab/bin/python -m $(NBVAL) $(NOTEBOOKS)

# Colab's packages at Colab's versions, and no labkit: tests/colab has the notebooks install that.
.venv-colab/requirements.txt: colab/requirements.txt colab/pip-freeze.txt | .venv/requirements-dev.txt
	@[ -n "$(COLAB_PYTHON)" ] || $(STOP) "No Python 3.13 was found, which is what Colab has: \
	install one, for example with: .venv/bin/uv python install 3.13"
	@rm -rf .venv-colab
	.venv/bin/uv venv -q --python "$(COLAB_PYTHON)" .venv-colab
	.venv/bin/uv pip install -q --compile-bytecode --python .venv-colab/bin/python -r $<
	@cp $< $@

# A Python 3.13 that runs (pyenv puts commands on the PATH that only say what is missing); nothing where there is none.
COLAB_PYTHON = $(shell \
    for python in python3.13 "$$(.venv/bin/uv python find --system 3.13 2>/dev/null)" \
        "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13.*[0-9]/bin/python; \
    do "$$python" -c 'import sys; print(sys.executable)' 2>/dev/null && break; done)

colab-python: .venv/requirements-dev.txt
	@echo $(COLAB_PYTHON)

# make bench ARGS="--task cartpole-dqn --seeds 1" does a part; ARGS=--help tells what else.
bench: .venv-bench/requirements-bench.txt
	.venv-bench/bin/python -m benchmarks $(ARGS)

# PyTorch without CUDA, whose packages are gigabytes: from the folder that PIP_FIND_LINKS names, or from where uv knows.
TORCH = $(if $(PIP_FIND_LINKS),--find-links "$(PIP_FIND_LINKS)",--torch-backend cpu)

.venv-bench/requirements-bench.txt: requirements-bench.txt | .venv/requirements-dev.txt
	@rm -rf .venv-bench
	.venv/bin/uv venv -q --python .venv/bin/python .venv-bench
	.venv/bin/uv pip install -q --compile-bytecode --python .venv-bench/bin/python --no-deps $(TORCH) -r $< -e .
	@cp $< $@

# Which modules and tests: [tool.mutmut] in pyproject.toml. It works on a copy, in mutants/.
mutate-tool: .venv/requirements-dev.txt
	$(ONE_THREAD) .venv/bin/mutmut run $(ARGS)
	.venv/bin/mutmut results

# For every system and every Python that the course supports, whatever the machine that compiles them.
COMPILE = .venv/bin/uv pip compile -q --universal --python-version 3.11 --no-header $(ARGS) pyproject.toml

pins: .venv/requirements-dev.txt
	$(COMPILE) -o requirements.txt
	$(COMPILE) coursekit/pyproject.toml --all-extras --group dev -o requirements-dev.txt
	$(COMPILE) --group bench -o requirements-bench.txt

# coursekit is a distribution of its own, which students do not have.
.venv/requirements-dev.txt: ALSO = -e coursekit
.venv/requirements-dev.txt: coursekit/pyproject.toml

clean:
	rm -rf .venv .venv-colab .venv-bench mutants .pytest_cache .ruff_cache .mypy_cache build coursekit/build *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +
