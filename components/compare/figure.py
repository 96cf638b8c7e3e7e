"""Two charts of the same kind on the same axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from components.chart import CHART_HEIGHT, NARROW_PIXELS, Figure, annotation, numbered_ticks
from components.panels import Words, together
from components.shell import kind_badge_words
from components.studio.figure import WIDTH, Canvas, Image, dressed
from components.theme import CHART_FONT, INKS
from services.errors import UserError
from services.pages.records import PageRecord
from services.text_width import LINE_HEIGHT, fold

Axis = dict[str, Any]


def both(
    records: Sequence[PageRecord], heads: Sequence[tuple[str, str]], image: Image, canvas: Canvas
) -> Figure:
    """Both views' images as one, on the same axes: beside each other, or, in a narrow one, below.

    Parameters
    ----------
    records : of the two, to the same time; heads : which view each is, and its title
    image : that of their page; canvas : of both together

    Raises
    ------
    UserError : neither view draws anything; says why
    """
    width = canvas.width or WIDTH
    below = width < 2 * NARROW_PIXELS
    # Two below each other share the height that is asked for.
    own = replace(
        canvas,
        width=width if below else width // 2,
        height=CHART_HEIGHT + (canvas.more // 2 if below else canvas.more),
    )
    drawn = [_side(record, image, own) for record in records]
    problems = [one for one in drawn if isinstance(one, UserError)]
    if len(problems) == len(drawn):
        raise problems[0]
    figures = [_undrawn(one, own) if isinstance(one, UserError) else one for one in drawn]
    ink = INKS["light"]
    words: list[list[Words]] = []
    for (which, title), record in zip(heads, records, strict=True):
        kind = "" if canvas.framed else f". {kind_badge_words(record.study)[0]}"
        words.append([(which, ink.text, True), (f"{title}{kind}", ink.muted, False)])
    return together(same_axes(figures[0], figures[1]), words, below)


def _side(record: PageRecord, image: Image, canvas: Canvas) -> Figure | UserError:
    """A view's image with its own names of arms, or why there is none."""
    view = record.view
    shown, own = dressed(
        replace(record, view=replace(view, fig_palette="gray")) if canvas.gray else record, canvas
    )
    made_up = record.made_up is not None  # that is never left out
    try:
        return image(shown, replace(own, title=canvas.title, subtitle=canvas.subtitle or made_up))
    except UserError as problem:
        return problem


def _undrawn(problem: UserError, canvas: Canvas) -> Figure:
    """The place of a view without a chart, with the reason in words."""
    assert canvas.width is not None
    lines = fold(problem.hint or problem.message, canvas.width - 20, 12)
    place = {"yanchor": "top", "align": "left"}
    words = annotation("<br>".join(lines), 0, 1, 12, INKS["light"].text, **place)
    return {
        "data": [],
        "layout": {
            "width": canvas.width,
            "height": int(len(lines) * 12 * LINE_HEIGHT) + 20,
            "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
            "font": {"family": CHART_FONT},
            "annotations": [words],
        },
    }


def same_axes(a: Figure, b: Figure) -> tuple[Figure, Figure]:
    """Both with the ranges that hold what either shows, on the axes whose values are read off.

    An axis of names, or of rows under a chart, stays its own.
    """
    wide: dict[str, dict[str, Any]] = {}
    for name, axis in a["layout"].items():
        other = b["layout"].get(name)
        if "axis" in name and isinstance(other, dict) and _alike(name, axis, other):
            wide[name] = _both(axis, other)
            joined = wide[name].get("tickvals")
            if (
                name.startswith("x")
                and joined
                and joined not in (axis["tickvals"], other["tickvals"])
            ):
                wide[name]["ticktext"] = _apart({**axis, **wide[name]}, a["layout"])
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


def _apart(axis: Axis, layout: Mapping[str, Any]) -> list[str]:
    """The numbers of a horizontal axis's marks, as many as do not touch."""
    logarithmic = axis.get("type") == "log"
    low, high = sorted(10**end if logarithmic else end for end in axis["range"])
    first, last = axis.get("domain", (0, 1))
    margin = layout.get("margin", {})
    inner = layout.get("width", NARROW_PIXELS) - margin.get("l", 0) - margin.get("r", 0)
    named = [v for v, text in zip(axis["tickvals"], axis["ticktext"], strict=True) if text]
    kept = numbered_ticks(named, (low, high), inner * (last - first), logarithmic=logarithmic)
    told = {named[i] for i in kept}
    marks = zip(axis["tickvals"], axis["ticktext"], strict=True)
    return [text if value in told else "" for value, text in marks]


def _with(figure: Figure, wide: dict[str, Axis]) -> Figure:
    layout = figure["layout"]
    axes = {name: {**layout[name], **axis} for name, axis in wide.items()}
    return {**figure, "layout": {**layout, **axes}}
