"""Runs the scripts readers take along: beside the data they name, in a process of their own."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

# One process runs all scripts of a language, each in its own folder: importing takes longest.
# A warning would reach the reader: it is an error here.
PYTHON_DRIVER = """
import contextlib, os, runpy, sys, traceback
for line in sys.stdin:
    os.chdir(line.strip())
    with open("printed.csv", "w", encoding="utf-8") as out, contextlib.redirect_stdout(out):
        try:
            runpy.run_path("script")
        except SystemExit as stopped:
            open("stopped", "w", encoding="utf-8").write(str(stopped))
        except BaseException:
            open("stopped", "w", encoding="utf-8").write(traceback.format_exc())
    print("done", flush=True)
"""
R_DRIVER = """
folders <- file("stdin", "r")
while (length(folder <- readLines(folders, 1)) > 0) {
  setwd(folder)
  invisible(Sys.setlocale("LC_CTYPE", "C"))
  options(digits = 7, warn = 2)
  sink("printed.csv")
  problem <- tryCatch({ source("script", local = new.env()); NULL }, error = conditionMessage)
  sink()
  if (!is.null(problem)) writeLines(problem, "stopped")
  cat("done\\n")
}
"""


class Runner:
    """A process that runs the script in each folder it is told of."""

    def __init__(self, command: list[str]) -> None:
        # No locale, as in a container: the scripts must not lean on the reader's.
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
        self.process = subprocess.Popen(
            command,
            env=environment | {"LC_ALL": "C"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        atexit.register(self.end)

    def end(self) -> None:
        """End the process."""
        self.process.communicate(timeout=60)

    def run(self, folder: Path) -> tuple[str, str]:
        """What the script prints, and what it says when it stops early ("" if it does not)."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{folder}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n", "the process died"
        stopped = folder / "stopped"
        printed = (folder / "printed.csv").read_text(encoding="utf-8")
        return printed, stopped.read_text(encoding="utf-8") if stopped.exists() else ""


@cache
def runner(language: str) -> Runner:
    """The one process of a language, "py" or "R"; started when first asked for."""
    if language == "py":
        return Runner([sys.executable, "-W", "error", "-c", PYTHON_DRIVER])
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    driver = Path(tempfile.mkdtemp()) / "driver.R"
    driver.write_text(R_DRIVER)
    return Runner(["Rscript", "--vanilla", str(driver)])


def run_one(language: str, script: str, data: str, folder: Path) -> tuple[str, str]:
    """What a script prints beside its data, and what it says when it stops early."""
    wanted = re.search(r'^FILE (?:=|<-) "([^"]+)"', script, re.MULTILINE)
    assert wanted is not None
    folder.mkdir(parents=True)
    (folder / wanted[1]).write_text(data, encoding="utf-8")
    (folder / "script").write_text(script, encoding="utf-8")
    return runner(language).run(folder)


def run_python(cases: Mapping[str, tuple[str, str]], root: Path) -> dict[str, str]:
    """What the (script, patients' file) of every case prints, by case."""
    return _run("py", cases, root)


def run_r(cases: Mapping[str, tuple[str, str]], root: Path) -> dict[str, str]:
    """The same in R; the test is skipped where there is none.

    Left out are cases that ask for a package which is not installed.
    """
    return _run("R", cases, root)


def _run(language: str, cases: Mapping[str, tuple[str, str]], root: Path) -> dict[str, str]:
    found = {}
    for i, (case, (script, data)) in enumerate(cases.items()):
        printed, stopped = run_one(language, script, data, root / str(i))
        if language == "R" and "install.packages(" in stopped:
            continue
        assert stopped == "", (case, stopped)
        found[case] = printed
    return found
