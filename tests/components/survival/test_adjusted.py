"""The adjusted comparison as it is drawn; its numbers are the record's."""

from __future__ import annotations

import pytest

from components.survival.adjusted import adjusted_section
from components.survival.figure import survival_figure
from components.survival.layout import figure
from components.survival.table import curve_table
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.components.text import text
from tests.services.pages.survival.views import page
from tests.studies import make_study


def test_a_row_for_each_way_to_the_hazard_ratio() -> None:
    made = page("?endpoint=OS&adjust=AGE,SEX&strata=ECOGBL", "aquila")
    assert made.result is not None
    said = text(adjusted_section(made, made.result.comparisons[0]))
    assert "Age, per year" in said
    assert "Adjusted for age and sex within the strata: HR 0.5" in said
    places = [said.index(word) for word in ("Unadjusted", "Stratified", "Adjusted 0")]
    assert places == sorted(places)
    assert "Sex: Male versus Female" in said
    assert adjusted_section(page("", "aquila"), made.result.comparisons[0]) is None


def test_who_is_left_out_has_the_unadjusted_ratio_beside_it() -> None:
    study = make_study(
        list("AB" * 8),
        [3, 1, 5, 2, 7, 4, 8, 6, 9, 3, 10, 5, 11, 2, 12, 7],
        [i % 5 != 0 for i in range(16)],
        {"SEX": [*"FMMF" * 3, "F", "M", None, None]},
        arms=["A", "B"],
    )
    made = survival_page(study, decode("?adjust=SEX"))
    assert made.result is not None
    said = text(adjusted_section(made, made.result.comparisons[0]))
    assert "Same patients, unadjusted" in said
    assert "2 patients without a value are left out" in said


@pytest.mark.parametrize("compact", [True, False])
def test_the_forest_has_every_coefficient_on_its_axis(compact: bool) -> None:
    made = page("?endpoint=OS&adjust=AGE,SEX,HGB&plot=adjusted", "aquila")
    assert made.plots[-1] == "adjusted"
    drawn = figure(made, "light", compact)
    points = [t for t in drawn["data"] if t["mode"] == "markers"]
    assert [p["x"][0] for p in points] == [
        t.hazard_ratio.estimate  # type: ignore[union-attr]
        for t in made.adjustment.models["Daratumumab"].terms  # type: ignore[union-attr]
    ]
    assert len(drawn["layout"]["yaxis"]["ticktext"]) == 4
    assert "versus Active monitoring" in text(curve_table(made))


def test_adjusted_curves_are_dotted_beside_the_others() -> None:
    made = page("?endpoint=OS&adjust=AGE", "aquila")
    drawn = survival_figure(made, "light")
    lines = [t for t in drawn["data"] if t.get("meta") == "adjusted"]
    assert [line["line"]["dash"] for line in lines] == ["dot", "dot"]
    assert made.adjustment is not None
    assert lines[0]["y"] == made.adjustment.curves[0].survival.tolist()
    said = " ".join(a["text"] for a in drawn["layout"]["annotations"])
    assert "numbers at risk are not weighted" in said.replace("<br>", " ")
