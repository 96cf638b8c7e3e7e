"""R is run in a folder of its own, for a bounded time, with its children. Oracle: the processes."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from services.pages.second_opinion.by_r import Unanswered, run


def test_what_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    child = "import os, time; open('child', 'w').write(str(os.getpid())); time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {child!r}])"
    with pytest.raises(Unanswered, match="R took longer than 1 seconds and was stopped"):
        run([sys.executable, "-S", "-c", parent], str(tmp_path), 1.0)
    pid = int((tmp_path / "child").read_text())
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.01)
    raise AssertionError("the child still runs")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise SystemExit('Error: no such thing')", "R stopped: Error: no such thing"),
        ("raise SystemExit('there is no package called')", "but not its package survival"),
    ],
)
def test_what_fails_says_why(code: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(Unanswered, match=words):
        run([sys.executable, "-S", "-c", code], str(tmp_path), 10.0)


def test_a_folder_that_vanishes_while_it_runs_is_said(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    code = "import os; os.rmdir(os.getcwd()); raise SystemExit('getcwd() failed')"
    with pytest.raises(Unanswered, match="R could not run: something on this server removed its"):
        run([sys.executable, "-S", "-c", code], str(own), 10.0)


def test_it_sees_nothing_of_the_server_s_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMM_SECRET", "x")
    code = "import os; print(sorted(k for k in os.environ if k.startswith(('SMM', 'HOME'))))"
    printed, _ = run([sys.executable, "-S", "-c", code], str(tmp_path), 10.0)
    assert printed.strip() == "['HOME']"
