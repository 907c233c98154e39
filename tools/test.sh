#!/bin/sh
# All checks, one after another; what a machine cannot run is named as skipped by the tests themselves.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin

step() { printf '\n== %s\n' "$1"; }

step "lint"
$bin/ruff check .
$bin/ruff format --check .
step "types"
$bin/mypy
step "import contracts"
$bin/lint-imports
step "fonts and language model (kept in var/)"
$bin/python -m bot.prepare
step "tests"
exec $bin/python -m pytest -n "${TEST_PROCESSES:-2}" --dist loadfile -q "$@"
