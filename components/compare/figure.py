"""Two charts of the same kind on the same axes."""

from __future__ import annotations

from typing import Any

from components.chart import Figure

Axis = dict[str, Any]


def same_axes(a: Figure, b: Figure) -> tuple[Figure, Figure]:
    """Both with the ranges that hold what either shows, on the axes whose values are read off.

    An axis of names, or of rows under a chart, stays its own.
    """
    wide: dict[str, dict[str, Any]] = {}
    for name, axis in a["layout"].items():
        other = b["layout"].get(name)
        if "axis" in name and isinstance(other, dict) and _alike(name, axis, other):
            wide[name] = _both(axis, other)
    return _with(a, wide), _with(b, wide)


def _alike(name: str, a: Axis, b: Axis) -> bool:
    """Whether two axes measure the same, in the same unit: times or values, not rows."""
    if not (a.get("range") and b.get("range")) or a.get("type") != b.get("type"):
        return False
    if name.startswith("y"):
        return bool(a.get("showgrid") and b.get("showgrid"))
    return _first_word(a) == _first_word(b)


def _first_word(axis: Axis) -> str:
    """Of an axis of time its unit: "Months from diagnosis"."""
    return str((axis.get("title") or {}).get("text", "")).partition(" ")[0]


def _both(a: Axis, b: Axis) -> Axis:
    """The range that holds both, and the marks of both."""
    ends = [*a["range"], *b["range"]]
    turned = a["range"][0] > a["range"][1]
    found: Axis = {"range": [max(ends), min(ends)] if turned else [min(ends), max(ends)]}
    if all(axis.get("tickvals") and axis.get("ticktext") for axis in (a, b)):
        marks = {
            value: text
            for axis in (a, b)
            for value, text in zip(axis["tickvals"], axis["ticktext"], strict=True)
        }
        found |= {"tickvals": sorted(marks), "ticktext": [marks[v] for v in sorted(marks)]}
    return found


def _with(figure: Figure, wide: dict[str, Axis]) -> Figure:
    layout = figure["layout"]
    axes = {name: {**layout[name], **axis} for name, axis in wide.items()}
    return {**figure, "layout": {**layout, **axes}}
