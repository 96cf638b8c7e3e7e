"""``study.toml``: what a study's tables do not say. Read, checked, typed.

Every key is optional but ``id`` and ``title``. An unknown key is an error: it is a typing mistake
more often than anything else, and ignoring it would change the study in silence.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from services.errors import UserError
from services.reading.rules import COMMAS, EPOCHS, ORDERS, PARTIAL, ValueRules
from services.study import Calibrated, Figure, Kind, Provenance

KINDS: tuple[str, ...] = get_args(Kind)
PROVENANCES: tuple[str, ...] = get_args(Provenance)
ROLES = ("experimental", "reference", "single")
ARMS_ALIKE = ("one", "apart")
TIME_UNITS = ("hours", "days", "weeks", "months", "years")
_ENDPOINT_TEXTS = ("id", "label", "short", "event", "type_column", "happened")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class ArmSpec:
    """An ``[[arms]]`` entry."""

    name: str
    role: str = ""
    regimen: str = ""
    color: str = ""


@dataclass(frozen=True)
class EndpointSpec:
    """An ``[[endpoints]]`` entry; ``id`` is the PARAMCD."""

    id: str
    label: str = ""
    short: str = ""
    event: str = ""
    landmarks: tuple[float, ...] = ()
    type_column: str = ""
    competing: tuple[tuple[float, str], ...] = ()  # CNSR value, what happened instead
    good: bool | None = None  # None: told by the endpoint's name
    happened: str = ""


@dataclass(frozen=True)
class ColumnSpec:
    """A ``[[columns]]`` entry."""

    name: str
    file: str = "adsl"
    label: str = ""
    unit: str = ""
    provenance: str = ""
    filter: bool | None = None
    levels: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Meta:
    """A checked ``study.toml``; every field may be empty."""

    source: str = "study.toml"
    id: str = ""
    title: str = ""
    short_title: str = ""
    kind: str = ""
    summary: str = ""
    design: str = ""
    data_cut: str = ""
    time_origin: str = ""
    kind_note: str = ""
    reference_arm: str = ""
    time_unit: str = ""
    arms_alike: str = ""  # arms that differ only in case, spaces or Unicode form: one, or apart
    citation: Mapping[str, str] = field(default_factory=dict)
    arms: tuple[ArmSpec, ...] = ()
    endpoints: tuple[EndpointSpec, ...] = ()
    columns: tuple[ColumnSpec, ...] = ()
    figures: tuple[Figure, ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()
    stratification: tuple[str, ...] = ()
    calibrated: Calibrated = field(default_factory=Calibrated)
    values: ValueRules = field(default_factory=ValueRules)

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
    check = _Checker(source)
    texts = (
        "id", "title", "short_title", "kind", "summary", "design", "data_cut", "reference_arm",
        "time_unit", "time_origin", "arms_alike",
    )  # fmt: skip
    tables = ("kind_note", "citation", "arms", "endpoints", "columns", "figures", "conflicts")
    check.keys(raw, (*texts, *tables, "calibrated", "stratification", "dates", "numbers"), "")
    values = {key: check.text(raw, key, "") for key in texts}
    check.choice(values["kind"], KINDS, "kind")
    check.choice(values["time_unit"], TIME_UNITS, "time_unit")
    check.choice(values["arms_alike"], ARMS_ALIKE, "arms_alike")
    if values["id"] and not _ID.fullmatch(values["id"]):
        raise check.bad("id", values["id"], "lower-case letters, digits, - and _")
    note = raw.get("kind_note", "")
    if isinstance(note, dict):
        check.keys(note, ("text",), "kind_note.")
        note = check.text(note, "text", "kind_note.")
    citation = check.table(raw, "citation", ("label", "journal", "doi", "pmid", "nct"))
    figures = check.rows(
        raw, "figures", ("id", "label", "published", "reproduced", "source", "verification")
    )
    conflicts = check.rows(raw, "conflicts", ("title", "text"))
    return Meta(
        source=source,
        kind_note=check.text({"kind_note": note}, "kind_note", ""),
        citation={k: check.text(citation, k, "citation.") for k in citation},
        arms=tuple(
            _arm(check, row, where)
            for where, row in check.rows(raw, "arms", ("name", "role", "regimen", "color"), "name")
        ),
        endpoints=tuple(
            _endpoint(check, row, where)
            for where, row in check.rows(
                raw,
                "endpoints",
                (*_ENDPOINT_TEXTS, "landmarks", "competing", "good"),
                "id",
            )
        ),
        columns=tuple(
            _column(check, row, where)
            for where, row in check.rows(
                raw,
                "columns",
                ("name", "file", "label", "unit", "provenance", "filter", "levels", "note"),
            )
        ),
        figures=tuple(
            Figure(**{k: check.text(row, k, where) for k in Figure.__dataclass_fields__})
            for where, row in figures
        ),
        conflicts=tuple(
            (check.text(row, "title", where), check.text(row, "text", where))
            for where, row in conflicts
        ),
        stratification=_stratification(check, raw),
        calibrated=_calibrated(check, raw),
        values=_values(check, raw),
        **values,
    )


def _values(check: _Checker, raw: Mapping[str, Any]) -> ValueRules:
    dates = check.table(raw, "dates", ("partial", "order", "epoch", "pivot"))
    said = {k: check.text(dates, k, "dates.").lower() for k in ("partial", "order", "epoch")}
    said["comma"] = check.text(check.table(raw, "numbers", ("comma",)), "comma", "numbers.").lower()
    for key, allowed in (
        ("partial", PARTIAL), ("order", ORDERS), ("epoch", EPOCHS), ("comma", COMMAS),
    ):  # fmt: skip
        where = "numbers." if key == "comma" else "dates."
        check.choice(said[key], allowed, where + key)
    pivot = dates.get("pivot", ValueRules.pivot)
    if not isinstance(pivot, int) or not 1800 <= pivot <= 2000:
        raise check.bad("dates.pivot", pivot, "a year from 1800 to 2000, such as 1950")
    return ValueRules(pivot=pivot, **{k: v for k, v in said.items() if v})  # type: ignore[arg-type]


def _stratification(check: _Checker, raw: Mapping[str, Any]) -> tuple[str, ...]:
    names = raw.get("stratification", [])
    if not isinstance(names, list) or not all(isinstance(n, str) and n for n in names):
        raise check.bad("stratification", names, 'a list of columns, such as ["STRATA1"]')
    return tuple(dict.fromkeys(name.upper() for name in names))


def _calibrated(check: _Checker, raw: Mapping[str, Any]) -> Calibrated:
    """``[calibrated]``: what is published, in lists; ``subgroups`` by endpoint."""
    lists = ("endpoints", "types", "severe_events")
    table = check.table(raw, "calibrated", (*lists, "subgroups"))
    found = {key: check.texts(table, key, "calibrated.") for key in lists}
    groups = check.table(table, "subgroups", tuple(found["endpoints"]), "calibrated.")
    levels = [(e, check.texts(groups, e, "calibrated.subgroups.")) for e in groups]
    for endpoint, names in levels:
        if wrong := [name for name in names if not all(name.partition(":")[::2])]:
            raise check.bad(
                f"calibrated.subgroups.{endpoint}", wrong[0], "COLUMN:level, such as SEX:F"
            )
    return Calibrated(subgroups=tuple(levels), **found)


def _arm(check: _Checker, row: Mapping[str, Any], where: str) -> ArmSpec:
    arm = ArmSpec(**{k: check.text(row, k, where) for k in ("name", "role", "regimen", "color")})
    check.needed(arm.name, where + "name")
    check.choice(arm.role, ROLES, where + "role")
    if arm.color and not _COLOR.fullmatch(arm.color):
        raise check.bad(where + "color", arm.color, 'a colour such as "#0072B2"')
    return arm


def _endpoint(check: _Checker, row: Mapping[str, Any], where: str) -> EndpointSpec:
    texts = {k: check.text(row, k, where) for k in _ENDPOINT_TEXTS}
    check.needed(texts["id"], where + "id")
    landmarks = row.get("landmarks", [])
    if not isinstance(landmarks, list) or not all(
        isinstance(t, (int, float)) and not isinstance(t, bool) and t >= 0 for t in landmarks
    ):
        raise check.bad(where + "landmarks", landmarks, "a list of months, such as [12, 24, 36]")
    texts["type_column"] = texts["type_column"].upper()
    competing = row.get("competing", {})
    if not isinstance(competing, dict) or not all(
        key.isdigit() and key != "0" and isinstance(name, str) for key, name in competing.items()
    ):
        raise check.bad(
            where + "competing", competing, 'CNSR values and their event, such as {2 = "Death"}'
        )
    good = row.get("good")
    if good is not None and not isinstance(good, bool):
        raise check.bad(where + "good", good, "true or false: is the event good for the patient?")
    return EndpointSpec(
        good=good,
        landmarks=tuple(sorted(map(float, landmarks))),
        competing=tuple((float(key), name) for key, name in competing.items()),
        **texts,
    )


def _column(check: _Checker, row: Mapping[str, Any], where: str) -> ColumnSpec:
    texts = {
        k: check.text(row, k, where)
        for k in ("name", "file", "label", "unit", "provenance", "note")
    }
    check.needed(texts["name"], where + "name")
    check.choice(texts["provenance"], PROVENANCES, where + "provenance")
    texts["name"] = texts["name"].upper()
    # "adsl.csv" and "ADSL" are the same file.
    texts["file"] = (texts["file"] or "adsl").lower().split(".")[0]
    check.choice(texts["file"], ("adsl", "adtte", "adae"), where + "file")
    wanted = row.get("filter")
    if wanted is not None and not isinstance(wanted, bool):
        raise check.bad(where + "filter", wanted, "true or false")
    levels = row.get("levels", [])
    if not isinstance(levels, list) or not all(isinstance(v, (str, int, float)) for v in levels):
        raise check.bad(where + "levels", levels, 'a list of texts, such as ["Low", "High"]')
    return ColumnSpec(filter=wanted, levels=tuple(map(str, levels)), **texts)


@dataclass(frozen=True)
class _Checker:
    source: str

    def bad(self, key: str, value: object, allowed: str) -> UserError:
        return UserError(
            f"{self.source}: {key} = {value!r} cannot be used.", f"Allowed: {allowed}."
        )

    def keys(self, raw: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
        for key in raw:
            if key not in allowed:
                close = difflib.get_close_matches(key, allowed, 1)
                raise UserError(
                    f"{self.source}: unknown key {where}{key}.",
                    f"Did you mean {close[0]}?" if close else f"Known: {', '.join(allowed)}.",
                )

    def text(self, raw: Mapping[str, Any], key: str, where: str) -> str:
        value = raw.get(key, "")
        if hasattr(value, "isoformat"):  # TOML has dates of its own
            value = value.isoformat()
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise self.bad(where + key, value, "a text")
        return value.strip()

    def choice(self, value: str, allowed: tuple[str, ...], key: str) -> None:
        if value and value not in allowed:
            raise self.bad(key, value, ", ".join(allowed))

    def needed(self, value: str, key: str) -> None:
        if not value:
            raise UserError(f"{self.source}: {key} is missing.", "Add it.")

    def texts(self, raw: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.bad(where + key, value, 'a list of texts, such as ["PFS"]')
        return tuple(value)

    def table(
        self, raw: Mapping[str, Any], key: str, allowed: tuple[str, ...], where: str = ""
    ) -> dict[str, Any]:
        value = raw.get(key, {})
        if not isinstance(value, dict):
            raise self.bad(where + key, value, f"a table, written [{where}{key}]")
        self.keys(value, allowed, f"{where}{key}.")
        return value

    def rows(
        self, raw: Mapping[str, Any], key: str, allowed: tuple[str, ...], unique: str = ""
    ) -> list[tuple[str, dict[str, Any]]]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.bad(key, value, f"tables, each written [[{key}]]")
        found = []
        seen: set[object] = set()
        for i, row in enumerate(value, 1):
            where = f"{key}[{i}]."
            self.keys(row, allowed, where)
            if unique and str(row.get(unique)) in seen:
                raise UserError(
                    f"{self.source}: {key} names {row[unique]!r} twice.", "Remove one of them."
                )
            seen.add(str(row.get(unique)))
            found.append((where, row))
        return found
