"""What controls say and what changed, as a view."""

from __future__ import annotations

from urllib.parse import unquote_plus

import pytest
from flask import Flask

from callbacks.controls import Controls
from callbacks.study import benefit_risk
from services.replaced import replace
from services.views.study import View, decode
from tests.callbacks.client import Reader
from tests.studies import bundled

# 18 and 30 months, and so on.
TIMES = {"at": (1.5, 2.5), "tau": 4.0, "split": 2.0, "diff": 2.5, "xmax": 4.5, "landmark": 0.5}
YEARS = {**TIMES, "ticks": None}


def test_a_time_is_the_default_until_it_is_typed():
    values = {"endpoint": "PFS", "diff": 36, "versus": "Lenalidomide",
              "reference": "Observation", "unit": "months"}  # fmt: skip

    def asked(before: View, changed: str, **others: object) -> View:
        return benefit_risk.view_from(bundled(), Controls(before, values | others, changed))

    assert asked(View(), "endpoint").diff is None
    typed = asked(View(), "diff", diff=12)
    assert typed.diff == 12
    assert asked(typed, "unit", diff=12, unit="years").diff == 1


def test_what_differs_from_the_last_answer_was_touched() -> None:
    answered = {"at": "12, 24", "unit": "months", "layers": ["bands"]}
    said = {"at": "12;24", "unit": "years", "layers": ["bands"]}
    controls = Controls(View(), said, "", answered)
    assert [name for name in answered if controls.touched(name)] == ["unit"]
    assert Controls(View(), said, "at", answered).touched("at")
    assert Controls(View(), said | {"at": "12"}, "", answered).touched("at")
    assert not Controls(View(), said, "").touched("unit"), "nothing was answered"


def test_a_time_typed_after_a_unit_that_is_not_answered_is_of_that_unit(server: Flask) -> None:
    """One question says both. Oracle: one after the other."""
    for page, name, last in (
        ("survival", "at", "at"),
        ("survival", "at", "scale"),
        ("subgroups", "landmark", "landmark"),
        ("benefit-risk", "diff", "diff"),
        ("benefit-risk", "diff", "endpoint"),
    ):
        one, both = (Reader(server, f"/study/e3a06/{page}") for _ in range(2))
        chosen = {
            "unit": "years",
            name: "2",
            last: {"endpoint": "OS", "scale": "incidence"}.get(last, "2"),
        }
        for control, value in chosen.items():
            one.change(f"{page}-{control}", "value", value)
            both.props[f"{page}-{control}"]["value"] = value
        both.change(f"{page}-{last}", "value", chosen[last])
        search = both.props[f"{page}-address"]["search"]
        assert search == one.props[f"{page}-address"]["search"]
        assert f"{name}=2" in search


@pytest.mark.parametrize("order", [("unit", "at"), ("at", "unit")])
def test_a_time_typed_before_a_unit_is_of_the_unit_before(
    server: Flask, order: tuple[str, str]
) -> None:
    """A field that is left for the switch: Dash names both, in any order."""
    reader = Reader(server, "/study/e3a06/survival")
    reader.props["survival-at"]["value"] = "18, 30"
    reader.props["survival-unit"]["value"] = "years"
    callback = next(c for c in reader.callbacks if "survival-island.data" in c["output"])
    asked = reader.question(callback, *(f"survival-{name}.value" for name in order))
    answer = reader.client.post("/_dash-update-component", json=asked, headers=reader.headers)
    said = answer.get_json()["response"]
    assert said["survival-address"]["search"] == "?unit=years&at=1.5,2.5"


def test_a_change_of_unit_changes_no_question(server: Flask) -> None:
    """Also of times that the page has no control for. Oracle: the same times by hand."""
    asked = "?at=18,30&tau=48&split=24&xmax=54&diff=30&landmark=6"
    for page in ("survival", "subgroups", "risk-models", "safety", "benefit-risk", "states"):
        reader = Reader(server, f"/study/aquila/{page}{asked}&ticks=9")
        told = reader.props[f"{page}-address"]["search"]
        reader.change(f"{page}-unit", "value", "years")
        search = reader.props[f"{page}-address"]["search"]
        assert decode(search) == replace(decode(told), unit="years", **YEARS), page
        reader.change(f"{page}-unit", "value", "months")
        assert reader.props[f"{page}-address"]["search"] == told.replace("&ticks=9", "")


