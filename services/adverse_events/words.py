"""Words that every count of adverse events shares."""

from __future__ import annotations

from services.adverse_events.coded import Coded
from services.names import isolated
from services.views.study import View

NO_TABLE = "This study has no adverse event table (ADAE)."


def limits(view: View, events: Coded) -> str:
    """What the view leaves of the events: "grade 3 or higher, serious", "" for all of them."""
    found = []
    if view.grade == "severe" and events.severity:
        found.append(events.severity.severe_title.lower())
    return ", ".join([*found, *view.only])


def event_words(label: str, view: View, events: Coded) -> str:
    """What a first event is one of: "Anemia (grade 3 or higher)"; any event for ""."""
    only = limits(view, events)
    if not label:
        return f"Any {only} adverse event" if only else "Any adverse event"
    return f"{isolated(label)} ({only})" if only else label
