"""The forest's columns of text: how wide each is, how its words break, how tall the rows are.

Every text is measured, so that the columns take what they need beside an axis that takes the rest.
In a file a column is the labels of a value axis of its own, so many pixels from the edge of the
plot. Plotly takes longer over these labels than over all else, so on the screen ``assets/
chart_text.js`` writes the same texts at the same places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from components.chart import NARROW_PIXELS, UNMEASURED, WIDE_PIXELS, annotation, plain
from components.subgroups.lines import Line, arm_text, difference_text, marks_text, ratio_text
from components.subgroups.texts import Texts
from components.theme import INKS, text_color
from services import format as fmt
from services import names
from services.pages.subgroups.records import SubgroupsPage
from services.text_width import fold, text_width

if TYPE_CHECKING:
    from services.statistics.results import Group, Row

SIZE = 11
ROW, MORE = 24, 14  # pixels of a row of one line, and of each line more
_CLOSEST = 15  # pixels of a row where there is little room
_SMALL = 10.7  # 8 points on paper
_GAP, _EDGE = 12, 6
_INDENT = "   "
_CAPS = (190, 170, 150, 130, 112)  # pixels for the names of levels, the widest that has room
_CAPS_NARROW = (150, 130, 112, 96)
_LEAST_AXIS, _GOOD_AXIS, _SPARED = 80, 130, 200
_PIXELS = WIDE_PIXELS + 15  # the forest of a window of 720 pixels


@dataclass(frozen=True)
class Column:
    """A column of text: its heading, a text of some lines per row, and its width in pixels."""

    heading: list[str]
    texts: list[str]
    width: int


@dataclass(frozen=True)
class Columns:
    """The columns left and right of the axis, and where the rows lie in pixels."""

    left: list[Column]
    right: list[Column]
    head: int
    tops: list[int]  # of each row, and where the last ends
    axis: int  # pixels of the axis in the narrowest chart

    @property
    def middles(self) -> list[float]:
        """Where a row's estimate stands."""
        return [(a + b) / 2 for a, b in zip(self.tops, self.tops[1:], strict=False)]

    def margins(self) -> tuple[int, int]:
        """Pixels left and right of the axis."""
        left, right = (sum(c.width + _GAP for c in side) for side in (self.left, self.right))
        return left + _EDGE, right + _EDGE


