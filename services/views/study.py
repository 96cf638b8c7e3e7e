"""``View``: everything a page of a study shows, to and from a URL query.

What a value means for a certain study (does the column exist?) is checked where the study is at
hand (``pages.defaults``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote

from services import names
from services.numbers import format_number
from services.replaced import replace
from services.units import DAYS_PER_UNIT, convert
from services.views import parse
from services.views.codec import (
    ITEMS,
    POSITIVE,
    TEXT,
    Codec,
    WithFigure,
    between,
    codecs,
    defaults,
    one_of,
    query_pairs,
    read_pairs,
    some_of,
    written,
)
from services.views.parse import FieldError, split_list


def from_months(months: float, unit: str) -> float:
    """A usual time in another unit: the same, but whole weeks, as people speak of them.

    >>> from_months(36, "weeks"), from_months(12, "days"), from_months(18, "years")
    (156.0, 365.25, 1.5)
    """
    value = float(f"{convert(months, 'months', unit):.6g}")
    return float(math.floor(value)) if unit == "weeks" and value >= 1 else value


CiType = Literal["log-log", "log", "plain"]
CI_TYPES: tuple[CiType, ...] = ("log-log", "log", "plain")
SCALES = ("survival", "incidence", "hazard", "log-log")
PLOTS = ("curves", "types", "hazards", "means", "adjusted")
LAYERS = ("bands", "censors", "medians", "landmarks")
NOTHING = ("none",)
SORTS = ("given", "name", "interaction", "spread")
PER_ARM = ("median", "landmark")
SHRINK = ("no", "yes")
WAIT = ("no", "yes")
ASKS_TO_WAIT = "wait"  # of a UserError: the key with which it is computed all the same
SECTIONS = ("terms", "grades", "time", "events")
EMERGENT = ("yes", "no")
GRADES = ("any", "severe")
ONLY = ("serious", "related")
EFFECTS = ("difference", "ratio", "odds")
ORDERS = ("frequency", "difference", "name")
TIME_PLOTS = ("first", "prevalence")
DPI = ("300", "600")
HEADS = ("title", "subtitle")
INSIDE = ("hr", "p")
ROWS = ("risk", "events", "censored")
Y_NUMBERS = ("percent", "fraction")
PALETTES = ("color", "gray")
SPAN = Codec(parse.span, lambda ends: "..".join(map(format_number, ends)))
TIMES = ("tau", "split", "xmax", "diff", "landmark")
WHAT_IF = ("count", "ice", "landmark", "known")
STATE_PLOTS = ("areas", "lines")
TREATMENT = "TREATMENT_ARM"  # the study's arm, where a landmark's groups stand in its place

Pairs = tuple[tuple[str, str], ...]
Filters = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class View(WithFigure):
    """Everything a page shows. Empty means the study's default.

    Attributes
    ----------
    endpoint : PARAMCD
    arms : names, the first is the reference
    ci : "log-log", "log" or "plain"; level : of the intervals, between 0.5 and 0.999
    unit : "days", "weeks", "months" or "years"
    at : landmark times in ``unit``; tau : horizon of restricted means in ``unit``
    strata, by : columns; adjust : columns of baseline factors that a Cox model has beside the arm
    filters : (column, values) pairs sorted by column; "" is a missing value, "50..65" a range
    scale : "survival", "incidence", "hazard" or "log-log"
    hide : layers of the chart left out; empty: the default for so many arms; ``NOTHING``: none
    facet : column to draw small multiples by
    plot : "curves", "types" (of event), "hazards" or "means" (over time), "adjusted"; empty: the
        cumulative incidence ("types") of an endpoint with competing events, else "curves"
    split : time in ``unit`` before and after which the hazard ratio is given
    ticks : spacing of the time axis in ``unit``; xmax : where it ends
    cut : groups cut from numbers, "AGE:60/70" at chosen points, "MPROT:q4" at quantiles
    min_events : fewer events than this in a subgroup give no hazard ratio
    diff : time of the absolute difference beside each subgroup, in ``unit``
    per_arm : "median" or "landmark" (survival at ``diff``) beside each subgroup
    shrink : "yes" draws each subgroup's effect toward those of the other levels, beside its own
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
    fig_... : of the figure's file alone, which is drawn as on the screen otherwise:
    fig_size : "slide", "column", "double", "a4", or millimeters; fig_dpi : dots an inch of a PNG
    fig_font : size of the axes' numbers in points
    fig_hide : "title" or "subtitle"; fig_inside : "hr" or "p", written into the plot
    fig_rows : lines of the table under the curves, ``NOTHING`` for none
    fig_y : shares in "percent" or as a "fraction"; fig_range : of the vertical axis, in percent
    fig_palette : "color" or "gray"
    fig_names, fig_colors : (arm, name or RRGGBB) pairs; fig_order : arms, the first on top
    stateplot : of the states: stacked "areas" per arm, or "lines" per state with intervals
    count : reasons for censoring (CNSDTDSC, or the value of CNSR) that count as the event
    ice : what is done at another time, "FLT:censor": "ignore", "censor" there, or "event" then
    landmark : time in ``unit`` from which the clock runs, among those still without the event
    known : what had happened by the landmark, in place of the arms: a parameter or a date of the
        subjects, "BOR@RSPDT" for the levels of a column that were known at a date
    wait : "yes" has an answer computed that takes long
    """

    endpoint: Annotated[str, TEXT] = ""
    arms: Annotated[tuple[str, ...], ITEMS] = ()
    ci: Annotated[CiType, one_of(CI_TYPES)] = "log-log"
    level: Annotated[float, Codec(parse.level, format_number)] = 0.95
    unit: Annotated[str, one_of(tuple(DAYS_PER_UNIT))] = "months"
    at: Annotated[tuple[float, ...], Codec(parse.times, parse.join_times)] = ()
    tau: Annotated[float | None, POSITIVE] = None
    strata: Annotated[tuple[str, ...], ITEMS] = ()
    by: Annotated[tuple[str, ...], ITEMS] = ()
    adjust: Annotated[tuple[str, ...], ITEMS] = ()
    filters: Filters = ()
    scale: Annotated[str, one_of(SCALES)] = "survival"
    hide: Annotated[tuple[str, ...], some_of(LAYERS, NOTHING)] = ()
    facet: Annotated[str, TEXT] = ""
    plot: Annotated[str, one_of(PLOTS)] = ""
    split: Annotated[float | None, POSITIVE] = None
    ticks: Annotated[float | None, POSITIVE] = None
    xmax: Annotated[float | None, POSITIVE] = None
    cut: Annotated[tuple[str, ...], Codec(parse.cuts, parse.join_list)] = ()
    min_events: Annotated[int, Codec(parse.count)] = 5
    diff: Annotated[float | None, POSITIVE] = None
    per_arm: Annotated[str, one_of(PER_ARM)] = "median"
    shrink: Annotated[str, one_of(SHRINK)] = "no"
    sort: Annotated[str, one_of(SORTS)] = "given"
    fold: Annotated[tuple[str, ...], ITEMS] = ()
    row: Annotated[str, TEXT] = ""
    models: Annotated[tuple[str, ...], ITEMS] = ()
    of: Annotated[str, TEXT] = ""
    section: Annotated[str, one_of(SECTIONS)] = "terms"
    versus: Annotated[str, TEXT] = ""
    emergent: Annotated[str, one_of(EMERGENT)] = "yes"
    grade: Annotated[str, one_of(GRADES)] = "any"
    only: Annotated[tuple[str, ...], some_of(ONLY)] = ()
    effect: Annotated[str, one_of(EFFECTS)] = "difference"
    order: Annotated[str, one_of(ORDERS)] = "frequency"
    least: Annotated[float, Codec(parse.percent, format_number)] = 0.0
    q: Annotated[str, TEXT] = ""
    open: Annotated[tuple[str, ...], ITEMS] = ()
    term: Annotated[str, TEXT] = ""
    timeplot: Annotated[str, one_of(TIME_PLOTS)] = "first"
    page: Annotated[int, Codec(parse.page)] = 1
    id: Annotated[str, TEXT] = ""
    fig_size: Annotated[str, Codec(parse.figure_size)] = ""
    fig_dpi: Annotated[str, one_of(DPI)] = ""
    fig_font: Annotated[float | None, between(8, 24)] = None
    fig_hide: Annotated[tuple[str, ...], some_of(HEADS)] = ()
    fig_inside: Annotated[tuple[str, ...], some_of(INSIDE)] = ()
    fig_rows: Annotated[tuple[str, ...], some_of(ROWS, NOTHING)] = ()
    fig_y: Annotated[str, one_of(Y_NUMBERS)] = "percent"
    fig_range: Annotated[tuple[float, float] | None, SPAN] = None
    fig_palette: Annotated[str, one_of(PALETTES)] = "color"
    fig_names: Annotated[Pairs, Codec(parse.pairs, parse.join_pairs)] = ()
    fig_colors: Annotated[Pairs, Codec(parse.colors, parse.join_pairs)] = ()
    fig_order: Annotated[tuple[str, ...], ITEMS] = ()
    stateplot: Annotated[str, one_of(STATE_PLOTS)] = "areas"
    count: Annotated[tuple[str, ...], Codec(parse.text, repeated=True)] = ()
    ice: Annotated[tuple[str, ...], Codec(parse.intercurrent, repeated=True)] = ()
    landmark: Annotated[float | None, POSITIVE] = None
    known: Annotated[str, TEXT] = ""
    wait: Annotated[str, one_of(WAIT)] = "no"

    @property
    def query(self) -> str:
        """The view as an address has it, "?" included; "" for the default one."""
        return encode(self)

    @property
    def factors(self) -> tuple[str, ...]:
        """What comparisons are made within: the strata, and the factor of small charts."""
        return tuple(dict.fromkeys([*self.strata, *filter(None, [self.facet])]))

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of the chart that are drawn."""
        return tuple(layer for layer in LAYERS if layer not in self.hide)

    @property
    def what_if(self) -> dict[str, Any]:
        """What is asked of the times other than as the study gives them, by field."""
        asked = {name: getattr(self, name) for name in WHAT_IF}
        return {name: value for name, value in asked.items() if value != defaults(View)[name]}

    @property
    def since(self) -> str:
        """From when the clock runs: "month 12"; "" if from the endpoint's own start."""
        if self.landmark is None:
            return ""
        return f"{self.unit.removesuffix('s')} {names.moment(self.landmark)}"

    def in_unit(self, unit: str) -> View:
        """The same view with its times in another unit; the axis takes that unit's own spacing."""
        if unit == self.unit:
            return self

        def converted(time: float) -> float:
            return convert(time, self.unit, unit)

        asked = {name: getattr(self, name) for name in TIMES}
        changes: dict[str, Any] = {n: converted(t) for n, t in asked.items() if t is not None}
        changes["at"] = tuple(dict.fromkeys(map(converted, self.at)))
        return self.regrouped(replace(self, unit=unit, ticks=None, **changes))

    def regrouped(self, made: View) -> View:
        """``made``, which names a landmark's groups as this view does, with its own names."""
        if self.known != made.known or self.since == made.since:
            return made

        def own(group: str) -> str:
            return self.renamed(group, made)

        return replace(
            made,
            arms=tuple(map(own, made.arms)),
            versus=own(made.versus),
            of=own(made.of),
            fig_names=tuple((own(group), name) for group, name in made.fig_names),
            fig_colors=tuple((own(group), color) for group, color in made.fig_colors),
            fig_order=tuple(map(own, made.fig_order)),
        )

    def renamed(self, group: str, other: View) -> str:
        """The name that a group has at ``other``'s landmark: its time is before a level or last."""
        was, now = f" by {self.since}", f" by {other.since}"
        if not self.known or f"{was}," not in f"{group},":
            return group
        return f"{group},".replace(f"{was},", f"{now},", 1).removesuffix(",")

    @property
    def side(self) -> str:
        """What is compared: an "arm", or a "group" that a landmark made of the patients."""
        return "group" if self.known else "arm"

    def as_given(self) -> View:
        """The same with the times, and arms, as the study gives them."""
        given = replace(self, **{name: defaults(View)[name] for name in self.what_if})
        if not self.known:
            return given

        def without(columns: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(column for column in columns if column != TREATMENT)

        return replace(
            given,
            arms=(),
            filters=tuple(f for f in self.filters if f[0] != TREATMENT),
            strata=without(self.strata),
            adjust=without(self.adjust),
            by=without(self.by),
            facet="".join(without((self.facet,))),
            row="" if self.row.startswith(TREATMENT) else self.row,
        )

    def with_filters(self, filters: Mapping[str, Sequence[str]]) -> View:
        """The same view with these filters; columns without values are dropped."""
        kept = tuple(
            (column, tuple(values)) for column, values in sorted(filters.items()) if len(values)
        )
        return replace(self, filters=kept)


def read_field(name: str, text: str) -> Any:
    """One field of a view as typed by a person, checked as in an address.

    >>> read_field("at", "12, 24")
    (12.0, 24.0)
    """
    return codecs(View)[name].parse(name, text) if text.strip() else defaults(View)[name]


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
    pairs = query_pairs(query, 1000)
    filters: dict[str, dict[str, None]] = {}
    for key, text in pairs:
        if key.startswith("f."):
            filters.setdefault(key[2:], {})[text] = None
    values, problems, unknown = read_pairs(View, [p for p in pairs if not p[0].startswith("f.")])
    view = View(**values).with_filters({column: [*chosen] for column, chosen in filters.items()})
    cuts = split_list(dict(pairs).get("cut", ""))
    respelled = {cut: new for cut in cuts if (new := parse.same_cut(cut)) != cut}
    return _renamed(view, respelled), problems, unknown


def checked(view: View) -> View:
    """A view that was put together of what controls hold, as its address is read again.

    Raises
    ------
    UserError : a value that cannot be used

    >>> checked(View(per_arm="mean"))
    Traceback (most recent call last):
    services.views.parse.FieldError: “per_arm=mean” cannot be used. Allowed: median, landmark.

    >>> checked(View(only=("related", "serious"))).only
    ('serious', 'related')
    """
    return decode(encode(view))


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
        adjust=new(view.adjust),
        strata=new(view.strata),
        fold=new(view.fold),
        facet=names.get(view.facet, view.facet),
        row=names[row] + view.row[len(row) :] if row else view.row,
    )


def encode(view: View) -> str:
    """The query of a view: "" for the default one, else "?..." in a fixed order.

    >>> encode(View(endpoint="OS", at=(12.0, 24.0)))
    '?endpoint=OS&at=12,24'
    """
    parts = written(view)
    for column, chosen in view.filters:
        key = quote("f." + column, safe="")
        parts += [f"{key}={quote(v, safe=': ').replace(' ', '+')}" for v in chosen]
    return "?" + "&".join(parts) if parts else ""
