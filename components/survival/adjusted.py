"""The adjusted comparison: its rows beside the others, its coefficients, and their forest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from components import chart, html
from components.parts import row, table
from components.shell import help_button
from components.survival.robustness import ratio_cell
from components.theme import INKS, line_color
from services import format as fmt
from services import names
from services.names import isolated
from services.pages.survival.records import Adjusted, AdjustedTerm, SurvivalPage
from services.statistics.results import Comparison, HazardRatio
from services.study.labels import value_label
from services.text_width import text_width

if TYPE_CHECKING:
    from services.study.model import Arm

_ONE = {"days": "day", "weeks": "week", "months": "month", "years": "year", "%": "1%"}
HELP = (
    "A Cox model of the arm and the factors chosen under “Adjust for”. Adjusting for factors that"
    " predict the event answers a slightly different question (patients alike in these factors),"
    " and may move the hazard ratio a little from 1 even in a perfectly balanced trial."
)
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
_ROW = 30  # pixels
_HEAD = 34


def adjusted_section(page: SurvivalPage, comparison: Comparison) -> Any:
    """One row for each way to the hazard ratio, and the coefficients; nothing without factors."""
    found = page.adjustment.models.get(comparison.arm) if page.adjustment else None
    if found is None:
        return None
    total = found.n + found.n_missing
    rows: list[tuple[str, HazardRatio | None, str | None, int]] = [
        ("Unadjusted", comparison.hazard_ratio, comparison.reason, total)
    ]
    if comparison.leading == "stratified":
        ratio, reason = comparison.stratified_hazard_ratio, comparison.stratified_reason
        rows.append(("Stratified", ratio, reason, total))
    if found.n_missing:
        rows.append(("Same patients, unadjusted", found.same_patients, found.reason, found.n))
    rows.append(("Adjusted", found.hazard_ratio, found.reason, found.n))
    title = "Adjusted for baseline factors"
    return html.Section(
        html.H3(title, help_button(HELP, title)),
        html.P(found.sentence, className="table-note"),
        html.P(found.caution, className="table-note") if found.caution else None,
        table(
            ["", "Hazard ratio", "Patients"],
            [row(name, ratio_cell(ratio, why), f"{n:,}") for name, ratio, why, n in rows],
            "numbers comparison",
        ),
        html.Details(
            html.Summary("Coefficients of the adjusted model"),
            table(
                ["", "Hazard ratio", "p", "Constant over time, p"],
                [_term(found, term) for term in found.terms],
                "numbers comparison",
            ),
            html.P(_tested(found), className="table-note after"),
            className="more",
        ),
        className="adjusted",
    )


def _term(found: Adjusted, term: AdjustedTerm) -> Any:
    test = found.tests.get(term.column)
    p = fmt.p_value(term.hazard_ratio.p) if term.hazard_ratio else fmt.NOT_ESTIMABLE
    constant = fmt.p_value(test.p) if test else fmt.NOT_ESTIMABLE
    return row(_name(term), ratio_cell(term.hazard_ratio, term.reason), p, constant)


def _name(term: AdjustedTerm) -> str:
    if not term.column:
        return names.versus([term.level], term.against)
    label = names.capital(term.label)
    if not term.level:
        return f"{label}, per {_ONE.get(term.unit, term.unit) or 'unit'}"
    level, against = (value_label(term.column, text) for text in (term.level, term.against))
    return f"{label}: {isolated(level)} versus {isolated(against)}"


def _tested(found: Adjusted) -> str:
    every = found.tests.get("GLOBAL")
    if every is None:
        return f"Proportional hazards were not tested: {found.tests_reason}."
    return f"Proportional hazards, all terms: {fmt.p_equals(every.p)} ({every.df} df)."


def adjusted_figure(page: SurvivalPage, scheme: str, compact: bool) -> chart.Figure:
    """A forest of the coefficients, on a log axis, an arm's model after the other."""
    assert page.adjustment is not None
    ink = INKS[scheme]
    lines = [
        (_arm(page, model.arm), term)
        for model in page.adjustment.models.values()
        for term in model.terms
    ]
    pixels = chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS
    labels = [_name(term) for _, term in lines]
    left = int(min(max(text_width(text, 12) for text in labels) + 16, 0.55 * pixels))
    ratios = [term.hazard_ratio for _, term in lines if term.hazard_ratio]
    logs = [math.log10(v) for r in ratios for v in (r.lower, r.upper)] or [0.0]
    low, high = max(min(0.0, *logs) - 0.1, -2.0), min(max(0.0, *logs) + 0.1, 2.0)
    height = _HEAD + _ROW * len(lines) + chart.AXIS_HEIGHT
    revision = f"{page.study.sha256[:12]}:adjusted:{page.view.endpoint}"
    layout = chart.base_layout(scheme, height, left, 16, revision, chart.AXIS_HEIGHT)
    layout["margin"]["t"] = _HEAD
    title = (
        "Hazard ratio, log scale" if compact else "Hazard ratio in the adjusted model, log scale"
    )
    layout |= {
        "hovermode": "closest",
        "dragmode": False,
        "xaxis": chart.axis(scheme, title, grid=True)
        | {
            "type": "log",
            "range": [low, high],
            "tickvals": list(_TICKS),
            "ticktext": [f"{t:g}" for t in _TICKS],
            "fixedrange": True,
            "showline": True,
        },
        "yaxis": chart.axis(scheme)
        | {
            "range": [len(lines) - 0.4, -0.6],
            "tickvals": list(range(len(lines))),
            "ticktext": [chart.short(text, 26 if compact else 60) for text in labels],
            "fixedrange": True,
        },
        "shapes": [chart.rule((1, 1), (0, 1), ink.text, 1.4, yref="y domain")],
    }
    traces = [
        trace
        for place, (arm, term) in enumerate(lines)
        for trace in _row(
            term, place, line_color(arm.color, scheme) if not term.column else ink.muted
        )
    ]
    return {"data": traces, "layout": layout}


