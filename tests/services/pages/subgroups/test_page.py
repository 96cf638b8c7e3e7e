"""The subgroups page against R, and by properties.

Oracle: tests/oracles/make_subgroups_page.R, which reads the studies' files by itself: coxph within
levels, anova of nested models, survfit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from services.errors import UserError
from services.pages.subgroups import export as subgroups_export
from services.pages.subgroups import variables
from services.pages.subgroups.page import minimal_view, split_row, subgroups_page, with_row_filter
from services.pages.survival.page import survival_page
from services.statistics.results import Row
from services.study.population import filter_columns, level_codes
from services.views.study import View, decode, encode
from tests.services.pages.subgroups.pages import ROOT, e3a06, page_of, random_cdisc
from tests.studies import as_such, bundled

R = json.loads((ROOT / "tests" / "oracles" / "subgroups_page.json").read_text("utf-8"))
NAMES = "TSDIAGGR,SEX,AGEGR1,MAYO2018,RACE,ECOGBL,IMPARES,CYTOGEN,AGE:60/70"

CASES = {
    "e3a06": (e3a06, f"?cut=AGE:60/70&by={NAMES}&diff=24&min_events=0&ci=plain"),
    "e3a06_stratified": (
        e3a06,
        f"?cut=AGE:60/70&by={NAMES}&diff=24&min_events=0&ci=plain&strata=TSDIAGGR,SEX",
    ),
    "e3a06_women": (
        e3a06,
        f"?cut=AGE:60/70&by={NAMES.replace('SEX,', '')}&diff=24&min_events=0&ci=plain&f.SEX=F",
    ),
    "random_a": (
        random_cdisc,
        "?endpoint=OS&by=SEX,STRATA1,STRATA2,BMRKR2&diff=12&min_events=0&ci=plain&arms=B:+Placebo,A:+Drug+X",
    ),
    "random_c": (
        random_cdisc,
        "?endpoint=OS&by=SEX,STRATA1,STRATA2,BMRKR2&diff=12&min_events=0&ci=plain&strata=STRATA1"
        "&arms=B:+Placebo,C:+Combination",
    ),
}


def optional(values: Any) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in values], dtype=float)


def same_row(row: Row, r: Mapping[str, Any], pair: tuple[str, str]) -> None:
    assert [row.n[a] for a in pair] == r["n"]
    assert [row.events[a] for a in pair] == r["events"]
    assert_allclose(optional(row.median[a] for a in pair), optional(r["median"]), rtol=1e-9)
    assert row.survival is not None
    assert_allclose(optional(row.survival[a] for a in pair), optional(r["survival"]), atol=1e-9)
    change = row.difference
    assert change is not None
    expected = optional(r["difference"])
    assert_allclose(optional([change.estimate]), expected[:1], atol=1e-9)
    if change.lower is not None and change.upper is not None:
        half = (change.upper - change.lower) / 2 / 1.959963984540054
        assert_allclose(half, expected[1], rtol=1e-8)
    ratio = row.hazard_ratio
    if ratio is None:
        assert row.reason
        # R has none either, or stopped on its way to infinity.
        assert r.get("beta") is None or abs(r["beta"]) > 8 or r["se"] > 100
    else:
        assert_allclose(np.log(ratio.estimate), r["beta"], atol=1e-6)
        assert_allclose(ratio.log_se, r["se"], rtol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_rows_and_interactions_against_r(name: str) -> None:
    study, query = CASES[name]
    if name not in R:
        pytest.skip("the oracle was made without this study")
    page = page_of(query, study())
    assert page.forest is not None
    assert page.pair is not None
    same_row(page.forest.overall, R[name]["overall"], page.pair)
    assert [g.variable for g in page.forest.groups] == list(R[name]["groups"])
    for group in page.forest.groups:
        r = R[name]["groups"][group.variable]
        present = {row.level: row for row in group.levels if any(row.n.values())}
        assert set(present) == set(r["rows"])
        for level, row in present.items():
            same_row(row, r["rows"][level], page.pair)
        assert group.n_missing == r["test"]["missing"]
        if group.interaction is None:
            assert r["test"]["df"] < 1
            continue
        assert group.interaction.df == r["test"]["df"]
        assert_allclose(group.interaction.chi2, r["test"]["chi2"], atol=2e-6)
    assert page.forest.tests == sum(g.interaction is not None for g in page.forest.groups)


@pytest.mark.parametrize("study", ["e3a06", "aquila", "quiredex"])
@pytest.mark.parametrize("query", ["", "min_events=0&f.SEX=F", "strata=SEX,AGEGR1&f.ECOGBL=1"])
def test_every_endpoint_makes_a_page_without_a_warning(study: str, query: str) -> None:
    """Few events, empty levels, one arm left: pytest turns a warning into an error."""
    found = bundled(study)
    for endpoint in found.endpoints:
        page = page_of(f"?endpoint={endpoint.id}&{query}", found)
        assert page.forest is not None or page.reason
        json.dumps(subgroups_export.subgroups_json(page), allow_nan=False)


def test_three_arms_are_compared_two_at_a_time() -> None:
    study = random_cdisc()
    page = page_of("", study)
    assert page.pair == ("B: Placebo", "A: Drug X")
    assert page.population.n_total == sum(study.subjects["ARM_PLANNED"].isin(page.pair))
    # Found by their names; the strata come first.
    assert study.metadata.stratification == ("STRATA1", "STRATA2")
    assert page.view.by[:2] == ("STRATA1", "STRATA2")
    assert page.variables[0].marks == ("pre-specified",)


def test_nothing_known_only_after_baseline_is_offered() -> None:
    names = {v.name for v in variables.choices(random_cdisc())}
    assert {"SEX", "BMRKR2"} <= names
    assert not names & {"EOSSTT", "EOTSTT", "DCSREAS", "DTHCAUS", "DTHCAT", "LDDTHGR1"}


@pytest.mark.parametrize("name", ["SEX", "AGEGR1", "TSDIAGGR", "ECOGBL", "AGE:65", "MPROT:q4"])
def test_levels_of_a_complete_variable_partition_patients_and_events(name: str) -> None:
    page = page_of(f"?cut=AGE:65,MPROT:q4&by={name}")
    assert page.forest is not None
    assert page.pair is not None
    (group,) = page.forest.groups
    assert group.n_missing == 0
    for arm in page.pair:
        assert sum(row.n[arm] for row in group.levels) == page.forest.overall.n[arm]
        assert sum(row.events[arm] for row in group.levels) == page.forest.overall.events[arm]


LEVELS = [
    (c.name, level)
    for c in filter_columns(e3a06())
    if c.kind == "categorical"
    for level in c.levels
    if level
]


@given(st.sampled_from(LEVELS), st.sampled_from(["", "TSDIAGGR", "SEX"]))
def test_filtering_to_a_level_gives_that_levels_row(chosen: tuple[str, str], strata: str) -> None:
    name, level = chosen
    view = View(by=(name,), strata=(strata,) if strata else (), diff=24.0)
    page = subgroups_page(e3a06(), view)
    assert page.forest is not None
    row = next(r for r in page.forest.groups[0].levels if r.level == level)
    alone = subgroups_page(e3a06(), with_row_filter(view, name, level))
    assert alone.forest is not None
    overall = alone.forest.overall
    assert replace(overall, level=level, hazard_ratio=None) == replace(row, hazard_ratio=None)
    if row.hazard_ratio is not None and overall.hazard_ratio is not None:
        assert_allclose(overall.hazard_ratio.estimate, row.hazard_ratio.estimate, rtol=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.permutations(["a", "b", "c"]))
def test_relabeling_levels_changes_nothing(names: list[str]) -> None:
    study = e3a06()
    old = ("< 65", "65-74", ">= 75")
    new = dict(zip(old, names, strict=True))
    renamed = study.subjects.assign(AGEGR1=study.subjects["AGEGR1"].map(new))
    column = replace(study.columns["AGEGR1"], levels=tuple(new[o] for o in old))
    other = replace(
        study,
        subjects=renamed,
        columns={**study.columns, "AGEGR1": column},
        sha256="relabeled" + "".join(names),
    )
    before, after = page_of("?by=AGEGR1"), page_of("?by=AGEGR1", other)
    assert before.forest is not None
    assert after.forest is not None
    one, two = before.forest.groups[0], after.forest.groups[0]
    assert one.interaction == two.interaction
    assert [replace(r, level="") for r in one.levels] == [replace(r, level="") for r in two.levels]


def test_the_open_row_is_the_survival_page_of_these_patients() -> None:
    page = page_of("?row=SEX:F")
    assert page.row is not None
    assert page.forest is not None
    result = page.row.page.result
    assert result is not None
    row = next(r for g in page.forest.groups if g.variable == "SEX" for r in g.levels)
    ratio = result.comparisons[0].hazard_ratio
    assert ratio is not None
    assert row.hazard_ratio is not None
    assert_allclose(ratio.estimate, row.hazard_ratio.estimate, rtol=1e-9)
    assert result is survival_page(page.study, page.row.page.view).result
    assert page.row.page.population.summary == "female"


def test_a_cut_group_opens_and_filters_too() -> None:
    page = page_of("?cut=AGE:65&row=AGE:65:>=+65&f.SEX=F")
    assert page.row is not None
    assert (page.row.variable, page.row.level) == ("AGE:65", ">= 65")
    view = with_row_filter(page.view, "AGE:65", ">= 65")
    chosen = subgroups_page(page.study, decode(encode(minimal_view(page.study, view))))
    older = e3a06().subjects.query("AGE >= 65 and SEX == 'F'")
    assert chosen.population.n == len(older)
    assert chosen.population.summary == "female, age ≥ 65"


def test_rows_of_a_variable_no_longer_shown_close() -> None:
    page = page_of("?by=AGEGR1&row=SEX:F")
    assert page.row is None
    assert page.view.row == ""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?row=NOPE:F", "row=SEX:F; variables shown: "),
        ("?row=SEX:X", "Levels of SEX: F, M"),
        ("?by=NOPE", "SEX"),
        ("?cut=SEX:65", "AGE"),
        ("?cut=AGE:10", "between 38 and 85"),
        ("?cut=AGE:200", "between 38 and 85"),
        ("?arms=Nobody,Observation", "Lenalidomide"),
    ],
)
def test_a_wrong_wish_says_what_there_is(query: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        page_of(query)
    assert words in caught.value.hint


def test_a_single_arm_has_no_forest_and_says_why() -> None:
    page = page_of("", bundled("e3a06-run-in"))
    assert page.forest is None
    assert page.reason is not None
    assert "single arm" in page.reason
    assert subgroups_export.subgroups_json(page)["groups"] == []


def test_too_few_events_are_grayed_with_the_reason() -> None:
    page = page_of("?by=SEX&min_events=15")
    assert page.forest is not None
    rows = page.forest.groups[0].levels
    assert [r.reason for r in rows] == [None, "12 events, fewer than 15"]
    assert rows[1].n == {"Observation": 53, "Lenalidomide": 40}


def test_sorting() -> None:
    order = {
        sort: [g.variable for g in forest.groups]
        for sort in ("given", "name", "interaction", "spread")
        if (forest := page_of(f"?sort={sort}").forest) is not None
    }
    assert order["given"] == list(variables.default_by(e3a06()))
    assert order["name"][0] == "AGEGR1"
    assert order["interaction"][0] == "MAYO2018"
    assert all(sorted(o) == sorted(order["given"]) for o in order.values())


def test_credibility_of_each_kind() -> None:
    page = page_of("?cut=MPROT:q4&by=TSDIAGGR,MPROT:q4,SEX")
    found = {c.variable: c for c in page.credibility}
    speaks = {name: [a.speaks for a in c.arguments] for name, c in found.items()}
    assert speaks["TSDIAGGR"] == ["open", "open", "open", "open", "open"]
    assert speaks["MPROT:q4"] == ["against", "open", "open", "open", "against"]
    assert speaks["SEX"][0] == "open"
    assert found["TSDIAGGR"].summary.startswith(
        "Whether the effect depends on it cannot be determined"
    )
    assert found["MPROT:q4"].summary.startswith("A weak hint")


def test_difference_time_has_ten_at_risk_in_each_arm() -> None:
    page = page_of("")
    assert page.time == 36.0
    records = page.records.assign(at_risk=page.records["TIME"] / 30.4375 >= 36)
    assert records.groupby("ARM_PLANNED")["at_risk"].sum().min() >= 10
    assert page_of("?diff=20").time == 20.0


def test_cuts_are_where_they_say() -> None:
    study = page_of("?cut=MPROT:q4,AGE:60/70").study
    age = study.subjects["AGE"]
    assert (study.subjects["AGE:60/70"] == "60 to < 70").sum() == ((age >= 60) & (age < 70)).sum()
    assert level_codes(study, "AGE:60/70")[1] == ("< 60", "60 to < 70", ">= 70")
    protein = study.subjects["MPROT"]
    second = np.quantile(protein, 0.25)
    assert level_codes(study, "MPROT:q4")[1][0] == f"< {second:g}"
    assert study.sha256 == e3a06().sha256  # the patients are the same
    assert study != e3a06()


def test_a_missing_number_is_missing_in_its_groups() -> None:
    study = e3a06()
    age = study.subjects["AGE"].where(np.arange(182) >= 5, np.nan)
    holed = replace(study, subjects=study.subjects.assign(AGE=age), sha256="holed")
    page = page_of("?cut=AGE:65&by=AGE:65", holed)
    assert page.forest is not None
    assert page.forest.groups[0].n_missing == 5


def test_split_row_takes_the_longest_name() -> None:
    assert split_row("AGE:65:< 65", ["AGE", "AGE:65"]) == ("AGE:65", "< 65")
    assert split_row("AGE:65", ["SEX"]) is None


@given(
    st.builds(
        View,
        by=st.lists(st.sampled_from(["SEX", "AGEGR1", "RACE"]), unique=True, max_size=3).map(tuple),
        strata=st.sampled_from([(), ("SEX",)]),
        cut=st.sampled_from([(), ("AGE:65",)]),
        min_events=st.integers(0, 12),
        diff=st.sampled_from([None, 12.0, 24.5]),
        per_arm=st.sampled_from(["median", "landmark"]),
        sort=st.sampled_from(["given", "name", "interaction", "spread"]),
        fold=st.sampled_from([(), ("SEX",)]),
        row=st.sampled_from(["", "SEX:F"]),
        unit=st.sampled_from(["months", "years"]),
        level=st.sampled_from([0.9, 0.95]),
    )
)
def test_what_a_page_shows_survives_its_address(view: View) -> None:
    study = e3a06()
    page = subgroups_page(study, view)
    again = subgroups_page(study, decode(encode(minimal_view(page.study, page.view))))
    assert again.view == page.view
    assert again.forest == page.forest


@pytest.mark.parametrize(("filters", "kind"), [("", "(stratified HR "), ("&f.SEX=F", "(HR ")])
def test_a_stratum_that_all_patients_share_stratifies_nothing(filters: str, kind: str) -> None:
    """As on the survival page."""
    study, query = as_such("aquila"), f"?by=CYTOGEN&strata=SEX{filters}"
    assert kind in page_of(query, study).answer
    survival = survival_page(study, decode(query))
    assert survival.result is not None
    assert (survival.result.leading == "stratified") == ("stratified" in kind)
