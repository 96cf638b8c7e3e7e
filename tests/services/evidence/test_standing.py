"""Where the drugs stand. Oracle: the pages that were read, by date and wording."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.errors import UserError
from services.evidence import load as evidence

STANDINGS = {row.id: row for row in evidence.evidence().standings}


def test_dates_are_those_of_the_bodies() -> None:
    """Oracle: the addresses named in the file, read one by one."""
    dates = {
        name: STANDINGS[name].date for name in ("fda_odac", "chmp", "ec", "fda", "iqwig", "gba")
    }
    assert dates == {
        "fda_odac": "2025-05-20",
        "chmp": "2025-06-19",
        "ec": "2025-07-23",
        "fda": "2025-11-06",
        "iqwig": "2025-11-19",
        "gba": "2026-02-19",
    }
    assert "a third" in STANDINGS["iqwig"].text
    assert "not found" in STANDINGS["gba"].text
    assert STANDINGS["nccn"].date == STANDINGS["jcp_review"].date == ""


def test_every_statement_says_where_and_when_it_was_read() -> None:
    as_of = evidence.evidence().as_of
    for row in STANDINGS.values():
        assert row.read <= as_of, row.id
        for source in row.sources:
            assert source.link or source.address, source.id
            assert source.seen, source.id
            assert source.read, source.id


def test_a_trial_has_its_statements_the_latest_first() -> None:
    aquila, quiredex = evidence.trial("aquila"), evidence.trial("quiredex")
    dates = [row.date for row in aquila.standing]
    assert dates == sorted(dates, reverse=True)
    assert {row.id for row in quiredex.standing} == {"asco_len", "asco_not_high"}
    known = {source.id for source in aquila.sources}
    assert [note.date for note in aquila.regulatory] == ["2025-05-20", "2025-07-23", "2025-11-06"]
    assert all(set(note.sources) <= known for note in aquila.regulatory)


def test_a_statement_on_a_trial_that_is_not_here(tmp_path: Path) -> None:
    folder = shutil.copytree(evidence.FOLDER, tmp_path / "evidence")
    file = folder / "where_it_stands.yaml"
    file.write_text(
        file.read_text("utf-8").replace("trials: aquila", "trials: aquilla", 1), "utf-8"
    )
    with pytest.raises(UserError, match=r"where_it_stands.yaml, line \d+: .*“aquilla”"):
        evidence.load(folder)


def stale(as_of: str) -> list[str]:
    """The trials called running by a text, or a reading, of more than 12 months before a day."""
    found = evidence.evidence()
    rows = [(t.acronym, t.seen) for t in (*found.trials, *found.ongoing) if t.seen is not None]
    year_before = f"{int(as_of[:4]) - 1}{as_of[4:]}"
    old = [name for name, seen in rows if seen.read < year_before]
    return old + [
        name for name, seen in rows if seen.state == "running" and seen.text_of < year_before
    ]


def test_no_trial_is_called_running_by_an_old_text() -> None:
    """Oracle: the file's own day (``as_of``), not the clock. Move it on when statuses are read."""
    to_read = stale(evidence.evidence().as_of)
    assert not to_read, f"read again, then correct seen: {', '.join(to_read)}"


def test_a_year_later_there_is_something_to_read_again() -> None:
    assert "ITHACA" in stale("2027-01-01")


def test_no_status_was_read_after_the_day_of_the_file() -> None:
    found = evidence.evidence()
    rows = [t.seen for t in (*found.trials, *found.ongoing) if t.seen is not None]
    assert {seen.read for seen in rows if seen.read > found.as_of} == set()
    assert {t.id for t in found.trials if t.follows_up} == {t.id for t in found.trials if t.seen}
