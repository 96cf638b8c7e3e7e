"""``View``: everything a page shows, and its one codec to and from a URL query.

Defaults are left out of the query and unknown keys are ignored, so that old links keep working. A
bad value is a ``UserError`` that names key, value and what is allowed. What a value means for a
certain study (does the column exist?) is checked where the study is at hand (``pages.defaults``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, quote

from services.errors import UserError
from services.numbers import format_number
from services.units import DAYS_PER_UNIT
from services.views import parse
from services.views.parse import FieldError, join_list, split_list


def from_months(months: float, unit: str) -> float:
    """A usual time in another unit: the same, but whole weeks, as people speak of them.

    >>> from_months(36, "weeks"), from_months(12, "days"), from_months(18, "years")
    (156.0, 365.25, 1.5)
    """
    value = months * DAYS_PER_UNIT["months"] / DAYS_PER_UNIT[unit]
    if unit == "weeks" and value >= 1:
        return float(math.floor(value))
    return float(f"{value:.6g}")


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
    unit : "days", "weeks", "months" or "years"
    at : landmark times in ``unit``; tau : horizon of restricted means in ``unit``
    strata, by : columns
    filters : (column, values) pairs sorted by column; "" is a missing value, "50..65" a range
    scale : "survival", "incidence", "hazard" or "log-log"
    hide : layers of the chart left out; empty: the default for so many arms; ``NOTHING``: none
    facet : column to draw small multiples by
    plot : "curves", "types" (of event), "hazards" (over time) or "means" (over time); empty: the
        cumulative incidence ("types") of an endpoint with competing events, else "curves"
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
    plot: str = ""
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

    @property
    def query(self) -> str:
        """The view as an address has it, "?" included; "" for the default one."""
        return encode(self)

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of the chart that are drawn."""
        return tuple(layer for layer in LAYERS if layer not in self.hide)

    def with_filters(self, filters: Mapping[str, Sequence[str]]) -> View:
        """The same view with these filters; columns without values are dropped."""
        kept = tuple(
            (column, tuple(values)) for column, values in sorted(filters.items()) if len(values)
        )
        return replace(self, filters=kept)


@dataclass(frozen=True)
class _Field:
    parse: Callable[[str, str], Any]
    format: Callable[[Any], str]


_FIELDS: dict[str, _Field] = {
    "endpoint": _Field(parse.text, str),
    "arms": _Field(parse.items, join_list),
    "ci": _Field(parse.one_of(CI_TYPES), str),
    "level": _Field(parse.level, format_number),
    "unit": _Field(parse.one_of(tuple(DAYS_PER_UNIT)), str),
    "at": _Field(parse.times, parse.join_times),
    "tau": _Field(parse.positive, format_number),
    "strata": _Field(parse.items, join_list),
    "by": _Field(parse.items, join_list),
    "scale": _Field(parse.one_of(SCALES), str),
    "hide": _Field(parse.some_of(LAYERS, NOTHING), join_list),
    "facet": _Field(parse.text, str),
    "plot": _Field(parse.one_of(PLOTS), str),
    "ticks": _Field(parse.positive, format_number),
    "xmax": _Field(parse.positive, format_number),
    "cut": _Field(parse.cuts, join_list),
    "min_events": _Field(parse.count, str),
    "diff": _Field(parse.positive, format_number),
    "per_arm": _Field(parse.one_of(PER_ARM), str),
    "sort": _Field(parse.one_of(SORTS), str),
    "fold": _Field(parse.items, join_list),
    "row": _Field(parse.text, str),
    "models": _Field(parse.items, join_list),
    "of": _Field(parse.text, str),
    "section": _Field(parse.one_of(SECTIONS), str),
    "versus": _Field(parse.text, str),
    "emergent": _Field(parse.one_of(EMERGENT), str),
    "grade": _Field(parse.one_of(GRADES), str),
    "only": _Field(parse.some_of(ONLY), join_list),
    "effect": _Field(parse.one_of(EFFECTS), str),
    "order": _Field(parse.one_of(ORDERS), str),
    "least": _Field(parse.percent, format_number),
    "q": _Field(parse.text, str),
    "open": _Field(parse.items, join_list),
    "term": _Field(parse.text, str),
    "timeplot": _Field(parse.one_of(TIME_PLOTS), str),
    "page": _Field(parse.page, str),
    "id": _Field(parse.text, str),
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
    view, problems, _ = decode_each(query)
    if problems:
        raise problems[0]
    return view


def decode_each(query: str) -> tuple[View, tuple[FieldError, ...], tuple[str, ...]]:
    """The view of what can be used in a query, what is wrong with the rest, and unknown keys.

    Raises
    ------
    UserError : the query is too long

    >>> view, problems, unknown = decode_each("?at=abc&endpoint=OS&endpiont=PFS")
    >>> view.endpoint, problems[0].key, unknown
    ('OS', 'at', ('endpiont',))
    """
    values: dict[str, Any] = {}
    filters: dict[str, list[str]] = {}
    problems: dict[str, FieldError] = {}
    unknown: list[str] = []
    spelled: dict[str, str] = {}
    for key, text in query_pairs(query, 1000):
        if key.startswith("f."):
            chosen = filters.setdefault(key[2:], [])
            if text not in chosen:
                chosen.append(text)
        elif key in _FIELDS:
            problems.pop(key, None)
            try:
                values[key] = _FIELDS[key].parse(key, text) if text else _DEFAULTS[key]
            except FieldError as problem:
                values.pop(key, None)
                problems[key] = problem
            if key == "cut":
                spelled = {cut: parse.same_cut(cut) for cut in split_list(text)}
        elif key not in unknown:
            unknown.append(key)
    view = View(**values).with_filters(filters)
    respelled = {old: new for old, new in spelled.items() if old != new}
    return _renamed(view, respelled), tuple(problems.values()), tuple(unknown)


def query_pairs(query: str, most: int) -> list[tuple[str, str]]:
    """Keys and values of a query (with or without its "?"), in their order.

    Raises
    ------
    UserError : there are more than ``most``
    """
    try:
        return parse_qsl(query.lstrip("?"), keep_blank_values=True, max_num_fields=most)
    except ValueError as problem:
        raise UserError("The address is too long.", f"Use fewer than {most} values.") from problem


def _renamed(view: View, names: Mapping[str, str]) -> View:
    """The view with columns called as in ``names``: a cut's points may be written in any order."""
    if not names:
        return view

    def new(columns: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names.get(c, c) for c in columns))

    row = next((r for r in names if view.row.startswith(f"{r}:")), None)
    return replace(
        view.with_filters({names.get(c, c): chosen for c, chosen in view.filters}),
        by=new(view.by),
        strata=new(view.strata),
        fold=new(view.fold),
        facet=names.get(view.facet, view.facet),
        row=names[row] + view.row[len(row) :] if row else view.row,
    )


def write_field(view: View, name: str) -> str:
    """One field of a view as an address has it.

    >>> write_field(View(at=(12.0, 24.0)), "at")
    '12,24'
    """
    return _FIELDS[name].format(getattr(view, name))


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
