"""Published numbers on the pages. Oracle: the records they are drawn from."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from components.evidence import layout as evidence_layout
from components.island import to_html
from components.markup import Markup
from components.published import TICKS, axis_range, cited
from services.evidence.cited import Cited
from services.evidence.facts import Conflict, Source
from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView
from tests.components.text import text

SOURCE = Source("a", "paper", "A title", "Author 2030", "Journal", "abstract", "https://doi.org/x")


def summaries(made: Any) -> list[str]:
    numbers = re.findall('<summary class="cite-number[^>]*>(.*?)</summary>', to_html(made))
    return [text(Markup(number)) for number in numbers]


def links(made: Any) -> set[str]:
    return set(re.findall('href="([^"]*)"', to_html(made)))


def test_a_number_carries_all_that_stands_behind_it() -> None:
    number = Cited(
        "0.49", "HR of X", "derived", (SOURCE,), "1/2.05", "", (Conflict("T", "words", ("a",)),)
    )
    said = text(cited(number))
    for part in ("0.49", "HR of X", "Derived", "1/2.05", "A title", "Author 2030", "words"):
        assert part in said
    assert links(cited(number)) == {"https://doi.org/x"}


def test_a_source_without_a_trusted_link_is_words() -> None:
    plain = Cited("5", "about", "secondary", (Source("b", "news", "A report"),))
    assert links(cited(plain)) == set()
    assert "A report" in text(cited(plain))
    assert "Second-hand" in text(cited(plain))


def test_every_number_of_the_evidence_record_is_on_the_page() -> None:
    page = evidence_page(EvidenceView(reports="all"))
    found = summaries(list(evidence_layout.parts(page, ()).values()))
    for forest in page.forests:
        for row in forest.rows:
            prefix = "" if row.measure == "HR" else f"{row.measure} "
            assert prefix + row.cited.text in found
    for rows in (page.landmarks, page.responses, page.events):
        for listed in rows:
            assert {c.text for _, c in listed.arms} <= set(found)
    assert len(found) > 130


def test_trials_are_never_compared_without_saying_so() -> None:
    said = text(list(evidence_layout.parts(evidence_page(EvidenceView()), ()).values()))
    assert said.count("not randomized against each other") >= 5
    assert "nothing here is pooled by us" in said


def test_a_filter_that_nothing_matches_says_so() -> None:
    view = EvidenceView(drug=("Alkylating agent",), design="single-arm")
    said = text(list(evidence_layout.parts(evidence_page(view), ()).values()))
    assert said.count("No trial matches these filters.") >= 5


@pytest.mark.parametrize("values", [(0.3, 0.6), (0.08, 2.53), (0.02, 23.23)])
def test_the_axis_holds_every_limit(values: tuple[float, float]) -> None:
    page = evidence_page(EvidenceView())
    row = page.forests[0].rows[0]
    low, high = axis_range([replace(row, lower=values[0], upper=values[1])])
    assert low <= values[0] < values[1] <= high
    assert {low, high} <= set(TICKS)


def test_a_report_says_what_was_asked_for_in_words() -> None:
    view = EvidenceView(drug=("Anti-CD38 antibody",), risk=("high",), design="single-arm", q="dara")
    told = (
        "Drug class: anti-CD38 antibody; Population: high risk; Design: single arm; Search: “dara”"
    )
    assert evidence_layout.rests_on(evidence_page(view)) == (("Filters", told),)
    assert evidence_layout.rests_on(evidence_page(EvidenceView())) == (("Filters", "none"),)
