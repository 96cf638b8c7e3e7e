"""Controls: what they ask for, and how they follow the view after "back", a reset or an event.

Declared as outputs, all of them would be redrawn twice for every change of any one (Dash marks
outputs as loading): 140 ms of a click on a page with 60 controls. ``set_props`` touches those
that differ. Dash then asks the page's callback once more, which finds nothing to change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from dash import set_props

from services.replaced import replace
from services.study.model import Study
from services.views.codec import defaults
from services.views.parse import FieldError
from services.views.study import View, read_field
from services.views.words import beside


class Controls:
    """What a page's controls hold. What cannot be used leaves the view as it was.

    Attributes
    ----------
    before : the view that they change, in the unit they ask for
    changed : the control that was touched last
    wrong : field -> what is wrong with its value, to stand under it
    """

    def __init__(
        self,
        before: View,
        values: Mapping[str, Any],
        changed: str = "",
        answered: Mapping[str, Any] | None = None,
    ) -> None:
        """``answered``: what the controls held when the last answer came.

        Raises
        ------
        services.views.parse.FieldError : a unit that there is not
        """
        self._given = before
        self.before = before.in_unit(read_field("unit", str(values.get("unit") or before.unit)))
        self.changed = changed

        def renamed(held: Any) -> Any:
            if isinstance(held, list):
                return [renamed(item) for item in held]
            return before.renamed(held, self.before) if isinstance(held, str) else held

        # A landmark's groups have their time in their names.
        self._answered = {name: renamed(value) for name, value in (answered or {}).items()}
        self._values = {name: renamed(value) for name, value in values.items()}
        self.wrong: dict[str, str] = {}

    def __getitem__(self, name: str) -> Any:
        """The value as the control holds it."""
        return self._values[name]

    def touched(self, name: str) -> bool:
        """Whether something was chosen or typed in a control since the last answer."""
        held = self._values.get(name)
        before = self._answered.get(name, held)
        if name == self.changed or held == before:
            return name == self.changed
        # The same in another spelling stays as it was typed.
        return not (isinstance(held, str) and name in defaults(View) and same(name, held, before))

    def read(self, name: str) -> Any:
        """The value of a field of ``View``."""
        value = self[name]
        try:
            return read_field(name, "" if value is None else str(value))
        except FieldError as problem:
            self.wrong[name] = beside(problem)
            return getattr(self.before, name)

    def time(self, name: str) -> Any:
        """A field with a time: as it was until it is typed, in the unit asked for.

        Parameters
        ----------
        name : of a control
        """
        if not self.touched(name):
            return getattr(self.before, name)
        typed = self.read(name)
        # Whether it was typed before the unit was chosen.
        older = self.changed == "unit" and name not in self.wrong
        if name == "at":
            # Those that stand in the field with six digits stay as exact as they are.
            stood = self._given if older else self.before
            exact = {float(f"{time:.6g}"): time for time in stood.at}
            typed = tuple(exact.get(time, time) for time in typed)
        if not older:
            return typed
        made = replace(View(unit=self._given.unit), **{name: typed})
        return getattr(made.in_unit(self.before.unit), name)

    def held(self, *names: str) -> dict[str, Any]:
        """Fields of the view that are as their controls hold them."""
        return {name: self[name] for name in names}

    def times(self, *names: str) -> dict[str, Any]:
        """Fields with a time; see ``time``."""
        return {name: self.time(name) for name in names}

    def arms(self, study: Study) -> tuple[str, ...]:
        """The arms shown, those of the view before, with the chosen reference first."""
        shown = self.before.arms or tuple(a.name for a in study.arms)
        reference = self["reference"]
        others = [a.name for a in study.arms if a.name in shown and a.name != reference]
        return (reference, *others) if reference in shown else self.before.arms

    def versus(self, study: Study) -> str:
        """The arm compared with the reference; "" leaves it to the page."""
        wanted = self["versus"]
        return wanted if wanted in self.arms(study)[1:] else ""


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


def follow_options(
    options: Mapping[tuple[str, str], Callable[[Any], Any]], page: Any, shown: Sequence[Any]
) -> None:
    """Set each property that follows a page's record and is not as wanted.

    Parameters
    ----------
    options : (id, property) -> record -> value; shown : what each holds now
    """
    for ((place, prop), wanted), before in zip(options.items(), shown, strict=True):
        if (value := wanted(page)) != before:
            set_props(place, {prop: value})


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
