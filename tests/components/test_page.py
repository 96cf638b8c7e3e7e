"""The frame of a study's page. Oracle: what the mechanism, the scripts and a reader look for."""

from __future__ import annotations

import pytest

from callbacks import pages
from components import page as frame
from components.chart import EMPTY_FIGURE
from components.island import to_html
from services.errors import UserError
from services.views.study import decode
from tests.studies import bundled


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
        frame.image(EMPTY_FIGURE, bundled(), "", (), "All times are 0.")
    assert caught.value.hint == "All times are 0."
