"""What one view has instead of what another has, in words: "stratified by sex", "unstratified".

Said is what the page uses (``uses`` in changes.toml): a key that changes nothing there is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services import format as fmt
from services import lists, names
from services.compare.records import Change, Side
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
_USES: Mapping[str, str] = _WORDS["uses"]
_WHERE: Mapping[str, Mapping[str, Mapping[str, str]]] = _WORDS["where"]
_SAID = ("endpoint", "arms", "ci", "level", "unit", "strata", "adjust", "at", *WHAT_IF)
_COLUMNS = ("facet", "by")  # keys that hold columns of a study

_OTHER = [k for k in codecs(View) if k not in (*_SAID, *_WORDS["silent"])]


def changes(a: Side, b: Side) -> tuple[Change, ...]:
    """What the second view has instead of what the first has.

    Parameters
    ----------
    a, b : views of the same page, of one study or of two
    """
    before, after = _told(a), _told(b)
    found = []
    for key in dict.fromkeys([*before, *after]):
        was, now = (told.get(key) or _USUAL.get(key, _DONE["given"]) for told in (before, after))
        if was.casefold() != now.casefold():
            found.append(_change(was, now))
    first = _studies(a.counted.study, b.counted.study)
    return (*first, *found, *_arms(a.counted, b.counted), *_rest(a, b))


def _change(was: str, now: str) -> Change:
    return Change(was, now, f"{now} instead of {was}")


def uses(page: str) -> frozenset[str]:
    """The keys of a view that say what a page counts, or which numbers it has."""
    return frozenset(lists.words(_USES[page]))


def _told(side: Side) -> dict[str, str]:
    """What a view is of, in words, by what is said of it; times in the unit of the first."""
    page = side.counted
    view, study, used = page.view, page.study, uses(side.page)
    late = "endpoint" in used and study.delayed(view.endpoint)
    within = view.factors if side.page == "survival" else view.strata
    told = {
        "endpoint": names.label(study.endpoint(view.endpoint).label),
        "patients": page.population.summary or "all patients",
        "landmark": f"times counted from {view.since}" if view.since else "times from the start",
        "entry": _WORDS["entry"]["late" if late else "start"],
        "strata": f"stratified by {_columns(study, within)}" if within else "unstratified",
        "adjust": f"adjusted for {_columns(study, view.adjust)}" if view.adjust else "unadjusted",
        "level": f"{fmt.level(view.level)} confidence",
        "ci": f"{view.ci} intervals",
        "unit": f"times in {side.record.view.unit}",
    }
    always = ("patients", "entry")
    told = {key: words for key, words in told.items() if key in used or key in always}
    if page.address.at and "at" in used and _matters("at", side):
        told["at"] = f"shown at {', '.join(map(names.moment, view.at))} {view.unit}"
    given = study.reconsidered.given if study.reconsidered else study
    if view.known and "known" in used:
        name, key = known.split(view.known)
        other = what_if.other_time(given, view.endpoint, key, view.known)
        told["known"] = f"grouped by {names.uncapital(other.words)} by {view.since}"
        if name:
            said = study.columns[name].label if name in study.columns else name
            told["known"] += f" and {names.label(said)}"
    for reason in view.count if "count" in used else ():
        said = level_label(what_if.reason_words(given, view.endpoint, reason))
        told[f"count {reason}"] = _DONE["count"].format(said)
    for item in view.ice if "ice" in used else ():
        key, _, strategy = item.rpartition(":")
        other = what_if.other_time(given, view.endpoint, key, item)
        told[f"ice {key}"] = _DONE[strategy].format(names.uncapital(other.words))
    return told


def _studies(a: Study, b: Study) -> list[Change]:
    """Two studies each by its name, and where that is the same by what is in it."""
    if a.sha256 == b.sha256:
        return []
    was, now = a.short_title, b.short_title
    if was.casefold() == now.casefold():
        was, now = (
            f"{s.short_title} ({names.count(len(s.subjects), 'patient')}, data {s.sha256[:6]})"
            for s in (a, b)
        )
    return [_change(was, now)]


def _arms(a: PageRecord, b: PageRecord) -> list[Change]:
    """Which arms are shown, or which of the same is the reference; groups are said elsewhere."""
    first, second = a.view.arms, b.view.arms
    asked = a.address.arms or b.address.arms
    if not asked or a.view.known or b.view.known or not (first and second):
        return []
    if set(first) == set(second):
        if first[0] == second[0]:
            return []
        return [
            _change(*(f"{names.isolated(arms[0])} as the reference" for arms in (first, second)))
        ]
    return [_change(*map(_shown, (first, second)))]


def _shown(arms: tuple[str, ...]) -> str:
    """Arms in words; the first is the one the others are compared with."""
    reference, *others = arms
    return names.versus(others, reference) if others else f"{names.isolated(reference)} alone"


def _columns(study: Study, chosen: tuple[str, ...]) -> str:
    return names.join_and([_column(study, name) for name in chosen])


def _column(study: Study, name: str) -> str:
    """A column inside a sentence: "sex", "age (cut at 60 and 70)"."""
    said, _, how = column(study, name).label.partition(", ") if name in study.cuts else ("",) * 3
    return f"{names.label(said)} ({how})" if how else names.label(column(study, name).label)


def _rest(a: Side, b: Side) -> list[Change]:
    """Of every other key that the page uses what the two have."""
    used, found = uses(a.page), []
    first, second = ((s.counted.study.sha256, s.counted.view.known) for s in (a, b))
    same_arms = first == second
    for key in (key for key in _OTHER if key in used):
        # A default may follow from another key: the chart of an endpoint, the arm compared.
        asked = [[getattr(v, key) for v in (s.counted.address, s.counted.view)] for s in (a, b)]
        if asked[0][0] == asked[1][0] and (not same_arms or asked[0][1] == asked[1][1]):
            continue
        if not (_matters(key, a) or _matters(key, b)):
            continue
        was, now = (_item(side.counted, key) for side in (a, b))
        if was.casefold() != now.casefold():
            found.append(_change(was, now))
    return found


def _matters(key: str, side: Side) -> bool:
    """Whether a key of a page has a part in one of its views."""
    where: Mapping[str, str] = _WHERE.get(side.page, {}).get(key, {})
    view = side.counted.view
    return all(getattr(view, other) in lists.words(values) for other, values in where.items())


def _item(page: PageRecord, key: str) -> str:
    """A key of a view in words: "means up to 24 months", "any grade"."""
    words: Mapping[str, str] = _WORDS["said"][key]
    view = page.address if key == "by" else page.view  # there may be many by default
    value = getattr(view, key)
    if value in (None, "", ()) or (key == "least" and not value):
        cut = page.study.cuts if key == "by" else ()  # groups the reader cut stand beside them
        return " and ".join(filter(None, (words["usual"], _columns(page.study, cut))))
    text = write_field(view, key)
    if key in _COLUMNS:
        text = _columns(page.study, value if isinstance(value, tuple) else (value,))
    elif key == "models":
        text = names.join_and([model(one).title for one in value])
    elif isinstance(value, tuple):
        text = names.join_and(value)
    elif isinstance(value, float) and key != "least":  # a time
        text = names.moment(value)
    return (words.get(text) or words["given"]).format(names.isolated(text), unit=page.view.unit)
