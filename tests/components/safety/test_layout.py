"""The safety page in words and as an image."""

from __future__ import annotations

import pytest

from components.safety import layout as safety_layout
from services.errors import UserError
from tests.components.safety.pages import page


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
