"""The process that reads an upload."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.errors import UserError
from services.settings import ROOT
from services.uploads.importer import Importer
from services.uploads.store import Store
from tests.bad_files import GOOD
from tests.uploads import send


def test_the_reading_process_answers_and_refuses(real: Importer) -> None:
    real.warm()
    received = send(real, {"adtte.csv": GOOD.encode()})
    assert received.study is not None
    with pytest.raises(UserError, match=r"adtte\.csv is empty"):
        send(real, {"adtte.csv": b""})


def test_the_reading_process_starts_without_what_it_does_not_need() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import sys, services.uploads.worker; print(*sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = said.stdout.split()
    assert "services.reading.files" in loaded
    # What makes studies, their published facts and the statistics: half a second of imports.
    unneeded = {"services.reading.build", "services.evidence", "services.survival", "yaml", "scipy"}
    assert unneeded.isdisjoint(loaded)


def test_a_reading_process_without_memory_is_an_error_in_words(tmp_path: Path) -> None:
    small = Importer(Store(tmp_path / "store"), memory=500 << 20)
    rows = "".join(f"S{i},Drug,OS,{i},DAYS,0\n" for i in range(500_000))
    with pytest.raises(UserError, match="memory"):
        send(small, {"adtte.csv": (GOOD + rows).encode()})


def test_a_reading_process_that_dies_is_an_error_in_words(
    real: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying() -> Any:
        return subprocess.Popen(
            [sys.executable, "-c", "import os; input(); os.abort()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    monkeypatch.setattr("services.uploads.importer._start", dying)
    with pytest.raises(UserError, match="was stopped"):
        send(real, {"adtte.csv": GOOD.encode()})
