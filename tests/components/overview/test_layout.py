"""The overview. Oracle: the record of the page."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from components.island import to_html
from components.overview.layout import fixed, words
from services.pages.overview.page import overview_page
from services.views.study import View, decode
from tests.components.text import text
from tests.studies import bundled


def test_headlines_and_figures_of_the_record_are_there() -> None:
    page = overview_page(bundled(), View())
    made = fixed(page)
    top = text(made["overview-top"])
    assert all(h.cited.text in top for h in page.headlines)
    for endpoint in bundled().endpoints:
        assert f"/study/e3a06/survival?endpoint={endpoint.id}" in to_html(made["overview-top"])
    rest = text(made["overview-rest"])
    assert page.figures
    assert all(row.label in rest for row in page.figures)


def test_what_no_filter_changes_is_the_same_in_a_link_with_filters() -> None:
    """Oracle: the page without them; the arms are as large as they were planned."""
    whole, some = (
        {place: to_html(parts) for place, parts in fixed(overview_page(bundled(), view)).items()}
        for view in (View(), decode("f.SEX=F&f.AGE=38..42"))
    )
    assert some == whole
    for n, regimen in ((92, "Lenalidomide 25 mg"), (90, "Observation until progression")):
        assert f"{n} patients. {regimen}" in some["overview-top"]


def test_a_link_to_an_endpoint_opens_it_whatever_it_is_called() -> None:
    study = bundled()
    odd = replace(study.endpoints[0], id="A&B=C")
    page = replace(overview_page(study, View()), study=replace(study, endpoints=(odd,)))
    html = to_html(fixed(page)["overview-top"])
    query = re.search(r"/survival(\?endpoint=[^\"]*)", html)
    assert query is not None
    assert decode(unescape(query[1])).endpoint == "A&B=C"


def test_what_else_was_said_of_the_trial_is_there() -> None:
    page = overview_page(bundled(), View())
    assert page.trial is not None
    rest = text(fixed(page)["overview-rest"])
    assert page.trial.notes
    assert all(note.text in rest for note in page.trial.notes)


@pytest.mark.parametrize("query", ["", "f.SEX=F"])
def test_patients_follow_the_filters(query: str) -> None:
    page = overview_page(bundled(), decode(query))
    shown = words(page, ())["html"]["overview-patients"]
    for n in page.baseline.n:
        assert f"N = {n}" in shown
