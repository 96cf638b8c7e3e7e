"""Action taken and outcome. Oracle: CDISC's controlled terms and their plain meaning."""

from __future__ import annotations

import pytest

from services.adverse_events.consequences import action_of, fatal_by


@pytest.mark.parametrize(
    ("value", "action"),
    [
        ("DRUG WITHDRAWN", "stopped"),
        ("Treatment permanently discontinued", "stopped"),
        ("STUDY DRUG STOPPED", "stopped"),
        ("Dose reduced, drug withdrawn", "stopped"),
        ("TEMPORARILY DISCONTINUED", "changed"),
        ("Dose reduced", "changed"),
        ("DOSE REDUCED; DRUG INTERRUPTED", "changed"),
        ("DOSE REDUCED/INTERRUPTED", "changed"),
        ("DOSE NOT CHANGED", "unchanged"),
        ("None", "unchanged"),
        ("NOT APPLICABLE", "unchanged"),
        ("UNKNOWN", "blank"),
        ("", "blank"),
        ("4", "odd"),
        ("NOT DISCONTINUED PERHAPS", "odd"),
    ],
)
def test_actions(value: str, action: str) -> None:
    assert action_of(value) == action


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("FATAL", "yes"), ("Death", "yes"), ("Patient died", "yes"), ("Resulted in death", "yes"),
        ("RECOVERED/RESOLVED", "no"), ("NOT RECOVERED/NOT RESOLVED", "no"), ("Ongoing", "no"),
        ("RECOVERED/RESOLVED WITH SEQUELAE", "no"), ("Non-fatal", "no"),
        ("Ongoing at death", "no"), ("UNKNOWN", "blank"), ("Lost to follow-up", "blank"),
        ("5", "odd"), ("Died of something else", "odd"), ("Recovered, fatal", "odd"),
        ("Fatal/Death", "yes"), ("Death related to adverse event", "yes"),
    ],
)  # fmt: skip
def test_outcomes(value: str, meaning: str) -> None:
    assert fatal_by(value) == meaning
