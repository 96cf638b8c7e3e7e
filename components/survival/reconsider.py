"""Settings of "What if", on each page that reconsiders an endpoint's times.

They stand closed unless one of them is chosen. Ids are ``<page>-<name>``; they are read by
``callbacks/study/what_if.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from components import controls, html
from services import names
from services.pages.records import USUAL, Choice, PageRecord
from services.study.labels import level_label

_DONE = {"ignore": "ignore", "censor": "censor there", "event": "count as the event"}


def what_if_values(page: PageRecord) -> dict[str, Any]:
    """What each of the controls holds for a page."""
    view = page.view
    flag, _, known = view.known.rpartition("@")
    return {
        "usual": next((c.label for c in _usual(page) if c.chosen), None),
        "count": list(view.count),
        "ice": list(view.ice),
        "known": known or None,
        "flag": flag or None,
        "landmark": controls.time_text(view.landmark),
    }


def _usual(page: PageRecord) -> list[Choice]:
    return [choice for choice in page.ways.choices if choice.about == USUAL]


def _options(pairs: Iterable[tuple[str, str]], asked: str | None = None) -> list[dict[str, str]]:
    """Options of a control; and what a link asks for, if that is another."""
    found = dict(pairs)
    if asked:
        found.setdefault(asked, asked)
    return [{"value": value, "label": words} for value, words in found.items()]


def usual_options(page: PageRecord) -> list[dict[str, str]]:
    """The usual ways to handle intercurrent events that the data can answer."""
    return _options((choice.label, choice.label) for choice in _usual(page))


def count_options(page: PageRecord) -> list[dict[str, str]]:
    """Reasons for censoring, which can count as the event."""
    return _options((r.key, f"{level_label(r.words)} ({r.patients:,})") for r in page.ways.reasons)


def ice_options(page: PageRecord) -> list[dict[str, str]]:
    """Each other time with each thing that can be done there."""
    return _options(
        (f"{other.key}:{strategy}", f"{names.capital(other.words)}: {_DONE[strategy]}")
        for other in page.ways.other_times
        for strategy in other.strategies
    )


def known_options(page: PageRecord) -> list[dict[str, str]]:
    """What can have happened by a landmark."""
    pairs = ((t.key, f"{names.capital(t.words)} ({t.patients:,})") for t in page.ways.known_times)
    return _options(pairs, what_if_values(page)["known"])


def flag_options(page: PageRecord) -> list[dict[str, str]]:
    """Columns whose levels can have been known then."""
    return _options(page.ways.known_flags, what_if_values(page)["flag"])


def flag_place(page: PageRecord) -> str:
    """The class of the flag's place: a flag is of a time."""
    return "" if page.view.known else "hidden"


def what_if_settings(page: PageRecord, setting: controls.Settings, *first: Any) -> Any:
    """Landmark and other ways to count, behind what a page has before them."""

    def asked(kind: Any, name: str, options: list[dict[str, str]], **more: str) -> Any:
        return setting(kind, name, [(o["value"], o["label"]) for o in options], **more)

    opened = page.view.what_if or page.view.adjust
    flag = asked(controls.choice, "flag", flag_options(page), empty="Whether it had happened")
    return html.Details(
        html.Summary("What if"),
        *first,
        setting.field("landmark"),
        asked(controls.choice, "known", known_options(page), empty="Treatment arm"),
        html.Div(flag, id=setting.place("flag-place"), className=flag_place(page)),
        asked(controls.choice, "usual", usual_options(page)),
        asked(controls.several, "count", count_options(page)),
        asked(controls.several, "ice", ice_options(page)),
        className="more",
        open=bool(opened) or None,
    )
