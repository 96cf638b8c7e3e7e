"""The subgroups page as an image."""

from __future__ import annotations

from components.subgroups.layout import image
from tests.components.figures import traces
from tests.components.subgroups.drawn import page_of


def test_the_image_carries_provenance_and_credibility() -> None:
    figure = image(page_of("?cut=AGE:65&by=SEX,AGE:65"))
    text = " ".join(a["text"] for a in figure["layout"]["annotations"])
    for words in (
        "Simulated patients",
        "Population: 182 of 182",
        "Credibility: Sex",
        "Data-driven",
    ):
        assert words in text
    assert traces(figure, "box")
