"""The codec: every view survives its address, and no address breaks it."""

from __future__ import annotations

import contextlib
from urllib.parse import unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import UserError
from services.units import DAYS_PER_UNIT
from services.views.parse import join_list, split_list
from services.views.study import (
    CI_TYPES,
    DPI,
    EFFECTS,
    EMERGENT,
    GRADES,
    LAYERS,
    ONLY,
    ORDERS,
    PALETTES,
    PER_ARM,
    PLOTS,
    SCALES,
    SECTIONS,
    SORTS,
    TIME_PLOTS,
    Y_NUMBERS,
    View,
    decode,
    encode,
)

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=12
)
times = st.floats(0, 1e6, allow_nan=False).map(lambda t: t + 0.0)
positive = st.floats(1e-3, 1e6)
filters = st.dictionaries(
    texts, st.lists(st.one_of(texts, st.just("")), min_size=1, max_size=3, unique=True), max_size=3
)
views = st.builds(
    View,
    endpoint=st.one_of(st.just(""), texts),
    arms=st.lists(texts, max_size=4).map(tuple),
    ci=st.sampled_from(CI_TYPES),
    level=st.floats(0.5, 0.999),
    unit=st.sampled_from(list(DAYS_PER_UNIT)),
    at=st.lists(times, max_size=12, unique=True).map(lambda t: tuple(sorted(t))),
    tau=st.one_of(st.none(), positive),
    strata=st.lists(texts, max_size=3, unique=True).map(tuple),
    by=st.lists(texts, max_size=3, unique=True).map(tuple),
    scale=st.sampled_from(SCALES),
    hide=st.sets(st.sampled_from(LAYERS)).map(lambda s: tuple(x for x in LAYERS if x in s)),
    facet=st.one_of(st.just(""), texts),
    plot=st.sampled_from(PLOTS),
    ticks=st.one_of(st.none(), positive),
    xmax=st.one_of(st.none(), positive),
    cut=st.lists(st.sampled_from(["AGE:65", "AGE:60/70.5", "MPROT:q4", "X:-1"]), unique=True).map(
        tuple
    ),
    min_events=st.integers(0, 9999),
    diff=st.one_of(st.none(), positive),
    per_arm=st.sampled_from(PER_ARM),
    sort=st.sampled_from(SORTS),
    fold=st.lists(texts, max_size=3, unique=True).map(tuple),
    row=st.one_of(st.just(""), texts),
    models=st.lists(texts, max_size=2).map(tuple),
    of=st.one_of(st.just(""), texts),
    section=st.sampled_from(SECTIONS),
    versus=st.one_of(st.just(""), texts),
    emergent=st.sampled_from(EMERGENT),
    grade=st.sampled_from(GRADES),
    only=st.sets(st.sampled_from(ONLY)).map(lambda s: tuple(x for x in ONLY if x in s)),
    effect=st.sampled_from(EFFECTS),
    order=st.sampled_from(ORDERS),
    least=st.floats(0, 100).map(lambda t: t + 0.0),
    q=st.one_of(st.just(""), texts),
    open=st.lists(texts, max_size=3, unique=True).map(tuple),
    term=st.one_of(st.just(""), texts),
    timeplot=st.sampled_from(TIME_PLOTS),
    page=st.integers(1, 9999),
    id=st.one_of(st.just(""), texts),
    fig_size=st.sampled_from(["", "slide", "column", "double", "a4", "120x80", "85.5"]),
    fig_dpi=st.sampled_from(["", *DPI]),
    fig_font=st.one_of(st.none(), st.floats(8, 24)),
    fig_hide=st.sampled_from([(), ("title",), ("title", "subtitle")]),
    fig_inside=st.sampled_from([(), ("p",), ("hr", "p")]),
    fig_rows=st.sampled_from([(), ("risk",), ("events", "censored"), ("none",)]),
    fig_y=st.sampled_from(Y_NUMBERS),
    fig_range=st.one_of(st.none(), st.tuples(st.floats(-9, 9), st.floats(10, 99))).map(
        lambda ends: ends and (ends[0] + 0.0, ends[1])
    ),
    fig_palette=st.sampled_from(PALETTES),
    fig_names=st.dictionaries(texts, texts, max_size=3).map(lambda d: tuple(d.items())),
    fig_colors=st.dictionaries(texts, st.sampled_from(["0072B2", "333333"]), max_size=3).map(
        lambda d: tuple(d.items())
    ),
    count=st.lists(texts, max_size=3, unique=True).map(tuple),
    ice=st.lists(st.sampled_from(["FLT:censor", "A: b,c:event", "NACTDT:ignore"]), unique=True).map(
        tuple
    ),
    landmark=st.one_of(st.none(), positive),
    fig_order=st.lists(texts, max_size=3, unique=True).map(tuple),
)


