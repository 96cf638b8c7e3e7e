"""Controls that follow the view: after "back", a reset, or a value put in order.

Declared as outputs, all of them would be redrawn twice for every change of any one (Dash marks
outputs as loading): 140 ms of a click on a page with 60 controls. ``set_props`` touches those
that differ. Dash then asks the page's callback once more, which finds nothing to change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dash import set_props

from services.view import View, read_field
from services.views.parse import FieldError
from services.views.words import beside


class Typed:
    """What fields hold, read one by one. What cannot be used leaves the view as it was.

    Attributes
    ----------
    wrong : field -> what is wrong with its value, to stand under it
    """

    def __init__(self, before: View, controls: Mapping[str, Any]) -> None:
        self.before = before
        self.controls = controls
        self.wrong: dict[str, str] = {}

    def read(self, name: str) -> Any:
        """The value of a field of ``View``."""
        value = self.controls[name]
        try:
            return read_field(name, "" if value is None else str(value))
        except FieldError as problem:
            self.wrong[name] = beside(problem)
            return getattr(self.before, name)


def same(name: str, shown: Any, wanted: Any) -> bool:
    """Whether a typed field says what it is to say, in whatever spelling: "12;24" for "12, 24"."""
    try:
        return bool(read_field(name, str(shown or "")) == read_field(name, str(wanted or "")))
    except FieldError:
        return False


def mark(page: str, wrong: Mapping[str, str], shown: Mapping[str, Any]) -> None:
    """Say under each field ``<page>-<name>`` what is wrong with its value, and nothing if all is.

    Parameters
    ----------
    wrong, shown : field -> words, to be said and said now
    """
    for name, words in shown.items():
        if (said := wrong.get(name, "")) != (words or ""):
            set_props(f"{page}-{name}", {"error": said})


def follow(
    page: str,
    wanted: Mapping[str, Any],
    shown: Mapping[str, Any],
    typed: Collection[str] = (),
    wrong: Collection[str] = (),
) -> None:
    """Set each control ``<page>-<name>`` whose value is not the wanted one.

    Parameters
    ----------
    wanted, shown : name -> value; only names that are shown are set
    typed : fields, which keep their spelling; wrong : those that keep what cannot be used
    """
    for name, value in wanted.items():
        if name not in shown or name in wrong or (name in typed and same(name, shown[name], value)):
            continue
        if value != shown[name]:
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
