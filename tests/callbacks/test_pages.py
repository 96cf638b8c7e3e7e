"""The list of pages."""

from __future__ import annotations

from callbacks import pages


def test_every_tab_leads_to_a_page() -> None:
    assert {path for path, _ in pages.NAVIGATION.tabs} <= set(pages.STUDY)
