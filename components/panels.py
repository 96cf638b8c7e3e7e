"""Small charts in a grid: where each stands, and the words above it; and whole figures as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.chart import NARROW_PIXELS, WIDE_PIXELS, Figure, annotation, plain
from services.text_width import LINE_HEIGHT, fold

GAP = 0.04  # between columns, as a share of the width
_SIZE = 12
_AXIS = re.compile(r"([xy])(?:axis)?(\d*)( domain)?")  # "yaxis2", "y2", "y2 domain"


@dataclass(frozen=True)
class Panel:
    """One small chart: the suffix of its axes ("", "2", ...) and its place in the figure."""

    suffix: str
    x: tuple[float, float]
    y: tuple[float, float]
    column: int
    lowest: bool  # none stands below it


Words = tuple[str, str, bool]  # text, color, bold


@dataclass(frozen=True)
class Grid:
    """All panels, the lines above each, the pixels of the figure without its margins, and of a
    panel's width."""

    panels: tuple[Panel, ...]
    heads: list[list[Words]]
    height: int
    width: float


def columns_of(count: int, compact: bool, across: int = 0) -> int:
    """Panels in a row: at most three, one on narrow screens; see ``grid``."""
    return 1 if compact else min(count, across or (2 if count in (2, 4) else 3))


