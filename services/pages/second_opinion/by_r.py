"""The view's R script, run where R is installed: bounded in time, one at a time, no shell."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from services.csv_text import safe_cell
from services.errors import short
from services.pages.export import column_name
from services.pages.scripts import Scripts
from services.pages.second_opinion.records import Key

SECONDS = 60.0
_KEPT = ("PATH", "R_HOME", "R_LIBS", "R_LIBS_SITE", "R_LIBS_USER", "SYSTEMROOT")
_VERSIONS = '\nmessage(R.version.string, ", survival ", packageVersion("survival"))\n'


class Unanswered(Exception):  # noqa: N818 - an answer, not a fault
    """R was not asked or did not answer; the message says why in words."""


def numbers(
    scripts: Scripts[Any], page: Any, wanted: Collection[Key], seconds: float = SECONDS
) -> tuple[str, dict[Key, float | None]]:
    """The version of R, and what the script prints of the numbers wanted.

    Raises
    ------
    Unanswered : R or its package is missing, the script failed, or took too long
    UserError : there are no numbers to recompute
    """
    program = shutil.which("Rscript")
    if program is None:
        raise Unanswered("R is not installed on this server.")
    data = scripts.data_file(page)
    script = scripts.r(page) + _VERSIONS
    try:
        with tempfile.TemporaryDirectory(prefix="smm-second-opinion-") as folder:
            Path(folder, data.name).write_text(data.text, encoding="utf-8")
            Path(folder, "script.R").write_text(script, encoding="utf-8")
            printed, said = run([program, "--vanilla", "script.R"], folder, seconds)
    except OSError as problem:
        raise Unanswered(f"R could not run on this server ({problem.strerror}).") from problem
    found = re.search(r"R version (\S+).*, survival (\S+)", said)
    version = f"{found[1]}, survival {found[2]}" if found else ""
    rows = list(csv.DictReader(io.StringIO(printed)))
    read = _forest(rows) if rows and "variable" in rows[0] else _long(rows)
    return version, {key: read[_named(key)] for key in wanted if _named(key) in read}


def run(command: list[str], folder: str, seconds: float) -> tuple[str, str]:
    """What a program prints and says, in a folder of its own; it and its children end in time.

    Raises
    ------
    Unanswered : it took too long, or failed
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={k: os.environ[k] for k in _KEPT if k in os.environ}
        | {"HOME": folder, "TMPDIR": folder},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        printed, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        raise Unanswered(f"R took longer than {seconds:g} seconds and was stopped.") from None
    except BaseException:
        _end(process)
        raise
    if process.returncode:
        if not os.path.isdir(folder):
            raise Unanswered(
                "R could not run: something on this server removed its temporary files while it"
                " worked. Ask again."
            )
        if "there is no package called" in said:
            raise Unanswered("R is installed on this server, but not its package survival.")
        raise Unanswered(f"R stopped: {short(said, 200)}")
    return printed, said


def _end(process: subprocess.Popen[str]) -> None:
    """Kill a program and all that it started; its folder stays until they are gone."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


# --- what the scripts print ----------------------------------------------------------------------


def _named(key: Key) -> tuple[str, ...]:
    """A number as the scripts name it: times with the digits that R prints."""
    variable, level = (safe_cell(part) for part in key.group)
    time = "" if key.time is None else f"{key.time:.9g}"
    return (variable, level, key.what, safe_cell(key.arm), time, key.part)


def _long(rows: Sequence[Mapping[str, str]]) -> dict[tuple[str, ...], float | None]:
    """Of the survival page: a row for each estimate."""
    found: dict[tuple[str, ...], float | None] = {}
    for row in rows:
        if row["group"]:
            continue  # of small charts
        time = f"{float(row['time']):.9g}" if row["time"] else ""
        for part in ("estimate", "lower", "upper", "p"):
            found["", "", row["quantity"], row["arm"], time, part] = _value(row[part])
    return found


_PARTS = {"estimate": "hr", "lower": "lower", "upper": "upper"}


def _forest(rows: Sequence[Mapping[str, str]]) -> dict[tuple[str, ...], float | None]:
    """Of the subgroups page: a row for each level, both arms in it."""
    found: dict[tuple[str, ...], float | None] = {}
    for row in rows:
        variable = row["variable"]
        group = (variable, row["level"] if variable else "")
        time = f"{float(row['difference_time']):.9g}"
        for part, column in _PARTS.items():
            found[*group, "hazard ratio", "arm", "", part] = _value(row[column])
        for side in ("arm", "reference"):
            found[*group, "median", side, "", "estimate"] = _value(row[f"median_{side}"])
            found[*group, "survival", side, time, "estimate"] = _value(row[f"survival_{side}"])
        if variable:
            found[variable, "", "interaction", "", "", "p"] = _value(row["p"])
    return found


def _value(text: str) -> float | None:
    return float(text) if text not in ("", "NA", "NaN", "Inf", "-Inf") else None


def renamed(keys: Collection[Key], arms: tuple[str, str]) -> dict[Key, Key]:
    """Of the subgroups page, each number as its script tells it apart."""
    sides = {arms[0]: "reference", arms[1]: "arm"}
    return {
        key: key._replace(
            group=(column_name(key.group[0]) if key.group[0] else "", key.group[1]),
            arm=sides.get(key.arm, key.arm),
        )
        for key in keys
    }
