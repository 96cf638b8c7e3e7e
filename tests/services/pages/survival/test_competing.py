"""Two hazard ratios of each type of event, against R (``tests/oracles/make_effects.R``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from numpy.testing import assert_allclose

from components.survival.layout import numbers
from services.pages.survival.export import survival_json, view_table
from services.pages.survival.page import survival_page
from services.pages.survival.records import TypesOfEvent
from services.views.study import decode
from tests.components.text import text
from tests.services.pages.survival.views import page
from tests.studies import make_study

R: dict[str, Any] = json.loads((Path(__file__).parents[3] / "oracles" / "effects.json").read_text())
NUMBERS = ("estimate", "lower", "upper")


@pytest.mark.parametrize("name", R["competing"])
def test_both_ratios_of_a_type_against_r(name: str) -> None:
    """R: coxph, and crr of cmprsk."""
    found = survival_json(page("?endpoint=PFS&plot=types", "aquila"))["extra"]["ratios"]
    (mine,) = [r for r in found if r["cause"] == name]
    for key, theirs in (("cause_specific", "cause_specific"), ("subdistribution", "fine_gray")):
        ours = [mine[key][k] for k in NUMBERS]
        assert_allclose(ours, R["competing"][name][theirs], rtol=1e-6)


def test_the_csv_and_the_table_have_what_the_record_has() -> None:
    made = page("?endpoint=PFS&plot=types", "aquila")
    assert isinstance(made.extra, TypesOfEvent)
    table = view_table(made)
    first = table.columns.index("cs_hr")
    rows = {row[:2]: row[first:] for row in table.rows}
    slim = next(r for r in made.extra.ratios if r.cause == "SLiM")
    assert slim.cause_specific is not None
    assert slim.subdistribution is not None
    assert rows["Daratumumab", "SLiM"][0] == slim.cause_specific.estimate
    assert rows["Daratumumab", "SLiM"][4] == slim.subdistribution.estimate
    assert rows["Active monitoring", "SLiM"] == (None,) * 8
    why = "0 events in Active monitoring"
    assert rows["Daratumumab", "Death"] == (*[None] * 3, why, *[None] * 3, why)
    said = text(numbers(made))
    assert made.extra.said in said
    assert said.count("Fine-Gray") == 3 + 1  # a table of each type, and the sentence


def types(arm: str, cause: str) -> TypesOfEvent:
    study = make_study(
        list(arm),
        list(range(1, len(arm) + 1)),
        [c != "-" for c in cause],
        event_type=[{"x": "X", "y": "Y", "-": ""}[c] for c in cause],
        arms=sorted(set(arm)),
    )
    extra = survival_page(study, decode("?plot=types")).extra
    assert isinstance(extra, TypesOfEvent)
    return extra


DEGENERATE: dict[str, tuple[TypesOfEvent, list[tuple[str | None, str | None]]]] = {
    "a type that one arm never has": (
        types("ABABABAB", "xyxxxyxx"), [(None, None), ("0 events in A", "0 events in A")],
    ),
    "the other arm has left": (
        types("BBAA", "xyxy"),
        [("no event in A while B is at risk", None), ("no event in A while B is at risk", None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DEGENERATE)
def test_what_cannot_be_estimated_says_why(case: str) -> None:
    """Who had the other event stays in the risk set of Fine and Gray."""
    extra, reasons = DEGENERATE[case]
    found = [(r.cause_specific_reason, r.subdistribution_reason) for r in extra.ratios]
    assert found == reasons


def test_a_single_arm_has_none() -> None:
    extra = types("AAAA", "xyx-")
    assert (extra.ratios, extra.said) == ((), "")
