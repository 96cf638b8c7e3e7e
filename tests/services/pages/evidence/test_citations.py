"""Sources as BibTeX and RIS. Oracle: the papers' own entries, and the formats' rules by hand."""

from __future__ import annotations

import re

from services.evidence.facts import Source
from services.pages.evidence.citations import bibtex, evidence_bib, evidence_ris, ris, sources_shown
from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView

AQUILA = EvidenceView(drug=("Anti-CD38 antibody",), design="randomized")


def test_a_paper_is_an_article_with_its_doi() -> None:
    """Oracle: N Engl J Med 2025;392(18):1777-1788, doi 10.1056/NEJMoa2409029."""
    (entry,) = (e for e in evidence_bib(AQUILA).split("\n\n") if "@article{dimopoulos2025," in e)
    for line in (
        "  author = {Dimopoulos, M. A. and Voorhees, P. M. and Schjesvold, F. and Cohen, Y. C. and",
        " and Carson, R. and Rajkumar, S. V.},",
        "  journal = {N Engl J Med},",
        "  year = {2025},",
        "  volume = {392},",
        "  doi = {10.1056/NEJMoa2409029},",
    ):
        assert line in entry
    record = evidence_ris(AQUILA).split("ER  - ")
    (found,) = (r for r in record if "ID  - dimopoulos2025\r\n" in r)
    assert found.strip().startswith("TY  - JOUR")
    assert "DO  - 10.1056/NEJMoa2409029\r\n" in found
    assert found.count("AU  - ") == 36  # as a library's catalog and a journals' index list them
    assert "AU  - Dimopoulos, M. A.\r\nAU  - Voorhees, P. M.\r\n" in found


def test_where_the_authors_were_not_listed_the_first_stands_for_them() -> None:
    source = Source("a", "paper", "A title", label="Pérez-Persona 2007")
    assert "  author = {Pérez-Persona and others},\n" in bibtex((source,))
    several = Source("b", "paper", "A title", authors=("van de Donk NWCJ", "O'Brien T"))
    assert "  author = {van de Donk, N. W. C. J. and O'Brien, T.},\n" in bibtex((several,))
    assert "AU  - van de Donk, N. W. C. J.\r\nAU  - O'Brien, T.\r\n" in ris((several,))


def test_only_sources_of_the_view_are_cited_each_once() -> None:
    shown = sources_shown(evidence_page(AQUILA))
    assert len({(s.link, s.title) for s in shown}) == len(shown)
    titles = {s.title for s in shown}
    assert any("Schwelendes multiples Myelom" in title for title in titles)
    assert (
        "Randomized Trial of Lenalidomide Versus Observation in Smoldering Multiple Myeloma"
        not in {
            s.title
            for s in sources_shown(evidence_page(EvidenceView(drug=("Anti-SLAMF7 antibody",))))
        }
    )
    text = evidence_bib(EvidenceView())
    keys = re.findall(r"^@\w+\{([^,]+),$", text, re.MULTILINE)
    assert len(keys) == len(set(keys)) == evidence_ris(EvidenceView()).count("TY  - ")


def test_special_characters_and_what_is_not_known() -> None:
    odd = Source("a", "news", "50% of {A} & B_1", address="example.org/x", seen="2026-11-26")
    again = Source("a", "news", "Another")
    text = bibtex((odd, again))
    assert r"title = {50\% of \{A\} \& B\_1}" in text
    assert "@misc{a,\n" in text
    assert "@misc{a_2,\n" in text
    assert "year" not in text
    assert "author" not in text
    assert ris((odd,)) == (
        "TY  - GEN\r\nID  - a\r\nTI  - 50% of {A} & B_1\r\nY2  - 2026/11/26\r\n"
        "N1  - Report; example.org/x\r\nER  - \r\n"
    )
