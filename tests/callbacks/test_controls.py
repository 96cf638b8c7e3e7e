"""What controls say and what changed, as a view."""

from __future__ import annotations

from flask import Flask

from callbacks.controls import Controls
from callbacks.study import benefit_risk
from services.views.study import View
from tests.callbacks.client import Reader
from tests.studies import bundled


def test_a_time_is_the_default_until_it_is_typed():
    values = {"endpoint": "PFS", "diff": 36, "versus": "Lenalidomide",
              "reference": "Observation", "unit": "months"}  # fmt: skip

    def asked(before: View, changed: str, **others: object) -> View:
        return benefit_risk.view_from(bundled(), Controls(before, values | others, changed))

    assert asked(View(), "endpoint").diff is None
    typed = asked(View(), "diff", diff=12)
    assert typed.diff == 12
    assert asked(typed, "unit", unit="years").diff is None


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
    # The unit came last: the time was of the one before, and goes with it.
    reader = Reader(server, "/study/e3a06/survival")
    reader.props["survival-at"]["value"] = "24"
    reader.change("survival-unit", "value", "years")
    assert reader.props["survival-address"]["search"] == "?unit=years"
