#!/bin/sh
# Every test, those in a browser too, on three processes (a browser waits half of its time); a file
# stays on one of them.
exec .venv/bin/python -m pytest -n 3 --dist loadfile "$@"
