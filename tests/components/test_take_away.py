"""What a reader takes along carries its title, whose data, and the small print."""

from __future__ import annotations

from typing import Any

import pytest

from components import page as frame
from components.page import IMAGE_WIDTH
from components.survival import layout as survival_layout
from components.take_away import take_away
from services.errors import UserError
from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage
from services.views.study import decode
from tests.components.text import text, walk
from tests.studies import bundled, make_study

OFFERED = ("json", "csv", "data.csv", "py", "R", "figure.json")
QUERIES = ["", "?endpoint=OS", "?plot=types", "?plot=hazards", "?plot=means", "?facet=MAYO2018"]


def page(query: str = "", study_id: str = "e3a06") -> SurvivalPage:
    return survival_page(bundled(study_id), decode(query))


def words(image: dict[str, Any]) -> str:
    return " ".join(a["text"].replace("<br>", " ") for a in image["layout"]["annotations"])


@pytest.mark.parametrize("query", QUERIES)
def test_an_image_stands_alone(query: str) -> None:
    made = page(query)
    image = survival_layout.image(made)
    layout = image["layout"]
    said = words(image)
    assert "<b>E3A06. Simulated patients</b>" in said
    assert made.answer in said
    for label, provenance in made.provenance:
        assert f"{label}: {provenance}" in said
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "#ffffff"
    assert layout["width"] == IMAGE_WIDTH
    shown = survival_layout.figure(made, "light", False)
    assert image["data"] == shown["data"], "in light colors, and the wide table"
    grown = layout["height"] - shown["layout"]["height"]
    margin, before = layout["margin"], shown["layout"]["margin"]
    assert grown == margin["t"] - before["t"] + margin["b"] - before["b"]


def test_the_at_risk_table_is_inside() -> None:
    image = survival_layout.image(page())
    assert len([t for t in image["data"] if t.get("meta") == "table"]) == 6


def test_the_title_is_above_the_chart_and_the_small_print_below() -> None:
    *_, title, foot = survival_layout.image(page())["layout"]["annotations"]
    assert (title["y"], title["yanchor"]) == (1, "bottom")
    assert (foot["y"], foot["yanchor"]) == (0, "top")
    assert title["yshift"] > 0 > foot["yshift"]
    assert all(len(line) <= 150 for line in foot["text"].split("<br>"))


def test_the_figure_on_the_page_is_left_as_it_was() -> None:
    figure = survival_layout.figure(page(), "light", False)
    before = len(figure["layout"]["annotations"]), dict(figure["layout"]["margin"])
    frame.image(figure, bundled(), "title", [("a", "b")])
    assert (len(figure["layout"]["annotations"]), figure["layout"]["margin"]) == before


def test_there_is_no_image_of_nothing() -> None:
    with pytest.raises(UserError, match="There is no figure to save") as caught:
        survival_layout.image(page("?f.AGE=..1"))
    assert "No patient matches" in caught.value.hint


def test_a_studys_words_are_text_in_the_image() -> None:
    evil = '<a href="https://example.org">x</a>'
    study = make_study([evil, "B"] * 8, range(1, 17), [True] * 16, arms=[evil, "B"], title=evil)
    assert "<a " not in words(survival_layout.image(survival_page(study, decode(""))))


def test_every_link_keeps_the_view() -> None:
    made = page("?f.SEX=F&endpoint=OS&ci=log")
    row = frame.files("survival", made, made.full_address, OFFERED, made.view.plot)
    links = {text(c): c.href for c in walk(row) if getattr(c, "_type", "") == "A"}
    assert list(links) == ["CSV", "JSON", "Patients (CSV)", "Python script", "R script"]
    for ending, href in zip(("csv", "json", "data.csv", "py", "R"), links.values(), strict=True):
        path, _, query = href.partition("?")
        assert path == f"/study/e3a06/survival.{ending}"
        again = survival_page(made.study, decode(query))
        assert again.view == made.view
    buttons = [c for c in walk(row) if hasattr(c, "data-figure")]
    assert [getattr(b, "data-format") for b in buttons] == ["svg", "png"]
    for button in buttons:
        assert getattr(button, "data-figure").startswith("/study/e3a06/survival.figure.json?")
        assert getattr(button, "data-name").startswith("e3a06-OS-survival-curves-")
        assert getattr(button, "aria-label").startswith("Download the figure as")


def test_a_page_without_scripts_offers_none() -> None:
    row = take_away("/study/x/safety", "?a=1", ("json", "csv"))
    assert "Recompute it" not in text(row)
    assert "Figure" not in text(row)
    assert "Copy link" in text(row)


def test_published_results_stand_first_in_an_image() -> None:
    """The sentence speaks of "the subgroup result above": it is there in an image too."""
    made = page("?f.MAYO2018=High")
    said = words(survival_layout.image(made))
    assert made.headlines[0].cited.text in said
    assert said.index("Published (") < said.index("At 12 months")
