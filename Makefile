# Thin: every line is a command that a person could type. The first target run makes .venv once.
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help learn test demo teach check release wheel kit pictures
help:  ## list the commands
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /  /'

# Every file that comes from a network is known by its hash, pip first: it looks at the others.
.venv/ready: pyproject.toml constraints.txt pip.txt
	$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Alongside needs Python 3.11 or newer: make PYTHON=python3.12 ...')"
	@echo "Packages are fetched once. This takes some minutes."
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement pip.txt
	$(BIN)/python -m pip install --quiet --require-hashes --requirement constraints.txt
	$(BIN)/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	touch .venv/ready

learn: .venv/ready  ## open the course and print its address
	$(BIN)/alongside learn $(ARGS)

test: .venv/ready  ## run the tests
	$(BIN)/python -m pytest $(ARGS)

demo: .venv/ready  ## run a made-up cohort through the whole cycle
	$(BIN)/alongside demo $(ARGS)

teach: .venv/ready  ## open the desk for trainers, with JupyterLab and formgrader
	$(BIN)/alongside teach $(ARGS)

check: .venv/ready  ## check all course content, and the style and types of the code
	$(BIN)/alongside check
	$(BIN)/alongside release --check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

release: .venv/ready  ## make exercises/ from solutions/
	$(BIN)/alongside release

wheel: .venv/ready  ## write the course as one file into dist/, to install anywhere
	$(BIN)/python -m hatchling build --target wheel --directory dist

kit: .venv/ready  ## write a folder and a zip file for people without a terminal into dist/
	$(BIN)/alongside kit dist/alongside-kit $(ARGS)

pictures:  ## renew the pictures of the README from the last run of the tests
	cp tests/screenshots/01-definitions-1-what-it-is-card.png course/pictures/card.png
	cp tests/screenshots/06-conversation-1-four-phases-card.png course/pictures/talk.png
