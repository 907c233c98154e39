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
# Thousands of databases are made, written to and thrown away: in memory where there is room, since a disk takes four times as
# long. They take up to 2 GB, and the processes of the tests 2 GB each.
room() {
    [ -w /dev/shm ] && [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -ge 3000000 ] &&
        [ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -ge 7000000 ]
}
if [ -z "${TMPDIR:-}" ] && room 2>/dev/null; then
    TMPDIR=$(mktemp -d /dev/shm/registrar.XXXXXX)
    export TMPDIR
    trap 'rm -rf "$TMPDIR"' EXIT
    trap 'exit 130' INT TERM
    chmod 711 "$TMPDIR" # PostgreSQL runs as another user where this one is root
fi
$bin/python -m pytest -n "${TEST_PROCESSES:-2}" --dist loadfile -q "$@"
