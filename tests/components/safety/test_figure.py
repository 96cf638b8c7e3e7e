"""Figures and tables of the safety pages draw what their records hold."""

from __future__ import annotations

from typing import Any

import pytest

from components.benefit_risk import layout as benefit_risk_layout
from components.benefit_risk.figure import icons_figure
from components.island import to_html
from components.patient import layout as patient_layout
from components.safety import layout as safety_layout
from components.safety.butterfly_figure import butterfly_figure
from components.safety.figure import dot_figure, effect_text, shades
from components.safety.listing import listing_table
from components.safety.published import published, readings
from components.safety.table import grades_table, overview, terms_table
from components.safety.time_figure import first_figure, prevalence_figure
from components.safety.time_table import first_table, rates_table
from services.errors import UserError
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.patient.page import patient_page
from services.pages.safety.page import safety_page
from services.pages.safety.records import SafetyPage
from services.statistics.results import Estimate
from services.views.study import View, decode
from tests.adverse_events import ADAE, synthetic, tiny
from tests.studies import as_such, bundled


def page(query: str = "", study: Any = None) -> SafetyPage:
    return safety_page(study or bundled(), decode(query))


def traces(figure: dict[str, Any], meta: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace.get("meta") == meta]


@pytest.mark.parametrize("compact", [False, True])
def test_the_dots_are_the_percentages(compact):
    found = page()
    figure = dot_figure(found, "light", compact)
    dots = traces(figure, "percent")
    assert [d["name"] for d in dots] == ["Lenalidomide", "Observation"]
    rows = found.leading[: len(dots[0]["x"])]
    assert len(rows) == (12 if compact else 20)
    assert dots[0]["x"] == [row.arms["Lenalidomide"].percent for row in rows]
    effect = traces(figure, "effect")[0]
    assert effect["x"] == [100 * row.difference.estimate for row in rows]
    assert {d["marker"]["symbol"] for d in dots} == {"circle", "diamond"}  # not by color alone
    assert figure["layout"]["height"] >= 25 * len(rows)


def test_a_limit_that_does_not_exist_runs_to_the_edge():
    found = page("effect=ratio&q=anemia", tiny())
    figure = dot_figure(found, "light", False)
    low, high = (10**v for v in figure["layout"]["xaxis2"]["range"])
    interval = traces(figure, "interval")[0]["x"]
    assert interval[1] == pytest.approx(high)
    assert low < interval[0] < high
    assert traces(figure, "effect")[0]["x"] == []
    assert effect_text(found, found.leading[0].effect).startswith("NE (")


def test_one_arm_has_no_second_panel():
    figure = dot_figure(page("", bundled("e3a06-run-in")), "dark", False)
    assert "xaxis2" not in figure["layout"]
    assert figure["layout"]["xaxis"]["domain"] == [0, 1.0]


def test_the_butterfly_adds_up_to_the_percentages():
    found = page("section=grades")
    figure = butterfly_figure(found, "light", False)
    bars = traces(figure, "grade")
    for arm in ("Lenalidomide", "Observation"):
        mine = [b for b in bars if b["name"].startswith(arm)]
        assert len(mine) == 5
        total = [sum(values) for values in zip(*(b["x"] for b in mine), strict=True)]
        assert total == pytest.approx([r.arms[arm].percent for r in found.leading[: len(total)]])
    assert figure["layout"]["xaxis"]["range"][0] > figure["layout"]["xaxis"]["range"][1]
    assert shades(5) == (0.22, 0.42, 0.62, 0.82, 1.0)


def test_time_figures_show_each_arm():
    found = page("section=time&term=Neutropenia")
    first = first_figure(found, found.time, "light", False)
    assert [t["name"] for t in traces(first, "incidence")] == ["Lenalidomide", "Observation"]
    prevalence = prevalence_figure(found, found.time, "light", True)
    assert traces(prevalence, "prevalence")
    assert all(t["name"].startswith("Grade") for t in traces(prevalence, "prevalence"))


def test_tables_are_plain_html_and_escape_what_studies_write():
    study = tiny(ADAE.replace("Anemia", "<b>Anemia</b>"))
    found = page("open=*", study)
    html = to_html(terms_table(found))
    assert "<b>Anemia</b>" not in html
    assert "&lt;b&gt;Anemia&lt;/b&gt;" in html
    assert 'aria-expanded="true"' in html


def test_the_overview_says_what_is_not_recorded():
    html = to_html(overview(page("", synthetic((1, 2), (5, 5)))))
    assert "Not given: action taken is not recorded (AEACN)" in html


