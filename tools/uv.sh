# Sourced: finds uv or installs it into .uv, sets $uv. To be run from the checkout, with $python set.
# In $uv_used_in a pyenv shim may find no uv though it finds one here.
if command -v uv >/dev/null 2>&1 && (cd "${uv_used_in:-.}" && uv --version >/dev/null 2>&1); then
    uv=uv
else
    uv=$PWD/.uv/bin/uv
    if [ ! -x "$uv" ]; then
        echo "· uv is missing: installing it into .uv"
        "$python" -m venv .uv || {
            echo "python3 -m venv does not work here (Debian and Ubuntu: apt install python3-venv)." >&2
            exit 1
        }
        .uv/bin/python -m pip install --quiet --disable-pip-version-check uv
    fi
fi

# A proxy that opens TLS has an authority that the system knows and uv's own list does not. Where the system has no list,
# uv's own is used. Hashes are checked in any case.
for list in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
    [ -s "$list" ] || continue
    export UV_NATIVE_TLS="${UV_NATIVE_TLS:-true}" UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
    break
done
