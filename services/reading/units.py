"""The unit a parameter's times are in. Read, or proved, or asked for: never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from services import lists, names
from services.errors import few
from services.values.frames import by_appearance, coded

DAYS_PER = {"hours": 1 / 24, "days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}

UNITS = {
    spelling: unit
    for unit, text in lists.beside(__file__).items()
    for spelling in lists.words(text)
}

_IN_LABEL = re.compile(
    r"[(\[]\s*(?:in\s+)?(hours?|days?|weeks?|months?|years?)\s*[)\]]"
    r"|(?:,|;|-|:|\bin)\s+(hours?|days?|weeks?|months?|years?)\s*$",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\b(number|count|total|rate|score)\b", re.IGNORECASE)
_TIME = re.compile(r"\b(time|days|weeks|months|years) (to|from|until|since)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Unit:
    """Days per unit for each row (NaN: not a time), and how it is known.

    ``factor`` is ``None`` where the unit is unknown; ``apart`` says why a parameter is no time.
    """

    factor: Any = None
    source: str = ""
    apart: str = ""
    note: str = ""
    doubt: str = ""  # what of it looks wrong
    unlike: bool = False  # set apart although it claims to be a time: worth a warning


def spelling(unit: str) -> str:
    """A unit as ``UNITS`` spells it, if it does.

    >>> spelling("Day(s)"), spelling("mo.")
    ('DAYS', 'MO')
    """
    return unit.upper().replace("(S)", "S").strip(" .")


def label_unit(label: str) -> str:
    """The unit a parameter's label names, or "".

    >>> label_unit("Progression Free Survival (Months)"), label_unit("Time to Day 28 Response")
    ('months', '')
    """
    found = _IN_LABEL.search(label)
    return UNITS[(found.group(1) or found.group(2)).upper()] if found else ""


def strip_unit(label: str) -> str:
    """A label without the unit: times are shown in the reader's own.

    >>> strip_unit("Overall Survival (Days)")
    'Overall Survival'
    """
    return re.sub(r"\s+", " ", _IN_LABEL.sub(" ", label)).strip() or label


def find_unit(rows: pd.DataFrame, aval: Any, label: str, days: Any, time_unit: str) -> Unit:
    """The unit of one parameter.

    Parameters
    ----------
    rows : the parameter's records
    aval : their values
    label : PARAM
    days : whole days from start to analysis date, NaN where a date is missing; or ``None``
    time_unit : what ``study.toml`` says
    """
    avalu, texts = coded(rows, "AVALU", spelling)
    present, _ = by_appearance(avalu % len(texts), len(texts))
    given = list(dict.fromkeys(u for u in texts[present] if u))
    known = [u for u in given if u in UNITS]
    if given and not known:
        return Unit(
            apart=f"its unit is {few(given)}",
            unlike=not _COUNT.search(", ".join([*given, label])),
        )
    if known:
        factors = {u: DAYS_PER[UNITS[u]] for u in known}
        note = doubt = ""
        used = dict.fromkeys(UNITS[u] for u in known)
        if len(used) > 1:
            each = np.array([UNITS.get(u, "") for u in texts])[avalu]
            counts = ", ".join(f"{unit} in {int((each == unit).sum()):,}" for unit in used)
            doubt = f"units differ between records, each read in its own: {counts}."
        if len(known) == 1:
            factors[""] = factors[known[0]]
            blank = int((texts == "")[avalu].sum())
            had = names.count(blank, "record")
            note = f"{had} without AVALU assumed to be in {UNITS[known[0]]}." if blank else ""
        factor = (
            np.full(len(rows), factors[known[0]])
            if len(given) == 1
            else np.array([factors.get(u, np.nan) for u in texts])[avalu]
        )
        return Unit(factor, f"in {', '.join(used)} (AVALU)", note=note, doubt=doubt)
    unit = label_unit(label)
    if unit:
        return Unit(np.full(len(rows), DAYS_PER[unit]), f"in {unit} (label “{label}”)")
    proof = _from_dates(aval, days) if days is not None else None
    if proof:
        unit, why = proof
        note = f"No unit given: {unit}, since {why}."
        if time_unit and time_unit != unit:
            note += f" study.toml says {time_unit}, which the dates contradict."
        return Unit(np.full(len(rows), DAYS_PER[unit]), f"in {unit} (from dates)", note=note)
    if _COUNT.search(label) and not _TIME.search(label):
        return Unit(apart=f"“{label}” is not a time")
    if time_unit:
        factor = np.full(len(rows), DAYS_PER[time_unit])
        return Unit(factor, f"in {time_unit} (time_unit of study.toml)")
    return Unit()


def _from_dates(aval: Any, days: Any) -> tuple[str, str] | None:
    """The unit in which every record's value is the time between its dates."""
    both = np.isfinite(aval) & np.isfinite(days)
    n = int(both.sum())
    # A few dated records would prove little about the others.
    if n == 0 or 2 * n < int(np.isfinite(aval).sum()):
        return None
    value, span = aval[both], days[both]
    where = f"in all {n:,} records with both dates"
    for extra, words in ((1, "ADT - start + 1"), (0, "ADT - start")):
        if np.allclose(value, span + extra, rtol=0, atol=1e-6):
            return "days", f"AVAL = {words} {where}"
    # Longer units come rounded, often to one decimal; 2 units tell them from a constant.
    if value.max() < 2:
        return None
    for unit in ("weeks", "months", "years"):
        for extra in (1, 0):
            if np.allclose(value, (span + extra) / DAYS_PER[unit], rtol=1e-3, atol=0.051):
                return unit, f"AVAL is the time between ADT and its start in {unit} {where}"
    return None
