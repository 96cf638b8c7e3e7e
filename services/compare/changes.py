"""What one view has instead of what another has, in words: "stratified by sex", "unstratified"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services import format as fmt
from services import lists, names
from services.compare.records import Change
from services.numbers import format_number
from services.study import what_if
from services.study.labels import level_label
from services.study.population import column
from services.views import words
from services.views.codec import codecs, write_field
from services.views.study import WHAT_IF, View

if TYPE_CHECKING:
    from services.pages.records import PageRecord
    from services.study.model import Study

_WORDS: Mapping[str, Any] = lists.beside(__file__)
_DONE: Mapping[str, str] = _WORDS["done"]
_USUAL: Mapping[str, str] = _WORDS["usual"]
CAUTION: str = _WORDS["caution"]
SAME: str = _WORDS["same"]
_SAID = ("endpoint", "arms", "ci", "level", "unit", "strata", "adjust", "at", *WHAT_IF)


def changes(a: PageRecord, b: PageRecord) -> tuple[Change, ...]:
    """What the second page has instead of what the first has.

    Parameters
    ----------
    a, b : records of the same page, of one study or of two
    """
    before, after = _told(a), _told(b)
    found = []
    for key in dict.fromkeys([*before, *after]):
        was, now = (told.get(key) or _USUAL.get(key, _DONE["given"]) for told in (before, after))
        if was != now:
            found.append(_change(was, now))
    return (*found, *_rest(a.address, b.address))


def _change(was: str, now: str) -> Change:
    return Change(was, now, f"{now} instead of {was}")


def _told(page: PageRecord) -> dict[str, str]:
    """What a view is of, in words, by what is said of it."""
    view, study = page.view, page.study
    told = {
        "study": study.short_title,
        "endpoint": names.label(study.endpoint(view.endpoint).label),
        "patients": page.population.summary or "all patients",
        "clock": f"times counted from {view.since}" if view.since else "times from the start",
        "strata": f"stratified by {_columns(study, view.strata)}"
        if view.strata
        else "unstratified",
        "adjust": f"adjusted for {_columns(study, view.adjust)}" if view.adjust else "unadjusted",
        "level": f"{fmt.level(view.level)} confidence",
        "ci": f"{view.ci} intervals",
        "unit": f"times in {view.unit}",
    }
    if page.address.arms:
        arms = [*view.arms[1:], view.arms[0]]
        told["arms"] = " versus ".join(map(names.isolated, arms))
    if page.address.at:
        told["at"] = f"shown at {', '.join(map(format_number, view.at))} {view.unit}"
    given = study.reconsidered.given if study.reconsidered else study
    for reason in view.count:
        said = level_label(what_if.reason_words(given, view.endpoint, reason))
        told[f"count {reason}"] = _DONE["count"].format(said)
    for item in view.ice:
        key, _, strategy = item.rpartition(":")
        other = what_if.other_time(given, view.endpoint, key, item)
        told[f"ice {key}"] = _DONE[strategy].format(names.uncapital(other.words))
    return told


def _columns(study: Study, chosen: tuple[str, ...]) -> str:
    return names.join_and([names.label(column(study, name).label) for name in chosen])


def _rest(a: View, b: View) -> list[Change]:
    """Of every other key what the addresses have."""
    found = []
    for key in codecs(View):
        if key in _SAID or key in _WORDS["silent"] or getattr(a, key) == getattr(b, key):
            continue
        was, now = (_item(view, key) for view in (a, b))
        found.append(_change(was, now))
    return found


def _item(view: View, key: str) -> str:
    """A key of an address with what it has: "grade “severe”", "the usual grade"."""
    named = words.named(key).removeprefix("the ")
    if getattr(view, key) in (None, "", ()):
        return f"the usual {named}"
    return f"{named} “{write_field(view, key)}”"
