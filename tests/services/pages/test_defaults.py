"""Defaults of a view. Oracle: what stands in the studies, and that addresses are the shortest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import UserError
from services.pages.defaults import minimal, resolve
from services.pages.survival.page import survival_page
from services.study.model import Endpoint
from services.units import DAYS_PER_UNIT
from services.views.study import CI_TYPES, View
from tests.studies import bundled, make_study

# --- defaults ---------------------------------------------------------------------------------

asked = st.builds(
    View,
    endpoint=st.sampled_from(["", "PFS", "OS", "SPM"]),
    arms=st.sampled_from(
        [
            (),
            ("Observation", "Lenalidomide"),
            ("Lenalidomide", "Observation"),
            ("Lenalidomide",),
        ]
    ),
    ci=st.sampled_from(CI_TYPES),
    unit=st.sampled_from(list(DAYS_PER_UNIT)),
    at=st.sampled_from([(), (12.0,), (12.0, 24.0, 36.0), (1.0, 2.0, 3.0)]),
    strata=st.sampled_from([(), ("SEX",), ("TSDIAGGR", "SEX")]),
    facet=st.sampled_from(["", "MAYO2018"]),
)


@settings(deadline=None)
@given(asked)
def test_resolve_and_minimal_are_inverse(view: View) -> None:
    study = bundled()
    full = resolve(study, view)
    short = minimal(study, full)
    assert resolve(study, short) == full
    assert minimal(study, resolve(study, short)) == short
    assert resolve(study, full) == full
    assert full.endpoint
    assert full.arms
    assert full.at


def test_the_default_view_has_the_shortest_address() -> None:
    assert minimal(bundled(), resolve(bundled(), View())) == View()
    full = resolve(bundled(), View())
    assert (full.endpoint, full.arms) == ("PFS", ("Observation", "Lenalidomide"))
    assert full.at == (12.0, 24.0, 36.0)


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("days", (365.25, 730.5, 1095.75)),
        ("weeks", (52.0, 104.0, 156.0)),
        ("years", (1.0, 2.0, 3.0)),
    ],
)
def test_default_times_follow_the_unit(unit: str, times: tuple[float, ...]) -> None:
    assert resolve(bundled(), View(unit=unit)).at == times


@pytest.mark.parametrize(
    ("view", "message", "hint"),
    [
        (View(endpoint="TTP"), "E3A06 has no endpoint “TTP”.", "It has: PFS, OS, SPM."),
        (View(arms=("Placebo",)), "no arm “Placebo”", "It has: Lenalidomide, Observation."),
        (View(strata=("HEIGHT",)), "no grouping “HEIGHT”", "SEX"),
        (View(strata=("AGE",)), "no grouping “AGE”", "AGEGR1"),
        (View(facet="USUBJID"), "no grouping “USUBJID”", "SEX"),
        (View(by=("BOR",)), "guarantee time", "MAYO2018"),
        (
            View(arms=("Lenalidomide", "Lenalidomide")),
            "“arms=Lenalidomide,Lenalidomide” names an arm twice.",
            "once",
        ),
    ],
)
def test_errors_name_what_was_asked_for_and_what_there_is(
    view: View, message: str, hint: str
) -> None:
    with pytest.raises(UserError) as caught:
        survival_page(bundled(), view)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_default_landmarks_without_the_studys_own_are_thirds_of_the_follow_up() -> None:
    study = make_study(
        ["A", "B"] * 3,
        [10, 20, 30, 40, 50, 58],
        [True] * 6,
        arms=["A", "B"],
        endpoint=Endpoint("X", "X", "x", "x"),
    )
    assert resolve(study, View()).at == (24.0, 48.0)
    assert resolve(study, View(unit="weeks")).at == (104.0, 208.0)
