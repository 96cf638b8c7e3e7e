"""Randomized trials in a line each. Oracle: the papers' main results."""

from __future__ import annotations

from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView


def test_a_trial_in_a_line() -> None:
    """Oracle: AQUILA HR 0.49 and 0.52, E3A06 HR 0.28 and 0.46, QuiRedex 2022 HR 0.28 and 0.57."""
    rows = {r.acronym: r for r in evidence_page(EvidenceView()).glance}
    told = {
        name: tuple(
            found.cited.text if found else None for found in (rows[name].pfs, rows[name].os)
        )
        for name in ("AQUILA", "E3A06", "QuiRedex")
    }
    assert told == {
        "AQUILA": ("0.49 (0.36 to 0.67)", "0.52 (0.27 to 0.98)"),
        "E3A06": ("0.28 (0.12 to 0.62)", "0.46 (0.08 to 2.53)"),
        "QuiRedex": ("0.28 (0.18 to 0.44)", "0.57 (0.34 to 0.95)"),
    }
    harm = rows["AQUILA"].harm
    assert harm is not None
    assert harm.what == "Any event, grade 3-4"
    assert [c.text for _, c in harm.arms] == ["40.4%", "30.1%"]
    beside = [ratio.beside for name in ("AQUILA", "E3A06") if (ratio := rows[name].os)]
    assert beside == ["15 versus 26 deaths", "2 versus 4 deaths"]
    first = list(rows)[:6]
    assert all(rows[name].pfs or rows[name].os for name in first)
    assert "IQWiG: added benefit not proven" in rows["AQUILA"].standing
    # A summary of ASH 2024, abstract 676: 3-year PFS 94% v 40%, HR 0.08 without an interval.
    emn15 = rows["EMN15/HOVON147"]
    assert emn15.pfs is not None
    assert (emn15.pfs.cited.text, emn15.os) == ("0.08", None)
    assert rows["E3A06"].standing[0] == "ASCO: lenalidomide not routinely recommended"


def test_the_filters_hold_here_too() -> None:
    assert evidence_page(EvidenceView(design="single-arm")).glance == ()
    assert {r.acronym for r in evidence_page(EvidenceView(q="AQUILA")).glance} == {"AQUILA"}
