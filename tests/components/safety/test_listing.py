"""The list of single events and where it leads."""

from __future__ import annotations

from components.island import to_html
from components.safety.listing import listing_table
from tests.components.safety.pages import page


def test_the_listing_leads_to_patients_by_the_study_s_own_id():
    html = to_html(listing_table(page("section=events&f.SEX=F")))
    assert "/study/e3a06/patient?" in html
    assert "id=E3A06-SIM-" in html
    assert "f.SEX=F" in html  # and back again with the same filter
    assert "Page 1 of" in html
