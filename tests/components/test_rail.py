"""The rail: what its filters show."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import rail
from services.pages.safety.page import safety_page
from services.pages.survival.page import survival_page
from services.study.records import FilterColumn
from services.views.study import View, decode
from tests.components.text import text
from tests.studies import bundled, make_study

AGE = FilterColumn("AGE", "Age", "numeric", low=40.0, high=80.0, unit="years", missing=3)


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


def test_a_landmark_says_how_many_it_leaves() -> None:
    page = survival_page(bundled("aquila"), decode("?landmark=6"))
    assert text(rail.summary(page)) == "390 of 390 patients, 360 analyzed at month 6"


def test_counts_go_in_the_order_of_the_boxes() -> None:
    page = survival_page(bundled(), decode("?f.SEX=F"))
    live = rail.live(page, "?f.SEX=F", draw=True)
    assert live["query"] == "?f.SEX=F"
    for column in page.filters:
        if column.kind == "categorical":
            state = live["filters"][column.name]
            assert state["counts"] == [page.counts[column.name][level] for level in column.levels]
            assert state["chosen"] == (["F"] if column.name == "SEX" else [])
            boxes = re.findall(r'<input type="checkbox" value="([^"]*)">', drawn(live, column.name))
            assert [unescape(level) for level in boxes] == list(column.levels)
    women, men = live["filters"]["SEX"]["counts"]
    assert women + men == 182, "a filter does not count against itself"
    assert sum(live["filters"]["MAYO2018"]["counts"]) == page.population.n == women


def drawn(live: dict[str, Any], column: str) -> str:
    """The HTML of one filter."""
    _, _, rest = str(live["html"]["rail-patients"]).partition(f'data-column="{column}"')
    return rest.partition("</fieldset>")[0]


def test_filters_in_use_are_never_folded_away() -> None:
    names = [f"F{i:02}" for i in range(10)]
    study = make_study(
        ["A", "B"] * 4, range(1, 9), [True] * 8, {name: ["x", "y"] * 4 for name in names}
    )
    page = survival_page(study, View().with_filters({"F09": ["x"]}))
    html = rail.live(page, "", draw=True)["html"]["rail-patients"]
    shown, folded = html.split("<details")
    columns = re.compile('data-column="([^"]+)"')
    assert set(columns.findall(folded)) == set(names[6:9])
    assert "More filters (3)" in folded
    assert set(columns.findall(shown)) == {*names[:6], "F09"}


def test_every_filter_has_a_name_for_screen_readers() -> None:
    page = survival_page(bundled(), View())
    html = rail.live(page, "", draw=True)["html"]["rail-patients"]
    assert html.count('role="group"') == sum(c.kind == "categorical" for c in page.filters)
    assert html.count("<fieldset") == html.count("<legend") == len(page.filters)
    for group in re.findall('<div[^>]*role="group"[^>]*>', html):
        assert "aria-label=" in group
    fields = re.findall('<input type="(?:range|text)"[^>]*>', html)
    assert len(fields) == 4 * sum(c.kind == "numeric" for c in page.filters)
    assert all("aria-label=" in field for field in fields)


@given(
    st.floats(-1e4, 1e4, allow_nan=False), st.floats(0.001, 1e4), st.sampled_from([3, 7, 40, 1000])
)
def test_a_slider_reaches_both_ends(low: float, span: float, n: int) -> None:
    """A browser's slider stops at the last whole step: that one lies at or beyond the end."""
    values = [low + span * i / (n - 1) for i in range(n)]
    column = FilterColumn("X", "X", "numeric", low=min(values), high=max(values))
    html = rail.patients([column], {})
    first = re.search(r'<input type="range"[^>]* step="([^"]+)" min="([^"]+)" max="([^"]+)"', html)
    assert first is not None
    step, start, end = map(float, first.groups())
    assert start == column.low
    assert column.high is not None
    assert end >= column.high - 1e-9 * max(abs(column.high), 1)
    assert abs((end - start) / step - round((end - start) / step)) < 1e-5


def test_what_a_study_says_is_never_markup() -> None:
    level = '<img src=x onerror="alert(1)">'
    study = make_study(["A", "B"] * 4, range(1, 9), [True] * 8, {"G": [level, "b"] * 4})
    html = rail.live(survival_page(study, View()), "", draw=True)["html"]["rail-patients"]
    assert "<img" not in html
    assert escape(level) in html


def test_thousands_and_whose_part_the_patients_are() -> None:
    """Hand count: 1,300 patients, of whom 1,234 are in the safety population."""
    n = 1300
    flags = ["Y" if i < 1234 else "N" for i in range(n)]
    times = [10.0 + i % 7 for i in range(n)]
    study = make_study(["A"] * n, times, [i % 2 == 0 for i in range(n)], {"SAFFL": flags})
    assert text(rail.summary(survival_page(study, View()))) == "1,300 of 1,300 patients"
    counted = text(rail.summary(safety_page(study, View())))
    assert counted == "1,234 of 1,234 patients of the safety population"
