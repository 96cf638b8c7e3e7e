"""The list of pages."""

from __future__ import annotations

import pytest
from flask import Flask

from callbacks import pages
from tests.callbacks.documented import SHARED, keys, row

# What a page must be asked for to have numbers.
ASKED = {"compare": "?a=/study/e3a06/states&b=/study/e3a06/states"}


def test_every_tab_leads_to_a_page() -> None:
    assert {path for path, _ in pages.NAVIGATION.tabs} <= set(pages.STUDY)


# --- what docs/design.md says; of the studies' JSON see test_every_address.py -------------------


def test_every_page_has_its_address_in_the_table() -> None:
    for path in (*pages.SITE, *(f"/study/<id>/{name}".rstrip("/") for name in pages.STUDY)):
        assert row(path)


@pytest.mark.parametrize("name", [page.id for page in pages.SITE.values() if "json" in page.files])
def test_every_key_of_a_page_of_the_site_is_named(server: Flask, name: str) -> None:
    body = server.test_client().get(f"/{name}.json{ASKED.get(name, '')}").get_json()
    assert "error" not in body
    assert body.keys() - keys(f"/{name}.json") == set()


def test_what_is_said_of_a_study(server: Flask) -> None:
    studies = server.test_client().get("/studies.json").get_json()
    assert {key for study in studies for key in study} <= SHARED
    assert row("/studies.json")


def test_every_chart_that_can_be_saved_has_a_studio(server: Flask) -> None:
    client = server.test_client()
    asked = [f"/studio/e3a06/{name}" for name, page in pages.STUDY.items() if page.image]
    asked += [f"/studio/{page.id}" for page in pages.SITE.values() if page.image]
    assert "/studio/e3a06/patient" in asked
    assert [client.get(f"{path}?fig_size=slide").status_code for path in asked] == [200] * len(
        asked
    )


COMPARED = "/compare?a=/study/e3a06/survival&b=/study/e3a06/survival%3Fendpoint%3DOS"
PAGES = [COMPARED if path == "/compare" else path for path in pages.SITE]
PAGES += [f"/study/e3a06/{name}".rstrip("/") + "?id=E3A06-SIM-0001" for name in pages.STUDY]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_added_to_a_report_or_says_why_not(server: Flask, path: str) -> None:
    site = pages.SITE.get(path)
    referrer = {"Referer": f"http://localhost{path}"}
    layout = server.test_client().get("/_dash-layout", headers=referrer).text
    assert ("data-add-report" in layout) is not bool(site and site.unpinned)
