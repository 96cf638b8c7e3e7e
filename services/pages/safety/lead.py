"""What leads the safety page of simulated patients."""

from __future__ import annotations

from services.pages import lead
from services.pages.safety.records import SafetyPage

LEAD: lead.Lead[SafetyPage] = lead.Lead(unpublished=lead.of_adverse_events, published=lead.harms)
