"""The frame of a study's page. Oracle: what the mechanism, the scripts and a reader look for."""

from __future__ import annotations

import pytest
from dash import html

from callbacks import pages
from callbacks.study_page import StudyPage
from components import page as frame
from components.chart import EMPTY_FIGURE
from components.island import to_html
from services.errors import UserError
from services.views.study import View, decode
from tests.components.text import text, walk
from tests.studies import bundled


@pytest.mark.parametrize("page", [p for p in pages.STUDY.values() if p.live], ids=lambda p: p.id)
def test_every_page_has_the_parts_that_its_callback_fills(page: StudyPage[object]) -> None:
    study = bundled()
    made = page.layout(page.make(study, View()), "?unit=days", "light", False, page.offered)
    ids = [c.id for c in walk(made) if isinstance(getattr(c, "id", None), str)]
    assert len(ids) == len(set(ids)), "an id stands once"
    wanted = {"address", "study", "island", "answer", "take-away"}
    if page.id == "overview":
        wanted -= {"answer"}
    wanted |= {*page.figures, *page.controls}
    assert {f"{page.id}-{part}" for part in wanted} <= {*ids}
    assert {place for place, _ in page.options} | {*page.events} <= {*ids}
    parts = {c.id: c for c in walk(made) if isinstance(getattr(c, "id", None), str)}
    assert parts[f"{page.id}-address"].search == "?unit=days"
    assert parts[f"{page.id}-study"].data == study.id
    assert [text(c) for c in walk(made) if isinstance(c, html.H1)]


def test_what_numbers_rest_on_is_text_and_no_markup() -> None:
    made = to_html(frame.provenance([("Filter", "AGE < 65 & SEX"), ("Data", "E3A06")]))
    assert "<b>Filter: </b>AGE &lt; 65 &amp; SEX" in made
    assert made.count("provenance-item") == 2


def test_a_reason_stands_in_place_of_what_is_not_there() -> None:
    assert frame.problem(None) is None
    assert "No patient matches." in to_html(frame.problem("No patient matches."))


def test_files_say_the_view() -> None:
    declared = pages.STUDY["survival"]
    page = declared.make(bundled(), decode("endpoint=OS"))
    made = to_html(frame.files("survival", page, page.address, declared.offered, "curves"))
    for ending in ("figure.json", "csv", "json", "data.csv", "py", "R"):
        assert f"/study/e3a06/survival.{ending}?endpoint=OS" in made
    assert "e3a06-OS-survival-curves" in made


def test_an_image_of_nothing_is_refused_with_the_reason() -> None:
    with pytest.raises(UserError, match="no figure") as caught:
        frame.image(EMPTY_FIGURE, bundled(), "", (), "Every time is 0.")
    assert caught.value.hint == "Every time is 0."