def _row(term: AdjustedTerm, place: int, color: str) -> list[dict[str, Any]]:
    ratio = term.hazard_ratio
    if ratio is None:
        return []
    told = f"{fmt.ratio(ratio.estimate)} ({fmt.ratio_interval(ratio.lower, ratio.upper)})"
    shared = {"hoverinfo": "skip", "name": chart.plain(_name(term)), "meta": "term"}
    line = {"x": [ratio.lower, ratio.upper], "y": [place, place], "mode": "lines"}
    point = {"x": [ratio.estimate], "y": [place], "mode": "markers", "customdata": [told]}
    return [
        shared | line | {"line": {"color": color, "width": 2}},
        shared
        | point
        | {
            "marker": {"size": 10, "symbol": "square", "color": color},
            "hoverinfo": "all",
            "hovertemplate": chart.hover_line(_name(term), color),
        },
    ]


def _arm(page: SurvivalPage, name: str) -> Arm:
    return next(a for a in page.arms if a.name == name)


def adjusted_lines(page: SurvivalPage, scheme: str, draw: Any) -> list[dict[str, Any]]:
    """The adjusted curves, thin and dotted beside those of Kaplan and Meier."""
    found = page.adjustment.curves if page.adjustment else ()
    return [
        {
            "x": chart.listed(curve.time),
            "y": chart.listed(draw(curve.survival)),
            "mode": "lines",
            "line": {
                "color": line_color(_arm(page, curve.arm).color, scheme),
                "width": 1.6,
                "dash": "dot",
                "shape": "hv",
            },
            "hoverinfo": "skip",
            "name": f"{chart.plain(curve.arm)}, adjusted",
            "meta": "adjusted",
        }
        for curve in found
    ]


def adjusted_terms(page: SurvivalPage) -> list[tuple[str, list[list[Any]]]]:
    """The coefficients as sections of the chart's table, one for each arm compared."""
    return [
        (
            names.versus([model.arm], model.reference),
            [[_name(term), ratio_cell(term.hazard_ratio, term.reason)] for term in model.terms],
        )
        for model in (page.adjustment.models.values() if page.adjustment else ())
    ]
