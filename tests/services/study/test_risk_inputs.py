"""Inputs of the risk models in another unit or the other way round.

Oracle: 200 patients drawn once, whose groups by Mayo 2018 are counted by the published rule on the
true values; the same values in g/L, as kappa/lambda and as shares.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.pages.risk_models.export import risk_models_csv, risk_models_json
from services.pages.risk_models.page import risk_models_page
from services.reading import build as reading_build
from services.reading.formats.table import Table
from services.risk import models
from services.risk import models as risk_rules
from services.study.model import Study
from services.study.risk_inputs import doubts
from services.views.study import View

N = 200


def patients() -> pd.DataFrame:
    """Marrow in %, M-protein in g/dL, involved/uninvolved ratio; every second one has lambda."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "BMPC": rng.uniform(10, 45, N).round(0),
            "MPROT": rng.uniform(0.5, 4.0, N).round(1),
            "FLCR": np.exp(rng.uniform(0.5, 4.4, N)).round(1),
        }
    )
    return frame.set_index(pd.Index([f"S{i:03d}" for i in range(N)]))


def by_lambda(frame: pd.DataFrame) -> pd.DataFrame:
    """The ratios of every second patient as a laboratory prints them: kappa/lambda."""
    half = np.arange(N) % 2 == 0
    return frame.assign(FLCR=np.where(half, 1 / frame["FLCR"], frame["FLCR"]))


@pytest.mark.parametrize("model_id", ["MAYO2018", "IMWG2020", "MAYO2008"])
def test_the_inverse_ratio_gives_the_same_groups_in_every_model(model_id: str) -> None:
    one = models.model(model_id)
    true = one.groups(*(patients()[c] for c in one.inputs))
    assert one.groups(*(by_lambda(patients())[c] for c in one.inputs)).equals(true)


def test_the_inverse_ratio_in_the_point_score_and_the_entry_criteria() -> None:
    """33:1 of a lambda patient: 3 points above 25; 8 or more and below 100."""
    one = [pd.Series([v]) for v in (10.0, 1.0, 1 / 33, "N")]
    assert models.model("IMWG2020S").points(*one)[2].tolist() == [3.0]
    values = [pd.Series([v]) for v in (10.0, 1.0, 1 / 33, "IgG", "N", 0.0)]
    assert risk_rules.aquila(*values).tolist() == ["Meets"]


def test_sound_values_raise_no_doubt() -> None:
    assert doubts(patients()) == ()
    assert doubts(pd.DataFrame({"AGE": [60.0]})) == ()


def test_each_fault_is_named_with_its_remedy() -> None:
    frame = patients()
    liter = doubts(frame.assign(MPROT=10 * frame["MPROT"]))
    assert len(liter) == 1
    assert "Is it in g/L?" in liter[0].message
    assert liter[0].remedy == "Divide values in g/L by 10."
    assert liter[0].count == int((frame["MPROT"] > 1).sum())
    inverse = doubts(by_lambda(frame))
    assert [f.count for f in inverse] == [N // 2]
    assert "kappa/lambda" in inverse[0].message
    share = doubts(frame.assign(BMPC=frame["BMPC"] / 100))
    assert "proportions rather than percentages" in share[0].message
    assert share[0].remedy == "Multiply them by 100."


def test_impossible_values_are_named() -> None:
    frame = pd.DataFrame(
        {"BMPC": [120.0, 20.0], "MPROT": [-1.0, 2.0], "FLCR": [0.0, 5.0]}, index=["A", "B"]
    )
    said = [f.message for f in doubts(frame)]
    assert len(said) == 3
    assert all("A" in text for text in said)
    assert "treat it as unknown" in said[2]
    assert risk_rules.involved_ratio(pd.Series([0.0, -1.0])).isna().all()


@pytest.mark.parametrize("model_id", ["MAYO2018", "MAYO2008"])
def test_a_ratio_of_nothing_is_as_unknown_as_a_blank(model_id: str) -> None:
    """A chain that was not found may be the most extreme ratio of all: never "no factor"."""
    one = models.model(model_id)
    frame = patients()
    zero, blank = (frame.assign(FLCR=value) for value in (0.0, np.nan))
    found = [one.groups(*(f[c] for c in one.inputs)) for f in (zero, blank)]
    assert found[0].equals(found[1])
    assert found[0].isna().any()


def test_a_message_names_at_most_three_patients() -> None:
    (finding,) = doubts(by_lambda(patients()))
    assert finding.message.count("S0") + finding.message.count("S1") == 3
    assert "and 97 more" in finding.message


def study(frame: pd.DataFrame) -> Study:
    ids = list(frame.index)
    adsl = frame.assign(USUBJID=ids, TRT01P=[("A", "B")[i % 2] for i in range(N)])
    adtte = pd.DataFrame(
        {
            "USUBJID": ids, "PARAMCD": "PFS", "PARAM": "Progression-free survival",
            "AVAL": np.linspace(30, 1500, N), "AVALU": "DAYS", "CNSR": [i % 2.0 for i in range(N)],
        }
    )  # fmt: skip
    tables = [Table(t.reset_index(drop=True), {}, n, "csv", ()) for t, n in
              ((adsl, "adsl"), (adtte, "adtte"))]  # fmt: skip
    return reading_build.build(tables[0], tables[1], None, id="risks")


def test_the_import_report_and_the_page_of_risk_models_tell_it() -> None:
    found = study(by_lambda(patients()))
    told = [f.message for f in found.report.findings if f.message.startswith("FLCR")]
    assert len(told) == 1
    page = risk_models_page(found, View())
    assert page.doubts[0].startswith("FLCR: below 1")
    assert risk_models_json(page)["warnings"] == list(page.doubts)
    assert "Check the inputs" in risk_models_csv(page)
    assert risk_models_page(study(patients()), View()).doubts == ()
