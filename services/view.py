"""``View``: everything a page shows, and its one codec to and from a URL query.

Defaults are left out of the query and unknown keys are ignored, so that old links keep working. A
bad value is a ``UserError`` that names key, value and what is allowed. What a value means for a
certain study (does the column exist?) is checked where the study is at hand, in ``analysis``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, quote

from services.errors import UserError

DAYS_PER_UNIT = {"days": 1.0, "months": 30.4375, "years": 365.25}
CiType = Literal["log-log", "log", "plain"]
CI_TYPES: tuple[CiType, ...] = ("log-log", "log", "plain")
SCALES = ("survival", "incidence", "hazard", "log-log")
PLOTS = ("curves", "types", "hazards", "means")
LAYERS = ("bands", "censors", "medians", "landmarks")
NOTHING = ("none",)
SORTS = ("given", "name", "interaction", "spread")
PER_ARM = ("median", "landmark")
SECTIONS = ("terms", "grades", "time", "events")
EMERGENT = ("yes", "no")
GRADES = ("any", "severe")
ONLY = ("serious", "related")
EFFECTS = ("difference", "ratio", "odds")
ORDERS = ("frequency", "difference", "name")
TIME_PLOTS = ("first", "prevalence")

Filters = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class View:
    """Everything a page shows. Empty means the study's default.

    Attributes
    ----------
    endpoint : PARAMCD
    arms : names, the first is the reference
    ci : "log-log", "log" or "plain"; level : of the intervals, between 0.5 and 0.999
    unit : "days", "months" or "years"
    at : landmark times in ``unit``; tau : horizon of restricted means in ``unit``
    strata, by : columns
    filters : (column, values) pairs sorted by column; "" is a missing value, "50..65" a range
    scale : "survival", "incidence", "hazard" or "log-log"
    hide : layers of the chart left out; empty: the default for so many arms; ``NOTHING``: none
    facet : column to draw small multiples by
    plot : "curves", "types" (of event), "hazards" (over time) or "means" (over time)
    ticks : spacing of the time axis in ``unit``; xmax : where it ends
    cut : groups cut from numbers, "AGE:60/70" at chosen points, "MPROT:q4" at quantiles
    min_events : fewer events than this in a subgroup give no hazard ratio
    diff : time of the absolute difference beside each subgroup, in ``unit``
    per_arm : "median" or "landmark" (survival at ``diff``) beside each subgroup
    sort : order of the variables: "given", "name", "interaction" (p) or "spread" (of ratios)
    fold : variables whose levels are folded away
    row : the subgroup whose curves are open, "SEX:F"
    models : ids of the two risk models compared; of : arm whose curves by level are drawn
    section : part of the safety page: "terms", "grades", "time" or "events" (a listing)
    versus : arm whose adverse events are compared with the reference
    emergent : "yes" counts treatment-emergent adverse events, "no" all
    grade : "any", or "severe" for grade 3 and higher; only : "serious", "related" or both
    effect : "difference" (of risks), "ratio" or "odds"
    order : of the terms: "frequency", "difference" or "name"
    least : percent of an arm with a term below which it is left out; q : text searched for
    open : classes whose terms are shown, "*" for all
    term : class or term looked at; timeplot : "first" event or "prevalence"
    page : of the listing, from 1; id : the patient shown
    """

    endpoint: str = ""
    arms: tuple[str, ...] = ()
    ci: CiType = "log-log"
    level: float = 0.95
    unit: str = "months"
    at: tuple[float, ...] = ()
    tau: float | None = None
    strata: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    filters: Filters = ()
    scale: str = "survival"
    hide: tuple[str, ...] = ()
    facet: str = ""
    plot: str = "curves"
    ticks: float | None = None
    xmax: float | None = None
    cut: tuple[str, ...] = ()
    min_events: int = 5
    diff: float | None = None
    per_arm: str = "median"
    sort: str = "given"
    fold: tuple[str, ...] = ()
    row: str = ""
    models: tuple[str, ...] = ()
    of: str = ""
    section: str = "terms"
    versus: str = ""
    emergent: str = "yes"
    grade: str = "any"
    only: tuple[str, ...] = ()
    effect: str = "difference"
    order: str = "frequency"
    least: float = 0.0
    q: str = ""
    open: tuple[str, ...] = ()
    term: str = ""
    timeplot: str = "first"
    page: int = 1
    id: str = ""

    def with_filters(self, filters: Mapping[str, Sequence[str]]) -> View:
        """The same view with these filters; columns without values are dropped."""
        kept = tuple(
            (column, tuple(values)) for column, values in sorted(filters.items()) if len(values)
        )
        return replace(self, filters=kept)


def _bad(key: str, value: str, allowed: str) -> UserError:
    return UserError(f"“{key}={value}” cannot be used.", f"Allowed: {allowed}.")


def _number(key: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _bad(key, text, "a number")
    return number


def _positive(key: str, text: str) -> float:
    number = _number(key, text)
    if number <= 0:
        raise _bad(key, text, "a number above 0")
    return number


def _times(key: str, text: str) -> tuple[float, ...]:
    times = tuple(sorted({_number(key, part) for part in text.split(",") if part.strip()}))
    if any(t < 0 for t in times):
        raise _bad(key, text, "times of 0 or more, separated by commas")
    if len(times) > 12:
        raise _bad(key, text, "at most 12 times")
    return times


def _level(key: str, text: str) -> float:
    level = _number(key, text)
    if not 0.5 <= level <= 0.999:
        raise _bad(key, text, "a confidence level from 0.5 to 0.999")
    return level


def _one_of(allowed: Sequence[str]) -> Callable[[str, str], str]:
    def parse(key: str, text: str) -> str:
        if text not in allowed:
            raise _bad(key, text, ", ".join(allowed))
        return text

    return parse


def split_list(text: str) -> tuple[str, ...]:
    r"""Split at commas; ``\,`` is a comma inside an item and ``\\`` a backslash.

    >>> split_list(r"A,B\, 5 mg")
    ('A', 'B, 5 mg')
    """
    items, current, escaped = [], "", False
    for character in text:
        if escaped:
            current, escaped = current + character, False
        elif character == "\\":
            escaped = True
        elif character == ",":
            items.append(current)
            current = ""
        else:
            current += character
    items.append(current)
    return tuple(item for item in items if item)


def join_list(items: Iterable[str]) -> str:
    """The inverse of ``split_list``."""
    return ",".join(item.replace("\\", "\\\\").replace(",", "\\,") for item in items)


def format_number(number: float) -> str:
    """Shortest text that reads back as the same number.

    >>> format_number(36.0), format_number(0.95)
    ('36', '0.95')
    """
    text = repr(float(number))
    return text[:-2] if text.endswith(".0") else text


def _text(key: str, text: str) -> str:
    return text


def _list(key: str, text: str) -> tuple[str, ...]:
    return split_list(text)


def _layers(key: str, text: str) -> tuple[str, ...]:
    chosen = split_list(text)
    for layer in chosen:
        if layer not in (*LAYERS, *NOTHING):
            raise _bad(key, layer, ", ".join((*LAYERS, *NOTHING)))
    return tuple(layer for layer in LAYERS if layer in chosen) or (NOTHING if chosen else ())


_CUT = re.compile(r"[^:,]+:(q([2-9]|10)|-?\d+(\.\d+)?(/-?\d+(\.\d+)?){0,5})")


def _cuts(key: str, text: str) -> tuple[str, ...]:
    cuts = tuple(dict.fromkeys(split_list(text)))
    for cut in cuts:
        if not _CUT.fullmatch(cut):
            raise _bad(key, cut, "a column with cut points, AGE:60/70, or quantiles, AGE:q2 to q10")
    if len(cuts) > 12:
        raise _bad(key, text, "at most 12 cuts")
    return cuts


def _count(key: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise _bad(key, text, "a whole number from 0 to 9999")
    return int(text)


def _page(key: str, text: str) -> int:
    number = _count(key, text)
    if number < 1:
        raise _bad(key, text, "a page from 1")
    return number


def _percent(key: str, text: str) -> float:
    number = _number(key, text)
    if not 0 <= number <= 100:
        raise _bad(key, text, "percent from 0 to 100")
    return number


def _only(key: str, text: str) -> tuple[str, ...]:
    chosen = split_list(text)
    for item in chosen:
        if item not in ONLY:
            raise _bad(key, item, ", ".join(ONLY))
    return tuple(item for item in ONLY if item in chosen)


def _format_times(times: tuple[float, ...]) -> str:
    return ",".join(format_number(t) for t in times)


@dataclass(frozen=True)
class _Field:
    parse: Callable[[str, str], Any]
    format: Callable[[Any], str]


_FIELDS: dict[str, _Field] = {
    "endpoint": _Field(_text, str),
    "arms": _Field(_list, join_list),
    "ci": _Field(_one_of(CI_TYPES), str),
    "level": _Field(_level, format_number),
    "unit": _Field(_one_of(tuple(DAYS_PER_UNIT)), str),
    "at": _Field(_times, _format_times),
    "tau": _Field(_positive, format_number),
    "strata": _Field(_list, join_list),
    "by": _Field(_list, join_list),
    "scale": _Field(_one_of(SCALES), str),
    "hide": _Field(_layers, join_list),
    "facet": _Field(_text, str),
    "plot": _Field(_one_of(PLOTS), str),
    "ticks": _Field(_positive, format_number),
    "xmax": _Field(_positive, format_number),
    "cut": _Field(_cuts, join_list),
    "min_events": _Field(_count, str),
    "diff": _Field(_positive, format_number),
    "per_arm": _Field(_one_of(PER_ARM), str),
    "sort": _Field(_one_of(SORTS), str),
    "fold": _Field(_list, join_list),
    "row": _Field(_text, str),
    "models": _Field(_list, join_list),
    "of": _Field(_text, str),
    "section": _Field(_one_of(SECTIONS), str),
    "versus": _Field(_text, str),
    "emergent": _Field(_one_of(EMERGENT), str),
    "grade": _Field(_one_of(GRADES), str),
    "only": _Field(_only, join_list),
    "effect": _Field(_one_of(EFFECTS), str),
    "order": _Field(_one_of(ORDERS), str),
    "least": _Field(_percent, format_number),
    "q": _Field(_text, str),
    "open": _Field(_list, join_list),
    "term": _Field(_text, str),
    "timeplot": _Field(_one_of(TIME_PLOTS), str),
    "page": _Field(_page, str),
    "id": _Field(_text, str),
}
_DEFAULTS = {f.name: f.default for f in fields(View)}


def read_field(name: str, text: str) -> Any:
    """One field of a view as typed by a person, checked as in an address.

    >>> read_field("at", "12, 24")
    (12.0, 24.0)
    """
    return _FIELDS[name].parse(name, text) if text.strip() else _DEFAULTS[name]


def decode(query: str) -> View:
    """Read a URL query (with or without its "?").

    Raises
    ------
    UserError : a value that cannot be used

    >>> decode("?endpoint=OS&f.SEX=F&f.SEX=M").filters
    (('SEX', ('F', 'M')),)
    """
    values: dict[str, Any] = {}
    filters: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True, max_num_fields=1000)
    except ValueError as problem:
        raise UserError("The address is too long.", "Use fewer than 1000 values.") from problem
    for key, text in pairs:
        if key.startswith("f."):
            chosen = filters.setdefault(key[2:], [])
            if text not in chosen:
                chosen.append(text)
        elif key in _FIELDS:
            values[key] = _FIELDS[key].parse(key, text) if text else _DEFAULTS[key]
    return View(**values).with_filters(filters)


def readable(query: str) -> View:
    """As ``decode``, and the default view where the query cannot be used.

    For changes made on a page whose address is wrong: the next click must lead out of it.
    """
    try:
        return decode(query)
    except UserError:
        return View()


def says(query: str, view: View) -> bool:
    """Whether an address says this view, in whatever words.

    >>> says("?unit=months&endpoint=OS", View(endpoint="OS")), says("?ci=x", View())
    (True, False)
    """
    try:
        return decode(query) == view
    except UserError:
        return False


def encode(view: View) -> str:
    """The query of a view: "" for the default one, else "?..." in a fixed order.

    >>> encode(View(endpoint="OS", at=(12.0, 24.0)))
    '?endpoint=OS&at=12,24'
    """
    parts = [
        f"{name}={quote(field.format(getattr(view, name)), safe=',: ').replace(' ', '+')}"
        for name, field in _FIELDS.items()
        if getattr(view, name) != _DEFAULTS[name]
    ]
    for column, chosen in view.filters:
        key = quote("f." + column, safe="")
        parts += [f"{key}={quote(v, safe=': ').replace(' ', '+')}" for v in chosen]
    return "?" + "&".join(parts) if parts else ""
