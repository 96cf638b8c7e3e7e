"""What two pages print otherwise, read from the tables that they show; no page has a list here.

A number is the same one on both pages where heading, row and column say the same. Names that the
two views have of their own (arms by their place, endpoint, unit, level) count as the same; so do
the only two names left that differ in a number, such as the time of a landmark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from services import format as fmt
from services import lists
from services.compare.records import Difference, Side
from services.report import tables as read
from services.report.records import Table
from services.units import DAYS_PER_UNIT

if TYPE_CHECKING:
    from services.pages.records import PageRecord

_WORDS: Mapping[str, Any] = lists.beside(__file__)
_LEFT_OUT = tuple(_WORDS["left_out"]["tables"])
_SAME = tuple(_WORDS["left_out"]["words"])
_MOST = 100  # characters: what is longer is a sentence
_VALUE = re.compile(r"\d|^(NR|NE)\b")
_OF = re.compile(r",?\s*\bn = ([\d,]+)", re.IGNORECASE)
_PARTS = re.compile(r"[:,]|\s*[^\s:,]+")
_DIGITS = re.compile(r"[\d.,]*\d")


@dataclass(frozen=True)
class _Cell:
    """A number of a page: under which heading, what it is, how it is printed; its row's name."""

    table: str
    name: str
    row: str
    text: str
    key: str


def differences(a: Side, b: Side) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """The estimates that lead, and every other number, that the two print otherwise."""
    cells = [{cell.key: cell for cell in _cells(side)} for side in (a, b)]
    _pair_the_rest(*cells)
    order = dict.fromkeys([*cells[0], *cells[1]])
    tables = list(dict.fromkeys(cell.table for found in cells for cell in found.values()))
    main: list[tuple[int, Difference]] = []
    rest: list[Difference] = []
    for key in order:
        first, second = (found.get(key) for found in cells)
        texts = [cell.text if cell else "" for cell in (first, second)]
        if texts[0] == texts[1]:
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


def _both(a: _Cell | None, b: _Cell | None, part: str) -> str:
    """What both pages call it, or where the two differ each."""
    names = [getattr(cell, part) for cell in (a, b) if cell]
    return joined(names[0], names[-1])


def joined(a: str, b: str) -> str:
    """Two names in one, words that both begin or end with once; of one that goes on, that one.

    >>> joined("Alive at 1 year: Drug", "Event-free at 1 year: Drug"), joined("p", "p: Wald")
    ('Alive / Event-free at 1 year: Drug', 'p: Wald')
    """
    if a.startswith(b) or b.startswith(a):
        return max(a, b, key=len)
    one, other = _PARTS.findall(a), _PARTS.findall(b)
    first = _alike(one, other)
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


def _pair_the_rest(a: dict[str, _Cell], b: dict[str, _Cell]) -> None:
    """Give what only one page has the key of the only other that differs from it in a number."""
    left = [
        {key: _DIGITS.sub("#", key) for key in one if key not in other}
        for one, other in ((a, b), (b, a))
    ]
    often = [Counter(loose.values()) for loose in left]
    home = {loose: key for key, loose in left[0].items()}
    for key, loose in left[1].items():
        if often[0][loose] == often[1][loose] == 1:
            b[home[loose]] = b.pop(key)


# --- one page -----------------------------------------------------------------------------------


def _cells(side: Side) -> Iterator[_Cell]:
    own = own_names(side.record)
    seen: Counter[str] = Counter()
    for table in read.tables(side.parts):
        if table.title.startswith(_LEFT_OUT):
            continue
        for name, row, text in _named(table):
            if len(text) > _MOST:
                continue
            key = neutral(f"{table.title} | {name}", own)
            for words in _SAME:
                key = key.replace(words, "")
            seen[key] += 1
            yield _Cell(table.title, name, row, text, f"{key} ({seen[key]})")


def _named(table: Table) -> Iterator[tuple[str, str, str]]:
    """What each number of a table is, the name of its row, and how it is printed."""
    heads = [_OF.sub("", head).strip() for head in table.columns]
    for head in table.columns[1:]:
        if found := _OF.search(head):
            yield f"Patients: {_OF.sub('', head).strip()}", "Patients", found[1]
    often = Counter(row[0] for i, row in enumerate(table.rows) if i not in table.groups)
    timed = bool(heads) and heads[0].lower() in DAYS_PER_UNIT
    group, before = "", ""
    for i, row in enumerate(table.rows):
        label = _OF.sub("", row[0])
        if i in table.groups:
            group, before = label, ""
            continue
        said = f"{heads[0]} {label}" if timed else label
        if not group and often[row[0]] > 1:  # "Difference", under each state
            said = f"{before}: {label}" if before else label
        else:
            before = label
        for k, text in enumerate(row[1:], 1):
            column = heads[k] if k < len(heads) else ""
            if _VALUE.search(text):
                yield ": ".join(filter(None, (group, said, column))), row[0], text


def own_names(page: PageRecord) -> tuple[tuple[str, ...], ...]:
    """What a view calls its own way, longest first: arms by place, endpoint, unit, level."""
    view = page.view
    endpoint = getattr(page, "endpoint", None) or page.study.endpoint(view.endpoint)
    unit = view.unit
    return (
        *((name,) for name in view.arms),
        (endpoint.label, endpoint.short),
        (unit, unit.removesuffix("s")),
        (f"{fmt.level(view.level)} CI",),
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
