"""Runs the scripts readers take along: beside the data they name, in a process of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

# One process runs all scripts of a language, each in its own folder: importing takes longest.
PYTHON_DRIVER = """
import contextlib, os, runpy, sys
for folder in sys.argv[1:]:
    os.chdir(folder)
    with open("printed.csv", "w", encoding="utf-8") as out, contextlib.redirect_stdout(out):
        runpy.run_path("script")
"""
R_DRIVER = """
for (folder in commandArgs(trailingOnly = TRUE)) {
  setwd(folder)
  invisible(Sys.setlocale("LC_CTYPE", "C"))
  options(digits = 7)
  sink("printed.csv")
  source("script", local = new.env())
  sink()
}
"""


def run_python(cases: Mapping[str, tuple[str, str]], root: Path) -> dict[str, str]:
    """What the (script, patients' file) of every case prints, by case."""
    return _run([sys.executable, "-c", PYTHON_DRIVER], cases, root)


def run_r(cases: Mapping[str, tuple[str, str]], root: Path) -> dict[str, str]:
    """The same in R; the test is skipped where there is none."""
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    (root / "driver.R").write_text(R_DRIVER)
    return _run(["Rscript", "--vanilla", str(root / "driver.R")], cases, root)


def _run(command: list[str], cases: Mapping[str, tuple[str, str]], root: Path) -> dict[str, str]:
    folders = {case: root / str(i) for i, case in enumerate(cases)}
    for case, folder in folders.items():
        script, data = cases[case]
        wanted = re.search(r'^FILE (?:=|<-) "([^"]+)"', script, re.MULTILINE)
        assert wanted is not None
        folder.mkdir()
        (folder / wanted[1]).write_text(data, encoding="utf-8")
        (folder / "script").write_text(script, encoding="utf-8")
    # No locale, as in a container: the scripts must not lean on the reader's.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    done = subprocess.run(
        [*command, *map(str, folders.values())],
        env=environment | {"LC_ALL": "C"},
        capture_output=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return {
        case: (folder / "printed.csv").read_text(encoding="utf-8")
        for case, folder in folders.items()
    }
