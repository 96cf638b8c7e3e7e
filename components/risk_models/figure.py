"""Curves by level of two risk models: one chart each on the page, both in one image."""

from __future__ import annotations

from typing import Any

from components.answer import stand_back
from components.chart import EMPTY_FIGURE, NARROW_PIXELS, Figure, annotation, plain
from components.page import IMAGE_WIDTH
from components.studio.figure import USUAL, Canvas
from components.survival.figure import survival_figure
from components.theme import INKS
from services.pages.risk_models.records import RiskModelsPage

_WIDE_SIDE = 480  # pixels from which a side has the whole table under it
SIDE_PIXELS = 400  # of a chart where both stand beside each other
_TITLE = 26


def side_figure(page: RiskModelsPage, index: int, scheme: str, compact: bool) -> Figure:
    """The curves of one model, with the numbers at risk under them."""
    if index >= len(page.sides) or page.sides[index].curves.result is None:
        return EMPTY_FIGURE
    pixels = 0 if compact else SIDE_PIXELS
    figure = survival_figure(page.sides[index].curves, scheme, compact, pixels)
    return stand_back(figure, page.made_up)


def both_figure(page: RiskModelsPage, canvas: Canvas = USUAL) -> Figure:
    """Both models' charts beside each other with their numbers at risk, for an image."""
    sides = [side for side in page.sides if side.curves.result is not None]
    if not sides:
        return EMPTY_FIGURE
    whole = max(canvas.width or IMAGE_WIDTH, 2 * NARROW_PIXELS)
    narrow = whole // 2 < _WIDE_SIDE
    figures = [survival_figure(s.curves, "light", narrow, whole // 2, canvas) for s in sides]
    layouts = [figure["layout"] for figure in figures]
    left, right = layouts[0]["margin"]["l"], layouts[-1]["margin"]["r"]
    top = max(layout["margin"]["t"] for layout in layouts)
    plot = max(layout["height"] - layout["margin"]["t"] for layout in layouts)
    across = whole - left - right
    between = layouts[0]["margin"]["r"] + left + 8
    width = (across - between) / 2 if len(sides) > 1 else across
    made: dict[str, Any] = {
        **layouts[0],
        "height": plot + top + _TITLE,
        "margin": {"l": left, "r": right, "t": top + _TITLE, "b": 0},
        "annotations": [],
        "shapes": [],
    }
    traces = []
    for i, (side, figure) in enumerate(zip(sides, figures, strict=True)):
        start = i * (width + between) / across
        axes = {"x": "x", "y": "y", "y2": "y2"} if i == 0 else {"x": "x2", "y": "y3", "y2": "y4"}
        layout = figure["layout"]
        own = layout["height"] - layout["margin"]["t"]
        for name, axis in (("x", "xaxis"), ("y", "yaxis"), ("y2", "yaxis2")):
            place: dict[str, Any] = {"anchor": axes["y" if name == "x" else "x"]}
            if name == "x":
                place |= {"domain": [start, start + width / across]}
            else:
                # The same pixels below the top, however many lines the other's table has.
                place |= {"domain": [1 - (1 - d) * own / plot for d in layout[axis]["domain"]]}
            made[_key(axes[name])] = layout[axis] | place
        for trace in figure["data"]:
            traces.append(trace | {"xaxis": axes["x"], "yaxis": axes[trace.get("yaxis", "y")]})
        for part in (*layout["annotations"], *layout["shapes"]):
            moved = part | {
                "xref": "paper" if part.get("xref") == "paper" else axes["x"],
                "yref": _reference(part.get("yref", "y"), axes),
            }
            if part.get("xref") == "paper":
                moved |= {"xanchor": start} if "type" in part else {"x": start}
            made["shapes" if "type" in part else "annotations"].append(moved)
        place = {"yanchor": "bottom", "yshift": top - 8}
        title = f"<b>{plain(side.info.title)}</b>"
        made["annotations"].append(annotation(title, start, 1, 13, INKS["light"].text, **place))
    return {"data": traces, "layout": made}


def _key(axis: str) -> str:
    """ "x2" as the layout calls it: "xaxis2"."""
    return f"{axis[0]}axis{axis[1:]}"


def _reference(reference: str, axes: dict[str, str]) -> str:
    name, _, domain = reference.partition(" ")
    return f"{axes.get(name, name)} {domain}".strip()
