"""Every link of every page: inside ones open, outside ones have the form their registry gives.

Oracles: the router and the server of this site; the published syntax of DOI (ISO 26324), PubMed,
PubMed Central and ClinicalTrials.gov identifiers.
"""

from __future__ import annotations

import html
import json
import re
from urllib.parse import urlsplit

import pytest
from flask import Flask

from callbacks.pages import NAVIGATION, STUDY
from callbacks.routing import page_for
from services.evidence.facts import LINK_HOSTS
from tests.studies import site

SITE = site()
PATHS = ["/", "/evidence", "/risk?bmpc=25&mprot=3&flcr=30", "/methods", "/upload"]
PATHS += [f"/study/{study}" for study in SITE.ids()]
PATHS += [f"/study/e3a06/{page}" for page, _ in NAVIGATION.tabs if page]
FORMS = {
    "doi.org": r"https://doi\.org/10\.\d{4,9}/\S+",
    "pubmed.ncbi.nlm.nih.gov": r"https://pubmed\.ncbi\.nlm\.nih\.gov/[1-9]\d{5,8}/",
    "pmc.ncbi.nlm.nih.gov": r"https://pmc\.ncbi\.nlm\.nih\.gov/articles/PMC[1-9]\d{4,8}/?",
    "clinicaltrials.gov": r"https://clinicaltrials\.gov/study/NCT\d{8}",
}
# Where software and standards of the methods page live.
OTHER_HOSTS = {"cran.r-project.org", "lifelines.readthedocs.io", "github.com", "www.r-project.org"}


def content(server: Flask, address: str) -> str:
    """All a page is made of, islands and stores too, as text."""
    path, _, query = address.partition("?")
    with server.test_request_context(address):
        page = page_for(path, f"?{query}" if query else "", SITE)
    return json.dumps(page, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


@pytest.fixture(scope="module")
def pages(server: Flask) -> dict[str, str]:
    return {address: content(server, address) for address in PATHS}


def links(page: str) -> set[str]:
    written = re.findall(r'"href": "([^"]*)"', page)
    written += re.findall(r'href=\\"([^"]*?)\\"', page)
    written += re.findall(r"\]\((https?://[^)\s]+)\)", page)
    return {html.unescape(link) for link in written}


def test_inside_links_open(server: Flask, pages: dict[str, str]) -> None:
    client = server.test_client()
    asked = {link for page in pages.values() for link in links(page) if link.startswith("/")}
    assert len(asked) > 60
    for link in sorted(asked):
        path = urlsplit(link).path
        if re.search(r"\.[A-Za-z]+$", path):
            if not path.startswith("/study/"):  # below, with those of every study
                assert client.get(link).status_code == 200, link
        elif link not in pages:
            assert "cannot be opened" not in content(server, link), link


VIEWS = {"survival": ["plot=hazards", "plot=means", "facet=SEX"]}
VIEWS["safety"] = [f"section={part}" for part in ("grades", "time", "events")]
OFFERED = re.compile(r'(?:href|data-figure)=\\"(/study/[^"]*?\.[A-Za-z]+(?:\?[^"]*?)?)\\"')


@pytest.mark.parametrize("study", SITE.ids())
def test_every_file_that_a_page_offers_is_there(server: Flask, study: str) -> None:
    client, offered = server.test_client(), 0
    for name, page in STUDY.items():
        patient = f"id={SITE.get(study).subjects.index[0]}"
        further = ["f.AGE=..1", *VIEWS.get(name, [])] if study == "e3a06" else []
        for query in ["", *further] if page.rail else [patient]:
            made = content(server, f"/study/{study}/{name}".rstrip("/") + f"?{query}")
            found = {html.unescape(link) for link in OFFERED.findall(made)}
            offered += len(found)
            for link in sorted(found):
                # Whether there is a figure depends on the view; the other files do not.
                if query in further and ".figure.json" not in link:
                    continue
                assert client.get(link).status_code == 200, (name, query, link)
    assert offered > 10


def test_links_within_a_page_have_a_target(pages: dict[str, str]) -> None:
    found = 0
    for address, page in pages.items():
        for link in links(page):
            if link.startswith("#"):
                ids = rf'"id": "{link[1:]}"|id=\\"{link[1:]}\\"'
                assert re.search(ids, page), (address, link)
                found += 1
    assert found >= 8


def test_outside_links_have_the_right_form(pages: dict[str, str]) -> None:
    outside = {link for page in pages.values() for link in links(page)}
    outside = {link for link in outside if not link.startswith(("/", "#"))}
    assert len(outside) > 30
    for link in sorted(outside):
        host = urlsplit(link).netloc
        assert link.startswith("https://"), link
        assert host in OTHER_HOSTS or host in LINK_HOSTS, link
        assert re.fullmatch(FORMS.get(host, r"https://\S+"), link), link


def test_no_recollection_is_on_a_page(pages: dict[str, str]) -> None:
    """What the reference only remembers (see tests/services/evidence/)."""
    for address, page in pages.items():
        assert "from_memory" not in page, address
        for recalled in ("0.23-0.58", "0.23 to 0.58", "NCT02415413", "NCT01484275"):
            assert recalled not in page, address
