"""Records that check what they are read from; what is wrong is told by key, with the remedy.

A record is a frozen dataclass of pydantic's, derived from ``Record``. Read with ``check`` it takes
the plain values of a file, none of whose keys may be unknown.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass as plain_dataclass
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails, PydanticCustomError

from services.errors import UserError, short
from services.numbers import Printed

T = TypeVar("T")
Path = tuple[int | str, ...]
CONFIG = ConfigDict(extra="forbid", defer_build=True, validate_by_name=True)
MADE = object()  # marks a field that is worked out from others and has no key in a file
UNKNOWN_KEY = "unknown_key"
TOLD = "wrong"  # the kind of a problem whose text says all; of other kinds the value is shown
VALUE, UNKNOWN = "value", "unknown"
CANNOT = "cannot be used"
_WANTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "keys and values",
    "dataclass_type": "keys and values",
}


class Digits(str):
    """A number as a file writes it."""


@plain_dataclass(frozen=True)
class Inline:
    """Marks a record whose keys stand among those of the record around it.

    It is there if one of ``signs`` is; ``default`` fills a key that was left out.
    """

    record: Any  # the class
    signs: tuple[str, ...]
    default: tuple[str, str]


@plain_dataclass(frozen=True)
class Problem:
    """What is wrong with the value that ``path`` leads to; ``kind`` is pydantic's or ours."""

    path: Path
    text: str
    hint: str
    kind: str = ""


def wrong(problem: str, hint: str, *at: int | str, kind: str = TOLD) -> PydanticCustomError:
    """The error of a check; ``at`` leads from the checked value to the one that is meant."""
    return PydanticCustomError(kind, "{problem}", {"problem": problem, "hint": hint, "at": at})


def refused(problem: str, hint: str, *at: int | str) -> PydanticCustomError:
    """As ``wrong``, of a value that cannot be used."""
    return wrong(problem, hint, *at, kind=VALUE)


def unknown(name: str, kind: str, known: Sequence[str]) -> PydanticCustomError:
    """The error of a name that stands for nothing; told after other mistakes, its likely cause."""
    problem = f"names “{name}”, which is not among the {kind}"
    return wrong(problem, _allowed(name, known, "Known"), kind=UNKNOWN)


def known_keys(values: Iterable[str], known: Sequence[str], *at: int | str) -> None:
    """Raise the error of the first key that is not known."""
    for key in values:
        if key not in known:
            hint = _allowed(key, known, "Known")
            raise wrong("is not a known key", hint, *at, key, kind=UNKNOWN_KEY)


@dataclass(frozen=True, config=CONFIG)
class Record:
    """What records have in common: no key is unknown, and inline records are gathered."""

    @model_validator(mode="before")
    @classmethod
    def _gather(cls: Any, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        known_keys(raw, keys(cls))
        for name, mark in inlined(cls).items():
            mine = {key: raw[key] for key in keys(mark.record) if key in raw}
            raw = {key: value for key, value in raw.items() if key not in mine}
            if mine.keys() & set(mark.signs):
                raw[name] = dict([mark.default]) | mine
        return raw


def changed(record: T, **values: Any) -> T:
    """The record with some fields set to what is known to be right: nothing is checked."""
    made = copy(record)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


@cache
def inlined(cls: Any) -> dict[str, Inline]:
    """The fields whose keys stand among those of ``cls``."""
    fields: dict[str, Any] = cls.__pydantic_fields__
    return {
        name: mark
        for name, field in fields.items()
        for mark in field.metadata
        if isinstance(mark, Inline)
    }


@cache
def keys(cls: Any) -> tuple[str, ...]:
    """The keys of a record in a file."""
    found: list[str] = []
    fields: dict[str, Any] = cls.__pydantic_fields__
    for name, field in fields.items():
        if name in inlined(cls):
            found += keys(inlined(cls)[name].record)
        elif MADE not in field.metadata:
            found.append(field.validation_alias or name)
    return tuple(found)


def _allowed(name: str, known: Sequence[str], word: str) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"Did you mean {close[0]}?" if close else f"{word}: {', '.join(known) or 'none'}."


def what(value: Any) -> str:
    """What kind of value stands in a file.

    >>> what(Digits("0.60")), what([1]), what("often")
    ('a number (0.60)', 'a list', 'a text (often)')
    """
    if isinstance(value, bool) or value is None:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (Digits, int, float)):
        return f"a number ({short(value)})"
    if isinstance(value, str):
        return f"a text ({short(value)})"
    return "a list" if isinstance(value, (list, tuple)) else "keys and values"


