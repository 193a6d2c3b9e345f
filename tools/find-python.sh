#!/bin/sh
# Print the first Python that can build the environment: 3.12 or later, with the modules that
# pip and the project need. A candidate is run, not trusted: a name on the path may be a shim
# that fails. PYTHON=... names one by hand.
works() {
    "$1" -c 'import sys
assert sys.version_info >= (3, 12)
import ensurepip, lzma, sqlite3, ssl, venv' >/dev/null 2>&1
}
if [ -n "$PYTHON" ]; then
    works "$PYTHON" && { echo "$PYTHON"; exit 0; }
    echo "PYTHON=$PYTHON is not a Python 3.12 or later with venv, ensurepip, ssl, sqlite3 and lzma." >&2
    exit 1
fi
root=$(pyenv root 2>/dev/null)
tried=
for candidate in python3.13 "$root"/versions/3.13*/bin/python python3.12 \
    "$root"/versions/3.12*/bin/python python3.14 "$root"/versions/3.1[4-9]*/bin/python python3 python; do
    tried="$tried $candidate"
    works "$candidate" && { echo "$candidate"; exit 0; }
done
echo "No Python 3.12 or later with venv, ensurepip, ssl, sqlite3 and lzma was found (tried:$tried); install one, or name it: make setup PYTHON=/path/to/python3" >&2
exit 1
