"""Citations as HTML. Oracle: HTML's rule that <details> ends an open paragraph."""

from __future__ import annotations

import re
from dataclasses import replace

from components.evidence import layout as evidence_layout
from components.island import to_html
from components.overview import layout as overview_layout
from components.published import source_line
from components.risk import calculator
from components.risk import layout as risk_layout
from services.checked import Problem, check
from services.evidence.facts import Source
from services.pages.evidence.page import evidence_page
from services.pages.overview.page import overview_page
from services.pages.risk.page import risk_page
from services.views.site import EvidenceView, RiskView
from services.views.study import View
from tests.studies import bundled

_BROKEN = re.compile(r"<p(?: [^>]*)?>(?:(?!</p>).)*<(?:details|div|ul|table)\b", re.DOTALL)


def parts() -> dict[str, str]:
    """The HTML of every part that cites."""
    page = risk_page(RiskView(bmpc=22, mprot=2.5, flcr=30, fish="no"))
    found = {**calculator.words(page, ())["html"]}
    found |= {name: to_html(value) for name, value in risk_layout.fixed(page).items()}
    found |= evidence_layout.words(evidence_page(EvidenceView()), ())["html"]
    study = overview_page(bundled(), View())
    found |= overview_layout.words(study, ())["html"]
    return found | {name: to_html(value) for name, value in overview_layout.fixed(study).items()}


def test_no_citation_stands_in_a_paragraph() -> None:
    """A browser would end the paragraph there: "Pooled:", followed by nothing."""
    found = parts()
    assert {name for name, html in found.items() if "<details" in html} > {
        "evidence-main",
        "risk-trials",
    }
    assert {name: html for name, html in found.items() if _BROKEN.search(html)} == {}


def test_how_much_was_read_is_said_and_nothing_of_what_was_not() -> None:
    paper = Source("a", "paper", "A title", "Author 2030", "Journal", "abstract")
    assert ", read: abstract" in to_html(source_line(paper))
    assert "read:" not in to_html(source_line(replace(paper, read="")))
    wrong = check(Source, {"id": "a", "kind": "paper", "title": "A title", "read": "not read"})
    assert isinstance(wrong, Problem)
    assert "leave it out" in wrong.hint
