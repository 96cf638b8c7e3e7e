"""A view's numbers beside those of other programs: who was asked, a table, and why any differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components import html, island
from components.markup import Markup
from components.parts import row, small, table
from services import format as fmt
from services import names
from services.pages.second_opinion.records import (
    NOTHING,
    SAME_WORDS,
    Compared,
    Key,
    SecondOpinion,
    Theirs,
)

_DIGITS = 6


def opinion_part(found: SecondOpinion, address: str) -> Markup:
    """The HTML of the whole answer.

    Parameters
    ----------
    address : of the answer, without ending; the query is the view's
    """
    query = found.page.address.query
    asked = [source for source in found.sources if source.problem is None]
    heads = ["Number", "Here", *(f"{s.name} {s.version}" for s in asked)]
    called = ["Here", *(s.name.partition(" (")[0] for s in asked)]
    notes: dict[str, int] = {}
    rows = [_row(found, numbers, [s.name for s in asked], notes) for numbers in _grouped(found)]
    links = [html.A(k.upper(), href=f"{address}.{k}{query}", download="") for k in ("csv", "json")]
    told = [html.Li(sentence) for sentence in found.answer]
    whys = [html.Li(why) for why in notes]
    return Markup(
        island.to_html(
            html.Section(
                html.H2("Second opinion", tabIndex=-1),
                html.P(
                    "The numbers of this view, computed a moment ago by other programs from the"
                    f" same patients. {SAME_WORDS}",
                    className="hint",
                ),
                html.Ul(*told),
                table(heads, rows, "numbers opinion", "Numbers by program", called),
                html.Ol(*whys, className="hint") if whys else None,
                html.P("Every number: ", links[0], ", ", links[1]),
                className="card",
                aria_label="Second opinion",
            )
        )
    )


def _grouped(found: SecondOpinion) -> list[list[Compared]]:
    """An estimate and its limits together."""
    made: dict[Key, list[Compared]] = {}
    for number in found.numbers:
        made.setdefault(number.key._replace(part=""), []).append(number)
    return list(made.values())


def _row(
    found: SecondOpinion,
    numbers: Sequence[Compared],
    programs: Sequence[str],
    notes: dict[str, int],
) -> Any:
    key = numbers[0].key
    ours = {n.key.part: _text(n.key, n.ours) for n in numbers}
    cells = [_cell(numbers, [n.theirs[name] for n in numbers], notes) for name in programs]
    return row(_named(found, key), html.Span(*_value(ours)), *cells)


def _named(found: SecondOpinion, key: Key) -> str:
    unit = found.page.view.unit
    what = f"{key.what} in {unit}" if key.what == "median" else key.what
    if key.part == "p":
        what += ", p"
    if key.time is not None:
        what += f" at {names.time(key.time, unit)}"
    group = found.labels.get(key.group, "")
    told = ", ".join(filter(None, (group, what, key.arm and names.isolated(key.arm))))
    return names.capital(told)


def _cell(numbers: Sequence[Compared], said: Sequence[Theirs], notes: dict[str, int]) -> Any:
    whys = list(dict.fromkeys(t.why for t in said if not t.same and t.why))
    marks = ", ".join(str(notes.setdefault(why, len(notes) + 1)) for why in whys)
    apart = [abs(t.difference) for t in said if t.difference is not None and not t.same]
    if all(t.same for t in said):
        under = "same"
    elif not any(t.answered for t in said):
        under = "not compared"
    elif all(t.same for t in said if t.answered):
        under = "same, limits not compared"
    else:
        under = f"differs by {max(apart):.1g}" if apart else "differs"
    under += f" [{marks}]" if marks else ""
    values = {n.key.part: _theirs(n, t) for n, t in zip(numbers, said, strict=True) if t.answered}
    return html.Span(*(_value(values) if values else [fmt.DASH]), small(under))


def _theirs(number: Compared, said: Theirs) -> str:
    """Their number. The same one reads the same: with the digits that both have."""
    for digits in range(_DIGITS, 0, -1) if said.same else ():
        text = _text(number.key, said.value, digits)
        if text == _text(number.key, number.ours, digits):
            return text
    return _text(number.key, said.value)


def _text(key: Key, value: float | None, digits: int = _DIGITS) -> str:
    if value is None:
        reached = key.what == "median" and key.part == "estimate"
        return fmt.NOT_REACHED if reached else fmt.NOT_ESTIMABLE
    if key.part == "p" and 0 <= value < NOTHING:
        return f"<{NOTHING:g}"
    return "0" if abs(value) < NOTHING else f"{value:.{digits}g}"


def _value(texts: Mapping[str, str]) -> list[Any]:
    """The number, and under it its limits, of the parts there are."""
    first = texts.get("p", texts.get("estimate", ""))
    ends = [texts[part] for part in ("lower", "upper") if part in texts]
    some = [first, *ends] != [fmt.NOT_ESTIMABLE] * 3
    return [first, small(f"({' to '.join(ends)})") if ends and some else None]
