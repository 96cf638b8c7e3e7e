"""How text and tables take their room on a page: widths, heights, and where a table goes on.

Nothing is clipped: what does not fit goes to the next page. Sizes are points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.report.records import Table
from services.report.tables import width as columns_of
from services.text_width import fold, text_width

LINE = 1.2  # height of a line, in sizes of its font
SMALLEST = 7.0  # nothing that is to be read is smaller
_SLACK = 1.04  # other programs break lines a little earlier

Row = tuple[tuple[str, ...], bool]  # its cells, and whether it names those that follow


def lines(text: str, width: float, size: float, bold: bool = False) -> int:
    """How many lines a text takes."""
    return sum(len(fold(part, width / _SLACK, size, bold)) for part in text.split("\n")) or 1


def height(text: str, width: float, size: float, bold: bool = False) -> float:
    """How high a text is that is broken into lines of at most that width."""
    return lines(text, width, size, bold) * size * LINE


@dataclass(frozen=True)
class Style:
    """How a table is set: its font's size, and the room around a cell's text."""

    size: float
    pad_x: float = 4.0
    pad_y: float = 2.0


@dataclass(frozen=True)
class Page:
    """Part of a table that stands on one page, below the repeated heads."""

    rows: tuple[Row, ...]
    heights: tuple[float, ...]


@dataclass(frozen=True)
class Laid:
    """A table laid out: its columns' widths, the height of its heads, and its pages."""

    widths: tuple[float, ...]
    head: float
    pages: tuple[Page, ...]


def widths(table: Table, room: float, style: Style) -> tuple[float, ...]:
    """The columns' widths: what they need, or as much as there is, longer texts more of it."""
    pads = 2 * style.pad_x
    wanted, least = [], []
    for i in range(columns_of(table)):
        cells = [(row[i], False) for k, row in enumerate(table.rows) if k not in table.groups]
        cells += [(table.columns[i], True)] if table.columns else []
        whole = [text_width(t, style.size, b) for c, b in cells for t in c.split("\n")]
        words = [text_width(w, style.size, b) for c, b in cells for w in c.split()]
        wanted.append(max(whole, default=0) * _SLACK + pads + 0.5)
        least.append(min(max(words, default=0) * _SLACK + pads, room * 0.3))
    if sum(wanted) <= room:
        return tuple(wanted)
    if sum(least) >= room:
        return tuple(w * room / sum(least) for w in least)
    # Short columns have what they want; the long ones share the rest.
    share = room
    found = list(least)
    for i in sorted(range(len(wanted)), key=lambda k: wanted[k]):
        later = [k for k in range(len(wanted)) if (wanted[k], k) > (wanted[i], i)]
        fair = share / (len(later) + 1)
        most = share - sum(least[k] for k in later)
        found[i] = min(max(min(wanted[i], fair), least[i]), most)
        share -= found[i]
    return tuple(found)


def lay_out(table: Table, room: float, tall: float, style: Style) -> Laid:
    """The table on pages of that room.

    Parameters
    ----------
    room, tall : width and height that a page has for it
    """
    wide = widths(table, room, style)
    head = _row_height(table.columns, wide, style, True) if table.columns else 0.0
    pages: list[Page] = []
    rows: list[Row] = []
    heights: list[float] = []
    group: tuple[str, ...] | None = None
    for row, named in _rows(table, wide, tall - head, style):
        high = _height(row, named, wide, style)
        # The name of a group stays with its first row.
        needed = high * (2 if named else 1)
        if rows and head + sum(heights) + needed > tall:
            pages.append(Page(tuple(rows), tuple(heights)))
            rows, heights = [], []
            if group is not None and not named:
                again = (f"{group[0]} (continued)", *group[1:])
                rows.append((again, True))
                heights.append(_height(again, True, wide, style))
        rows.append((row, named))
        heights.append(high)
        group = row if named else group
    if rows:
        pages.append(Page(tuple(rows), tuple(heights)))
    return Laid(wide, head, tuple(pages))


def _rows(table: Table, wide: Sequence[float], tall: float, style: Style) -> Iterator[Row]:
    """The rows; one that is higher than a page in parts."""
    for i, row in enumerate(table.rows):
        rest = row
        while _height(rest, i in table.groups, wide, style) > tall and any(rest):
            most = max(int((tall - 2 * style.pad_y) / (style.size * LINE)) - 1, 1)
            first, later = [], []
            for cell, room in zip(rest, wide, strict=True):
                broken = _broken(cell, room, style)
                first.append("\n".join(broken[:most]))
                later.append("\n".join(broken[most:]))
            yield tuple(first), i in table.groups
            rest = tuple(later)
        if any(rest) or rest is row:
            yield rest, i in table.groups


def _broken(cell: str, room: float, style: Style) -> list[str]:
    inside = (room - 2 * style.pad_x) / _SLACK
    return [line for part in cell.split("\n") for line in fold(part, inside, style.size)]


def _height(row: Sequence[str], named: bool, wide: Sequence[float], style: Style) -> float:
    if named:
        return height(row[0], sum(wide) - 2 * style.pad_x, style.size, True) + 2 * style.pad_y
    return _row_height(row, wide, style)


def _row_height(
    cells: Sequence[str], wide: Sequence[float], style: Style, bold: bool = False
) -> float:
    tallest = max(
        height(cell, room - 2 * style.pad_x, style.size, bold)
        for cell, room in zip(cells, wide, strict=True)
    )
    return tallest + 2 * style.pad_y


def key_numbers(tables: Sequence[Table], rows: int = 6, more: int = 3) -> tuple[Table, ...]:
    """What stands beside a figure: the first rows of the first tables, if they are narrow.

    Parameters
    ----------
    rows, more : of the first table, and of one of two columns that follows it
    """
    if not tables or not 1 < columns_of(tables[0]) <= 4 or not tables[0].columns:
        return ()
    found = [_first(tables[0], rows)]
    if len(tables) > 1 and columns_of(tables[1]) == 2:
        found.append(_first(tables[1], rows if tables[1].columns else more))
    return tuple(found)


def _first(table: Table, rows: int) -> Table:
    kept = [row for i, row in enumerate(table.rows) if i not in table.groups][:rows]
    return replace(table, rows=tuple(kept), groups=frozenset(), notes=())
