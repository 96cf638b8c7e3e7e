"""Which events are good is told by the field's own names; the oracle is their meaning."""

from __future__ import annotations

import pytest

from services.values.event_words import event_is_good


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("TTR", "Time to first response"),
        ("TTR", "TTR"),
        ("TTCR", "Time to complete response (months)"),
        ("X1", "Time to MRD negativity"),
        ("TTNR", ""),
        ("TTREM", "TTREM"),
        ("P1", "Time to neutrophil recovery"),
        ("P2", "Time to sustained remission"),
        ("P3", "Time to hospital discharge"),
        ("P4", "Time to symptom improvement"),
    ],
)
def test_good(code: str, label: str) -> None:
    assert event_is_good(code, label) is True


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("OS", "Overall survival"),
        ("OS", "OS"),
        ("PFS", "PFS"),
        ("SPM", "Time to second primary malignancy"),
        ("FLT", "Time to first-line treatment"),
        ("PCM", "Progression to plasma-cell malignancy"),
        ("DOR", "Duration of response"),
        ("X", "Duration of complete remission"),
        ("X", "Time from first response to progression"),
        ("TTR", "Time to recurrence"),
        ("TTR", "Time to relapse"),
        ("X", "Time to loss of MRD negativity"),
    ],
)
def test_bad(code: str, label: str) -> None:
    assert event_is_good(code, label) is False


@pytest.mark.parametrize(
    ("code", "label"), [("TTE", "Time to event"), ("X", "Time to response or death"), ("TT1", "")]
)
def test_neutral_where_names_do_not_tell(code: str, label: str) -> None:
    assert event_is_good(code, label) is None


def test_the_events_themselves_are_asked_last_and_must_agree() -> None:
    assert event_is_good("TTE", "Time to event", ["Death", "Disease progression"]) is False
    assert event_is_good("TTE", "Time to event", ["Partial response"]) is True
    assert event_is_good("TTE", "Time to event", ["Death", "Response"]) is None
    assert event_is_good("TTE", "Time to event", ["Death", "Something"]) is None
