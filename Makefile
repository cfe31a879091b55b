# The Dreamer. Everything that needs thought is in packaging/bootstrap.py; this file only names the things to do.
PYTHON ?= python3
DREAMS ?= 10
LIBRARIES ?= textual rich
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup dream test check bench lock pictures screenshots tray docs clean

help:           ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1	/p' Makefile | expand -t 18

setup:          ## everything that dreaming needs: uv, .venv, a Docker engine
	@$(PYTHON) packaging/bootstrap.py app

dream: setup    ## a short first night into data/ (DREAMS=10 LIBRARIES="textual rich")
	@$(BIN)/dreamer night $(foreach library,$(LIBRARIES),--library $(library)) --dreams $(DREAMS) --base-dir data

test:           ## set up, then every test, the checks of `make check` among them
	@$(PYTHON) packaging/bootstrap.py dev
	@$(BIN)/python -m tests

check:          ## ruff, mypy and the import contracts only
	@$(PYTHON) packaging/bootstrap.py dev --no-engine
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/mypy --strict packaging/*.py docs/*.py && $(BIN)/lint-imports

bench:          ## the measurements (minutes)
	@$(PYTHON) packaging/bootstrap.py dev
	@$(BIN)/python -m tests.bench $(BENCH)

lock:           ## requirements/*.txt anew from pyproject.toml
	@$(PYTHON) packaging/bootstrap.py dev --no-engine
	@$(BIN)/python packaging/lock.py

docs:           ## the generated pages in docs/
	@$(PYTHON) packaging/bootstrap.py dev --no-engine
	@$(BIN)/python docs/make_pages.py

pictures:       ## the pictures in docs/images, from a real night and from a simulated hot one
	@$(PYTHON) packaging/bootstrap.py dev
	@$(BIN)/python docs/make_hot_night.py
	@$(BIN)/python docs/make_pictures.py

screenshots:    ## the pictures of the interface in docs/screenshots
	@$(PYTHON) packaging/bootstrap.py dev --no-engine
	@$(BIN)/python docs/make_screenshots.py
	@$(BIN)/python -m tests.ui.demo.pictures

tray:           ## the tray application over data/
	@$(PYTHON) packaging/bootstrap.py app --desktop
	@$(BIN)/dreamer tray --base-dir data

clean:          ## caches, tools and .venv; never a dream
	@rm -rf .venv .tools .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage build dist
	@find dreamer_app tests packaging docs -name __pycache__ -type d -prune -exec rm -rf {} +
