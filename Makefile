# Everything a stranger needs: `make run` and `make test`.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help

.PHONY: help run test ocr hsm rasa test-rasa lint types unit bench nlu-report lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: $(VENV)/run.stamp  ## set everything up and serve the assistant on http://127.0.0.1:8000
	@$(BIN)/registrar serve --demo

$(VENV)/run.stamp: locks/run.txt pyproject.toml tools/setup.sh
	@sh tools/setup.sh run

$(VENV)/dev.stamp: locks/dev.txt pyproject.toml tools/setup.sh
	@sh tools/setup.sh dev

test: $(VENV)/dev.stamp  ## lint, types, import contracts and all tests
	@sh tools/test.sh

ocr: $(VENV)/run.stamp  ## install what reads pictures of certificates (265 MB), for Python below 3.13
	@sh tools/setup.sh ocr

hsm: $(VENV)/run.stamp  ## install what signs with a key in a token (PKCS#11)
	@sh tools/setup.sh hsm

rasa: $(VENV)/run.stamp  ## train Rasa where its model is not of the current examples, and serve it on 127.0.0.1:5005
	@sh tools/rasa.sh serve

test-rasa: $(VENV)/dev.stamp  ## set up Rasa's own environment (2.7 GB), train, start the real server and test against it
	@sh tools/rasa.sh test

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	@$(BIN)/mypy && $(BIN)/lint-imports

bench: $(VENV)/dev.stamp  ## measure, and print a table
	@$(BIN)/python -m benchmarks

nlu-report: $(VENV)/dev.stamp  ## measure the interpreters side by side into docs/nlu-report.md (RASA_URL: a Rasa server's)
	@RASA_TOKEN=$${RASA_TOKEN:-$$($(BIN)/python -m bot.understanding)} $(BIN)/python -m nlu.report

lock:  ## renew the lock files after a change in pyproject.toml
	@sh tools/setup.sh lock

clean:  ## remove what was installed; data under var/ stay
	rm -rf $(VENV) .uv .rasa
