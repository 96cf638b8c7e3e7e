"""The methods page as JSON."""

from __future__ import annotations

from typing import Any

from services.json_text import to_json
from services.pages.methods.page import DEPARTURES, MAKERS, versions
from services.pages.methods.self_check import self_check


def methods_json() -> dict[str, Any]:
    """The body of ``/methods.json``: versions, departures from R, the self-check made now."""
    return {
        "versions": dict(versions()),
        "departures": to_json(DEPARTURES),
        "makers": to_json(MAKERS),
        "self_check": to_json(self_check()),
    }
