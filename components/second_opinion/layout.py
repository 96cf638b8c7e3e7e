"""A view's numbers beside those of other programs: who was asked, a table, and why any differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components import html, island
from components.markup import Markup
from components.parts import row, small, table
from services import format as fmt
from services import names
from services.numbers import format_number
from services.pages.second_opinion.records import Compared, Key, SecondOpinion, Theirs


def opinion_part(found: SecondOpinion, address: str) -> Markup:
    """The HTML of the whole answer.

    Parameters
    ----------
    address : of the answer, without ending; the query is the view's
    """
    query = found.page.address.query
    asked = [source for source in found.sources if source.problem is None]
    heads = ["Number", "Here", *(f"{s.name} {s.version}" for s in asked)]
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
                    " same patients. “Same” means to six digits.",
                    className="hint",
                ),
                html.Ul(*told),
                table(heads, rows, label="Numbers by program", cards=heads[1:]),
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
    ours = {n.key.part: n.ours for n in numbers}
    cells = [_cell(key, numbers, [n.theirs[name] for n in numbers], notes) for name in programs]
    return row(_named(found, key), html.Span(_value(key, ours)), *cells)


def _named(found: SecondOpinion, key: Key) -> str:
    unit = found.page.view.unit
    what = f"{key.what} in {unit}" if key.what == "median" else key.what
    if key.part == "p":
        what += ", p"
    if key.time is not None:
        what += f" at {names.time(format_number(key.time), unit)}"
    group = found.labels.get(key.group, "")
    told = ", ".join(filter(None, (group, what, key.arm and names.isolated(key.arm))))
    return names.capital(told)


def _cell(
    key: Key, numbers: Sequence[Compared], said: Sequence[Theirs], notes: dict[str, int]
) -> Any:
    whys = list(dict.fromkeys(t.why for t in said if not t.same and t.why))
    marks = ", ".join(str(notes.setdefault(why, len(notes) + 1)) for why in whys)
    if all(t.same for t in said):
        under = "same"
    else:
        apart = [abs(t.difference) for t in said if t.difference is not None and not t.same]
        bare = "limits not compared" if said[0].same else "not compared"
        under = f"differs by {max(apart):.1g}" if apart else bare
        under += f" [{marks}]" if marks else ""
    values = {n.key.part: t.value for n, t in zip(numbers, said, strict=True)}
    limits = said[1:]  # those that a program does not have are left out
    if limits and all(t.value is None and not t.same for t in limits):
        values = {"estimate": said[0].value}
    nothing = not any(t.same or t.value is not None for t in said)
    shown = [fmt.DASH] if nothing else _value(key, values)
    return html.Span(*shown, small(under))


def _value(key: Key, values: dict[str, float | None]) -> list[Any]:
    """The number, and under it its limits."""

    def text(part: str, missing: str = fmt.NOT_ESTIMABLE) -> str:
        value = values[part]
        return missing if value is None else f"{value:.6g}"

    if "p" in values:
        return [text("p")]
    first = text("estimate", fmt.NOT_REACHED if key.what == "median" else fmt.NOT_ESTIMABLE)
    if "lower" not in values:
        return [first]
    return [first, small(f"({text('lower')} to {text('upper')})")]
