"""Sentences of the safety page. Oracle: a study of six patients, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.adverse_events.coded import coded
from services.pages.safety.page import safety_page
from services.pages.safety.words import points
from services.statistics.results import Estimate
from services.views.study import decode
from tests.adverse_events import ADAE, page, tiny
from tests.studies import bundled

HEAD = ADAE.splitlines(keepends=True)[0]


def event(subject: str, term: str, grade: str = "", serious: str = "N", emergent: str = "Y") -> str:
    """A row of ADAE with what these tests vary."""
    return (
        f"{subject},Gut,{term},{grade},{serious},NONE,DOSE NOT CHANGED,RECOVERED/RESOLVED,"
        f"{emergent},2020-02-01,2020-02-02\n"
    )


# Without a grade: three events of men on placebo (S6), one serious; one before treatment (S4).
UNGRADED = HEAD + "".join(
    [
        event("S1", "Ache", "3"),
        event("S6", "Ache"),
        event("S6", "Reflux"),
        event("S6", "Reflux", serious="Y"),
        event("S4", "Ache", emergent="N"),
    ]
)


def ungraded(query: str) -> list[str]:
    notes = page(tiny(UNGRADED), query).notes
    return [note for note in notes if "no grade" in note]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", ["3 treatment-emergent events have no grade."]),
        ("emergent=no", ["4 events have no grade."]),
        ("emergent=no&f.SEX=F", ["1 event has no grade."]),
        ("f.SEX=F", []),
        ("f.SEX=M", ["3 treatment-emergent events have no grade."]),
        ("arms=Drug", []),
        ("arms=Placebo", ["3 treatment-emergent events have no grade."]),
        ("only=serious", ["1 treatment-emergent serious event has no grade."]),
        (
            "grade=severe",
            ["3 treatment-emergent events have no grade, and are not among “Grade ≥ 3”."],
        ),
    ],
)
def test_events_without_a_grade_are_those_of_the_patients_shown(query: str, said: list[str]):
    assert ungraded(query) == said


def test_terms_are_compared_only_where_the_pair_had_one():
    """Ache and Reflux are there; of women only Ache on the drug is left."""
    assert any(note.startswith("2 terms are compared") for note in page(tiny(UNGRADED)).notes)
    assert not any("are compared" in note for note in page(tiny(UNGRADED), "f.SEX=F").notes)


def test_all_events_are_said_to_be_all():
    assert any("not treatment-emergent" in note for note in page(tiny(), "emergent=no").notes)
    assert not any("not treatment-emergent" in note for note in page(tiny()).notes)


def test_the_first_event_is_named_as_it_is_limited():
    found = safety_page(tiny(), decode("section=time&grade=severe&only=serious"))
    assert found.limits == "grade 3 or higher, serious"
    assert found.time is not None
    assert found.time.term == "Any grade 3 or higher, serious adverse event"
    assert found.time.rates[0].label == found.time.term
    one = safety_page(tiny(), decode("section=time&grade=severe&term=Anemia")).time
    assert one is not None
    assert one.term == "Anemia (grade 3 or higher)"


def test_frequent_is_what_most_patients_had():
    """Three of four on the drug are more than two of two on placebo."""
    rows = [event(s, "Cough") for s in ("S4", "S6")] + [
        event(s, "Ache") for s in ("S1", "S2", "S3")
    ]
    assert [row.name for row in page(tiny(HEAD + "".join(rows))).leading] == ["Ache", "Cough"]


def test_no_difference_is_neither_more_nor_fewer() -> None:
    same = points(Estimate(0.0, -0.298, 0.298), 0.95)
    assert same == "0.0 points apart (95% CI −29.8 to +29.8)"
    assert points(Estimate(0.1, 0.05, 0.2), 0.95).startswith("10.0 points more")
    assert points(Estimate(-0.1, -0.2, -0.05), 0.95).startswith("10.0 points fewer")


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("?only=serious", "Serious adverse events"),
        ("?only=serious,related", "Serious and related adverse events"),
        ("?only=serious&grade=severe", "Serious grade 3 or higher adverse events"),
    ],
)
def test_the_sentence_is_about_the_events_that_the_filter_leaves(query: str, label: str) -> None:
    """Counted by hand: patients of an arm with at least one event that passes all switches."""
    study = bundled("aquila")
    page = safety_page(replace(study, id="own", kind="uploaded", sha256="own"), decode(query))
    events = coded(study)
    assert events is not None
    keep = events.emergent & events.serious
    keep &= events.related if "related" in query else True
    keep &= events.severe if "severe" in query else True
    arm = study.subjects["ARM_ACTUAL"].to_numpy()
    had = set(events.subject[keep].tolist())
    counts = {name: sum(arm[i] == name for i in had) for name in page.n}
    assert page.limited is not None
    assert {name: c.subjects for name, c in page.limited.arms.items()} == counts
    first = f"{counts['Daratumumab']} of {page.n['Daratumumab']}"
    assert page.answer.startswith(f"{label}: {first}"), page.answer


def test_a_study_without_events_counts_nobody() -> None:
    study = replace(bundled(), id="own", kind="uploaded", sha256="none", adverse_events=None)
    page = safety_page(study, decode(""))
    said = dict(page.provenance)
    assert said["Population"].startswith("no patients are counted")
    assert "Comparison" not in said


def test_a_difference_of_a_handful_of_patients_is_not_said_without_a_caution() -> None:
    """Six patients: four on the drug, two on placebo."""
    detail = page(tiny(ADAE)).answer_detail
    assert "Only 4 patients on drug and 2 patients on placebo: too few to compare." in detail