def grid(
    words: Sequence[Sequence[Words]],
    compact: bool,
    panel: int,
    foot: int,
    margins: int,
    across: int = 0,
) -> Grid:
    """Panels in rows of at most three, one on narrow screens.

    Parameters
    ----------
    words : what stands above each panel
    panel, foot : pixels of a chart, and of what is below it
    margins : pixels left and right of all panels
    across : panels in a row on wide screens, where they belong together
    """
    count = len(words)
    columns = columns_of(count, compact, across)
    width = (1 - GAP * (columns - 1)) / columns
    pixels = width * ((NARROW_PIXELS if compact else WIDE_PIXELS) - margins)
    heads = [head_lines(said, pixels) for said in words]
    head = _head_pixels(heads) or 22
    height = -(-count // columns) * (head + panel + foot)
    made = []
    for i in range(count):
        row, column = divmod(i, columns)
        top = 1 - (row * (head + panel + foot) + head) / height
        made.append(
            Panel(
                "" if i == 0 else str(i + 1),
                (column * (width + GAP), column * (width + GAP) + width),
                (max(top - panel / height, 0.0), top),
                column,
                i + columns >= count,
            )
        )
    return Grid(tuple(made), heads, height, pixels)


def head_lines(words: Sequence[Words], pixels: float) -> list[Words]:
    """Words above a panel in lines that fit it.

    >>> head_lines([("Isatuximab subcutaneous", "#000000", True)], 90)
    [('Isatuximab', '#000000', True), ('subcutaneous', '#000000', True)]
    """
    return [
        (line, color, bold)
        for text, color, bold in words
        for line in fold(text, pixels - 4, _SIZE, bold)
    ]


def head(panel: Panel, lines: Sequence[Words]) -> dict[str, Any]:
    """The annotation that stands on a panel's upper edge."""
    text = "<br>".join(
        f'<span style="color:{color}">{f"<b>{plain(t)}</b>" if bold else plain(t)}</span>'
        for t, color, bold in lines
    )
    place = {"yanchor": "bottom", "yshift": 4, "align": "left", "font": {"size": _SIZE}}
    return annotation(text, panel.x[0], panel.y[1], _SIZE, "", **place)


def place_axes(
    layout: dict[str, Any], panel: Panel, time: dict[str, Any], value: dict[str, Any]
) -> None:
    """Put a panel's axes where it stands; the leftmost of a row alone has numbers beside it."""
    x, y = {"domain": panel.x}, {"domain": panel.y, "showticklabels": panel.column == 0}
    layout[f"xaxis{panel.suffix}"] = time | x | {"anchor": f"y{panel.suffix}"}
    layout[f"yaxis{panel.suffix}"] = value | y | {"anchor": f"x{panel.suffix}"}


# --- figures that were drawn alone ----------------------------------------------------------------

_INSET = 10  # pixels around the words above a figure
Share = Callable[[float], float]


def together(figures: Sequence[Figure], words: Sequence[Sequence[Words]], below: bool) -> Figure:
    """Figures as one, each as large as it is: beside each other, their plots at one height, or
    below each other.

    Parameters
    ----------
    figures : with ``width``, ``height`` and ``margin`` in their layouts
    words : what stands above each
    """
    layouts = [figure["layout"] for figure in figures]
    lines = [
        head_lines(w, own["width"] - 2 * _INSET) for w, own in zip(words, layouts, strict=True)
    ]
    above = _head_pixels(lines)
    top = max(own["margin"]["t"] for own in layouts)
    places, left, down = [], 0, above
    for own in layouts:
        places.append((left, down if below else down + top - own["margin"]["t"]))
        left, down = (0, down + own["height"] + above) if below else (left + own["width"], down)
    width: int = max(x + own["width"] for (x, _), own in zip(places, layouts, strict=True))
    height: int = max(y + own["height"] for (_, y), own in zip(places, layouts, strict=True))
    made: dict[str, Any] = {
        **{name: value for name, value in layouts[0].items() if not _AXIS.fullmatch(name)},
        "width": width,
        "height": height,
        "margin": dict.fromkeys("lrtb", 0),
        "annotations": [],
        "shapes": [],
    }
    traces: list[dict[str, Any]] = []
    before = 0  # axes of the figures before
    for figure, own, place, said in zip(figures, layouts, places, lines, strict=True):
        margin = own["margin"]
        inner = own["width"] - margin["l"] - margin["r"], own["height"] - margin["t"] - margin["b"]

        def x_of(share: float, at: float = place[0] + margin["l"], wide: float = inner[0]) -> float:
            return (at + share * wide) / width

        def y_of(share: float, at: float = place[1] + margin["t"], tall: float = inner[1]) -> float:
            return 1 - (at + (1 - share) * tall) / height

        shares = {"x": x_of, "y": y_of}
        axes = {"xaxis": {}, "yaxis": {}} | {n: a for n, a in own.items() if _AXIS.fullmatch(n)}
        for name, axis in axes.items():
            made[_numbered(name, before)] = _axis_moved(name[0], axis, shares, before)
        traces += [
            trace | {f"{xy}axis": _numbered(trace.get(f"{xy}axis", xy), before) for xy in "xy"}
            for trace in figure["data"]
        ]
        for kind in ("annotations", "shapes"):
            made[kind] += [_part_moved(part, shares, before) for part in own.get(kind, ())]
        start = place[1] - above if below else 0  # where its words begin
        said_at = Panel("", ((place[0] + _INSET) / width, 1), (0, 1 - start / height), 0, False)
        if said:
            made["annotations"].append(head(said_at, said) | {"yanchor": "top", "yshift": -_INSET})
        before += max(int(named[2] or 1) for name in axes if (named := _AXIS.fullmatch(name)))
    made.pop("meta", None)
    if below:
        made["meta"] = {"repeated": {"head": 0, "foot": 0, "cuts": _cuts(layouts, places, above)}}
    return {"data": traces, "layout": made}


def _head_pixels(lines: Sequence[Sequence[Words]]) -> int:
    most = max(map(len, lines))
    return int(most * _SIZE * LINE_HEIGHT) + 22 if most else 0


def _cuts(
    layouts: Sequence[Mapping[str, Any]], places: Sequence[tuple[int, int]], above: int
) -> list[int]:
    """Where a report cuts figures below each other: between them, and where each itself is cut."""
    found = []
    for own, (_, down) in zip(layouts, places, strict=True):
        cuts = own.get("meta", {}).get("repeated", {}).get("cuts", ())
        found += [down - above, *(down + cut for cut in cuts)]
    return found[1:]


def _numbered(name: str, before: int) -> str:
    """An axis's name, or what refers to one, behind so many others; what is none stays.

    >>> _numbered("yaxis2", 2), _numbered("x", 0), _numbered("y domain", 1), _numbered("paper", 1)
    ('yaxis4', 'x', 'y2 domain', 'paper')
    """
    found = _AXIS.fullmatch(name)
    if found is None:
        return name
    number = int(found[2] or 1) + before
    long = "axis" if "axis" in name else ""
    return f"{found[1]}{long}{number if number > 1 else ''}{found[3] or ''}"


def _axis_moved(
    xy: str, axis: Mapping[str, Any], shares: Mapping[str, Share], before: int
) -> dict[str, Any]:
    other = "y" if xy == "x" else "x"
    refers = {"anchor": other} | {n: axis[n] for n in ("anchor", "overlaying") if n in axis}
    return {
        **axis,
        **{name: _numbered(axis_name, before) for name, axis_name in refers.items()},
        "domain": [shares[xy](share) for share in axis.get("domain", (0, 1))],
        "position": shares[other](axis.get("position", 0)),
    }


def _part_moved(
    part: Mapping[str, Any], shares: Mapping[str, Share], before: int
) -> dict[str, Any]:
    """An annotation or a shape at its new place."""
    moved = dict(part)
    for xy, of in shares.items():
        refers = part.get(f"{xy}ref", xy)
        moved[f"{xy}ref"] = _numbered(refers, before)
        pixels = part.get(f"{xy}sizemode") == "pixel"
        places = (f"{xy}anchor",) if pixels else (xy, f"{xy}0", f"{xy}1")
        if refers == "paper":
            moved |= {name: of(part[name]) for name in places if name in part}
    return moved
