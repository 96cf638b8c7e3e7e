#!/bin/sh
# Every test, those in a browser too, on four processes (a browser waits half of its time); a file
# stays on one of them, and they begin in the order of tests/conftest.py.
# Compiled once, not by each of the many processes that tests start.
unset PYTHONDONTWRITEBYTECODE
# Four processes on two processors: threads inside a product of matrices would wait for each other.
export OPENBLAS_NUM_THREADS=1
exec .venv/bin/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder "$@"
