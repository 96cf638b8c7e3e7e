"""The mechanism of a study's page. Oracle: the declarations of the pages."""

from __future__ import annotations

import flask
import pytest
from dash import html

from callbacks import pages
from callbacks.study_page import StudyPage
from services.views.study import View
from tests.callbacks.client import Reader, id_text
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


@pytest.mark.parametrize("newest", ["known", "endpoint"])
def test_a_choice_that_cannot_be_used_does_not_take_others_with_it(
    server: flask.Flask, newest: str
) -> None:
    """Both are asked at once. Oracle: the page of the other choice alone."""
    reader = Reader(server, "/study/aquila/subgroups")
    chosen = {"known": "OS", "endpoint": "FLT"}
    for name, value in chosen.items():
        reader.props[f"subgroups-{name}"]["value"] = value
    reader.change(f"subgroups-{newest}", "value", chosen[newest])
    assert reader.props["subgroups-address"]["search"] == "?endpoint=FLT"
    assert reader.props["subgroups-known"]["value"] is None
    other = Reader(server, "/study/aquila/subgroups?endpoint=FLT")
    assert reader.props["subgroups-graph"]["figure"] == other.props["subgroups-graph"]["figure"]
    words = reader.props["subgroups-island"]["data"]["html"]
    assert (
        words["subgroups-answer"]
        == other.props["subgroups-island"]["data"]["html"]["subgroups-answer"]
    )
    rail = reader.props[id_text({"type": "rail", "page": "subgroups"})]["data"]
    assert "“known=OS” cannot be used" in rail["html"]["page-notice"]


def test_a_choice_that_cannot_be_used_alone_stays_in_its_control(server: flask.Flask) -> None:
    reader = Reader(server, "/study/aquila/subgroups")
    reader.change("subgroups-known", "value", "OS")
    assert reader.props["subgroups-known"]["value"] == "OS"
    assert not reader.props["subgroups-address"]["search"]
    # What makes it usable may come next.
    reader.change("subgroups-landmark", "value", "12")
    assert reader.props["subgroups-address"]["search"] == "?landmark=12&known=OS"


def test_what_was_chosen_before_a_click_in_a_table_counts(server: flask.Flask) -> None:
    """One question says both; oracle: one after the other."""
    reader = Reader(server, "/study/e3a06/subgroups")
    reader.props["subgroups-unit"]["value"] = "years"
    reader.change("subgroups-event", "data", {"do": "fold", "value": "SEX"})
    assert reader.props["subgroups-address"]["search"] == "?unit=years&fold=SEX"
    assert reader.props["subgroups-unit"]["value"] == "years"


def test_clicks_that_were_not_answered_are_asked_with_the_next_choice(server: flask.Flask) -> None:
    """A click in a table is named beside the choice; a variable to add waits in its control."""
    reader = Reader(server, "/study/e3a06/subgroups")
    reader.props["subgroups-event"]["data"] = {"do": "fold", "value": "SEX"}
    reader.props["subgroups-unit"]["value"] = "years"
    callback = next(c for c in reader.callbacks if "subgroups-island.data" in c["output"])
    asked = reader.question(callback, "subgroups-unit.value")
    asked["changedPropIds"].append("subgroups-event.data")
    answer = reader.client.post("/_dash-update-component", json=asked, headers=reader.headers)
    search = answer.get_json()["response"]["subgroups-address"]["search"]
    assert search == "?unit=years&fold=SEX"

    reader = Reader(server, "/study/e3a06/subgroups?by=SEX")
    reader.props["subgroups-add"]["value"] = "AGEGR1"
    reader.change("subgroups-unit", "value", "years")
    assert reader.props["subgroups-address"]["search"] == "?unit=years&by=SEX,AGEGR1"
    assert reader.props["subgroups-add"]["value"] is None
