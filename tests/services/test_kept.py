"""Studies kept as they were read. Oracle: reading them."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pandas as pd
import pytest

from services import kept as module
from services.errors import UserError
from services.kept import kept
from services.reading.files import read_study
from services.studies import BUNDLED
from services.study.model import Study

ROWS = "USUBJID,TRTP,PARAMCD,AVAL,AVALU,CNSR\nS1,A,OS,10,DAYS,0\nS2,B,OS,20,DAYS,1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "adtte.csv").write_text(ROWS)
    return folder


def refuse(_folder: Path) -> Study:
    raise AssertionError("read again")


def files(where: Path) -> list[str]:
    return sorted(path.name for path in where.iterdir())


def test_what_is_kept_is_what_was_read(tmp_path: Path) -> None:
    read = kept(BUNDLED / "e3a06", read_study, tmp_path)
    again = kept(BUNDLED / "e3a06", refuse, tmp_path)
    pd.testing.assert_frame_equal(again.subjects, read.subjects)
    pd.testing.assert_frame_equal(again.times, read.times)
    assert again.adverse_events is not None
    pd.testing.assert_frame_equal(again.adverse_events, read.adverse_events)
    assert (again.sha256, again.arms, again.endpoints, again.report, again.metadata) == (
        read.sha256, read.arms, read.endpoints, read.report, read.metadata,
    )  # fmt: skip


def test_changed_files_are_read_again(folder: Path, tmp_path: Path) -> None:
    where = tmp_path / "kept"
    assert len(kept(folder, read_study, where).subjects) == 2
    # The same size and, on most disks, the same second.
    (folder / "adtte.csv").write_text(ROWS.replace("S2,B,OS,20", "S2,B,OS,30"))
    assert kept(folder, read_study, where).times["TIME"].max() == pytest.approx(30)
    assert len(files(where)) == 1, "what no longer fits is taken away"


def test_other_code_reads_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(folder, read_study, tmp_path / "kept")
    monkeypatch.setattr(module, "_code", lambda: b"changed")
    with pytest.raises(AssertionError, match="read again"):
        kept(folder, refuse, tmp_path / "kept")


def test_the_sum_of_the_program_is_of_all_that_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    sums = set()
    for folder, ending in (
        ("services", "py"), ("components", "toml"), ("data", "yaml"), ("callbacks", "py")
    ):  # fmt: skip
        sums.add(module.program_sum.__wrapped__())
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"a.{ending}").write_text("x")
    sums.add(module.program_sum.__wrapped__())
    (tmp_path / "README.md").write_text("x")
    assert module.program_sum.__wrapped__() in sums
    assert len(sums) == 5


@pytest.mark.parametrize("text", [b"", b"cut", b"\x80\x05N."])
def test_one_that_is_broken_is_made_again(folder: Path, tmp_path: Path, text: bytes) -> None:
    where = tmp_path / "kept"
    kept(folder, read_study, where)
    (where / files(where)[0]).write_bytes(text)
    assert len(kept(folder, read_study, where).subjects) == 2
    assert len(kept(folder, refuse, where).subjects) == 2


def test_without_a_place_it_is_read(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept").write_text("a file")
    with caplog.at_level(logging.INFO, "smm"):
        assert len(kept(folder, read_study, tmp_path / "kept" / "in it").subjects) == 2
    assert "mine is not kept" in caplog.text


def test_what_cannot_be_read_says_why(folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(UserError, match="contains no ADTTE file"):
        kept(folder, read_study, tmp_path / "kept")


def test_one_changed_byte_is_noticed(folder: Path, tmp_path: Path) -> None:
    where = tmp_path / "kept"
    kept(folder, read_study, where)
    path = where / files(where)[0]
    whole = path.read_bytes()
    for at in (0, 31, 32, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(AssertionError, match="read again"):
            kept(folder, refuse, where)


def test_a_study_of_a_longer_name_stays(folder: Path, tmp_path: Path) -> None:
    where = tmp_path / "kept"
    longer = shutil.copytree(folder, folder.with_name("mine-run-in"))
    kept(longer, read_study, where)
    kept(folder, read_study, where)
    kept(longer, refuse, where)