def test_a_landmarks_groups_go_with_its_time_and_unit(server: Flask) -> None:
    """The time is in their names."""
    for page, control in (
        ("survival", "reference"),
        ("subgroups", "reference"),
        ("risk-models", "of"),
    ):
        reader = Reader(server, f"/study/aquila/{page}?endpoint=OS&landmark=12&known=TRTEDT")
        control = f"{page}-{control}"
        reader.change(control, "value", "With last dose by month 12")
        assert reader.props[control]["value"] == "With last dose by month 12"
        reader.change(f"{page}-landmark", "value", "18")
        assert reader.props[control]["value"] == "With last dose by month 18"
        reader.change(f"{page}-unit", "value", "years")
        assert reader.props[control]["value"] == "With last dose by year 1.5"
        search = unquote_plus(reader.props[f"{page}-address"]["search"])
        assert "landmark=1.5&known=TRTEDT" in search
        assert "month" not in search


@pytest.mark.parametrize("days", [109, 261, 364])
def test_a_day_stays_the_day_in_every_unit(server: Flask, days: int) -> None:
    """With who has an event on it. Oracle: the numbers of the same day asked for in days."""

    def of_the_day(search: str) -> list[dict[str, object]]:
        curves = server.test_client().get(f"/study/aquila/survival.json{search}").json["curves"]
        points = [curve["landmarks"][0] for curve in curves]
        return [{key: point[key] for key in ("survival", "events", "at_risk")} for point in points]

    asked = f"?unit=days&at={days}"
    reader = Reader(server, f"/study/aquila/survival{asked}")
    for unit in ("weeks", "years", "months"):
        reader.change("survival-unit", "value", unit)
        assert of_the_day(reader.props["survival-address"]["search"]) == of_the_day(asked), unit
    reader.change("survival-unit", "value", "days")
    assert reader.props["survival-address"]["search"] == asked


@pytest.mark.parametrize("page", ["survival", "subgroups"])
def test_a_landmarks_groups_by_level_go_with_its_unit(server: Flask, page: str) -> None:
    """The time is in the middle of their names."""
    asked = "?endpoint=OS&landmark=6&known=BOR@TRTEDT"
    reader = Reader(server, f"/study/e3a06/{page}{asked}")
    control = f"{page}-reference"
    options = [option["value"] for option in reader.props[control]["options"]]
    group = next(name for name in options if " by month 6, " in name)
    reader.change(control, "value", group)
    told = reader.props[f"{page}-address"]["search"]
    reader.change(f"{page}-unit", "value", "years")
    assert reader.props[control]["value"] == group.replace("month 6", "year 0.5")
    reader.change(f"{page}-unit", "value", "months")
    assert reader.props[f"{page}-address"]["search"] == told


def test_a_field_shows_six_digits_and_its_time_stays_as_exact_as_it_was(server: Flask) -> None:
    for page, name in (("survival", "at"), ("subgroups", "diff"), ("benefit-risk", "diff")):
        reader = Reader(server, f"/study/aquila/{page}?unit=days&{name}=261")
        reader.change(f"{page}-unit", "value", "years")
        assert reader.props[f"{page}-{name}"]["value"] == "0.714579"
        told = reader.props[f"{page}-address"]["search"]
        assert f"{name}=0.71457905544" in told
        reader.change(f"{page}-endpoint", "value", "OS")
        assert reader.props[f"{page}-address"]["search"] == told.replace("?", "?endpoint=OS&")


def test_a_time_typed_beside_another_leaves_that_as_exact_as_it_is(server: Flask) -> None:
    """The field has six digits of it. Oracle: the address before, and what was typed."""
    reader = Reader(server, "/study/aquila/survival?unit=days&at=261")
    reader.change("survival-unit", "value", "years")
    assert reader.props["survival-address"]["search"] == "?unit=years&at=0.714579055441"
    typed = f"{reader.props['survival-at']['value']}, 2"
    reader.change("survival-at", "value", typed)
    assert reader.props["survival-address"]["search"] == "?unit=years&at=0.714579055441,2"
    # Typed, and another unit chosen before that is answered.
    typed = f"{reader.props['survival-at']['value']}, 3"
    reader.props["survival-at"]["value"] = typed
    reader.change("survival-unit", "value", "days")
    assert reader.props["survival-address"]["search"] == "?unit=days&at=261,730.5,1095.75"


def test_a_unit_that_there_is_not_is_refused_in_words(server: Flask) -> None:
    """It comes from a program only. Oracle: the units of docs/design.md."""
    reader = Reader(server, "/study/aquila/survival?at=12")
    reader.change("survival-unit", "value", "furlongs")
    assert "days, weeks, months, years" in str(reader.props["survival-island"]["data"])
    assert reader.props["survival-address"]["search"] == "?at=12"
