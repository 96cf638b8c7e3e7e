"""What two pages print otherwise, read from the tables that they show; no page has a list here.

A number is the same one on both pages where heading, row and column say the same. Where they do
not, names that a view has of its own (arms by their place, endpoint, unit, level) count as the
same; so do the only two names left that differ in a number, such as the time of a landmark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from services import format as fmt
from services import lists
from services.compare.records import Difference, Side
from services.names import versus
from services.report import tables as read
from services.report.records import Table
from services.units import DAYS_PER_UNIT

if TYPE_CHECKING:
    from services.pages.records import PageRecord

_WORDS: Mapping[str, Any] = lists.beside(__file__)
_LEFT_OUT = tuple(_WORDS["left_out"]["tables"])
_BY_COLUMNS = tuple(_WORDS["by_columns"]["titles"])
_MARKS = tuple(_WORDS["left_out"]["marks"])
_COMPARISON = "Comparison"  # the head over the only one
_ALONE = "Estimates"  # the head over one arm
_UNSTRATIFIED = "Unstratified"  # said only beside stratified numbers
_MOST = 100  # characters: what is longer is a sentence
_VALUE = re.compile(r"\d|^(NR|NE)\b")
_OF = re.compile(r",?\s*\bn = ([\d,]+)", re.IGNORECASE)
_PARTS = re.compile(r"[:,]|\s*[^\s:,]+")
_LEVEL = re.compile(r"[\d.]+% CI ")
# A time: "at 24", "within 60 months", "by month 6", "months 12"; not a group's "< 60".
_TIME = re.compile(
    r"(?<!\w)(at|within|before|after|up to|\[b\]|(?:day|week|month|year)s?) [\d.,]*\d"
)


@dataclass(frozen=True)
class _Cell:
    """A number of a page, as printed: the table, group, row and column it stands in.

    ``row`` is as the table has it, ``rows`` what the table says that its rows are.
    """

    parts: tuple[str, str, str, str]
    row: str
    text: str
    rows: str = ""

    @property
    def table(self) -> str:
        return self.parts[0]

    @property
    def name(self) -> str:
        return ": ".join(filter(None, self.parts[1:]))


def differences(a: Side, b: Side) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """The estimates that lead, and every other number, that the two print otherwise."""
    cells = _matched(a, b)
    order = dict.fromkeys([*cells[0], *cells[1]])
    tables = list(dict.fromkeys(cell.table for found in cells for cell in found.values()))
    main: list[tuple[int, Difference]] = []
    rest: list[Difference] = []
    for key in order:
        first, second = (found.get(key) for found in cells)
        texts = [cell.text if cell else "" for cell in (first, second)]
        # The level may stand before the limits or not.
        if len({_LEVEL.sub("", text) for text in texts}) == 1:
            continue
        shown = first or second
        assert shown is not None
        table, name = (_both(first, second, part) for part in ("table", "name"))
        found = Difference(table, name, *texts)
        place = _place(a.page, shown, tables[0])
        if place is None:
            rest.append(found)
        else:
            main.append((place, found))
    # What stands in the same table stays together.
    together = list(dict.fromkeys(one.table for one in rest))
    rest.sort(key=lambda one: together.index(one.table))
    return tuple(one for _, one in sorted(main, key=lambda pair: pair[0])), tuple(rest)


def _matched(a: Side, b: Side) -> tuple[dict[str, _Cell], dict[str, _Cell]]:
    """The numbers of both pages by a key that is the same where the number is."""
    pairs = [pair for side in (a, b) if (pair := _pair(side))]
    read_off = [[(cell, _key(cell, side, pairs)) for cell in _cells(side)] for side in (a, b)]
    known = [{part for _, parts in found for part in parts} for found in read_off]
    made: list[dict[str, _Cell]] = []
    loose: list[dict[str, str]] = []  # key -> the same without the numbers of names of its own
    for side, found, other in zip((a, b), read_off, known[::-1], strict=True):
        own = own_names(side.counted)
        seen: Counter[str] = Counter()
        made.append({})
        loose.append({})
        for cell, parts in found:
            # What both pages call the same is the same; of the rest own names do not count.
            names = [(p, True) if p in other else (neutral(p, own), False) for p in parts]
            key = " | ".join(name for name, _ in names)
            seen[key] += 1
            key = f"{key} ({seen[key]})"
            made[-1][key] = cell
            loose[-1][key] = " | ".join(n if same else _TIME.sub(r"\1 #", n) for n, same in names)
    _pair_the_rest(made[0], made[1], loose)
    return made[0], made[1]


def _pair(side: Side) -> str:
    """What the only comparison of a view is called."""
    view = side.counted.view
    arms = () if view.known else view.arms
    return versus([arms[1]], arms[0]) if len(arms) == 2 else ""


def _key(cell: _Cell, side: Side, pairs: Sequence[str]) -> list[str]:
    """What a number stands in, without what only a page of several comparisons says."""
    table, *parts = cell.parts
    for pair in pairs:
        table = _COMPARISON if table == pair else table.replace(f": {pair}", "")
        parts = [part.replace(f": {pair}", "") for part in parts]
    view = side.counted.view
    if len(view.arms) == 1 and table == _ALONE and not parts[-1]:
        table, parts = f"By {view.side}", [*parts[:-1], view.arms[0]]
    # Groups of patients are compared with such groups alone.
    parts = [f"{table}{cell.rows}{view.known}", *parts]
    return ["" if part == _UNSTRATIFIED else part.casefold() for part in parts]


def _both(a: _Cell | None, b: _Cell | None, part: str) -> str:
    """What both pages call it, or where the two differ each."""
    names = [getattr(cell, part) for cell in (a, b) if cell]
    return joined(names[0], names[-1])


def joined(a: str, b: str) -> str:
    """Two names in one, words that both begin or end with once; of one that goes on, that one.

    >>> joined("Alive at 1 year: Drug", "Event-free at 1 year: Drug"), joined("p", "p: Wald")
    ('Alive / Event-free at 1 year: Drug', 'p: Wald')
    >>> joined("Comparison: A versus C", "Comparison: A and B versus C")
    'Comparison: A / A and B versus C'
    >>> joined("Patients: A", "Patients: A and B"), joined("x: A: n", "x: A and B: n")
    ('Patients: A / A and B', 'x: A / A and B: n')
    """
    short, long = sorted((a, b), key=len)
    if long.startswith(short) and (not short or long[len(short) :].lstrip()[:1] in tuple(":,(")):
        return long
    if a == b:
        return a
    one, other = _PARTS.findall(a), _PARTS.findall(b)
    first = _alike(one, other)
    rests = ["".join(parts[first : first + 2]).strip() for parts in (one, other)]
    if any(not rest or rest[0] in ":," or rest.split()[0] == "versus" for rest in rests):
        # An arm's name goes on where the other's ends: names stay whole.
        first = max((i for i in range(1, first + 1) if one[i - 1].endswith(":")), default=0)
    last = _alike(one[:first:-1], other[:first:-1])
    middles = ("".join(parts[first : len(parts) - last]).strip() for parts in (one, other))
    start, end = "".join(one[:first]), "".join(one[len(one) - last :])
    return f"{start} {' / '.join(filter(None, middles))}{end}".strip()


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _place(page: str, cell: _Cell, first: str) -> int | None:
    """Where a number stands among those that lead."""
    starts: Sequence[str] | None = _WORDS["main"].get(page)
    if starts is None:
        return 0 if cell.table == first else None
    return next((i for i, start in enumerate(starts) if cell.row.startswith(start)), None)


def _pair_the_rest(
    a: dict[str, _Cell], b: dict[str, _Cell], loose: Sequence[Mapping[str, str]]
) -> None:
    """Give what only one page has the key of the only other that differs from it in a number."""
    left = [
        {key: names[key] for key in one if key not in other}
        for one, other, names in ((a, b, loose[0]), (b, a, loose[1]))
    ]
    often = [Counter(found.values()) for found in left]
    home = {name: key for key, name in left[0].items()}
    for key, name in left[1].items():
        if often[0][name] == often[1][name] == 1:
            b[home[name]] = b.pop(key)


# --- one page -----------------------------------------------------------------------------------


def _cells(side: Side) -> Iterator[_Cell]:
    told: set[str] = set()  # of whom a head has said how many there are
    for table in read.tables(side.parts):
        if table.title.startswith(_LEFT_OUT):
            continue
        title = _plain(table.title)
        one_each = next((start for start in _BY_COLUMNS if title.startswith(start)), "")
        for cell in _named(replace(table, title=one_each or title), told, bool(one_each)):
            if len(cell.text) <= _MOST:
                yield cell


def _plain(head: str) -> str:
    """A head without the number of patients and without marks."""
    found = _OF.sub("", head)
    for mark in _MARKS:
        found = found.replace(mark, "")
    return found.strip()


def _named(table: Table, told: set[str], by_columns: bool) -> Iterator[_Cell]:
    """The numbers of a table, each by its name."""
    heads = [_plain(head) for head in table.columns]
    for head, full in zip(heads[1:], table.columns[1:], strict=True):
        if (found := _OF.search(full)) and head not in told:
            told.add(head)
            yield _Cell((table.title, "", "Patients", head), "Patients", found[1])
    often = Counter(row[0] for i, row in enumerate(table.rows) if i not in table.groups)
    timed = bool(heads) and heads[0].lower() in DAYS_PER_UNIT
    rows = "" if timed or not heads else " ".join(heads) if by_columns else heads[0]
    group, before = "", ""
    for i, row in enumerate(table.rows):
        label = _plain(row[0])
        if i in table.groups:
            group, before = label, ""
            continue
        said = f"{heads[0]} {label}" if timed else label
        if not group and often[row[0]] > 1:  # "Difference", under each state
            said = f"{before}: {label}" if before else label
        else:
            before = label
        for k, text in enumerate(row[1:], 1):
            column = heads[k] if len(heads) > 2 else ""
            for name, value in _apart(column, text):
                if _VALUE.search(value):
                    yield _Cell((table.title, group, said, name), row[0], value, rows)


def _apart(column: str, text: str) -> list[tuple[str, str]]:
    """The numbers of a cell that holds several, each by its name.

    >>> _apart("Drug: events/n · median", "3/9 · NR")
    [('Drug: events/n', '3/9'), ('Drug: median', 'NR')]
    """
    names, values = column.split(" · "), text.split(" · ")
    if len(names) != len(values):
        return [(column, text)]
    before = names[0][: names[0].rfind(": ") + 2] if ": " in names[0] else ""
    return list(zip([names[0], *(before + name for name in names[1:])], values, strict=True))


def own_names(page: PageRecord) -> tuple[tuple[str, ...], ...]:
    """What a view calls its own way: endpoint, unit, level, effect, and arms by their place."""
    view = page.view
    endpoint = getattr(page, "endpoint", None) or page.study.endpoint(view.endpoint)
    unit = view.unit
    return (
        (endpoint.label, endpoint.short),
        (unit, unit.removesuffix("s")),
        (f"{fmt.level(view.level)} CI",),
        (_WORDS["effect"][view.effect],),
        *((name,) for name in (() if view.known else view.arms)),  # groups have no place
    )


def neutral(text: str, own: Sequence[Sequence[str]]) -> str:
    """A name without what a view calls its own way: each is a letter in brackets.

    >>> neutral("Median, months: Drug A", [("Drug A",), ("months",)])
    'median, [b]: [a]'
    """
    found = text.casefold()
    named = [(name.casefold(), i) for i, names in enumerate(own) for name in names if name]
    for name, i in sorted(named, key=lambda pair: -len(pair[0])):
        found = re.sub(rf"(?<![\w\[]){re.escape(name)}(?!\w)", f"[{chr(97 + i)}]", found)
    return found
