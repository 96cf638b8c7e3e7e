"""Who is analyzed. The oracle is brute force: one patient after the other, in plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import UserError
from services.study import population as pop
from services.study.model import Column, Study
from services.views.study import View
from tests.studies import make_study

SEX = ["F", "F", "M", "M", "F", None, "M", "F"]
AGE = [50.0, 61.0, 65.5, None, 72.0, 58.0, 65.0, 80.0]
ARM = ["A", "B", "A", "B", "A", "B", "A", "B"]
RISK = ["High", "Low", "High", "High", "Low", "Low", None, "High"]


def study(columns: Mapping[str, Any] | None = None, **options: Any) -> Study:
    given_columns = {"SEX": SEX, "AGE": AGE, "RISK": RISK} if columns is None else columns
    return make_study(ARM, range(1, 9), [True] * 8, given_columns, arms=["A", "B"], **options)


def passes(filters: Mapping[str, tuple[str, ...]], row: int, frame: pd.DataFrame) -> bool:
    """Whether one patient passes every filter; the oracle of these tests."""
    for name, chosen in filters.items():
        value = frame[name].iloc[row]
        missing = value is None or value != value
        texts = []
        for text in chosen:
            if missing or text == "":
                texts.append(missing and text == "")
            elif ".." in text:
                low, high = text.split("..")
                texts.append(float(low or "-inf") <= value <= float(high or "inf"))
            else:
                texts.append(value == text)
        if not any(texts):
            return False
    return True


def chosen(made: Study, filters: Mapping[str, tuple[str, ...]], arms: tuple[str, ...]) -> list[int]:
    frame = made.subjects
    return [
        i
        for i in range(len(frame))
        if frame["ARM_PLANNED"].iloc[i] in arms and passes(filters, i, frame)
    ]


USUAL = study()
levels = {
    "SEX": st.sampled_from(["F", "M", ""]),
    "RISK": st.sampled_from(["High", "Low", ""]),
    "AGE": st.one_of(
        st.just(""),
        st.builds("{}..{}".format, st.integers(45, 60), st.integers(60, 85)),
        st.builds("{}..".format, st.integers(45, 85)),
        st.builds("..{}".format, st.integers(45, 85)),
    ),
}
filter_sets = st.fixed_dictionaries(
    {}, optional={k: st.lists(v, min_size=1, max_size=3, unique=True) for k, v in levels.items()}
).map(lambda d: {k: tuple(v) for k, v in d.items()})
arm_sets = st.sampled_from([("A", "B"), ("B", "A"), ("A",), ("B",)])


@given(filter_sets, arm_sets)
def test_filters_against_brute_force(filters: dict[str, tuple[str, ...]], arms: Any) -> None:
    made = USUAL
    found = pop.select(made, View().with_filters(filters), arms)
    expected = chosen(made, filters, arms)
    assert np.flatnonzero(found.mask).tolist() == expected
    assert (found.n, found.n_total) == (len(expected), 4 * len(arms))


@given(filter_sets, arm_sets)
def test_live_counts_against_brute_force(filters: dict[str, tuple[str, ...]], arms: Any) -> None:
    """A level's count is what one would get with this level alone and the other filters."""
    made = USUAL
    counts = pop.live_counts(made, View().with_filters(filters), arms)
    for name in ("SEX", "RISK"):
        for level, count in counts[name].items():
            assert count == len(chosen(made, filters | {name: (level,)}, arms)), (name, level)
    others = {k: v for k, v in filters.items() if k != "AGE"}
    assert counts["AGE"] == {"": len(chosen(made, others, arms))}


@given(filter_sets, arm_sets)
def test_counts_of_a_factor_add_up_to_who_passes_the_others(
    filters: dict[str, tuple[str, ...]], arms: Any
) -> None:
    """Missing is a level of its own, so the levels partition the patients."""
    made = USUAL
    counts = pop.live_counts(made, View().with_filters(filters), arms)
    for name in ("SEX", "RISK"):
        others = {k: v for k, v in filters.items() if k != name}
        n = pop.select(made, View().with_filters(others), arms).n
        assert sum(counts[name].values()) == n


@given(filter_sets)
def test_filters_commute(filters: dict[str, tuple[str, ...]]) -> None:
    """All at once, in any order, is one after the other."""
    made = USUAL
    together = pop.select(made, View().with_filters(filters), ("A", "B")).mask
    one_by_one = np.ones(8, dtype=bool)
    for name, values in reversed(filters.items()):
        one_by_one &= pop.select(made, View().with_filters({name: values}), ("A", "B")).mask
    assert (together == one_by_one).all()
    backwards = View(filters=tuple(reversed(View().with_filters(filters).filters)))
    assert (pop.select(made, backwards, ("A", "B")).mask == together).all()


# --- which columns are offered -----------------------------------------------------------------


