"""Is the event of an endpoint good or bad for the patient? Told by its name, where names tell."""

from __future__ import annotations

import re
from collections.abc import Iterable

# PARAMCD of times to something good, and to something bad (ADaM and the myeloma trials' own).
_GOOD_CODES = frozenset(
    ("TTR", "TTRESP", "TTFR", "TTOR", "TTBR", "TTPR", "TTVGPR", "TTCR", "TTSCR", "TTREM", "TTCREM",
     "TTNR", "TTNEG", "TTMRD", "TTMRDNEG", "TTREC", "TTRECOV")
)  # fmt: skip
_BAD_CODES = frozenset(
    ("OS", "PFS", "PFS1", "PFS2", "TTP", "EFS", "DFS", "RFS", "MFS", "DMFS", "LFS", "CSS", "DSS",
     "IDFS", "TTF", "TTD", "TTDTH", "DTH", "DEATH", "SPM", "TTSPM", "TTNT", "FLT", "DOR", "DOCR",
     "CRSD", "TTREL")
)  # fmt: skip

_GOOD = re.compile(
    r"\b(respon[sd]\w*|remission|(?:sero)?negativ\w*|(?:sero)?conversion|recover\w*|resolution"
    r"|improve\w*|healing|engraft\w*|cure|discharge)\b",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"\b(progress\w*|death|dead|die[ds]?|deceased|mortality|surviv\w*|alive|relaps\w*|recur\w*"
    r"|fail\w*|malignan\w*|metasta\w*|worsen\w*|deteriorat\w*|toxicit\w*|adverse|fracture\w*"
    r"|(?:next|subsequent|first-line|new|salvage|rescue) (?:\w+ )?(?:therap\w*|treatment)"
    r"|discontinu\w*|hospitali[sz]\w*|infection\w*)\b",
    re.IGNORECASE,
)
# What is good is lost here: the event is its end.
_ENDS_GOOD = re.compile(
    r"\b(duration of|loss of|end of|losing|non-?respon\w*|no response|(?:from|after|since)"
    r" (?:\w+ ){0,3}(?:respon\w*|remission|recover\w*))",
    re.IGNORECASE,
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
