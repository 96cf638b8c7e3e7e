"""Which side is better, by what the event is; the oracle is the meaning of a hazard ratio."""

from __future__ import annotations

import pytest

from services.statistics.results import HazardRatio
from services.study.model import Endpoint


def endpoint(good: bool | None) -> Endpoint:
    return Endpoint("PFS", "PFS", "progression-free", "progression or death", good=good)


def ratio(estimate: float, lower: float, upper: float) -> HazardRatio:
    return HazardRatio(estimate, lower, upper, 0.1, 0.01)


@pytest.mark.parametrize(
    ("good", "low", "high", "words"),
    [
        (False, 0.2, 0.6, "The entire interval favors A over B."),
        (False, 1.2, 3.0, "The entire interval favors B over A."),
        (True, 1.5, 39.3, "The entire interval favors A over B."),
        (True, 0.2, 0.6, "The entire interval favors B over A."),
        (None, 1.2, 3.0, "Over the entire interval, the event occurs earlier on A than on B."),
        (None, 0.2, 0.6, "Over the entire interval, the event occurs earlier on B than on A."),
        (True, 0.9, 1.2, "The interval is compatible with no difference between A and B."),
    ],
)
def test_verdict(good: bool | None, low: float, high: float, words: str) -> None:
    assert endpoint(good).verdict(ratio((low * high) ** 0.5, low, high), "A", "B") == words


def test_the_arrows_of_a_forest() -> None:
    assert endpoint(False).sides("A", "B") == ("favors A", "favors B")
    assert endpoint(True).sides("A", "B") == ("favors B", "favors A")
    assert endpoint(None).sides("A", "B") == ("event earlier on B", "event earlier on A")
