"""How much a comparison rests on, folded away under its numbers."""

from __future__ import annotations

from typing import Any

from components import html
from components.parts import row, table, with_limits, with_reason
from components.shell import help_button
from services import format as fmt
from services import names
from services.pages.survival.records import Robustness, SurvivalPage
from services.statistics.results import HazardRatio

HELP = (
    "What the hazard ratio would be if a few patients who were censored had had the event instead,"
    " on the day they were last seen, those censored earliest first. A result that a few"
    " events can overturn is fragile. Nobody claims that these events happened."
)


def rests_on(page: SurvivalPage, arm: str) -> Any:
    """The sentences, and the hazard ratio after each number of further events; or nothing."""
    found = page.robustness.get(arm)
    if found is None:
        return None
    title = "How much it rests on"
    return html.Details(
        html.Summary(title),
        html.P(
            *[f"{text} " for text in found.sentences],
            help_button(HELP, title),
            className="table-note",
        ),
        table(*_steps(found), classes="numbers comparison"),
        className="more",
    )


def _steps(found: Robustness) -> tuple[list[str], list[Any]]:
    sides = list(dict.fromkeys(step.arm for step in found.tipping))
    by_k: dict[int, list[Any]] = {}
    for step in found.tipping:
        by_k.setdefault(step.k, []).append(ratio_cell(step.hazard_ratio, step.reason))
    heads = ["", *(names.capital(names.on(side)) for side in sides)]
    return heads, [row(names.count(k, "further event"), *cells) for k, cells in by_k.items()]


def ratio_cell(ratio: HazardRatio | None, reason: str | None) -> Any:
    """A hazard ratio with its interval, or why there is none."""
    if ratio is None:
        return with_reason(fmt.NOT_ESTIMABLE, reason)
    return with_limits(fmt.ratio(ratio.estimate), fmt.ratio_interval(ratio.lower, ratio.upper))
