"""A page's figure as a file asks for it: its size in print, its letters, the names of its arms.

The makers of the pages draw it, for a ``Canvas``: this module finds the largest letters with which
it fits, and nothing in it is smaller than ``LEAST_POINTS`` in print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

from components.chart import CHART_HEIGHT, NARROW_PIXELS, TICK_SIZE, WIDE_PIXELS, Figure
from services.errors import UserError
from services.numbers import format_number
from services.pages.records import PageRecord

Record = TypeVar("Record", bound=PageRecord)

# Millimeters of the named sizes, as high as it gets where there is no height, and their points.
SIZES: Mapping[str, tuple[float, float, float]] = {
    "slide": (338.7, 190.5, 14),
    "column": (85, 0, 8),
    "double": (175, 0, 8),
    "a4": (297, 210, 10),
}
# Millimeters that a figure has in a report: beside key numbers on a slide, on a sheet of A4.
ROOMS: Mapping[str, tuple[float, float]] = {
    "pptx": (218, 173),
    "docx": (171, 197),
    "html": (178, 250),
}
WIDTH = 1000  # pixels of an image that nothing is asked of
BARE = 760  # in a report: words of 11 pixels are 7 points where it is 170 mm wide
_SMALL = 8.0  # points of the axes' numbers in a journal
_USUAL = 9.0  # its points, at 96 pixels an inch
_PIXELS = WIDTH * 0.75 / 72 * 25.4  # its millimeters
_SMALLEST = 11  # pixels of the smallest letters of any figure
LEAST_POINTS = 7.0
_CHART = (240, 150)  # pixels of a chart's height: what it should have, and with what it can be read
_MM = 72 / 25.4  # points of a millimeter
# Of the paper's grays, those that are told apart; the dashes tell further arms.
GRAYS = ("#1b1f24", "#6b6b6b")
_DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True)
class Canvas:
    """What a figure's file asks of its maker.

    Attributes
    ----------
    width : pixels of the whole; ``None`` is the usual image
    framed : whether title and small print stand around it
    height : pixels of the chart itself, where it can have any
    title, subtitle : whether they stand above it
    inside : "hr" and "p" written into the plot; rows : of the table, ``None`` the usual ones
    fraction : shares as 0.5, not 50%; range : of the vertical axis, in percent
    gray : without colors, where there are no arms, whose records have theirs
    """

    width: int | None = None
    framed: bool = True
    height: int = CHART_HEIGHT
    title: bool = True
    subtitle: bool = True
    inside: tuple[str, ...] = ()
    rows: tuple[str, ...] | None = None
    fraction: bool = False
    range: tuple[float, float] | None = None
    gray: bool = False

    @property
    def more(self) -> int:
        """Pixels by which a chart is to be higher than usual; below 0: less high."""
        return self.height - CHART_HEIGHT

    @property
    def compact(self) -> bool:
        """Whether it is as narrow as a phone."""
        return self.width is not None and self.width < WIDE_PIXELS


USUAL = Canvas()
IN_REPORT = Canvas(width=BARE, framed=False)
Image = Callable[[Any, Canvas], Figure]


class FigureError(UserError):
    """A figure that cannot be drawn as it is asked for; ``asks`` is the key that would mend it."""

    def to_json(self) -> dict[str, Any]:
        """The body of an error answer, with ``asks``."""
        found: dict[str, Any] = super().to_json()
        return {"error": found["error"] | {"asks": self.asks}}


def figure(page: Any, image: Image, report: str = "") -> Figure:
    """The figure of a file, as the view asks for it.

    ``layout.meta`` has, if any is asked, its millimeters (``width_mm``, ``height_mm``), ``dpi``,
    points of the axes' numbers (``letters_pt``) and, in a report that has no room for what is asked
    for, that in words (``instead_of``).

    Parameters
    ----------
    page : its record, of a study or of none
    report : format of the report it is for (of ``ROOMS``), which has title and small print beside
        it and less room: what is larger is drawn smaller, its letters no smaller than 7 points

    Raises
    ------
    UserError : nothing is drawn, an arm that the study does not have, or letters below 7 points
    """
    view = page.view
    asked = view.figure
    framed = report not in ROOMS
    if not asked:
        return image(page, USUAL) if framed else _in_report(page, image, IN_REPORT, report)
    styled, canvas = dressed(page, replace(USUAL, framed=framed))
    if not framed and not asked.keys() & {"fig_size", "fig_font", "fig_dpi"}:
        return _in_report(styled, image, replace(canvas, width=BARE), report)
    width, height, usual = _size(view.fig_size)
    font = view.fig_font
    if framed:
        made = _fitted(styled, image, canvas, width, height, font, usual)
    else:
        widest, highest = ROOMS[report]
        share = min(1, widest / width, highest / height if height else 1)
        width, usual = round(width * share, 1), max(usual * share, _SMALL)
        made, height = _with_room(
            styled, image, canvas, (width, height * share), highest, font, usual
        )
    layout = made["layout"]
    meta = {
        "width_mm": width,
        "height_mm": height or round(layout["height"] * width / layout["width"], 1),
        "dpi": int(view.fig_dpi or 300),
        "letters_pt": round(_MM * TICK_SIZE * width / layout["width"], 1),
    }
    if told := _instead_of(view, meta):
        meta["instead_of"] = told
    return {"data": made["data"], "layout": layout | {"meta": layout.get("meta", {}) | meta}}


def _in_report(page: Any, image: Image, canvas: Canvas, report: str) -> Figure:
    """The figure with a chart a little less high, if it then stands on one page."""
    made = image(page, canvas)
    most = int(ROOMS[report][1] * _MM * _SMALLEST / LEAST_POINTS)
    over: int = made["layout"]["height"] - most
    if not 0 < over <= CHART_HEIGHT - _CHART[0]:
        return made
    less = image(page, replace(canvas, height=CHART_HEIGHT - over))
    return less if less["layout"]["height"] <= most else made


def _instead_of(view: Any, drawn: Mapping[str, Any]) -> str:
    """What was asked for, where what is drawn is something else."""
    width, height, _ = _size(view.fig_size)
    told = []
    # A figure that goes on over pages keeps its width; heights are drawn to the tenth.
    if view.fig_size and (
        drawn["width_mm"] < width or abs(drawn["height_mm"] - (height or drawn["height_mm"])) > 0.1
    ):
        told.append(f"{_millimeters(width, height)} mm")
    if view.fig_font and abs(drawn["letters_pt"] - view.fig_font) > 0.1:
        told.append(f"letters of {format_number(view.fig_font)} points")
    return " and ".join(told)


def instead(meta: Mapping[str, Any]) -> str:
    """How a figure of a report is drawn where that is not as it was asked for, in words."""
    if "instead_of" not in meta:
        return ""
    size = _millimeters(meta["width_mm"], meta["height_mm"])
    return (
        f"{size} mm with letters of {format_number(meta['letters_pt'])} points, as there is no room"
        f" here for {meta['instead_of']}, which was asked for"
    )


def _millimeters(width: float, height: float) -> str:
    return format_number(width) + (f" x {format_number(height)}" if height else "")


def dressed(page: Record, canvas: Canvas) -> tuple[Record, Canvas]:
    """A page and a canvas as the page's view asks for them, but for the size: the arms' names and
    looks, and what stands above and inside.

    Raises
    ------
    UserError : it names an arm that the study does not have
    """
    view = page.view
    asked = view.figure
    shown = replace(
        canvas,
        gray="fig_palette" in asked,
        title="title" not in view.fig_hide,
        # That something is made up is never left out.
        subtitle="subtitle" not in view.fig_hide or getattr(page, "made_up", None) is not None,
        inside=asked.get("fig_inside", ()),
        rows=asked.get("fig_rows"),
        fraction="fig_y" in asked,
        range=asked.get("fig_range"),
    )
    return _restyled(page) if asked and hasattr(page, "study") else page, shown


def _with_room(
    page: Any,
    image: Image,
    canvas: Canvas,
    size: tuple[float, float],
    highest: float,
    font: float | None,
    usual: float,
) -> tuple[Figure, float]:
    """The figure as large as asked for, else as high as there is room, else over pages; and its
    millimeters of height (0: as high as it gets)."""
    width, height = size[0], round(size[1], 1)

    def made(high: float, **more: Any) -> Figure | None:
        try:
            return _fitted(page, image, canvas, width, high, font, usual, **more)
        except UserError:
            return None

    def fits(found: Figure | None) -> bool:
        layout = found["layout"] if found else {}
        return bool(found) and layout["height"] * width / layout["width"] <= highest

    if height and (found := made(height)):
        return found, height
    if (found := made(0)) and fits(found):
        return found, 0
    found = made(highest, fill=False) or found
    if font and not fits(found) and not (found and "meta" in found["layout"]):
        # Letters give way before a chart is cut in two; a forest goes on over pages.
        return _with_room(page, image, canvas, size, highest, None, usual)
    return found or _fitted(page, image, canvas, width, 0, None, usual), 0


def _size(name: str) -> tuple[float, float, float]:
    """Width and height in millimeters (0: as high as it gets), and the usual points."""
    if not name:
        return round(_PIXELS, 1), 0, _USUAL
    if name in SIZES:
        return SIZES[name]
    width, _, height = name.partition("x")
    return float(width), float(height or 0), 8 if float(width) < 220 else 12


def _fitted(
    page: Any,
    image: Image,
    canvas: Canvas,
    width: float,
    height: float,
    asked: float | None,
    usual: float,
    *,
    fill: bool = True,
) -> Figure:
    """The figure with the largest letters with which it fits.

    Parameters
    ----------
    width, height : millimeters; asked : points, no others are tried
    fill : what is less high has the rest of the height below it
    """
    least = LEAST_POINTS * TICK_SIZE / _SMALLEST
    tried = [usual - i / 2 for i in range(int((usual - least) * 2) + 1)] + [least]
    points_of = [asked] if asked else tried
    for points, low in [(points, low) for low in _CHART for points in points_of]:
        pixels = _MM * TICK_SIZE / points  # of a millimeter
        wide, high = int(width * pixels), int(height * pixels)
        if wide < NARROW_PIXELS:
            continue
        made = image(page, replace(canvas, width=wide))
        natural = made["layout"]["height"]
        if not height:
            return made
        if natural != high:
            chart = CHART_HEIGHT + high - natural
            made = image(page, replace(canvas, width=wide, height=max(chart, low)))
        # Rows are set closer, down to what can be read, never wider: room may be left below.
        if (now := made["layout"]["height"]) <= high:
            return _on_paper(made, high - now, high) if fill else made
    if asked:
        raise FigureError(
            f"Letters of {format_number(asked)} points leave no room for the figure in"
            f" {_millimeters(width, height)} mm.",
            "Choose smaller letters or a larger size.",
            asks="fig_font",
        )
    raise FigureError(
        f"This figure does not fit into {_millimeters(width, height)} mm with letters of 7 points.",
        "Choose a larger size (210x297 is A4 upright), or show less in it.",
        asks="fig_size",
    )


def _on_paper(made: Figure, spare: int, high: int) -> Figure:
    """The figure with what is left of its height below it."""
    margin = made["layout"]["margin"]
    layout = {"height": high, "margin": margin | {"b": margin["b"] + spare}}
    return {"data": made["data"], "layout": made["layout"] | layout}


# --- arms ----------------------------------------------------------------------------------------


def _restyled(page: Record) -> Record:
    """The page with the arms' names, colors and order as asked for."""
    view = page.view
    known = [arm.name for arm in getattr(page, "all_arms", page.study.arms)]
    names, colors = dict(view.fig_names), dict(view.fig_colors)
    for name in (*names, *colors, *view.fig_order):
        if name not in known:
            raise UserError(f"There is no arm “{name}” here.", f"Arms: {', '.join(known)}.")
    called = [names.get(name, name) for name in known]
    if doubled := [a for a, b in pairwise(sorted(called)) if a == b]:
        raise UserError(f"Two arms would be called “{doubled[0]}”.", "Give each its own name.")
    looks = {name: {"color": f"#{colors[name]}"} if name in colors else {} for name in known}
    if view.fig_palette == "gray":
        for i, name in enumerate(known):
            gray = {"color": GRAYS[i % 2], "dash": _DASHES[i % 4]}
            looks[name] = gray | looks[name]
    styled = page
    if any(looks.values()) or names:
        styled = _changed(page, names, looks)
    if view.fig_order and hasattr(page, "arms"):  # a patient has one
        place = {names.get(name, name): i for i, name in enumerate(view.fig_order)}
        styled = replace(
            styled, arms=tuple(sorted(styled.arms, key=lambda arm: place.get(arm.name, len(place))))
        )
    return styled


def _changed(value: Any, names: Mapping[str, str], looks: Mapping[str, Mapping[str, str]]) -> Any:
    """A record, and all in it, with other names of arms; the study itself stays."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_changed(item, names, looks) for item in value)
    if isinstance(value, Mapping):
        return {names.get(k, k): _changed(item, names, looks) for k, item in value.items()}
    if not is_dataclass(value) or isinstance(value, type) or hasattr(value, "subjects"):
        return value
    found = {
        field.name: (before, _changed(before, names, looks))
        for field in fields(value)
        if field.init and field.name != "study"
        for before in [getattr(value, field.name)]
    }
    new = {name: after for name, (before, after) in found.items() if after is not before}
    if hasattr(value, "regimen"):  # an arm
        new |= looks.get(found["name"][0], {})
    return replace(value, **new) if new else value
