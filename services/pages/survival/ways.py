"""In what ways the times of an endpoint can be reconsidered, in these data."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services import lists, names
from services.pages.records import USUAL, Choice, Ways
from services.replaced import replace
from services.study import dates, known, states, what_if
from services.study import population as pop
from services.study.memory import remembered
from services.study.model import Study
from services.study.records import OtherTime
from services.views.study import View

_LISTS = lists.beside(__file__)
_PATTERNS = {k: re.compile(p, re.IGNORECASE) for k, p in _LISTS["flags"].items()}
_THERAPY = lists.words(_LISTS["therapy"])
PRESETS = (
    ("FDA: censor at new therapy", "censor"),
    ("EMA: count regardless", "ignore"),
    ("New therapy is failure", "event"),
)


def ways_of(study: Study, view: View, address: View) -> Ways:
    """What can be reconsidered of the view's endpoint, as a page of ``address`` offers it."""
    given = study.reconsidered.given if study.reconsidered else study
    found = _ways(given, view.endpoint)
    return replace(found, choices=_choices(given, view, address, found.other_times))


@remembered(64)
def _ways(given: Study, endpoint: str) -> Ways:
    return Ways(
        reasons=what_if.reasons(given, endpoint),
        other_times=what_if.other_times(given, endpoint),
        known_times=known_times(given, endpoint),
        known_flags=known_flags(given),
    )


def _choices(
    given: Study,
    view: View,
    address: View,
    other_times: Sequence[OtherTime],
) -> tuple[Choice, ...]:
    """The usual ways that the data can answer, and why they cannot answer others."""
    plain = replace(address, count=(), ice=())
    found = [Choice(USUAL, "As the study has it", plain, not (view.count or view.ice))]
    therapy = _therapy(given, view.endpoint)
    for label, strategy in PRESETS:
        if therapy and therapy.patients and strategy in therapy.strategies:
            asked = (f"{therapy.key}:{strategy}",)
            chosen = (view.count, view.ice) == ((), asked)
            found.append(Choice(USUAL, label, replace(plain, ice=asked), chosen))
    found += [
        Choice(f"{names.capital(other.words)} ({other.patients:,})", f"It {other.refused}.", None)
        for other in other_times
        if other.refused
    ]
    return tuple(found)


@remembered(64)
def _therapy(study: Study, endpoint: str) -> OtherTime | None:
    """The start of another therapy among the other times of an endpoint, if the data have one."""
    other = states.by_name("treatment", [e for e in study.endpoints if e.id != endpoint])
    key = other or next((c for c in _THERAPY if c in dates.of(study)), "")
    return what_if.other_time(study, endpoint, key, "") if key else None


def known_times(study: Study, endpoint: str) -> tuple[OtherTime, ...]:
    """The other times of the data that some patient has, whenever it came."""
    keys = [e.id for e in study.endpoints if e.id != endpoint]
    keys += what_if.reached_dates(study)
    found = ((key, what_if.later(study, endpoint, key)) for key in keys)
    return tuple(
        replace(what_if.other_time(study, endpoint, key, ""), patients=n) for key, n in found if n
    )


def known_flags(study: Study) -> tuple[tuple[str, str], ...]:
    """Columns, with their labels, whose levels can have been known at such a time."""
    found = []
    for name in map(str, study.subjects.columns):
        label = study.columns[name].label if name in study.columns else name
        fits = _PATTERNS["name"].fullmatch(name) or _PATTERNS["label"].search(label)
        if fits and not (_PATTERNS["never"].fullmatch(name) or _PATTERNS["set"].search(label)):
            levels = len(pop.level_codes(study, name)[1])
            if 0 < levels <= known.MOST:
                found.append((name, label))
    return tuple(found)
