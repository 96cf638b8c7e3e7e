#!/bin/sh
# Every test, those in a browser too, on two processes; a file stays on one of them.
exec .venv/bin/python -m pytest -n 2 --dist loadfile "$@"
