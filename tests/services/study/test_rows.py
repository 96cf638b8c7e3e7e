"""Records of an endpoint and their strata. Oracle: pandas on the study's own tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from services.study.rows import (
    endpoint_records,
    facet_levels,
    strata_codes,
    strata_names,
    strata_told,
)
from services.views.study import View
from tests.studies import bundled, make_study

ARMS = ["A", "B", "A", "B", "A", "B"]
SEX = ["F", "F", "M", None, "M", "F"]


def study():
    return make_study(
        ARMS,
        [1, 2, 3, 4, 5, 6],
        [True] * 6,
        {"SEX": SEX, "AGEGR1": list("xyxyxy")},
        arms=["A", "B"],
    )


def test_records_are_those_of_the_endpoint_and_the_chosen_with_their_arm() -> None:
    women = (bundled().subjects["SEX"] == "F").to_numpy()
    found = endpoint_records(bundled(), "OS", women)
    times = bundled().times
    expected = times[
        (times["PARAMCD"] == "OS") & times["USUBJID"].isin(bundled().subjects.index[women])
    ]
    assert found["USUBJID"].tolist() == expected["USUBJID"].tolist()
    arms = bundled().subjects["ARM_PLANNED"].reindex(expected["USUBJID"])
    assert found["ARM_PLANNED"].tolist() == arms.tolist()


def test_strata_are_the_crossing_of_their_columns() -> None:
    made = study()
    who = pd.Series(made.subjects.index)
    codes = strata_codes(made, ["SEX", "AGEGR1"], who)
    assert codes is not None
    groups = list(zip(made.subjects["SEX"].astype(object).where(made.subjects["SEX"].notna(), "?"),
                      made.subjects["AGEGR1"], strict=True))  # fmt: skip
    assert np.isnan(codes).tolist() == ["?" in group for group in groups]
    codes = np.where(np.isnan(codes), -1, codes)
    groups = [("?", "?") if "?" in group else group for group in groups]
    same_code = codes[:, None] == codes[None, :]
    same_group = np.array([[a == b for b in groups] for a in groups])
    assert (same_code == same_group).all()
    assert strata_codes(made, [], who) is None
    names = strata_names(made, ["SEX", "AGEGR1"], who)
    assert names[codes >= 0].nunique() == len(set(groups)) - 1
    assert names.iloc[3] == "(missing) / y"


def test_levels_of_small_charts_have_a_place_for_missing_values() -> None:
    made = study()
    who = pd.Series(made.subjects.index)
    assert facet_levels(made, "SEX", who).tolist() == SEX
    assert set(facet_levels(made, "", who)) == {""}
    told = strata_told(made, View(strata=("AGEGR1",), facet="SEX"), who)
    assert [(s.name, s.missing) for s in told] == [("AGEGR1", 0), ("SEX", 1)]
