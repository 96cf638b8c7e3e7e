"""Flags in every spelling. Oracle: the same study with Y and N, counted by hand."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import UserError
from services.pages.overview import baseline
from services.pages.safety.export import safety_json
from services.pages.safety.page import safety_page
from services.reading import build as reading_build
from services.reading.formats.read import read_table
from services.reading.formats.table import Table
from services.risk.models import groups, model
from services.study.model import Study
from services.values.flags import flag, flag_meanings, written_alike, yes_or_no
from services.views.study import View

SPELLINGS = (
    ("Y", "N"),
    ("y", "n"),
    ("Yes", "No"),
    ("YES", ""),
    ("1", "0"),
    ("1.0", "0.0"),
    ("1", ""),
    ("T", "F"),
    ("TRUE", "FALSE"),
    ("True", ""),
    ("Ja", "Nein"),
    ("oui", "non"),
    ("Sí", "No"),
    ("O", "N"),
    ("S", "N"),
    ("J", "N"),
    ("Y", "UNK"),
)


@pytest.mark.parametrize(("yes", "no"), SPELLINGS)
def test_spellings_of_yes_and_no(yes: str, no: str) -> None:
    found = flag(pd.DataFrame({"ITTFL": [yes, no, yes, ""]}), "ITTFL")
    assert found.yes.tolist() == [True, False, True, False]
    assert found.understood
    assert not found.odd


@pytest.mark.parametrize(
    ("column", "yes", "no"),
    [
        ("TRTEMFL", "TREATMENT-EMERGENT", "NOT TREATMENT-EMERGENT"),
        ("TRTEMFL", "TEAE", "non-TEAE"),
        ("SAFFL", "Safety population", "Not in"),
        ("SAFFL", "SAF", "Not treated"),
        ("ITTFL", "ITT", "NOT ITT"),
        ("ITTFL", "Intention-to-treat", "Excluded"),
        ("FASFL", "Full Analysis Set", "no FAS"),
        ("DTHFL", "Died", "Alive"),
        ("AESER", "SERIOUS", "NON-SERIOUS"),
        ("AESER", "Schwerwiegend", "Nicht schwerwiegend"),
        ("ANL01FL", "Analysis record", "Not analyzed"),
        ("AOCCFL", "First occurrence", ""),
        ("CYTOGEN", "High risk", "Standard risk"),
        ("IMPARES", "Present", "Absent"),
    ],
)
def test_words_of_the_columns_own_name(column: str, yes: str, no: str) -> None:
    meant = flag_meanings(column, [yes, no])
    assert meant[yes] == "yes"
    assert meant[no] in ("no", "blank") if no != "Not in" else "odd"


def test_numbers_say_yes_only_beside_no_other_number() -> None:
    """1 and 2 are yes and no in one study, no and yes in another."""
    assert flag_meanings("SAFFL", ["1", "2"]) == {"1": "odd", "2": "odd"}
    assert flag_meanings("SAFFL", ["1", ""]) == {"1": "yes", "": "blank"}
    assert flag_meanings("SAFFL", ["S", "P"])["S"] == "odd"  # a letter without its no


def test_several_words_that_mean_the_same_and_codes_before_a_word() -> None:
    found = flag_meanings("AESER", ["1 = Yes", "0: not serious", "Yes - serious", "Y/N", "3 (x)"])
    assert list(found.values()) == ["yes", "no", "yes", "odd", "odd"]


def test_a_flag_is_written_alike_whatever_it_was() -> None:
    frame = pd.DataFrame(
        {"SAFFL": ["1.0", "0", None], "SEX": ["F", "M", "F"], "XFL": ["Yes", "Maybe", ""]}
    )
    made = written_alike(frame)
    assert made["SAFFL"].tolist()[:2] == ["Y", "N"]
    assert pd.isna(made["SAFFL"].iloc[2])
    assert made["SEX"].tolist() == ["F", "M", "F"]
    assert made["XFL"].tolist()[:2] == ["Y", "Maybe"]
    mixed = written_alike(pd.DataFrame({"SAFFL": ["Y", "Yes", "1", "no", "N"]}))
    assert mixed["SAFFL"].tolist() == ["Y", "Y", "Y", "N", "N"]
    plain = pd.DataFrame({"SAFFL": ["Y", "N"]})
    assert written_alike(plain) is plain


def test_yes_or_no_keeps_its_index_and_what_is_not_known() -> None:
    found = yes_or_no(pd.Series(["Y", None, "present", "?"], index=list("abcd")), "IMPARES")
    assert found.index.tolist() == list("abcd")
    np.testing.assert_array_equal(found.to_numpy(), [1.0, np.nan, 1.0, np.nan])


def table(rows: list[dict[str, object]], name: str) -> Table:
    return read_table(pd.DataFrame(rows).to_csv(index=False).encode(), name)


SAFE = (True, True, False, True, True, True)
DEAD = (True, False, False, False, True, False)
EMERGENT = (True, True, False, True)


@cache
def study(yes: str, no: str, serious: tuple[str, str] = ("", "")) -> Study:
    """Six patients and one not randomized; P3 is not in the safety population. Four events."""
    word = lambda value: yes if value else no  # noqa: E731
    adsl = [
        {
            "USUBJID": f"P{i}",
            "TRT01P": "Drug" if i < 4 else "Placebo",
            "ITTFL": yes,
            "SAFFL": word(safe),
            "DTHFL": word(dead),
            "RESPFL": word(not dead),
            "GRPFL": word(i % 2),
            "TRTSDT": "2020-01-01",
            "TRTEDT": "2020-03-31",
            "EOSDT": "2020-12-31",
        }
        for i, (safe, dead) in enumerate(zip(SAFE, DEAD, strict=True), 1)
    ]
    adsl.append({"USUBJID": "P7", "TRT01P": "Drug", "ITTFL": no, "SAFFL": no})
    records = [
        {
            "USUBJID": f"P{i}",
            "PARAMCD": "OS",
            "AVAL": 100 * i,
            "AVALU": "DAYS",
            "CNSR": int(not DEAD[i - 1]),
            "ANL01FL": yes,
        }
        for i in range(1, 7)
    ]
    wrong = [r | {"AVAL": 1, "ANL01FL": no} for r in records]
    a, b = serious if serious[0] else (yes, no)
    adae = [
        {
            "USUBJID": f"P{who}",
            "AEDECOD": "Rash",
            "AESER": a if i % 2 else b,
            "TRTEMFL": word(te),
            "ASTDT": "2020-02-01",
        }
        for i, (who, te) in enumerate(zip((1, 2, 4, 5), EMERGENT, strict=True))
    ]
    return reading_build.build(
        table(adsl, "adsl.csv"),
        table(records + wrong, "adtte.csv"),
        table(adae, "adae.csv"),
        id="flags",
    )


def answers(one: Study) -> str:
    page = safety_page(one, View(section="time"))
    body = safety_json(page)
    del body["readings"]  # they show each value as it is written
    rows = (one.times.to_dict("list"), one.subjects.drop(columns="AGE", errors="ignore"))
    population = baseline.response_rates(one, page.population, [a.name for a in one.arms])
    return json.dumps([body, rows[0], rows[1].to_dict("list"), str(population)], default=str)


@given(st.sampled_from(SPELLINGS))
def test_the_spelling_of_flags_never_changes_an_answer(spelling: tuple[str, str]) -> None:
    yes, no = spelling
    blank = "" if no in ("", "UNK") else "N"
    one = study(yes, no, ("Y", "N"))
    if no == "UNK":  # stands as it is in the subjects; the counts are those of a blank
        overview = safety_json(safety_page(one, View()))["overview"]
        assert overview == safety_json(safety_page(study("Y", "", ("Y", "N")), View()))["overview"]
    else:
        assert answers(one) == answers(study("Y", blank, ("Y", "N")))


def test_the_study_counted_by_hand() -> None:
    one = study("1.0", "0.0")
    page = safety_page(one, View())
    assert page.n == {"Drug": 2, "Placebo": 3}
    rows = {row.id: {a: c.subjects for a, c in row.arms.items()} for row in page.overview}
    assert rows["any"] == {"Drug": 2, "Placebo": 1}  # the event of P4 is not flagged
    assert rows["serious"] == {"Drug": 1, "Placebo": 1}
    assert one.times["TIME"].tolist() == [100.0 * i for i in range(1, 7)]
    assert not [f for f in one.report.findings if f.severity == "warning" and "FL" in f.message]


def spoiled(column: str, values: list[str]) -> Study:
    who = [f"P{i}" for i in range(1, 5)]
    flags = {"SAFFL": "Y", "ITTFL": "Y", "DTHFL": "Y"}
    times = {"PARAMCD": "OS", "AVALU": "DAYS", "CNSR": 0, "ANL01FL": "Y"}
    one: dict[str, list[dict[str, object]]] = {
        "adsl": [{"USUBJID": w, "TRT01P": "DDPP"[i], **flags} for i, w in enumerate(who)],
        "adtte": [{"USUBJID": w, "AVAL": 100 * i, **times} for i, w in enumerate(who, 1)],
        "adae": [{"USUBJID": w, "AEDECOD": "Rash", "TRTEMFL": "Y"} for w in who],
    }
    for rows in one.values():
        if column in rows[0]:
            for row, value in zip(rows, values, strict=True):
                row[column] = value
    return reading_build.build(
        *(table(one[role], f"{role}.csv") for role in ("adsl", "adtte", "adae")), id="spoiled"
    )


def said(one: Study) -> str:
    return "\n".join(f.message for f in one.report.findings if f.severity == "warning")


def test_a_safety_flag_that_is_not_understood_is_no_population_of_nobody() -> None:
    one = spoiled("SAFFL", ["dosed"] * 4)
    assert (
        "SAFFL (safety population) is recorded but not understood: SAFFL contains “dosed”"
        in said(one)
    )
    page = safety_page(one, View())
    assert page.reason == (
        "The safety population cannot be determined: SAFFL is recorded but not understood: SAFFL "
        "contains “dosed”."
    )
    assert page.n == {}
    assert page.overview == ()


def test_a_safety_population_of_nobody_is_no_question_of_filters() -> None:
    one = spoiled("SAFFL", ["N"] * 4)
    assert safety_page(one, View()).reason == (
        "No patient is in the safety population: SAFFL is not Y for any patient."
    )
    assert "SAFFL is not Y for any patient: the safety population is empty." in said(one)


def test_a_part_that_is_not_understood_is_told_with_its_number() -> None:
    one = spoiled("SAFFL", ["Y", "Y", "Y", "perhaps"])
    assert safety_page(one, View()).n == {"D": 2, "P": 1}
    assert "SAFFL (safety population) contains values that are not understood" in said(one)
    assert "“perhaps”" in said(one)
    assert "DTHFL (deaths) is recorded but not understood" in said(
        spoiled("DTHFL", ["2", "1", "1", "2"])
    )


def test_the_population_of_efficacy_is_refused_if_its_flag_is_not_understood() -> None:
    with pytest.raises(
        UserError, match="ITTFL is recorded but not understood: ITTFL contains “in”"
    ):
        spoiled("ITTFL", ["in"] * 4)
    with pytest.raises(UserError, match="ITTFL is not Y for any subject"):
        spoiled("ITTFL", ["No"] * 4)


def test_a_record_flag_that_is_not_understood_is_told_and_not_used() -> None:
    one = spoiled("ANL01FL", ["first"] * 4)
    assert len(one.times) == 4
    assert "ANL01FL contains values that are not understood: “first”; the flag is not used" in said(
        one
    )
    assert not any("flags no record" in f.message for f in one.report.findings)


def test_the_inputs_of_risk_models_are_read_alike() -> None:
    frame = pd.DataFrame(
        {"ABERPC": [96.0] * 4, "IMPARES": ["1.0", "Absent", "oui", "perhaps"]}, dtype=object
    ).astype({"ABERPC": float})
    levels = groups(model("PETHEMA"), frame)
    assert levels.tolist()[:3] == ["High", "Intermediate", "High"]
    assert pd.isna(levels.iloc[3])
