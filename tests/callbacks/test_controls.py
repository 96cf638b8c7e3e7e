"""What controls say and what changed, as a view."""

from __future__ import annotations

from callbacks.controls import Controls
from callbacks.study import benefit_risk
from services.views.study import View
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