@given(views, filters)
def test_every_view_survives_its_address(view, chosen):
    view = view.with_filters(chosen)
    assert decode(encode(view)) == view


@given(st.lists(texts))
def test_lists_survive_commas_and_backslashes(items):
    assert split_list(join_list(items)) == tuple(items)


@given(st.text())
def test_no_query_raises_anything_but_a_user_error(query):
    with contextlib.suppress(UserError):
        assert isinstance(decode(query), View)


@given(views)
def test_an_address_is_printable_ascii_and_has_no_defaults(view):
    query = encode(view)
    assert query.isascii()
    assert query == "" or query.startswith("?")
    assert encode(View()) == ""


def test_unknown_keys_are_ignored():
    assert decode("?utm_source=mail&endpoint=OS") == View(endpoint="OS")


@pytest.mark.parametrize(
    ("query", "key", "remedy"),
    [
        ("ci=exact", "ci=exact", "log-log, log, plain"),
        ("level=95", "level=95", "0.5 to 0.999"),
        ("level=nan", "level=nan", "a number"),
        ("unit=hours", "unit=hours", "days, weeks, months, years"),
        ("at=12,abc", "at=abc", "a number"),
        ("at=-3", "at=-3", "0 or more"),
        ("tau=0", "tau=0", "above 0"),
        ("scale=odds", "scale=odds", "survival, incidence"),
        ("hide=axis", "hide=axis", "bands"),
        ("cut=AGE", "cut=AGE", "AGE:60/70"),
        ("cut=AGE:q1", "cut=AGE:q1", "q2 to q10"),
        ("cut=AGE:60;70", "cut=AGE:60;70", "AGE:60/70"),
        ("min_events=-1", "min_events=-1", "whole number"),
        ("sort=p", "sort=p", "interaction"),
        ("per_arm=mean", "per_arm=mean", "landmark"),
        ("diff=0", "diff=0", "above 0"),
        ("section=labs", "section=labs", "terms"),
        ("only=mild", "only=mild", "serious"),
        ("least=101", "least=101", "0 to 100"),
        ("page=0", "page=0", "from 1"),
    ],
)
def test_a_bad_value_names_key_value_and_what_is_allowed(query, key, remedy):
    with pytest.raises(UserError) as caught:
        decode(query)
    assert key in unquote_plus(caught.value.message)
    assert remedy in caught.value.hint


def test_a_link_as_a_person_would_write_it():
    view = decode("?endpoint=PFS&at=12,24&f.SEX=F&f.SEX=M&f.AGE=50..65&f.CYTOGEN=")
    assert view.at == (12.0, 24.0)
    assert view.filters == (("AGE", ("50..65",)), ("CYTOGEN", ("",)), ("SEX", ("F", "M")))


@pytest.mark.parametrize(
    "query",
    ["fig_size=10x10", "fig_size=huge", "fig_size=1x2x3", "fig_font=7", "fig_dpi=72",
     "fig_range=60..0", "fig_range=5", "fig_names=A", "fig_colors=A,FFFF00", "fig_colors=A,red"],
)  # fmt: skip
def test_a_figure_that_cannot_be_printed_is_refused(query: str) -> None:
    with pytest.raises(UserError) as caught:
        decode(query)
    assert query.partition("=")[0] in str(caught.value)


def test_times_in_another_unit_are_the_same_days() -> None:
    """Oracle: the unit table, within what the estimates see as the same time."""
    given = View(unit="weeks", at=(52.0, 53.0), landmark=26.0, ticks=4.0)
    made = given.in_unit("months")
    days = [time * 30.4375 for time in (*made.at, made.landmark or 0.0)]
    assert days == pytest.approx([364.0, 371.0, 182.0], rel=1e-11)
    assert (made.unit, made.tau, made.ticks) == ("months", None, None)
    # In words it is short; groups that are named by it are found again.
    assert made.since == "month 5.98"
    groups = View(
        unit="weeks",
        landmark=26.0,
        known="TX",
        arms=("With transplant by week 26",),
        fig_names=(("With transplant by week 26", "Early"),),
    ).in_unit("months")
    assert groups.arms == ("With transplant by month 5.98",)
    assert groups.fig_names == (("With transplant by month 5.98", "Early"),)
