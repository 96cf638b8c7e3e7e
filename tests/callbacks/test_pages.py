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
