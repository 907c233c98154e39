#!/bin/sh
# Sets up .venv from the lock file: `setup.sh run` for serving, `setup.sh dev` for tests too, `setup.sh ocr` adds what reads
# pictures, `setup.sh hsm` what signs with a key in a token, `setup.sh lock` renews the locks.
# The locks hold versions and hashes but no addresses, so that any mirror of the package index can serve them.
set -eu
cd "$(dirname "$0")/.."
kind=$1

python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or later is needed; '$python' is $("$python" -V 2>&1). Set PYTHON=/path/to/python3." >&2
    exit 1
}

. tools/uv.sh

if [ "$kind" = lock ]; then
    common="--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade --quiet"
    # shellcheck disable=SC2086
    "$uv" pip compile pyproject.toml $common -o locks/run.txt
    # shellcheck disable=SC2086
    "$uv" pip compile pyproject.toml --group pyproject.toml:dev $common -o locks/dev.txt
    # with the very versions that serve
    for extra in ocr hsm; do
        "$uv" pip compile pyproject.toml --extra $extra $common -c locks/run.txt -o locks/$extra.txt
    done
    sh tools/rasa.sh lock
    exit 0
fi

[ -x .venv/bin/python ] || "$uv" venv --quiet --python "$python" .venv
echo "· installing the packages of locks/$kind.txt"
if [ "$kind" = ocr ]; then
    .venv/bin/python -c 'import sys; sys.exit(sys.version_info >= (3, 13))' || {
        echo "Reading pictures needs Python 3.11 or 3.12 (rapidocr-onnxruntime); everything else works without it." >&2
        exit 1
    }
    "$uv" pip install --python .venv --require-hashes -r locks/ocr.txt
    touch .venv/ocr.stamp
    exit 0
elif [ "$kind" = hsm ]; then
    "$uv" pip install --python .venv --require-hashes -r locks/hsm.txt
    exit 0
fi
if [ "$kind" = dev ]; then
    "$uv" pip sync --python .venv --require-hashes locks/dev.txt
    # what was asked for once stays
    [ ! -f .venv/ocr.stamp ] || "$uv" pip install --python .venv --require-hashes -r locks/ocr.txt
else
    "$uv" pip install --python .venv --require-hashes -r locks/run.txt
fi
"$uv" pip install --python .venv --quiet --no-deps --editable .
# what serves to test serves to run
touch .venv/run.stamp
[ "$kind" != dev ] || touch .venv/dev.stamp
