"""The safety page in words and as an image."""

from __future__ import annotations

import re

import pytest

from components.safety import layout as safety_layout
from services.errors import UserError
from tests.components.safety.pages import page
from tests.studies import bundled


@pytest.mark.parametrize("section", ["terms", "grades", "time", "events"])
def test_every_section_can_be_put_into_words_without_patients(section):
    found = page(f"section={section}&f.AGE=1..2")
    words = safety_layout.words(found, (), 10)
    assert "No patient of the safety population" in words["html"]["safety-problem"]
    assert words["hidden"]["safety-figure"]
    with pytest.raises(UserError):
        safety_layout.image(found)


@pytest.mark.parametrize("section", ["terms", "grades", "time"])
def test_images_say_whose_patients_these_are(section):
    image = safety_layout.image(page(f"section={section}"))
    text = " ".join(a["text"] for a in image["layout"]["annotations"])
    assert "Simulated patients" in text
    assert "safety population by actual arm" in text
    assert image["layout"]["paper_bgcolor"] == "#ffffff"


@pytest.mark.parametrize("section", ["terms", "grades", "time"])
def test_a_chart_of_simulated_events_is_marked_once(section):
    """Where the page is made up as a whole, the style sheet marks each card."""
    marked = page(f"section={section}", bundled("aquila"))
    assert marked.made_up is None
    title = safety_layout.words(marked, (), 10)["html"]["safety-figure-title"]
    assert title.count("Illustrative") == 1
    whole = page(f"section={section}")
    assert whole.made_up is not None
    title = safety_layout.words(whole, (), 10)["html"]["safety-figure-title"]
    assert "Illustrative" not in title


@pytest.mark.parametrize("section", ["terms", "grades", "time", "events"])
def test_every_table_of_simulated_events_is_marked_and_no_published_one(section):
    """Oracle: the study's data card: most terms, and how many were serious, are made up."""
    shown = page(f"section={section}", bundled("aquila"))
    html = safety_layout.words(shown, (), 10)["html"]
    titles = re.findall(r"<h2.*?</h2>", "".join(map(str, html.values())), re.DOTALL)
    assert len(titles) > 1
    for title in titles:
        given = re.sub("<.*?>", "", title).startswith(("Published", "Notes"))
        assert ("Illustrative" in title) != given, title
    part = page(f"section={section}&f.SEX=F", bundled("aquila"))
    assert part.made_up is not None
    tables = safety_layout.words(part, (), 10)["html"]["safety-tables"]
    assert "Illustrative" not in tables, "the style sheet marks each card of such a page"
    assert tables.count("unmarked") == 1 + (section == "terms"), "save notes and what was published"
