"""Look into a figure as drawn, for tests."""

from __future__ import annotations

from typing import Any

Trace = dict[str, Any]


def traces(figure: dict[str, Any], meta: str) -> list[Trace]:
    """The traces that draw one thing: "curve", "box", "interval"."""
    return [trace for trace in figure["data"] if trace.get("meta") == meta]
