"""Curves as drawn, for tests: a page, and the traces of its figure."""

from __future__ import annotations

from typing import Any

import numpy as np

from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage
from services.statistics.results import Curve
from services.study.model import Study
from services.views.study import decode
from tests.components.figures import traces
from tests.studies import bundled, make_study


def e3a06(query: str = "", study_id: str = "e3a06") -> SurvivalPage:
    return survival_page(bundled(study_id), decode(query))


def many_arms(arms: int, n: int = 15) -> Study:
    names = [f"Arm {i + 1}" for i in range(arms)]
    return make_study(
        [name for name in names for _ in range(n)],
        [1 + i + 0.5 * a for a in range(arms) for i in range(n)],
        [(i + a) % 3 > 0 for a in range(arms) for i in range(n)],
        arms=names,
    )


def curves(page: SurvivalPage) -> dict[str, Curve]:
    assert page.result is not None
    return {c.arm: c for c in page.result.curves}


def annotations(figure: dict[str, Any]) -> list[str]:
    return [a["text"] for a in figure["layout"]["annotations"]]


def drawn(figure: dict[str, Any], arm: str) -> tuple[np.ndarray, np.ndarray]:
    """The corners of an arm's line, its lighter part appended to the rest."""
    parts = [t for t in [*traces(figure, "curve"), *traces(figure, "thin")] if t["name"] == arm]
    x = np.concatenate([np.array(t["x"], dtype=float) for t in parts])
    y = np.concatenate([np.array([np.nan if v is None else v for v in t["y"]]) for t in parts])
    return x, y


def step(curve: Curve, values: np.ndarray, at: np.ndarray) -> np.ndarray:
    return values[np.searchsorted(curve.time, at, side="right") - 1]
