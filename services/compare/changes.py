"""What one view has instead of what another has, in words: "stratified by sex", "unstratified"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services import format as fmt
from services import lists, names
from services.compare.records import Change
from services.numbers import format_number
from services.risk.models import model
from services.study import known, what_if
from services.study.labels import level_label
from services.study.population import column
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
SHOWN: str = _WORDS["shown"]
_SAID = ("endpoint", "arms", "ci", "level", "unit", "strata", "adjust", "at", *WHAT_IF)


_OTHER = [k for k in codecs(View) if k not in (*_SAID, *_WORDS["silent"])]


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
    return (*found, *_rest(a, b))


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
    if view.known:
        name, key = known.split(view.known)
        other = what_if.other_time(given, view.endpoint, key, view.known)
        said = study.columns[name].label if name in study.columns else other.words
        told["known"] = f"grouped by {names.label(said)} known at {view.since}"
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


def _rest(a: PageRecord, b: PageRecord) -> list[Change]:
    """Of every other key what the addresses have."""
    return [
        _change(*(_item(page, key) for page in (a, b)))
        for key in _OTHER
        if getattr(a.address, key) != getattr(b.address, key)
    ]


def _item(page: PageRecord, key: str) -> str:
    """A key of an address in words: "means up to 24 months", "any grade"."""
    words, value = _WORDS["said"][key], getattr(page.address, key)
    if value in (None, "", ()):
        return str(words["usual"])
    text = write_field(page.address, key)
    if key == "facet":
        text = names.label(column(page.study, value).label)
    if key == "models":
        text = names.join_and([model(one).title for one in value])
    said = words.get(text) or words["given"]
    return str(said.format(text.replace(",", " and "), unit=page.view.unit))