def _number(value: Any) -> float:
    if isinstance(value, Digits):
        try:
            return Printed(value)
        except ValueError as problem:
            if re.fullmatch(r"[-+]?\.(inf|nan)", value, re.IGNORECASE):
                hint = "Write a number, or null if nothing was found."
                raise refused("is not finite", hint) from problem
            hint = "Write plain digits, as published: 0.60."
            raise refused(f"is written as {value}", hint) from problem
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refused(f"is {what(value)}", "Write a number.")
    return value


def _within(low: float, high: float | None) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        number = _number(value)
        if number < low or (high is not None and number > high):
            ends = f"from {low:g} to {high:g}" if high is not None else f"of {low:g} or more"
            raise refused(f"is {number:g}", f"Write a number {ends}.")
        return number

    return check


def between(low: float, high: float | None = None) -> PlainValidator:
    """A number within limits, with the digits it is written with."""
    return PlainValidator(
        _within(low, high), json_schema_input_type=Annotated[float, Field(ge=low, le=high)]
    )


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?(0|[1-9]\d*)", str(value)):
        raise refused(f"is {what(value)}", "Write a whole number.")
    if not isinstance(value, (Digits, int)):
        raise refused(f"is {what(value)}", "Write a whole number, without quotes.")
    if int(value) < 0:
        raise refused(f"is {value}", "Write a count of 0 or more.")
    return int(value)


def one_or_several(value: Any) -> Any:
    """A list, also of what stands alone."""
    return [value] if isinstance(value, str) else value


Number = Annotated[float, PlainValidator(_number, json_schema_input_type=float)]
Positive = Annotated[float, between(0)]
Percent = Annotated[float, between(0, 100)]
Whole = Annotated[int, PlainValidator(_whole, json_schema_input_type=Annotated[int, Field(ge=0)])]
Flag = Annotated[bool, Strict()]
_TEXT = {"type": ["string", "number"]}
TEXTS_SCHEMA = WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]})
Texts = Annotated[tuple[str, ...], BeforeValidator(one_or_several), TEXTS_SCHEMA]


def matching(pattern: str, hint: str) -> AfterValidator:
    """A text of a certain form."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise refused(f"is “{value}”", hint)
        return value

    return AfterValidator(check)


def unique(key: str) -> AfterValidator:
    """Records that differ in ``key``."""

    def check(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        seen: set[object] = set()
        for i, row in enumerate(rows):
            if (value := getattr(row, key)) in seen:
                raise wrong(f"repeats the {key} “{value}”", f"Give each its own {key}.", i)
            seen.add(value)
        return rows

    return AfterValidator(check)


@cache
def adapter(record: Any) -> TypeAdapter[Any]:
    """The reader of a record, built once."""
    return TypeAdapter(record)


def check(record: type[T], values: Any, context: dict[str, Any] | None = None) -> T | Problem:
    """The record of plain values, or what is wrong with them: mistakes at the top first.

    Parameters
    ----------
    context : what the values may name, for the checks of the record
    """
    kind: Any = record
    try:
        made: T = adapter(kind).validate_python(values, context=context)
    except ValidationError as problem:
        errors = problem.errors(include_url=False)
        return _problem(min(errors, key=lambda e: (e["type"] == UNKNOWN, len(e["loc"]))))
    return made


def _problem(error: ErrorDetails) -> Problem:
    value, kind, said = error["input"], error["type"], error.get("ctx", {})
    if "hint" in said:
        return Problem((*error["loc"], *said["at"]), said["problem"], said["hint"], kind)
    if kind == "missing":
        return Problem(error["loc"], "is missing", "Add it.", kind)
    if kind == "literal_error" and isinstance(value, str):
        allowed = [word for word in re.findall(r"'([^']*)'", said["expected"]) if word]
        return Problem(error["loc"], f"is “{value}”", _allowed(value, allowed, "Allowed"))
    if kind == "too_short":
        return Problem(error["loc"], "is empty", "Write at least one entry.")
    wanted = _WANTED.get(kind, "what is described")
    return Problem(error["loc"], f"is {what(value)}", f"Write {wanted}.", kind)


def refusal(raw: Any, source: str, problem: Problem) -> UserError:
    """The error that names the key and the value of a problem in ``raw``, read from ``source``."""
    key, value = "", raw
    for step in problem.path:
        if isinstance(step, int) and isinstance(value, list):
            key, value = f"{key}[{step + 1}]", value[step]
        elif isinstance(value, dict):
            key, value = f"{key}.{step}" if key else str(step), value.get(str(step))
    if problem.kind == UNKNOWN_KEY:
        return UserError(f"{source}: unknown key {short(key)}.", problem.hint)
    if problem.kind in ("missing", TOLD, UNKNOWN):
        return UserError(f"{source}: {key} {problem.text}.", problem.hint)
    hint = problem.hint.replace("Write ", "Allowed: ", 1)
    return UserError(f"{source}: {key} = {short(repr(value), 60)} {CANNOT}.", hint)