def test_classes_open_one_by_one_or_all():
    closed = to_html(terms_table(page()))
    assert "Neutropenia" not in closed
    one = to_html(terms_table(page("open=Blood and lymphatic system disorders")))
    assert "Neutropenia" in one
    assert "Fatigue" not in one
    assert "Fatigue" in to_html(terms_table(page("open=*")))


def test_the_grades_table_has_a_column_for_events_without_a_grade():
    assert "No grade" in to_html(grades_table(page("section=grades", tiny())))
    assert "No grade" not in to_html(grades_table(page("section=grades")))


def test_published_figures_have_their_source_and_gaps_stay_gaps():
    html = to_html(published(page().published, "Simulated"))
    assert html.count("Not given") >= 6  # the observation arm, in every row
    assert "10.1200/JCO.19.01740" in html
    assert "25 of 88 (28%)" in html


def test_the_listing_leads_to_patients_by_the_study_s_own_id():
    html = to_html(listing_table(page("section=events&f.SEX=F")))
    assert "/study/e3a06/patient?" in html
    assert "id=E3A06-SIM-" in html
    assert "f.SEX=F" in html  # and back again with the same filter
    assert "Page 1 of" in html


def test_every_value_that_decides_a_count_is_shown():
    html = to_html(readings(page("", tiny()).readings))
    for value in ("PROBABLE", "REMOTE", "(blank)", "not stated, counted as not related"):
        assert value in html


@pytest.mark.parametrize("section", ["terms", "grades", "time", "events"])
def test_every_section_can_be_put_into_words_without_patients(section):
    found = page(f"section={section}&f.AGE=1..2")
    words = safety_layout.words(found, 10)
    assert "No patient of the safety population" in words["html"]["safety-problem"]
    assert words["hidden"]["safety-figure"]
    with pytest.raises(UserError):
        safety_layout.image(found)


@pytest.mark.parametrize("section", ["terms", "grades", "time"])
def test_images_say_whose_patients_these_are(section):
    image = safety_layout.image(page(f"section={section}"))
    text = " ".join(a["text"] for a in image["layout"]["annotations"])
    assert "Simulated patients" in text
    assert "safety population by actual arm" in text
    assert image["layout"]["paper_bgcolor"] == "#ffffff"


def test_icons_are_as_many_as_the_number_says():
    found = benefit_risk_page(bundled(), decode(""))
    figure = icons_figure(found, "light", False)
    filled = [len(t["x"]) for t in traces(figure, "with")]
    empty = [len(t["x"]) for t in traces(figure, "without")]
    assert filled == [91, 66, 40, 6]
    assert [a + b for a, b in zip(filled, empty, strict=True)] == [100] * 4


def test_a_number_needed_is_not_shown_when_nothing_may_differ():
    few = benefit_risk_page(tiny(), decode("unit=days&diff=60"))
    html = to_html(benefit_risk_layout.numbers(few))
    assert "Not shown: the interval includes no difference" in html
    many = to_html(benefit_risk_layout.numbers(benefit_risk_page(as_such(), decode(""))))
    assert "Number needed to treat" in many
    assert "Number needed to harm" in many
    assert "Not shown" not in many


def test_a_patient_s_timeline_has_a_bar_per_event():
    found = patient_page(bundled(), View(id="E3A06-SIM-0004"))
    figure = patient_layout.figure(found, "light", False)
    assert len(traces(figure, "event")) == 9
    bar = traces(figure, "treatment")[0]
    assert bar["base"] == [1 / 30.4375]
    assert bar["x"] == [288 / 30.4375]
    assert "E3A06-SIM-0004" in to_html(patient_layout.words(found, 10)["html"]["patient-answer"])


def test_effect_text_has_signs_for_points():
    found = page()
    assert effect_text(found, Estimate(0.5, -0.1, 0.9)) == "+50.0 (−10.0 to +90.0)"
    assert effect_text(found, Estimate(None, None, None)) == "NE"


def test_every_table_with_a_column_per_arm_scrolls_by_itself():
    """At any number of arms the page stays as wide as its window."""
    over_time = page("section=time")
    cards = (
        overview(page()), terms_table(page()), grades_table(page("section=grades")),
        first_table(over_time, over_time.time), rates_table(over_time, over_time.time),
    )  # fmt: skip
    for card in map(to_html, cards):
        tables, frames = card.count("<table"), card.count("table-scroll")
        assert 0 < tables <= frames, card[:300]