def offered(columns: Mapping[str, Any], known: Mapping[str, Column] | None = None) -> list[str]:
    return [c.name for c in pop.filter_columns(study(columns, known=known))]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("SUBJID", [f"{i:03}" for i in range(8)]),
        ("SITEID", ["1", "2"] * 4),
        ("STUDYID", ["X", "Y"] * 4),
        ("INVNAM", ["Dr A", "Dr B"] * 4),
        ("ARMCD", ["A", "B"] * 4),
        ("ACTARM", ["A", "B"] * 4),
        ("TRT01P", ["A", "B"] * 4),
        ("TRTSEQP", ["A-B", "B-A"] * 4),
        ("RANDDT", pd.to_datetime(["2020-01-01", "2020-01-02"] * 4)),
        ("RANDDT", [20000 + i for i in range(8)]),
        ("VISIT", pd.to_datetime(["2020-01-01", "2020-01-02"] * 4)),
        ("RFSTDTC", ["2020-01-01", "2020-01-02"] * 4),
        ("TRTSDTM", ["2020-01-01T10:00", "2020-01-02T10:00"] * 4),
        ("SAFFL", ["Y", "N"] * 4),
        ("DTHDY", list(range(8))),
        ("COUNTRY", ["USA"] * 8),
        ("COUNTRY", [None] * 8),
        # Known after treatment began: choosing by the outcome biases the comparison.
        ("BOR", ["CR", "SD"] * 4),
        ("EOSSTT", ["ONGOING", "DISCONTINUED"] * 4),
        ("DCTREAS", ["TOXICITY", ""] * 4),
        ("DTHCAUS", ["MYELOMA", ""] * 4),
        ("TRTDURD", list(range(100, 108))),
        ("CUMDOSE", list(range(100, 108))),
    ],
)
def test_what_is_not_offered(name: str, values: Any) -> None:
    assert offered({name: values, "SEX": SEX}) == ["SEX"]


def test_free_text_and_coded_copies_are_not_offered() -> None:
    text = [f"comment {i // 2}" for i in range(8)]
    many = make_study(
        ["A", "B"] * 10,
        range(1, 21),
        [True] * 20,
        {"NOTE": [f"n{i}" for i in range(20)], "AGEGR1": ["<65", ">=65"] * 10},
    )
    assert [c.name for c in pop.filter_columns(many)] == ["AGEGR1"]
    copy = {"AGEGR1": ["<65", ">=65"] * 4, "AGEGR1N": [1, 2] * 4}
    assert offered(copy) == ["AGEGR1"]
    assert offered({"AGEGR1N": [1, 2] * 4}) == ["AGEGR1N"]
    assert offered({"SHORT": text}) == ["SHORT"]
    # As many levels as patients: who, not what.
    assert offered({"SHORT": [f"comment {i}" for i in range(8)], "SEX": SEX}) == ["SEX"]


def test_the_study_decides_if_it_says_so() -> None:
    known = {
        "SITEID": Column("SITEID", "Site", filter=True),
        "SEX": Column("SEX", "Sex", filter=False),
    }
    assert offered({"SITEID": ["1", "2"] * 4, "SEX": SEX, "RISK": RISK}, known) == [
        "SITEID",
        "RISK",
    ]


def test_sex_comes_first_then_derived_groups_and_numbers_last() -> None:
    known = {"RISK": Column("RISK", "Risk", provenance="derived")}
    columns = {"AGE": AGE, "RACE": ["W", "B"] * 4, "RISK": RISK, "SEX": SEX}
    assert offered(columns, known) == ["SEX", "RISK", "RACE", "AGE"]


def test_levels_have_the_order_the_study_gives_or_a_natural_one() -> None:
    known = {"RISK": Column("RISK", "Risk", levels=("Low", "Intermediate", "High"))}
    made = study(
        {"RISK": RISK, "GR": ["10-20", "<5", "5-9", ">20"] * 2, "ECOG": [0.0, 1.0, 2.0, None] * 2},
        known=known,
    )
    by_name = {c.name: c for c in pop.filter_columns(made)}
    assert by_name["RISK"].levels == ("Low", "High", "")  # present ones, then missing
    assert by_name["RISK"].missing == 1
    assert set(by_name["GR"].levels) == {"10-20", "<5", "5-9", ">20"}
    assert by_name["ECOG"].levels == ("0", "1", "2", "")
    assert by_name["ECOG"].kind == "categorical"


def test_a_number_has_its_range_and_how_many_lack_it() -> None:
    age = next(c for c in pop.filter_columns(study()) if c.name == "AGE")
    assert (age.kind, age.low, age.high, age.missing) == ("numeric", 50.0, 80.0, 1)


