#!/bin/sh
# Rasa in an environment of its own below .rasa: `rasa.sh setup`, `rasa.sh train`, `rasa.sh serve`, `rasa.sh test`;
# `rasa.sh lock` renews its lock file, which like the others holds versions and hashes but no addresses.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
project=$root/nlu/rasa
home=$root/.rasa
python=${PYTHON:-python3}

# Nothing is reported to anybody, and nothing is fetched but the packages, when they are installed.
export RASA_TELEMETRY_ENABLED=false RASA_MAX_CACHE_SIZE=0 SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=3
export RASA_CACHE_DIRECTORY="$home/cache" MPLCONFIGDIR="$home/matplotlib" PYTHONPATH="$root"

install() {
    if [ -f "$home/stamp" ] && cmp -s "$home/stamp" "$project/lock.txt"; then return; fi
    uv_used_in=$project
    . tools/uv.sh
    mkdir -p "$home"
    rm -f "$home/stamp"
    # in the project's folder: its .python-version is what a pyenv shim goes by
    (cd "$project" && "$uv" venv --quiet --clear --python 3.10 "$home/venv") || {
        echo "Rasa needs Python 3.10, which is neither installed nor could be downloaded. Install it (pyenv install" >&2
        echo "$(cat "$project/.python-version"), or your distribution's python3.10) and try again." >&2
        exit 1
    }
    echo "· installing Rasa and its packages (2.7 GB, once only)"
    "$uv" pip sync --quiet --python "$home/venv" --require-hashes "$project/lock.txt" || {
        echo "Rasa's packages (nlu/rasa/lock.txt) could not be installed: the package index must be reachable and 3 GB be free." >&2
        exit 1
    }
    cp "$project/lock.txt" "$home/stamp"
}

model() { "$root/.venv/bin/python" -m nlu.rasa_model; }

train() {
    install
    name=$(model)
    [ -s "$home/models/$name.tar.gz" ] && return
    echo "· training Rasa on the examples of nlu/rasa/data/nlu (a few minutes)"
    mkdir -p "$home/models"
    rm -rf "$home/training"
    (cd "$project" && "$home/venv/bin/python" -m rasa train nlu --config config.yml --nlu data/nlu \
        --out "$home/training" --fixed-model-name "$name" >"$home/training.log" 2>&1) || {
        tail -n 20 "$home/training.log" >&2
        echo "Training failed; the whole log is $home/training.log." >&2
        exit 1
    }
    mv "$home/training/$name.tar.gz" "$home/models/"  # whole or not at all
    # the one before stays, for whoever still serves it
    ls -t "$home/models"/*.tar.gz | tail -n +3 | xargs rm -f
}

case ${1:-} in
    setup) install ;;
    train) train ;;
    serve)
        train
        RASA_TOKEN=${RASA_TOKEN:-$("$root/.venv/bin/python" -m bot.understanding)}
        export RASA_TOKEN
        cd "$project"
        exec "$home/venv/bin/python" serve.py "$home/models/$(cd "$root" && model).tar.gz" "${RASA_HOST:-127.0.0.1}" "${RASA_PORT:-5005}"
        ;;
    test)
        shift
        train
        exec "$root/.venv/bin/python" -m pytest -q -m rasa tests/rasa "$@"
        ;;
    lock)
        uv_used_in=$project
        . tools/uv.sh
        made=$(mktemp -d)
        trap 'rm -rf "$made"' EXIT
        # uv's own lock file, which names addresses, is only a step on the way
        cp "$project/pyproject.toml" "$project/.python-version" "$made"
        cd "$made"
        "$uv" lock --quiet --upgrade
        "$uv" export --quiet --no-emit-project --no-header --no-annotate --output-file "$project/lock.txt" >/dev/null
        ;;
    *)
        echo "usage: rasa.sh setup|train|serve|test|lock" >&2
        exit 2
        ;;
esac
