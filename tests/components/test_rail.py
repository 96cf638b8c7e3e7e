"""The rail: filters as controls, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import rail
from services.analysis import survival_page
from services.page_records import FilterColumn
from services.view import View, decode
from tests.components.text import text, walk
from tests.studies import bundled, make_study

AGE = FilterColumn("AGE", "Age", "numeric", low=40.0, high=80.0, unit="years", missing=3)
WHOLE = FilterColumn("AGE", "Age", "numeric", low=40.0, high=80.0, unit="years")


@given(st.lists(st.text(min_size=0, max_size=5), unique=True))
def test_check_boxes_hold_every_level_and_missing(levels: list[str]) -> None:
    held = rail.boxes(levels)
    assert "" not in held, "a check box cannot be empty"
    assert rail.from_boxes(held) == levels
    assert rail.from_boxes(None) == []


@given(st.floats(40, 80), st.floats(40, 80), st.booleans(), st.sampled_from([AGE, WHOLE]))
def test_a_range_survives_its_controls(
    one: float, other: float, missing: bool, column: FilterColumn
) -> None:
    low, high = sorted((one, other))
    chosen = rail.from_range(column, low, high, missing)
    found = rail.range_values(column, chosen)
    assert found[:2] == (low, high)
    if column.missing:
        assert found[2] == missing
    assert rail.from_range(column, *found) == chosen


@pytest.mark.parametrize(
    ("column", "low", "high", "missing", "chosen"),
    [
        (AGE, 40, 80, True, []),
        (WHOLE, 40, 80, False, []),
        (AGE, 40, 80, False, ["40..80"]),
        (AGE, 50, 80, True, ["50..80", ""]),
        (AGE, None, 60, False, ["40..60"]),
        (AGE, None, None, True, []),
        (AGE, 70, 50, False, ["50..70"]),
        (WHOLE, 50, 60, True, ["50..60"]),
        (WHOLE, 0, 100, True, []),
    ],
)
def test_ranges_as_filters(
    column: FilterColumn, low: float | None, high: float | None, missing: bool, chosen: list[str]
) -> None:
    assert rail.from_range(column, low, high, missing) == chosen


@pytest.mark.parametrize(
    ("chosen", "values"),
    [
        ((), (40, 80, True)),
        (("50..60",), (50, 60, False)),
        (("50..", ""), (50, 80, True)),
        (("..60",), (40, 60, False)),
        (("0..200",), (40, 80, False)),
        (("",), (40, 80, True)),
        (("..30",), (30, 30, False)),
        (("90..", ""), (90, 90, True)),
    ],
)
def test_filters_as_ranges(chosen: tuple[str, ...], values: tuple[float, float, bool]) -> None:
    assert rail.range_values(AGE, chosen) == values


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "182 of 182 patients"),
        ("?f.MAYO2018=High", "56 of 182 patients: high risk (Mayo 2018)"),
    ],
)
def test_the_summary_says_who_is_shown(query: str, words: str) -> None:
    page = survival_page(bundled(), decode(query))
    assert " ".join(text(rail.summary(page)).split()) == words


def test_counts_go_in_the_order_of_the_boxes() -> None:
    page = survival_page(bundled(), decode("?f.SEX=F"))
    live = rail.live(page, "?f.SEX=F")
    assert live["query"] == "?f.SEX=F"
    for column in page.filters:
        if column.kind == "categorical":
            assert live["counts"][column.name] == [
                page.counts[column.name][level] for level in column.levels
            ]
    women, men = live["counts"]["SEX"]
    assert women + men == 182, "a filter does not count against itself"
    assert sum(live["counts"]["MAYO2018"]) == page.population.n == women


def test_filters_in_use_are_never_folded_away() -> None:
    names = [f"F{i:02}" for i in range(10)]
    study = make_study(
        ["A", "B"] * 4, range(1, 9), [True] * 8, {name: ["x", "y"] * 4 for name in names}
    )
    page = survival_page(study, View().with_filters({"F09": ["x"]}))
    drawn = rail.rail(page, [], "survival")
    folded = [c for c in walk(drawn) if getattr(c, "className", "") == "more"]
    assert len(folded) == 1
    inside = {getattr(c, "data-column", None) for c in walk(folded)} - {None}
    assert inside == set(names[6:9])
    assert "More filters (3)" in text(folded)
    everything = {getattr(c, "data-column", None) for c in walk(drawn)} - {None}
    assert everything == set(names)


def test_every_filter_has_a_name_for_screen_readers() -> None:
    drawn = rail.rail(survival_page(bundled(), View()), [], "survival")
    for item in walk(drawn):
        if getattr(item, "_type", "") in ("CheckboxGroup", "NumberInput"):
            assert getattr(item, "aria-label"), item
