"""An effect that changes: before and after a time, and the tests that weigh times."""

from __future__ import annotations

from typing import Any

from components import html
from components.answer import chip
from components.parts import explained, row, table, with_reason
from components.survival.robustness import ratio_cell
from services import format as fmt
from services import names
from services.pages.survival.records import SIMULATED, HazardsOverTime, SurvivalPage


def changing_panel(page: SurvivalPage) -> list[Any]:
    """A section for each arm that is compared; nothing on other charts."""
    pairs = page.extra if isinstance(page.extra, tuple) else ()
    shown = [p for p in pairs if isinstance(p, HazardsOverTime) and p.change is not None]
    if not shown:
        return []
    simulated = page.study.kind == "simulated"
    return [
        html.H2("Whether the effect changes"),
        html.Div(chip(), html.P(SIMULATED), className="made-up partly", role="note")
        if simulated
        else None,
        *(_section(page, pair) for pair in shown),
    ]


def _section(page: SurvivalPage, pair: HazardsOverTime) -> Any:
    found = pair.change
    assert found is not None
    pieces = found.piecewise
    when = names.time(pieces.cut, page.view.unit)
    ratios = [
        row(f"Up to {when}", ratio_cell(pieces.before, pieces.before_reason)),
        row(f"After {when}", ratio_cell(pieces.after, pieces.after_reason)),
        row(
            "p, the two differ", fmt.p_value(found.change.p) if found.change else fmt.NOT_ESTIMABLE
        ),
    ]
    tests = [
        row(
            explained(item.name, item.said),
            fmt.p_value(item.test.p) if item.test else with_reason(fmt.NOT_ESTIMABLE, item.reason),
        )
        for item in found.weighted
    ]
    interval = f"Hazard ratio ({fmt.level(page.view.level)} CI)"
    before = [
        html.H3(names.versus([pair.arm], pair.reference)),
        table(["", interval], ratios, "numbers comparison"),
        html.P(found.said, className="table-note after"),
    ]
    largest = found.max_combo
    if not tests:
        return html.Section(*before, html.P(found.max_combo_reason, className="table-note after"))
    tests.append(
        row(
            explained("Largest of the four (max-combo)", found.max_combo_said),
            fmt.p_value(largest.p)
            if largest
            else with_reason(fmt.NOT_ESTIMABLE, found.max_combo_reason),
        )
    )
    told = [*(item.said for item in found.weighted), found.max_combo_said]
    labels = [*(item.name for item in found.weighted), "Largest of the four"]
    return html.Section(
        *before,
        table(["", "p"], tests, "numbers comparison"),
        html.Details(
            html.Summary("Which test answers which question"),
            html.Ul([html.Li(f"{name}. {said}") for name, said in zip(labels, told, strict=True)]),
            className="more",
        ),
    )
