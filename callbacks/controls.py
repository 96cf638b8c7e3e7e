"""Controls that follow the view: after "back", a reset, or a value put in order.

Declared as outputs, all of them would be redrawn twice for every change of any one (Dash marks
outputs as loading): 140 ms of a click on a page with 60 controls. ``set_props`` touches those
that differ. Dash then asks the page's callback once more, which finds nothing to change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import set_props


def follow(page: str, wanted: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
    """Set each control ``<page>-<name>`` whose value is not the wanted one.

    Parameters
    ----------
    wanted, shown : name -> value; only names that are shown are set
    """
    for name, value in wanted.items():
        if name in shown and value != shown[name]:
            set_props(f"{page}-{name}", {"value": value})


def follow_all(
    ids: Sequence[dict[str, Any]],
    wanted: Sequence[Any],
    shown: Sequence[Any],
    kind: str = "",
    prop: str = "value",
) -> None:
    """The same for controls with pattern ids; ``kind`` replaces the ids' "type"."""
    for control, value, before in zip(ids, wanted, shown, strict=True):
        if value != before:
            set_props(control | ({"type": kind} if kind else {}), {prop: value})
