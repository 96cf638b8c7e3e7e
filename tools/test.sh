#!/bin/sh
# Every test, in two runs: those without a browser on two processes, then the browser's alone,
# so that nothing competes with a page whose answer is being timed. Both run even if one fails.
python=.venv/bin/python
status=0

"$python" -m pytest -n 2 --dist loadfile --ignore=tests/browser || status=$?
[ $status = 0 ] || echo "The tests without a browser failed (above); now those in the browser."
"$python" -m pytest tests/browser || status=$?
exit $status
