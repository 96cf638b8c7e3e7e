#!/bin/sh
# Print the first Python that can build the environment. PYTHON=/path/to/python overrides.
# Asking each candidate to run, rather than looking for its name, skips broken shims.
for python in ${PYTHON:+"$PYTHON"} python3 python3.11 python3.12 python3.13 python3.14 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            command -v "$python"
            exit 0
        fi
        without_venv=$python
    fi
done

if [ -n "$without_venv" ]; then
    echo "$without_venv is new enough but lacks the venv module." >&2
    echo "On Debian or Ubuntu: apt-get install python3-venv. Then run make again." >&2
else
    echo "SMM Outcomes needs Python 3.11 or newer; none was found on the PATH." >&2
    echo "Install one (apt-get install python3 python3-venv, dnf install python3.11," >&2
    echo "brew install python@3.12), or name yours: make setup PYTHON=/path/to/python3.11" >&2
fi
exit 2
