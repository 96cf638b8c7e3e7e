"""Controls of "What if". Oracle: the times and reasons of the study, and the address."""

from __future__ import annotations

from components.survival import reconsider
from tests.components.survival.drawn import e3a06


def test_what_the_controls_offer_and_hold() -> None:
    page = e3a06("?endpoint=OS&landmark=6&known=BOR@TRTEDT&ice=SPM:event", "e3a06")
    held = reconsider.what_if_values(page)
    assert held == {
        "usual": None,
        "count": [],
        "ice": ["SPM:event"],
        "known": "TRTEDT",
        "flag": "BOR",
        "landmark": "6",
    }
    assert {"value": "TRTEDT", "label": "Last dose (178)"} in reconsider.known_options(page)
    labels = {o["value"]: o["label"] for o in reconsider.ice_options(page)}
    assert labels["SPM:censor"] == "Second primary malignancy: censor there"
    assert reconsider.flag_options(page)[0]["label"] == "Best overall response"
    assert reconsider.flag_place(page) == ""
    # What a link asks for stands among the options, whatever they are.
    other = e3a06("?landmark=6&known=SEX@TRTEDT")
    assert {"value": "SEX", "label": "SEX"} in reconsider.flag_options(other)
    assert reconsider.flag_place(e3a06("")) == "hidden"