def columns(
    page: SubgroupsPage,
    made: Sequence[Line],
    scheme: str,
    compact: bool,
    more: int = 0,
    width: int = 0,
) -> Columns:
    """Columns that leave the axis room; without room for all, without the difference.

    Parameters
    ----------
    more : pixels by which all rows together are to be higher; below 0: they are set closer
    width : pixels of the figure, if it is known; else it fits the narrowest
    """
    assert page.pair is not None
    reference, arm = page.pair
    pixels = NARROW_PIXELS if compact else max(width, _PIXELS)
    arms = [] if compact else [_arm(page, made, name, scheme, pixels) for name in (arm, reference)]
    least = max(96, pixels // 7)  # what a test says takes fewer lines where there is room
    changes = [] if compact else [_differences(page, made)]
    effects = [_ratios(page, made, compact, scheme, changes, least), *changes]
    caps = _CAPS_NARROW if compact else (max(_CAPS[0], pixels // 4), *_CAPS[1:])
    while True:
        taken = sum(c.width + _GAP for c in (*arms, *effects)) + 2 * _EDGE + _GAP
        room = [pixels - taken - cap for cap in caps]
        fits = [c for c, r in zip(caps, room, strict=True) if r >= _GOOD_AXIS]
        if fits or room[-1] >= _LEAST_AXIS or len(effects) < 2:
            break
        effects = [_ratios(page, made, compact, scheme, [], least)]
    cap = fits[0] if fits else caps[-1]
    over = max(0, sum(c.width + _GAP for c in arms) - 8)
    labels = [_label(page, line, cap, cap + over, compact, scheme)[0] for line in made]
    used = max(
        (
            text_width(_INDENT + text, SIZE)
            for line, texts in zip(made, labels, strict=True)
            if _counted(line) is not None
            for text in texts
        ),
        default=0,
    )
    # No word of a variable's name is broken that the column has room for.
    heads = (f"▾\u00a0{line.label}" for line in made if line.group and line.row is None)
    words = (text_width(word, SIZE, bold=True) for head in heads for word in head.split(" "))
    used = max(used, max(words, default=0) - over)
    widest = int(min(max(used, 70), cap)) + 2
    # A variable's name and marks run on over the columns that its row leaves empty.
    texts = [_label(page, line, cap, widest + over, compact, scheme)[1] for line in made]
    name = Column(["<b>Subgroup</b>"], texts, widest)
    spare = pixels - sum(c.width + _GAP for c in (name, *arms, *effects)) - 2 * _EDGE - _SPARED
    if pixels > _PIXELS and spare > 0:  # in an image a long reason takes fewer lines
        longest = max((text_width(_why(line.row), SIZE) for line in made if line.row), default=0)
        wide = min(effects[0].width + spare, int(longest / 2) + 24)
        effects[0] = _ratios(page, made, compact, scheme, effects[1:], max(least, wide))
    every = (name, *arms, *effects)
    row = max(_CLOSEST, ROW + min(more, 0) // max(len(made), 1))
    heights = [
        row + MORE * (max(c.texts[i].count("<br>") for c in every)) for i in range(len(made))
    ]
    head = 14 * max(len(c.heading) for c in every) + 16
    tops = list(accumulate([head, *heights]))
    axis = pixels - sum(c.width + _GAP for c in every) - 2 * _EDGE
    return Columns([name, *arms], effects, head, tops, axis)


def column_axes(
    found: Columns, height: int, scheme: str
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """The axes that carry the columns, an empty trace for each, and the headings.

    Parameters
    ----------
    height : pixels of the plot; its value axis runs from 0 at the top to it
    """
    shared = {
        "overlaying": "y",
        "side": "right",
        "anchor": "free",
        "range": [height, 0],
        "tickfont": {"size": SIZE, "color": INKS[scheme].text},
        **UNMEASURED,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "fixedrange": True,
    }
    axes: dict[str, Any] = {}
    traces: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for side, at, column in _placed(found):
        number = len(axes) + 2
        written = _written(found, column)
        axes[f"yaxis{number}"] = shared | {
            "position": side,
            "shift": at + 1,
            "tickvals": [y for y, _ in written],
            "ticktext": [text for _, text in written],
        }
        traces.append(
            {"x": [None], "y": [None], "yaxis": f"y{number}", "hoverinfo": "skip",
             "showlegend": False, "meta": "column"}
        )  # fmt: skip
        words = "<br>".join(column.heading)
        place = {"xshift": at, "yanchor": "middle", "yshift": -found.head / 2}
        heads.append(annotation(words, side, 1, SIZE, INKS[scheme].text, align="left", **place))
    return axes, traces, heads


def column_texts(found: Columns, scheme: str) -> list[Texts]:
    """The columns and their headings as texts."""
    color = INKS[scheme].text
    return [
        Texts(side, at, "left", SIZE, color, [(found.head / 2, heading), *rows])
        for side, at, column in _placed(found)
        if (heading := "<br>".join(column.heading), rows := _written(found, column))
    ]


def _placed(found: Columns) -> Iterator[tuple[int, int, Column]]:
    """Each column with the side of the plot it stands on and its pixels from there."""
    left, _ = found.margins()
    for side, at, columns_of_side in ((0, _EDGE - left, found.left), (1, _GAP, found.right)):
        for column in columns_of_side:
            yield side, at, column
            at += column.width + _GAP


def _written(found: Columns, column: Column) -> list[tuple[float, str]]:
    """The middle of each row that has a text, and the text."""
    return [(y, text) for y, text in zip(found.middles, column.texts, strict=True) if text]


def _bold(text: str) -> str:
    return f"<b>{plain(text)}</b>"


def _small(text: str, color: str) -> str:
    return f'<span style="font-size:{_SMALL}px;color:{color}">{plain(text)}</span>'


def _widest(texts: Sequence[str], size: float = SIZE, bold: bool = False) -> int:
    return int(max((text_width(t, size, bold) for t in texts), default=0)) + 2


def _counted(line: Line) -> Row | None:
    """The patients here that a line counts; a published one has none."""
    return line.row if line.published is None else None


def _arm(page: SubgroupsPage, made: Sequence[Line], name: str, scheme: str, pixels: int) -> Column:
    """Events of patients and the median, or survival, of one arm; ``pixels`` of the figure."""
    texts = [arm_text(page, row, name) if (row := _counted(line)) else "" for line in made]
    what = "median" if page.view.per_arm == "median" else f"at {names.moment(page.time)}"
    unit = f"events/n, {what}"
    words = max((text_width(w, SIZE, bold=True) for w in name.split()), default=0)
    width = max(_widest(texts), _widest([unit], _SMALL), min(int(words) + 2, 96))
    if pixels > _PIXELS:  # a long name takes fewer lines where there is room
        width = max(width, min(pixels // 9, _widest([name], bold=True)))
    color = text_color(next(a.color for a in page.arms if a.name == name), scheme)
    heading = [
        f'<span style="color:{color}">{_bold(line)}</span>'
        for line in fold(name, width, SIZE, bold=True)
    ]
    return Column([*heading, _small(unit, INKS[scheme].muted)], texts, width)


def _behind(group: Group) -> str:
    """What a test without a sign can say, in few words: there is little room."""
    return f": {'inconclusive' if group.caution else group.told}" if group.told else ""


def _why(row: Row) -> str:
    """Why a row has no ratio."""
    if row.hazard_ratio is not None:
        return ""
    return f"{fmt.NOT_ESTIMABLE}: {row.reason if any(row.n.values()) else 'no patients'}"


def _ratios(
    page: SubgroupsPage,
    made: Sequence[Line],
    compact: bool,
    scheme: str,
    beside: Sequence[Column],
    least: int,
) -> Column:
    """Hazard ratios, the reason where there is none, and the test of each variable.

    Parameters
    ----------
    least : pixels of width
    beside : columns right of it, over whose empty cells a test runs on
    """
    interval = f"HR ({fmt.level(page.view.level)} CI)"
    numbers = [ratio_text(line.row) for line in made if line.row and line.row.hazard_ratio]
    numbers += [line.published.text for line in made if line.published is not None]
    if compact:  # of a column so narrow, the p would fall to a line of its own
        tests = [line.group.interaction for line in made if line.group is not None]
        numbers += [f"interaction {fmt.p_equals(t.p)}" for t in tests if t is not None]
    width = max(_widest(numbers), _widest([interval], bold=True), least)
    muted = INKS[scheme].muted
    texts = []
    for line in made:
        if line.published is not None:
            texts.append(plain(line.published.text))
            continue
        if line.row is not None and line.row.hazard_ratio is not None:
            texts.append(ratio_text(line.row))
            continue
        if line.row is not None:
            said = _why(line.row)
        else:
            assert line.group is not None
            test = line.group.interaction
            said = (
                f"interaction {fmt.p_equals(test.p)}{_behind(line.group)}"
                if test is not None
                else f"not tested: {line.group.interaction_reason}"
            )
        over = sum(c.width + _GAP for c in beside) if line.row is None else 0
        # What the test can say begins a line of its own where it does not fit behind the p.
        first, colon, rest = said.partition(": cannot")
        parts = fold(said, width + over, SIZE)
        if colon and len(parts) > 1:
            parts = [
                *fold(f"{first}:", width + over, SIZE),
                *fold(f"cannot{rest}", width + over, SIZE),
            ]
        texts.append(f'<span style="color:{muted}">{"<br>".join(map(plain, parts))}</span>')
    return Column([_bold(interval)], texts, width)


def _differences(page: SubgroupsPage, made: Sequence[Line]) -> Column:
    """Differences of survival in percentage points."""
    texts = [difference_text(row) if (row := _counted(line)) else "" for line in made]
    when = f"at {names.time(page.time, page.view.unit)}, % points"
    width = max(_widest(texts), _widest(["Difference"], bold=True))
    return Column([_bold("Difference"), *map(plain, fold(when, width, SIZE))], texts, width)


def _label(
    page: SubgroupsPage, line: Line, cap: int, wide: int, compact: bool, scheme: str
) -> tuple[list[str], str]:
    """A row's name in lines, and as it is written."""
    if line.kind == "overall":
        parts = fold(line.label, cap, SIZE, bold=True)
        return parts, "<br>".join(map(_bold, parts))
    if line.group is not None and line.row is None:
        sign = "▸" if line.group.variable in page.view.fold else "▾"
        parts = fold(f"{sign}\u00a0{line.label}", wide, SIZE, bold=True)
        text = "<br>".join(map(_bold, parts))
        marks = "" if compact else marks_text(page, line.group)
        if not marks:
            return parts, text
        muted = INKS[scheme].muted
        last = text_width(parts[-1], SIZE, bold=True) + 10
        if last + text_width(marks, _SMALL) <= wide:
            return parts, f"{text}  {_small(marks, muted)}"
        more = fold(marks, wide, _SMALL)
        return [*parts, *more], "<br>".join([text, *(_small(m, muted) for m in more)])
    # A published line has no counts: its source runs on over their columns.
    room = cap if line.published is None else wide
    parts = fold(line.label, room - text_width(_INDENT, SIZE), SIZE)
    estimable = line.published is not None or line.row is None or line.row.hazard_ratio is not None
    color = INKS[scheme].text if estimable else INKS[scheme].muted
    text = "<br>".join(f"{_INDENT}{plain(part)}" for part in parts)
    return parts, f'<span style="color:{color}">{text}</span>'