# --- what is wrong with a filter ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "message", "hint"),
    [
        ({"SEX": ("X",)}, "“f.SEX=X” cannot be used.", "F, M, (empty for missing)"),
        ({"AGE": ("old",)}, "“f.AGE=old” cannot be used.", "f.AGE=50..65"),
        ({"AGE": ("50..x",)}, "“f.AGE=50..x” cannot be used.", "f.AGE=50..65"),
        ({"AGE": ("50",)}, "“f.AGE=50” cannot be used.", "f.AGE=50..65"),
        ({"AGE": ("nan..65",)}, "“f.AGE=nan..65” cannot be used.", "f.AGE=50..65"),
        ({"AGE": ("65..50",)}, "“f.AGE=65..50” cannot be used.", "f.AGE=50..65"),
        ({"SHOE": ("43",)}, "Tests has no filter “SHOE”.", "SEX, RISK, AGE"),
        ({"ARM_PLANNED": ("A",)}, "Tests has no filter “ARM_PLANNED”.", "SEX, RISK, AGE"),
    ],
)
def test_a_bad_filter_names_key_value_and_what_is_allowed(
    filters: Any, message: str, hint: str
) -> None:
    with pytest.raises(UserError) as caught:
        pop.select(study(), View().with_filters(filters), ("A", "B"))
    assert caught.value.message == message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({}, ""),
        ({"SEX": ("F",)}, "female"),
        ({"SEX": ("F", "M")}, "female or male"),
        ({"SEX": ("F", "")}, "sex: Female or Missing"),
        ({"AGE": ("50..65.5",)}, "age 50 to 65.5 years"),
        ({"AGE": ("70..", "..40", "")}, "age 70 years or more or up to 40 years or missing"),
        ({"AGE": ("",)}, "age missing"),
        # All who have an age; with those who have none it is no filter.
        ({"AGE": ("0..120",)}, "age known"),
        ({"AGE": ("0..120", "")}, ""),
        ({"AGE": ("..60", "60..", "")}, ""),
        ({"RISK": ("High",)}, "high risk (cytogenetic)"),
        ({"RACE": ("WHITE",), "SEX": ("M",)}, "male, race: White"),
    ],
)
def test_filters_in_words(filters: dict[str, tuple[str, ...]], words: str) -> None:
    known = {
        "AGE": Column("AGE", "Age", unit="years"),
        "SEX": Column("SEX", "Sex"),
        "RACE": Column("RACE", "Race"),
        "RISK": Column("RISK", "Cytogenetic risk"),
    }
    columns = {"SEX": SEX, "AGE": AGE, "RISK": RISK, "RACE": ["WHITE", "ASIAN"] * 4}
    made = study(columns, known=known)
    assert pop.describe_filters(made, View().with_filters(filters)) == words


def test_codes_follow_the_display_order_and_missing_is_minus_one() -> None:
    codes, names = pop.level_codes(study(), "RISK")
    assert names == ("High", "Low")
    assert codes.tolist() == [0, 1, 0, 0, 1, 1, -1, 0]


def test_a_hundred_columns_are_offered_and_those_that_are_wanted_first() -> None:
    codes = {f"V{i:03}": ["x", "y"] * 4 for i in range(300)}
    wanted = {"V299": Column(name="V299", label="V299", filter=True)}
    made = study({"SEX": SEX}, known=wanted)
    more = pd.DataFrame(codes, index=made.subjects.index)
    made = replace(made, subjects=pd.concat([made.subjects, more], axis=1), sha256="300 columns")
    offered = [c.name for c in pop.filter_columns(made)]
    assert len(offered) == pop.MOST_FILTERS == 100
    assert offered == ["SEX", *(f"V{i:03}" for i in range(98)), "V299"]


def test_patients_who_are_not_analyzed_make_no_group() -> None:
    """Row 9 was screened and never assigned: what only it has is no level, no range, no factor."""
    columns = {
        "SEX": [*SEX, "U"],
        "AGE": [*AGE, 19.0],
        "RACE": [*["White"] * 8, "Asian"],
        "RISK": [*RISK, "Low"],
    }
    made = make_study([*ARM, ""], range(1, 10), [True] * 9, columns, arms=["A", "B"])
    found = {c.name: c for c in pop.filter_columns(made)}
    of_eight = study({name: values[:8] for name, values in columns.items()})
    assert found == {c.name: c for c in pop.filter_columns(of_eight)}
    assert "RACE" not in found
    assert found["SEX"].levels == ("F", "M", "")
    assert (found["AGE"].low, found["AGE"].high) == (50.0, 80.0)
    assert list(pop.categorical(made, "SEX").categories) == ["F", "M"]
    assert list(pop.categorical(made, "SEX")[:8]) == list(pop.categorical(of_eight, "SEX"))
    counts = pop.live_counts(made, View(), ("A", "B"))
    assert counts == pop.live_counts(of_eight, View(), ("A", "B"))
