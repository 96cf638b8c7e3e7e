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
    """Both models' charts with their numbers at risk, for an image: beside each other, or, in a
    narrow one, one below the other."""
    sides = [side for side in page.sides if side.curves.result is not None]
    if not sides:
        return EMPTY_FIGURE
    whole = canvas.width or IMAGE_WIDTH
    below = whole < 2 * NARROW_PIXELS
    side_wide = whole if below else whole // 2
    narrow = side_wide < _WIDE_SIDE
    figures = [survival_figure(s.curves, "light", narrow, side_wide, canvas) for s in sides]
    layouts = [figure["layout"] for figure in figures]
    left, right = layouts[0]["margin"]["l"], layouts[-1]["margin"]["r"]
    top = max(layout["margin"]["t"] for layout in layouts)
    owns = [layout["height"] - layout["margin"]["t"] for layout in layouts]
    # How far below the top of the first each begins.
    downs = [i * (owns[0] + top + _TITLE) if below else 0 for i in range(len(sides))]
    plot: float = max(down + own for down, own in zip(downs, owns, strict=True))
    across = whole - left - right
    between = layouts[0]["margin"]["r"] + left + 8
    width = (across - between) / 2 if len(sides) > 1 and not below else across
    made: dict[str, Any] = {
        **layouts[0],
        "height": plot + top + _TITLE,
        "margin": {"l": left, "r": right, "t": top + _TITLE, "b": 0},
        "annotations": [],
        "shapes": [],
    }
    if below:  # where a report cuts it that goes on over pages
        made["meta"] = {"repeated": {"head": 0, "foot": 0, "cuts": [top + _TITLE + owns[0]]}}
    traces = []
    for i, (side, figure) in enumerate(zip(sides, figures, strict=True)):
        start = 0.0 if below else i * (width + between) / across
        axes = {"x": "x", "y": "y", "y2": "y2"} if i == 0 else {"x": "x2", "y": "y3", "y2": "y4"}
        layout = figure["layout"]

        def place_of(share: float, down: float = downs[i], own: float = owns[i]) -> float:
            """The same pixels below the side's top, however high the whole is."""
            return 1 - (down + (1 - share) * own) / plot

        for name, axis in (("x", "xaxis"), ("y", "yaxis"), ("y2", "yaxis2")):
            place: dict[str, Any] = {"anchor": axes["y" if name == "x" else "x"]}
            if name == "x":
                place |= {"domain": [start, start + width / across]}
            else:
                place |= {"domain": [place_of(d) for d in layout[axis]["domain"]]}
            made[_key(axes[name])] = layout[axis] | place
        for trace in figure["data"]:
            traces.append(trace | {"xaxis": axes["x"], "yaxis": axes[trace.get("yaxis", "y")]})
        for part in (*layout["annotations"], *layout["shapes"]):
            moved = part | {
                "xref": "paper" if part.get("xref") == "paper" else axes["x"],
                "yref": _reference(part.get("yref", "y"), axes),
            }
            if part.get("yref") == "paper":
                moved |= {key: place_of(part[key]) for key in ("y", "y0", "y1") if key in part}
            if part.get("xref") == "paper":
                moved |= {"xanchor": start} if "type" in part else {"x": start}
            made["shapes" if "type" in part else "annotations"].append(moved)
        place = {"yanchor": "bottom", "yshift": top - 8}
        title = f"<b>{plain(side.info.title)}</b>"
        made["annotations"].append(
            annotation(title, start, place_of(1), 13, INKS["light"].text, **place)
        )
    return {"data": traces, "layout": made}


def _key(axis: str) -> str:
    """ "x2" as the layout calls it: "xaxis2"."""
    return f"{axis[0]}axis{axis[1:]}"


def _reference(reference: str, axes: dict[str, str]) -> str:
    name, _, domain = reference.partition(" ")
    return f"{axes.get(name, name)} {domain}".strip()
