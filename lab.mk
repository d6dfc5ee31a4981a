# Sets up the course in .venv and opens it: `make lab`, or `make lab LANGUAGE=fr` for a language other than the
# system's. A release ships this file as its Makefile.
# Any make from 3.81 (macOS) and any POSIX shell will do.

# JupyterLab shows a notebook's videos only if it trusts the notebook: so trust those that came or changed since the
# last time. (The change time, which unpacking always sets, and not the date in the archive.)
.PHONY: lab
lab: .venv/requirements.txt
	@[ -e .venv/trusted ] || touch -t 200001010000 .venv/trusted
	@find notebooks solutions -name '*.ipynb' -cnewer .venv/trusted \
	    -exec .venv/bin/jupyter-trust {} + >/dev/null 2>&1; touch .venv/trusted
	@mkdir -p .venv/lab; echo '$(SETTINGS)' >.venv/lab/overrides.json
	.venv/bin/jupyter-lab --notebook-dir=. --LabApp.default_url=/lab/tree/$(START) $(SET) $(AS_ROOT) $(ARGS)

# The page of lessons in the user's language, or in English where the course has none in that.
START = notebooks/$(firstword $(foreach language,$(patsubst notebooks/%/README.md,%,$(wildcard notebooks/*/README.md)), \
    $(if $(filter $(language)%,$(LOCALE)),$(language))) en)/README.md
LOCALE = $(or $(LANGUAGE),$(LC_ALL),$(LC_MESSAGES),$(LANG))
# A page is shown as pages are, not as text to edit; and nobody is asked about news, which another host would bring.
SET = --LabApp.app_settings_dir=.venv/lab
SETTINGS = {"@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}}, \
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}

# Containers run as root, which Jupyter refuses unless it is told so.
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)

PYTHONS = $(or $(PYTHON),python3 python3.13 python3.12 python3.11)
# Prints the path of a Python that the pins hold for; fails for another one.
IF_SUPPORTED = -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit(1); print(sys.executable)' 2>/dev/null
STOP = sh -c 'echo "$$0" >&2; exit 1'

.venv/bin/python:
	@python=$$(for name in $(PYTHONS); do "$$name" $(IF_SUPPORTED) && break; done); \
	[ -n "$$python" ] || exec $(STOP) "No Python 3.11, 3.12 or 3.13 was found: install one \
	(https://www.python.org/downloads) or name yours, as in: make lab PYTHON=/path/to/python3.13"; \
	rm -rf .venv; \
	if uv --version >/dev/null 2>&1; then uv venv -q --python "$$python" .venv; else "$$python" -m venv .venv; fi \
	|| { rm -rf .venv; exec $(STOP) "The folder .venv could not be made with $$python (the reason is above): \
	on Debian and Ubuntu, install python3-venv and run make again."; }

# The copy in .venv is the stamp: written last, so that a set-up that was cut short is taken up again, and older than a
# changed pin, which is then installed. uv installs many times faster than pip, which fetches it where it is missing.
# Modules are compiled here: otherwise the first lesson waits until TensorFlow's many are, and so does every lesson where
# Python may not keep what it compiles.
.venv/%.txt: %.txt pyproject.toml | .venv/bin/python
	@.venv/bin/python $(IF_SUPPORTED) >/dev/null || $(STOP) "The folder .venv holds a Python other than \
	3.11, 3.12 or 3.13: delete that folder and run make again."
	@echo "Installing the packages of $< into .venv (some minutes the first time) ..."
	@uv=uv; { uv --version >/dev/null 2>&1 || { uv=.venv/bin/uv; [ -x $$uv ] || .venv/bin/python -m pip install -q uv; }; } \
	&& $$uv pip install --compile-bytecode --python .venv/bin/python --no-deps pip -r $< -e . $(ALSO) \
	|| $(STOP) "The packages were not installed \
	(the reason is above): check the network connection and run make again."
	@cp $< $@
