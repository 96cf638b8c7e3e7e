"""The one codec of views, to and from a URL query: each field says how it is read and written.

Defaults are left out of the query and unknown keys are ignored, so that old links keep working. A
bad value is a ``UserError`` that names key, value and what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, Self, get_type_hints
from urllib.parse import parse_qsl, quote

from services.errors import UserError
from services.numbers import format_number
from services.views import parse
from services.views.parse import FieldError, join_list

LONGEST_QUERY = 20_000  # characters; views are kept in memory with their answers


@dataclass(frozen=True)
class Codec:
    """How the value of a field is read, from its key and a text, and how it is written.

    A mark of the field: ``tau: Annotated[float | None, POSITIVE] = None``.
    """

    parse: Callable[[str, str], Any]
    format: Callable[[Any], str] = str
    repeated: bool = False  # the value is a tuple: the key stands once for each item


TEXT = Codec(parse.text)
ITEMS = Codec(parse.items, join_list)
POSITIVE = Codec(parse.positive, format_number)


def one_of(allowed: Sequence[str]) -> Codec:
    """One of some words."""
    return Codec(parse.one_of(allowed))


def some_of(allowed: Sequence[str], nothing: tuple[str, ...] = ()) -> Codec:
    """Any of some words; ``nothing`` says that none is meant."""
    return Codec(parse.some_of(allowed, nothing), join_list)


def between(low: float, high: float) -> Codec:
    """A number within limits."""
    return Codec(parse.between(low, high), format_number)


@cache
def codecs(kind: Any) -> dict[str, Codec]:
    """The codec of each field of a view that has one."""
    return {
        name: mark
        for name, hint in get_type_hints(kind, include_extras=True).items()
        for mark in getattr(hint, "__metadata__", ())
        if isinstance(mark, Codec)
    }


@cache
def defaults(kind: Any) -> dict[str, Any]:
    """The default of each field of a view."""
    return {field.name: field.default for field in fields(kind)}


def query_pairs(query: str, most: int) -> list[tuple[str, str]]:
    """Keys and values of a query (with or without its "?"), in their order.

    Raises
    ------
    UserError : there are more than ``most``, or it is too long
    """
    if len(query) > LONGEST_QUERY:
        raise too_long()
    try:
        return parse_qsl(query.lstrip("?"), keep_blank_values=True, max_num_fields=most)
    except ValueError as problem:
        raise UserError("The address is too long.", f"Use fewer than {most} values.") from problem


def too_long() -> UserError:
    """That a view is described by more than an address holds."""
    return UserError(
        "The address is too long.", f"Use at most {LONGEST_QUERY:,} characters behind the ?."
    )


def read_pairs(
    kind: type, pairs: Iterable[tuple[str, str]]
) -> tuple[dict[str, Any], tuple[FieldError, ...], tuple[str, ...]]:
    """The values of fields among keys and texts, what is wrong with others, and unknown keys.

    Of a key that is there twice the last counts, unless it is one that is repeated.
    """
    values: dict[str, Any] = {}
    problems: dict[str, FieldError] = {}
    known, empty = codecs(kind), defaults(kind)
    unknown: dict[str, None] = {}
    for key, text in pairs:
        if key not in known:
            unknown[key] = None
            continue
        if known[key].repeated:
            try:
                found = (known[key].parse(key, text),) if text else ()
                values[key] = tuple(dict.fromkeys((*values.get(key, ()), *found)))
            except FieldError as problem:
                problems[key] = problem
            continue
        values.pop(key, None)
        problems.pop(key, None)
        try:
            values[key] = known[key].parse(key, text) if text else empty[key]
        except FieldError as problem:
            problems[key] = problem
    return values, tuple(problems.values()), tuple(unknown)


def write_field(view: Any, name: str) -> str:
    """One field of a view as an address has it; items of a repeated key with commas between."""
    codec, value = codecs(view.__class__)[name], getattr(view, name)
    return ", ".join(map(codec.format, value)) if codec.repeated else codec.format(value)


def written(view: Any) -> list[str]:
    """``key=value`` of each field that is not the default, in a fixed order."""
    empty = defaults(view.__class__)
    return [
        f"{name}={quote(text, safe=',: ').replace(' ', '+')}"
        for name, codec in codecs(view.__class__).items()
        if (value := getattr(view, name)) != empty[name]
        for text in (map(codec.format, value) if codec.repeated else [codec.format(value)])
    ]


class WithFigure:
    """A view whose fields ``fig_...`` are of the figure's file alone."""

    @property
    def figure(self) -> dict[str, Any]:
        """What is asked of the figure's file, by field: no number of the page depends on it."""
        kind: Any = self.__class__
        empty = defaults(kind)
        asked = {name: getattr(self, name) for name in empty if name.startswith("fig_")}
        return {name: value for name, value in asked.items() if value != empty[name]}

    def without_figure(self) -> Self:
        """The same without what is asked of the figure's file."""
        kind: Any = self.__class__
        return self._with({name: defaults(kind)[name] for name in self.figure})

    def with_figure_of(self, other: WithFigure) -> Self:
        """The same with what another view asks of the figure's file."""
        return self.without_figure()._with(other.figure)

    def _with(self, values: dict[str, Any]) -> Self:
        made: Any = self
        return replace(made, **values) if values else self
