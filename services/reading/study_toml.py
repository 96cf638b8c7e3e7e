"""``study.toml``: what a study's tables do not say. Read, checked, typed.

Every key is optional but ``id`` and ``title``. An unknown key is an error: it is a typing mistake
more often than anything else, and ignoring it would change the study in silence.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import InitVar, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic.dataclasses import dataclass

from services.checked import (
    CANNOT,
    CONFIG,
    MADE,
    Digits,
    Flag,
    Positive,
    Problem,
    Record,
    Whole,
    changed,
    check,
    known_keys,
    matching,
    refusal,
    refused,
    unique,
)
from services.errors import UserError, short
from services.reading.cells.rules import (
    ArmsAlike,
    Comma,
    Epoch,
    Order,
    Partial,
    TimeUnit,
    ValueRules,
)
from services.study.model import Calibrated, Figure, Kind, Provenance
from services.views.parse import MOST, MOST_TIMES

_LONGEST_TEXT = 4_000  # characters; on pages and in files
_MOST_ITEMS = 1_000
_TABLES = ("arms", "endpoints", "columns", "figures", "conflicts")
_CITATION = ("label", "journal", "doi", "pmid", "nct")
_ID = matching(r"[a-z0-9][a-z0-9_-]{0,63}", "Allowed: lower-case letters, digits, - and _.")
_COLOR = matching(r"(#[0-9A-Fa-f]{6})?", 'Allowed: a color such as "#0072B2".')
_Upper = Annotated[str, AfterValidator(str.upper)]
_Lower = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)


def _allowed(words: str, *at: int | str) -> Exception:
    return refused(CANNOT, f"Allowed: {words}.", *at)


@dataclass(frozen=True, config=CONFIG)
class ArmSpec(Record):
    """An ``[[arms]]`` entry."""

    name: str
    role: Literal["", "experimental", "reference", "single"] = ""
    regimen: str = ""
    color: Annotated[str, _COLOR] = ""


def _types(competing: Any) -> Any:
    if isinstance(competing, tuple):
        return competing
    if not isinstance(competing, dict) or not all(
        k.isascii() and k.isdigit() and k != "0" and len(k) < 10 for k in competing
    ):
        raise _allowed('CNSR values and their event, such as {2 = "Death"}')
    return tuple((float(key), name) for key, name in competing.items())


def _landmarks(times: tuple[Any, ...]) -> tuple[float, ...]:
    if len(times) > MOST_TIMES:
        raise refused(CANNOT, f"At most {MOST_TIMES} times are shown.")
    for at, time in enumerate(times):
        if float(time) > MOST:
            raise refused("is too long", f"Write months, at most {MOST:,.0f}.", at)
    return tuple(sorted(map(float, times)))


@dataclass(frozen=True, config=CONFIG)
class EndpointSpec(Record):
    """An ``[[endpoints]]`` entry; ``id`` is the PARAMCD."""

    id: str
    label: str = ""
    short: str = ""
    event: str = ""
    landmarks: Annotated[tuple[Positive, ...], AfterValidator(_landmarks)] = ()
    type_column: _Upper = ""
    # CNSR value, what happened instead
    competing: Annotated[tuple[tuple[float, str], ...], BeforeValidator(_types)] = ()
    good: Flag | None = None  # None: told by the endpoint's name
    happened: str = ""


# "adsl.csv" and "ADSL" are the same file.
_File = Annotated[
    Literal["adsl", "adtte", "adae"],
    BeforeValidator(lambda value: value.lower().split(".")[0] if isinstance(value, str) else value),
]


@dataclass(frozen=True, config=CONFIG)
class ColumnSpec(Record):
    """A ``[[columns]]`` entry."""

    name: _Upper
    file: _File = "adsl"
    label: str = ""
    unit: str = ""
    provenance: Literal["", Provenance] = ""
    filter: Flag | None = None
    levels: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, config=CONFIG)
class _Figure(Record):
    id: str = ""
    label: str = ""
    published: str = ""
    reproduced: str = ""
    source: str = ""
    verification: Literal["", "primary", "secondary", "derived"] = ""


@dataclass(frozen=True, config=CONFIG)
class _Conflict(Record):
    title: str = ""
    text: str = ""


@dataclass(frozen=True, config=CONFIG)
class _Calibrated(Record):
    endpoints: tuple[str, ...] = ()
    subgroups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    severe_events: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known_keys(self.subgroups, self.endpoints, "subgroups")
        for endpoint, levels in self.subgroups.items():
            for level in levels:
                if not all(level.partition(":")[::2]):
                    at = ("subgroups", endpoint, levels.index(level))
                    raise _allowed("COLUMN:level, such as SEX:F", *at)


@dataclass(frozen=True, config=CONFIG)
class _Dates(Record):
    partial: Annotated[Partial, _Lower] = "missing"
    order: Annotated[Order, _Lower] = ""
    epoch: Annotated[Epoch, _Lower] = ""
    pivot: Whole = ValueRules.pivot

    def __post_init__(self) -> None:
        if not 1800 <= self.pivot <= 2000:
            raise _allowed("a year from 1800 to 2000, such as 1950", "pivot")


@dataclass(frozen=True, config=CONFIG)
class _Numbers(Record):
    comma: Annotated[Comma, _Lower] = ""


@dataclass(frozen=True, config=CONFIG)
class States(Record):
    """Which endpoint, by its PARAMCD, tells that a state was entered; "none" for no such state."""

    progression: str = ""
    treatment: str = ""
    death: str = ""

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """(role, endpoint) of what was said."""
        return tuple((role, endpoint) for role, endpoint in vars(self).items() if endpoint)


def _note(value: Any) -> Any:
    if isinstance(value, dict):
        known_keys(value, ("text",))
        return value.get("text", "")
    return value


def _citation(value: dict[str, str]) -> dict[str, str]:
    known_keys(value, _CITATION)
    return value


if TYPE_CHECKING:
    Figures = tuple[Figure, ...]
    Conflicts = tuple[tuple[str, str], ...]
    Published = Calibrated
else:
    Figures = tuple[Annotated[_Figure, AfterValidator(lambda row: Figure(**vars(row)))], ...]
    Conflicts = tuple[Annotated[_Conflict, AfterValidator(lambda row: (row.title, row.text))], ...]
    Published = Annotated[
        _Calibrated,
        AfterValidator(lambda c: Calibrated(**vars(c) | {"subgroups": tuple(c.subgroups.items())})),
    ]


@dataclass(frozen=True, config=CONFIG)
class Meta(Record):
    """A checked ``study.toml``; every field may be empty."""

    source: Annotated[str, MADE] = "study.toml"
    id: Annotated[str, _ID] = ""
    title: str = ""
    short_title: str = ""
    kind: Literal["", Kind] = ""
    summary: str = ""
    design: str = ""
    data_cut: str = ""
    time_origin: str = ""
    kind_note: Annotated[str, BeforeValidator(_note)] = ""
    reference_arm: str = ""
    time_unit: Literal["", TimeUnit] = ""
    entry: _Upper = ""  # ADTTE's column of entry times, if it is not called ENTRY or ENTRYDT
    # Arms that differ only in case, spaces or Unicode form.
    arms_alike: Literal["", ArmsAlike] = ""
    citation: Annotated[dict[str, str], AfterValidator(_citation)] = field(default_factory=dict)
    arms: Annotated[tuple[ArmSpec, ...], unique("name")] = ()
    endpoints: Annotated[tuple[EndpointSpec, ...], unique("id")] = ()
    columns: tuple[ColumnSpec, ...] = ()
    figures: Figures = ()
    conflicts: Conflicts = ()
    stratification: Annotated[
        tuple[str, ...],
        AfterValidator(lambda names: tuple(dict.fromkeys(name.upper() for name in names))),
    ] = ()
    calibrated: Published = field(default_factory=Calibrated)
    states: States = field(default_factory=States)
    values: Annotated[ValueRules, MADE] = field(default_factory=ValueRules)
    dates: InitVar[_Dates | None] = None
    numbers: InitVar[_Numbers | None] = None

    def __post_init__(self, dates: _Dates | None, numbers: _Numbers | None) -> None:
        if dates is not None or numbers is not None:
            said = vars(dates or _Dates()) | vars(numbers or _Numbers())
            object.__setattr__(self, "values", ValueRules(**said))

    def column(self, name: str, *files: str) -> ColumnSpec | None:
        """The entry of a column in one of these files (ADSL's if none is named)."""
        for spec in self.columns:
            if spec.name == name and spec.file in (files or ("adsl",)):
                return spec
        return None


def read_meta(path: Path) -> Meta:
    """Read a ``study.toml``.

    Raises
    ------
    UserError : not TOML, or a key or value that cannot be used; names file and key
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as problem:
        raise UserError(f"{name} is not valid TOML: {problem}.", "Correct that line.") from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise UserError(f"{name} cannot be read: {problem}.", "Save it as UTF-8.") from problem
    return parse_meta(raw, name)


def parse_meta(raw: Mapping[str, Any], source: str = "study.toml") -> Meta:
    """Check the content of a ``study.toml``; ``source`` is its name in messages."""
    made = check(Meta, _plain(dict(raw)))
    if isinstance(made, Problem):
        raise refusal(raw, source, _as_toml(made))
    return changed(made, source=source)


def _plain(value: Any) -> Any:
    """Texts stripped, numbers as their digits, dates as texts; what is empty is left out."""
    if isinstance(value, dict):
        plain = {key: _plain(item) for key, item in value.items()}
        return {key: item for key, item in plain.items() if item != "" and item is not None}
    if isinstance(value, list):
        if len(value) > _MOST_ITEMS:
            raise UserError(
                f"study.toml has a list of {len(value):,} values.",
                f"At most {_MOST_ITEMS:,} are read.",
            )
        return [_plain(item) for item in value]
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        raise UserError(
            f"study.toml has a text of {len(value):,} characters: “{short(value)}”.",
            f"Shorten it to at most {_LONGEST_TEXT:,}.",
        )
    if hasattr(value, "isoformat"):  # TOML has dates of its own
        return value.isoformat()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Digits(value)
    return value.strip() if isinstance(value, str) else value


def _as_toml(problem: Problem) -> Problem:
    """What is wanted, as TOML has it."""
    key = ".".join(map(str, problem.path))
    if problem.kind == "tuple_type" and key in _TABLES:
        return replace(problem, hint=f"Write tables, each written [[{key}]].")
    if problem.kind in ("dict_type", "dataclass_type"):
        return replace(problem, hint=f"Write a table, written [{key}].")
    return problem
