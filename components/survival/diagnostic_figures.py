"""Two views of an effect that changes: the hazard ratio, and the difference in means, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from components import chart
from components.curve_names import CurveNames, End, curve_names, lifted
from components.theme import INKS, line_color
from services import format as fmt
from services.names import isolated, whom
from services.pages.survival.records import HazardsOverTime, MeanOverTime, SurvivalPage
from services.text_width import fold

if TYPE_CHECKING:
    from services.study.model import Arm

HEIGHT = chart.CHART_HEIGHT + chart.AXIS_HEIGHT + chart.TOP_MARGIN
_REMARK = 15  # pixels of a line above the chart
_RATIO_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def hazards_figure(page: SurvivalPage, scheme: str, compact: bool) -> chart.Figure:
    """Scaled Schoenfeld residuals with their smooth: a flat smooth means one hazard ratio.

    The line is dashed at the hazard ratio of the Cox model. Residuals are drawn as hazard
    ratios on a log axis, one point per event.
    """
    shown = [item for item in chart.extras(page) if isinstance(item, HazardsOverTime)]
    traces: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    ends: list[End] = []
    drawn: list[np.ndarray] = []
    for item in shown:
        found, arm = item.residuals, _arm(page, item.arm)
        if found is None:
            continue
        color = line_color(arm.color, scheme)
        point = {"size": 6, "color": color, "opacity": 0.55}
        traces.append(
            {
                "x": chart.listed(found.time),
                "y": chart.listed(np.exp(found.residual)),
                "mode": "markers",
                "marker": point,
                "hoverinfo": "skip",
                "name": chart.plain(arm.name),
                "meta": "residuals",
            }
        )
        drawn.append(found.residual)
        if len(found.smooth):
            smooth = {"x": chart.listed(found.smooth_time)}
            edges = np.exp(found.smooth_lower), np.exp(found.smooth_upper)
            traces += [
                *(chart.band(smooth, *edges, color, 0.14) if "bands" not in page.view.hide else []),
                smooth
                | {
                    "y": chart.listed(np.exp(found.smooth)),
                    "mode": "lines",
                    "line": {"color": color, "width": 2.4},
                    "name": chart.plain(arm.name),
                    "customdata": [fmt.ratio(float(v)) for v in np.exp(found.smooth)],
                    "hovertemplate": chart.hover_line(
                        arm.name, color, "hazard ratio about %{customdata}"
                    ),
                    "meta": "smooth",
                },
            ]
            drawn += [found.smooth_lower, found.smooth_upper]
            ends.append(
                End(float(found.smooth_time[-1]), float(found.smooth[-1] / np.log(10)), arm)
            )
        shapes.append(_level_line(float(np.exp(found.log_hazard_ratio)), color, "dash"))
    ink = INKS[scheme]
    shapes.append(_level_line(1.0, ink.text, "solid", 1.6))
    values = np.concatenate(drawn) / np.log(10) if drawn else np.array([-1.0, 1.0])
    low, high = float(np.quantile(values, 0.02)) - 0.15, float(np.quantile(values, 0.98)) + 0.15
    low, high = min(low, -0.05), max(high, 0.05)  # no effect is inside
    reference = page.view.arms[0]
    remarks = [
        f"{isolated(i.arm)}: not estimable ({i.reason})" for i in shown if i.residuals is None
    ]
    if drawn:
        remarks = [
            "Each point is one event. Dashed line: Cox hazard ratio. A flat curve means that it "
            "holds throughout."
            if not compact
            else "Flat line: one hazard ratio holds throughout",
            *remarks,
        ]
    room = (chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS) - 90
    told = [part for text in remarks for part in fold(text, room, 11)]
    layout = _layout(page, scheme, compact, "hazards", ends, low, high, len(told))
    layout |= {
        "yaxis": chart.axis(
            scheme,
            f"Hazard ratio versus {chart.plain(whom(reference))}, log scale",
            grid=True,
        )
        | {
            "type": "log",
            "range": [low, high],
            "tickvals": _RATIO_TICKS,
            "ticktext": [f"{t:g}" for t in _RATIO_TICKS],
        },
        "shapes": layout["shapes"] + shapes,
    }
    if told:
        # Above the chart: inside it would stand on points and bands.
        words = "<br>".join(map(chart.plain, told))
        above = chart.note(words, scheme, bottom=False) | {
            "yanchor": "bottom",
            "xshift": 0,
            "yshift": 2,
        }
        layout["annotations"].append(above | {"align": "left"})
    return {"data": traces, "layout": layout}


def means_figure(page: SurvivalPage, scheme: str, compact: bool) -> chart.Figure:
    """Difference in restricted means against the horizon, with pointwise intervals."""
    shown = [item for item in chart.extras(page) if isinstance(item, MeanOverTime)]
    traces: list[dict[str, Any]] = []
    ends: list[End] = []
    edges: list[np.ndarray] = [np.array([0.0])]
    for item in shown:
        arm = _arm(page, item.arm)
        color = line_color(arm.color, scheme)
        horizon = {"x": chart.listed(item.tau)}
        traces += [
            *(
                chart.band(horizon, item.lower, item.upper, color)
                if "bands" not in page.view.hide
                else []
            ),
            horizon
            | {
                "y": chart.listed(item.estimate),
                # Before the first event there is no interval.
                "customdata": [
                    f"{fmt.signed_time(e, page.view.unit)} {page.view.unit}"
                    f" ({fmt.signed_time(lo, page.view.unit)} to"
                    f" {fmt.signed_time(hi, page.view.unit)})"
                    if np.isfinite(lo) and np.isfinite(hi)
                    else f"{fmt.signed_time(e, page.view.unit)} {page.view.unit}"
                    for e, lo, hi in zip(item.estimate, item.lower, item.upper, strict=True)
                ],
                "mode": "lines",
                "line": {"color": color, "width": 2.4},
                "hovertemplate": chart.hover_line(arm.name, color),
                "name": chart.plain(arm.name),
                "meta": "means",
            },
        ]
        edges += [item.lower, item.upper]
        ends.append(End(float(item.tau[-1]), float(item.estimate[-1]), arm))
    values = np.concatenate(edges)
    values = values[np.isfinite(values)]
    room = 0.08 * (float(values.max() - values.min()) or 1.0)
    low, high = float(values.min()) - room, float(values.max()) + room
    ink = INKS[scheme]
    layout = _layout(page, scheme, compact, "means", ends, low, high)
    reference = chart.plain(whom(page.view.arms[0]))
    gained = f"{page.view.unit.capitalize()} gained versus {reference}"
    layout |= {
        "yaxis": chart.axis(scheme, gained, grid=True) | {"range": [low, high]},
        "shapes": [*layout["shapes"], _level_line(0.0, ink.text, "solid", 1.6)],
    }
    layout["xaxis"] = layout["xaxis"] | {
        "title": chart.axis(scheme, f"Horizon, {page.view.unit} from {chart.time_origin(page)}")[
            "title"
        ]
    }
    return {"data": traces, "layout": layout}


def _layout(
    page: SurvivalPage,
    scheme: str,
    compact: bool,
    plot: str,
    ends: list[End],
    low: float,
    high: float,
    remarks: int = 0,
) -> dict[str, Any]:
    """Layout with its time axis and the names of the curves.

    Parameters
    ----------
    remarks : lines of notes above the chart, where they cover nothing
    """
    assert page.result is not None
    longest, left = chart.time_end(page), 82
    pixels = chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS
    ends = [End(min(e.x, longest), min(max(e.y, low), high), e.arm) for e in ends]
    shown = [e.arm for e in ends]
    names: CurveNames = curve_names(
        ends, shown, low, high, chart.CHART_HEIGHT, scheme, compact, left, pixels
    )
    top = names.top + remarks * _REMARK
    numbered = chart.numbered_ticks(page.ticks, (0, longest), pixels - left - names.right)
    revision = f"{page.study.sha256[:12]}:{page.view.endpoint}:{page.view.unit}:{plot}"
    layout = chart.base_layout(scheme, HEIGHT + top, left, names.right, revision)
    layout["margin"]["t"] += top
    return layout | {
        "xaxis": chart.time_axis_of(page, scheme, numbered),
        "annotations": [lifted(a, remarks * _REMARK) for a in names.annotations],
        "shapes": [lifted(s, remarks * _REMARK) for s in names.shapes],
    }


def _level_line(value: float, color: str, dash: str, width: float = 1) -> dict[str, Any]:
    line, place = {"dash": dash}, {"xref": "paper", "layer": "below"}
    return chart.rule((0, 1), (value, value), color, width, line=line, **place)


def _arm(page: SurvivalPage, name: str) -> Arm:
    return next(a for a in page.arms if a.name == name)
