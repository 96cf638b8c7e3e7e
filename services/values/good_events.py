"""Is the event of an endpoint good or bad for the patient? Told by its name, where names tell."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services import lists

_LISTS = lists.beside(__file__)
_GOOD_CODES, _BAD_CODES = (lists.words(_LISTS["codes"][kind]) for kind in ("good", "bad"))
_GOOD, _BAD, _ENDS_GOOD = (
    re.compile(rf"\b({lists.either(_LISTS['words'][kind])}){end}", re.IGNORECASE)
    for kind, end in (("good", r"\b"), ("bad", r"\b"), ("ends_good", ""))
)


def _told(words: str) -> bool | None:
    good = _GOOD.search(words) is not None
    if good and _ENDS_GOOD.search(words):
        return False
    bad = _BAD.search(words) is not None
    return None if good == bad else good


def event_is_good(code: str, label: str, happened: Iterable[str] = ()) -> bool | None:
    """Whether the event is good for the patient; ``None`` where its names do not tell.

    Parameters
    ----------
    code : PARAMCD
    label : PARAM; goes before the code, as TTR may be a time to response or to recurrence
    happened : what the events themselves are called; asked last, and only if they agree

    >>> event_is_good("TTR", "Time to first response"), event_is_good("TTR", "Time to recurrence")
    (True, False)
    >>> event_is_good("DOR", "Duration of response"), event_is_good("TTE", "Time to event")
    (False, None)
    """
    if _GOOD.search(label) or _BAD.search(label):
        return _told(label)
    short = re.sub(r"[^A-Z0-9]", "", code.upper())
    if short in _GOOD_CODES or short in _BAD_CODES:
        return short in _GOOD_CODES
    told = {_told(words) for words in happened}
    return told.pop() if len(told) == 1 else None
