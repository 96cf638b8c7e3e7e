"""Counts of adverse events. Oracles: studies counted by hand, the CDISC pilot, a SAS macro."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import UserError
from services.pages.defaults import minimal_pair, resolve_pair
from services.pages.safety import page as safety_pages
from services.pages.safety.export import safety_csv, safety_json
from services.pages.safety.records import SafetyPage
from services.reading.files import read_study
from services.study.model import Study
from services.views.study import View
from tests.adverse_events import overview, page, synthetic, terms, tiny
from tests.studies import bundled

PILOT = Path(__file__).parents[5] / "shared" / "data" / "adam" / "cdiscpilot01"
needs_pilot = pytest.mark.skipif(not PILOT.is_dir(), reason="the CDISC pilot is absent")


@cache
def pilot() -> Study:
    return read_study(PILOT)


def test_the_sentence_on_severe_events_says_that_fatal_ones_count():
    """Published are grade 3 and 4 of 78 and 59 patients, and fatal events of 2 and 4."""
    said = "Grade 5 (fatal) events count among these."
    found = page(bundled("aquila"))
    severe, fatal = overview(found)["severe"], overview(found)["fatal"]
    assert [patients for patients, _ in severe.values()] == [78 + 2, 59 + 4]
    assert [patients for patients, _ in fatal.values()] == [2, 4]
    assert said in found.answer_detail
    assert said in page(tiny()).answer_detail
    related = page(tiny(), "only=related")
    assert "Grade 3 or higher" not in related.answer
    assert said not in related.answer_detail


def test_the_worst_grade_counts_and_a_missing_one_is_said():
    found = page(tiny())
    rows = {row.name: row.arms["Drug"].grades for row in found.leading}
    assert rows["Anemia"] == {"1": 0, "2": 1, "3": 1, "4": 0, "5": 0}
    assert rows["Nausea"] == {"": 1, "1": 0, "2": 0, "3": 0, "4": 0, "5": 0}
    assert any("1 treatment-emergent event has no grade" in note for note in found.notes)


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("q=neutro", ["Neutropenia"]),
        ("q=BLOOD", ["Anemia", "Neutropenia"]),
        ("grade=severe", ["Anemia", "Arrest", "Neutropenia"]),
        ("only=serious", ["Arrest", "Neutropenia"]),
        ("only=related", ["Anemia", "Neutropenia"]),
        ("only=serious,related", ["Neutropenia"]),
        ("least=50", ["Anemia", "Nausea", "Neutropenia"]),
        ("least=50.1", []),
    ],
)
def test_what_is_listed(query, listed):
    assert sorted(terms(page(tiny(), query))) == listed


def test_orders():
    names = [row.name for row in page(tiny(), "order=name").leading]
    assert names == ["Anemia", "Arrest", "Nausea", "Neutropenia"]
    by_difference = page(tiny(), "order=difference").leading
    values = [row.difference.estimate for row in by_difference]
    assert values == sorted(values, reverse=True)
    assert by_difference[-1].name == "Nausea"


def test_the_difference_against_a_sas_macro():
    """46/116 minus 70/119: Miettinen-Nurminen as a SAS macro prints it."""
    found = page(synthetic((46, 70), (116, 119)))
    difference = found.leading[0].difference
    assert found.pair == ("A", "B")
    assert difference.estimate == pytest.approx(-0.191684, abs=5e-7)
    assert difference.lower == pytest.approx(-0.313343, abs=5e-7)
    assert difference.upper == pytest.approx(-0.063821, abs=5e-7)


def test_what_a_study_does_not_record_is_said_and_not_zero():
    found = page(synthetic((1, 2), (5, 5)))
    rows = {row.id: row for row in found.overview}
    for name in ("severe", "serious", "related", "stopped", "changed", "fatal"):
        assert rows[name].arms == {}
        assert rows[name].reason
    assert found.severity is None
    assert any("no event is flagged" in note for note in found.notes)
    with pytest.raises(UserError, match="severity or grade"):
        page(synthetic((1, 2), (5, 5)), "grade=severe")


def test_a_ratio_without_events_in_the_reference_is_not_estimable():
    found = page(tiny(), "effect=ratio&q=anemia")
    effect = found.leading[0].effect
    assert effect.estimate is None
    assert effect.upper is None
    assert effect.lower > 0
    assert "0 events" in effect.reason
    assert found.leading[0].difference.estimate == 0.5


@needs_pilot
def test_the_cdisc_pilot():
    """Counts of the public submission: any event and two terms, by arm."""
    found = page(pilot())
    arms = ("Placebo", "Xanomeline Low Dose", "Xanomeline High Dose")
    assert [found.n[a] for a in arms] == [86, 84, 84]
    assert [overview(found)["any"][a][0] for a in arms] == [65, 77, 76]
    counted = terms(found)
    assert [counted["PRURITUS"][a] for a in arms] == [8, 21, 26]
    assert [counted["APPLICATION SITE PRURITUS"][a] for a in arms] == [6, 22, 22]


@needs_pilot
def test_severity_that_is_no_grade_stays_what_it_is():
    found = page(pilot())
    assert found.severity.levels == ("MILD", "MODERATE", "SEVERE")
    assert found.severity.title == "Severity (no CTCAE grades recorded)"
    assert set(found.leading[0].arms["Placebo"].grades) == {"MILD", "MODERATE", "SEVERE"}
    read = {(r.column, r.value): r.meaning for r in found.readings}
    assert read[("AEREL", "REMOTE")] == "not related"
    assert read[("AEREL", "POSSIBLE")] == "related"
    assert read[("AEREL", "(blank)")] == "not stated, counted as not related"


@needs_pilot
def test_three_arms_and_a_chosen_pair():
    low = page(pilot())
    assert low.pair == ("Xanomeline Low Dose", "Placebo")
    high = page(pilot(), "versus=Xanomeline High Dose")
    assert high.pair == ("Xanomeline High Dose", "Placebo")
    assert high.n == low.n  # every arm stays in the table
    row = next(r for r in high.leading if r.name == "PRURITUS")
    assert row.difference.estimate == pytest.approx(26 / 84 - 8 / 86)
    assert minimal_pair(pilot(), high.view).versus == "Xanomeline High Dose"
    assert minimal_pair(pilot(), low.view).versus == ""
    with pytest.raises(UserError, match="cannot be compared"):
        page(pilot(), "versus=Placebo")


def test_a_single_arm_has_counts_and_no_comparison():
    found = page(bundled("e3a06-run-in"))
    assert found.pair is None
    assert found.n == {"Lenalidomide": 44}
    assert all(row.difference is None for row in found.leading)
    assert resolve_pair(found.study, View())[1] is None
    assert json.dumps(safety_json(found), allow_nan=False)


def test_nobody_left_says_so():
    found = page(bundled(), "f.AGE=1..2")
    assert found.n == {"Lenalidomide": 0, "Observation": 0}
    assert found.reason.startswith("No patient of the safety population")
    assert found.answer == ""
    assert {c.percent for row in found.overview for c in row.arms.values()} == {None}
    json.dumps(safety_json(found), allow_nan=False)
    safety_csv(found)


ARMS = {"S1": "Drug", "S2": "Drug", "S3": "Drug", "S4": "Placebo", "S5": "Drug", "S6": "Placebo"}
event_rows = st.lists(
    st.tuples(
        st.sampled_from(["S1", "S2", "S3", "S4", "S5", "S6", "S8"]),
        st.sampled_from(["Blood", "Gut"]),
        st.sampled_from(["Anemia", "Nausea", "Rash"]),
        st.sampled_from(["", "1", "2", "3", "4", "5"]),
        st.sampled_from(["Y", "N"]),
        st.sampled_from(["Y", "N", ""]),
    ),
    min_size=1,
    max_size=25,
)


def drawn(rows: list[tuple[str, ...]]) -> Study:
    frame = pd.DataFrame(
        rows, columns=["USUBJID", "AESOC", "AEDECOD", "AETOXGR", "AESER", "TRTEMFL"]
    )
    return replace(tiny(), adverse_events=frame, sha256=repr(rows))


@given(event_rows)
def test_properties_of_every_table(rows):
    """Subjects <= N and <= events; a class >= each of its terms; grades add up to the subjects."""
    found = page(drawn(rows))
    flagged = any(flag for *_, flag in rows)  # a column of blanks flags nothing: all count
    for item in found.classes:
        for row in (item.row, *item.terms):
            for arm, count in row.arms.items():
                assert count.subjects <= found.n[arm]
                assert count.subjects <= count.events
                assert sum(count.grades.values()) == (count.subjects if found.severity else 0)
                assert count.percent == 100 * count.subjects / found.n[arm]
                by_hand = {
                    s for s, soc, term, _, _, flag in rows
                    if ARMS.get(s) == arm and (flag == "Y" or not flagged) and soc == item.row.name
                    and term in (row.name, term if row is item.row else row.name)
                }  # fmt: skip
                assert count.subjects == len(by_hand)
            e = row.difference
            assert e.lower - 1e-12 <= e.estimate <= e.upper + 1e-12
        for term in item.terms:
            for arm, count in term.arms.items():
                assert item.row.arms[arm].subjects >= count.subjects
                assert item.row.arms[arm].events >= count.events


@settings(max_examples=20, deadline=None)
@given(event_rows, st.permutations(["f.SEX=F", "only=serious", "emergent=no", "least=10"]))
def test_filters_commute(rows, parts):
    study = drawn(rows)
    one = page(study, "&".join(parts))
    other = page(study, "&".join(sorted(parts)))
    assert [(r.soc, r.name, r.arms) for r in one.leading] == [
        (r.soc, r.name, r.arms) for r in other.leading
    ]
    assert overview(one) == overview(other)

    # And each only takes away. A term may stand in two classes.
    def by_pair(found: SafetyPage) -> dict[tuple[str, str], dict[str, int]]:
        return {
            (row.soc, row.name): {a: c.subjects for a, c in row.arms.items()}
            for row in found.leading
        }

    alone = by_pair(page(study, "only=serious&emergent=no"))
    assert set(by_pair(one)) <= set(alone)
    for pair, counts in by_pair(one).items():
        assert all(counts[arm] <= alone[pair][arm] for arm in counts)


def test_of_very_many_terms_the_commonest_are_listed(monkeypatch):
    monkeypatch.setattr(safety_pages, "MOST_TERMS", 2)
    made = page(tiny(), "level=0.94")
    # By hand: Anemia S1, S5; Neutropenia S1, S2; Nausea S3, S4, later in the file; Arrest S2.
    assert [*terms(made)] == ["Anemia", "Neutropenia"]
    assert made.unlisted == 2
    told = (
        "the 2 that most patients had, of 4; a search or a higher minimum percentage lists others"
    )
    assert ("Terms", told) in made.provenance
    assert safety_json(made)["unlisted"] == 2
    assert told in safety_csv(made)
    found = page(tiny(), "level=0.94&q=arrest")
    assert ([*terms(found)], found.unlisted) == (["Arrest"], 0)
