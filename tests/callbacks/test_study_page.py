"""The mechanism of a study's page. Oracle: the declarations of the pages."""

from __future__ import annotations

import flask
import pytest
from dash import html

from callbacks import pages
from callbacks.study_page import StudyPage
from services.views.study import View
from tests.components.text import text, walk
from tests.studies import bundled


@pytest.mark.parametrize("page", [p for p in pages.STUDY.values() if p.live], ids=lambda p: p.id)
def test_every_page_has_the_parts_that_its_callback_fills(page: StudyPage[object]) -> None:
    study = bundled()
    with flask.Flask(__name__).test_request_context():
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
