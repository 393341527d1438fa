# rustest: everything a developer does. `make demo` and `make test` set up what they need by themselves.

.PHONY: demo test bench check format clean help

VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/ready-for-rustest
FIND := for python in python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; python=; done; \
	if [ -z "$$python" ]; then echo "rustest needs Python 3.11 or newer, and there is none on the PATH"; exit 1; fi

help:
	@echo "make demo    run the demo suite: a hundred tests of 100 ms, a timeout and a failing assert"
	@echo "make test    run the tests"
	@echo "make bench   time rustest beside its peers, which takes half an hour; writes benchmarks/RESULTS.md"
	@echo "make check   lint, format check, types, tests"
	@echo "make format  format the code, and mend what lint can mend"
	@echo "make clean   remove what make has made"

demo: $(READY)
	@$(PYTHON) demo/show.py

test: $(READY)
	@$(VENV)/bin/pytest $(ARGS)

bench: $(READY)
	@$(PYTHON) benchmarks/bench.py $(ARGS)

check: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/pyright
	$(MAKE) --no-print-directory test

format: $(READY)
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist

# Done once, and again when pyproject.toml changes. pip must be new enough to know dependency groups.
$(READY): pyproject.toml
	@$(FIND); test -x $(PYTHON) || $$python -m venv $(VENV)
	@echo "setting up $(VENV) ..."
	@$(PYTHON) -m pip install -qq --disable-pip-version-check --upgrade "pip>=25.1"
	@$(PYTHON) -m pip install -qq --disable-pip-version-check --editable . --group dev
	@touch $@
