"""What if and the second opinion, used as a person would."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import harness


def test_what_if_is_set_in_the_rail_and_other_programs_are_asked(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.pages.second_opinion.by_r.shutil.which", lambda _name: None)
    harness.visit(page, "/study/aquila/survival?endpoint=OS")
    rail = page.locator("details", has=page.locator("#survival-usual"))
    expect(page.locator("#survival-usual")).to_be_hidden()
    rail.locator("summary").click()
    page.locator("#survival-usual").select_option("New therapy is failure")
    expect(page).to_have_url(re.compile("ice=FLT:event|ice=FLT%3Aevent"))
    expect(page.locator("#survival-ice")).to_contain_text("count as the event")
    expect(page.locator("#survival-what-if")).to_contain_text("Patients who move")
    page.locator("[data-second-opinion]").click()
    opinion = page.locator(".second-opinion")
    expect(opinion.locator("h2")).to_be_focused()
    expect(opinion).to_contain_text("R is not installed on this server.")
    expect(opinion.get_by_role("row", name=re.compile("^Hazard ratio")).first).to_contain_text(
        "same"
    )
    # Another view takes the answer away: it was of the one before.
    page.locator("#survival-usual").select_option("As the study has it")
    expect(opinion).to_be_empty()
