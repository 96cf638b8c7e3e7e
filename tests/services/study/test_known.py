"""Groups by what was known at a landmark. Oracle: R on heart transplants (landmark.json)."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from services.errors import UserError
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.export import survival_json
from services.pages.survival.page import survival_page
from services.settings import ROOT
from services.study.model import Column, Endpoint, Study
from services.views.study import TREATMENT, View, decode
from tests.studies import make_study

ORACLE: dict[str, Any] = json.loads((ROOT / "tests/oracles/landmark.json").read_text())
DAY = 30.4375


@cache
def study() -> Study:
    """Two made-up arms, the response a flag with the transplant's date."""
    time, wait = ORACLE["time"], ORACLE["wait"]
    n = len(time)
    start = pd.Timestamp("2020-01-01")
    made = make_study(
        ["A", "B"] * (n // 2) + ["A"] * (n % 2),
        [t / DAY for t in time],
        [e == 1 for e in ORACLE["event"]],
        {
            "RANDDT": [start] * n,
            "RSPDT": [pd.NaT if w is None else start + pd.Timedelta(days=w - 1) for w in wait],
            "BOR": [None if w is None else "CR" if w % 2 else "PR" for w in wait],
        },
        known={"BOR": Column("BOR", "Best response"), "RSPDT": Column("RSPDT", "Response")},
        endpoint=Endpoint("OS", "Overall survival", "alive", "death", good=False),
        arms=["A", "B"],
    )
    other = made.times.assign(
        PARAMCD="TX",
        TIME=[float(w or t) for w, t in zip(wait, time, strict=True)],
        EVENT=[w is not None for w in wait],
        CNSR=[0.0 if w is not None else 1.0 for w in wait],
    )
    return replace(
        made,
        kind="uploaded",
        times=pd.concat([made.times, other], ignore_index=True),
        endpoints=(*made.endpoints, Endpoint("TX", "Time to transplant", "x", "transplant")),
        sha256="known",
    )


@pytest.mark.parametrize("answer", ORACLE["answers"], ids=lambda a: f"day {a['landmark']}")
@pytest.mark.parametrize("known", ["TX", "RSPDT"])
def test_groups_from_a_landmark_on_against_r(answer: dict[str, Any], known: str) -> None:
    query = f"?unit=days&landmark={answer['landmark']}&known={known}"
    page = survival_page(study(), decode(query))
    assert page.result is not None
    curves = {c.arm.partition(" ")[0]: c for c in page.result.curves}
    sides = [curves["With"], curves["Without"]]
    assert [c.n for c in sides] == answer["n"]
    assert [c.events for c in sides] == answer["events"]
    assert [c.median.estimate for c in sides] == pytest.approx(answer["median"])
    (pair,) = page.result.comparisons
    assert pair.hazard_ratio is not None
    assert pair.log_rank is not None
    assert np.log(pair.hazard_ratio.estimate) == pytest.approx(answer["beta"], abs=1e-8)
    assert pair.hazard_ratio.log_se == pytest.approx(answer["se"], rel=1e-8)
    assert pair.log_rank.chi2 == pytest.approx(answer["chi2"], rel=1e-9)


def test_what_can_be_asked_for() -> None:
    page = survival_page(study(), View())
    assert [time.key for time in page.ways.known_times] == ["TX", "RSPDT"]
    assert page.ways.known_flags == (("BOR", "Best response"),)
    assert page.ways.known_times[0].patients == sum(w is not None for w in ORACLE["wait"])


def test_what_is_said_of_it() -> None:
    page = survival_page(study(), decode("?unit=days&landmark=30&known=TX"))
    assert [arm.name for arm in page.all_arms] == [
        "With transplant by day 30",
        "Without transplant by day 30",
    ]
    assert "grouped by what was known by day 30, not by chance: hazard ratio" in page.answer
    assert "with transplant by day 30 and" in page.answer_detail
    assert " on with" not in page.answer_detail.lower()
    assert page.what_if is not None
    assert page.what_if.estimand.treatment.endswith("not randomized")
    assert survival_json(page)["settings"]["reference"] == "Without transplant by day 30"
    # The study's own arm is a characteristic now.
    inside = survival_page(study(), decode(f"?unit=days&landmark=30&known=TX&f.{TREATMENT}=A"))
    assert inside.population.n < page.population.n
    for key in ("strata", "facet", "adjust"):
        asked = f"?unit=days&landmark=30&known=TX&{key}={TREATMENT}"
        assert survival_page(study(), decode(asked)).what_if
    swapped = "?unit=days&landmark=30&known=TX&arms=With transplant by day 30"
    assert survival_page(study(), decode(swapped)).result is not None
    assert subgroups_page(study(), decode("?unit=days&landmark=30&known=TX")).pair is not None


def test_groups_are_nobody_else_s() -> None:
    """What is kept of the study's own subjects is not that of the groups, and the other way."""
    groups = survival_page(study(), decode("?unit=days&landmark=30&known=TX&at=60"))
    usual = survival_page(study(), View(at=(2.0,)))
    assert TREATMENT in [c.name for c in groups.filters]
    assert TREATMENT not in [c.name for c in usual.filters]
    assert subgroups_page(study(), View(at=(2.0,))).pair == ("B", "A")


def test_levels_of_a_column_that_was_known_at_a_date() -> None:
    page = survival_page(study(), decode("?unit=days&landmark=30&known=BOR@RSPDT"))
    assert page.result is not None
    assert [c.arm for c in page.result.curves] == [
        "Without response by day 30",
        "With response by day 30, best response: CR",
        "With response by day 30, best response: PR",
    ]
    assert sum(c.n for c in page.result.curves[1:]) == ORACLE["answers"][0]["n"][0]
    said = (
        "Best response: as the data have it for each patient; it is taken to have been known from"
    )
    assert f"{said} response on" in dict(page.provenance)["What if"]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("?known=TX", "guarantee time"),
        ("?landmark=1&known=NOPE", "is not in these data"),
        ("?landmark=1&known=OS", "is the endpoint itself"),
        ("?landmark=1&known=NOPE@TX", "names no column NOPE"),
    ],
)
def test_what_is_refused_and_why(query: str, why: str) -> None:
    with pytest.raises(UserError) as refused:
        survival_page(study(), decode(query))
    assert why in refused.value.why


def test_as_given_has_neither_groups_nor_their_names() -> None:
    view = View(landmark=1.0, known="TX", arms=("With transplant by month 1",))
    assert view.as_given() == View()
    assert decode(f"?known=TX&f.{TREATMENT}=A&strata={TREATMENT}").as_given() == View()
