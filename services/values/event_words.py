"""Which values of a status column mean the event: told by its name and words, or not at all.

A wrong event turns a trial around and no chart shows it. Where names and words leave a doubt,
nothing is taken; a person is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

from services import lists

Side = Literal["event", "free", "unsure", ""]

_LISTS = lists.beside(__file__)
# What a column asks: "event" where 1 or yes is one, "free" where it says that there was none.
_NAME_UNSURE, _NAME_FREE, _NAME_EVENT = (
    re.compile(lists.either(_LISTS["name"][side])) for side in ("unsure", "free", "event")
)
# R's Surv takes 2 of 1 and 2 for the event; elsewhere 1 is yes and 2 is no.
_NAME_STATUS = re.compile(r"(\w+ )?(status|stat|fu?stat)")

_YES, _NO = (frozenset(lists.words(_LISTS["answer"][answer])) for answer in ("yes", "no"))

_FREE, _CENSORED, _EVENT, _DOUBT = (
    re.compile(lists.either(_LISTS["value"][side]))
    for side in ("free", "censored", "event", "doubt")
)
_NOT = (
    r"\b(?:no|not|non|never|without|kein\w*|nicht|ohne|sans|pas|sin|senza|sem|geen|ingen|utan"
    r"|aucun\w*)"
    r"(?: (?:yet|evidence|signs?|of|the|any|a|an|de|d|further|documented|disease|tumou?r|known"
    r"|confirmed))*"
)
_DENIED = re.compile(
    rf"{_NOT} \w+(?: (?:or|and|nor|oder|und|ou|et|o|y|e) \w+)*"
    r"|\b(?:free|libres?|liber[oi]|livre) (?:of|from|de|da) \w+(?: (?:or|and) \w+)*"
    r"|\b(?:\w+ )?(?:free|libres?|liber[oi]|livre)\b|\w*(?:free|frei)\b"
)


def plain(text: str) -> str:
    """A text in small letters without accents, words apart; a code before it is left out.

    >>> plain("1:DiseaseFree"), plain("Décédé(e)"), plain("Right-censored")
    ('disease free', 'decede e', 'right censored')
    """
    text = re.sub(r"^\s*\d+\s*[:=.)–-]\s*(?=\D)", "", text)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    letters = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", letters.replace("_", " ")))


def side_of_name(name: str) -> Side:
    """What 1 or yes means in a column of this name; "" where the name says nothing.

    >>> [side_of_name(name) for name in ("OS_EVENT", "Censor", "cens", "ALIVE", "X1")]
    ['event', 'free', 'unsure', 'free', '']
    """
    words = plain(name)
    if _NAME_UNSURE.fullmatch(words) or re.search(r"\bcens?$", words):
        return "unsure"
    rest = _DENIED.sub(" ", words)
    free = rest != words or bool(_NAME_FREE.search(words))
    event = bool(_NAME_EVENT.search(rest))
    if (free and event) or re.search(r"\bnot? |\bnon |\buncensor|\bor\b|survival", words):
        return "unsure"
    return "free" if free else "event" if event else ""


def side_of_value(value: str) -> Side:
    """What a word means: "event", "free" of it, "unsure" where it could be either.

    >>> [side_of_value(v) for v in ("Ereignis", "zensiert", "Progression free", "PD", "Tod?")]
    ['event', 'free', 'free', '', 'event']
    """
    words = plain(value)
    if _CENSORED.search(words):
        return "free"
    # "No progression", "progression free": what is denied did not happen.
    rest = _DENIED.sub(" ", words)
    free = rest != words or bool(_FREE.search(words))
    event = bool(_EVENT.search(rest))
    if (free and event) or (_DOUBT.search(words) and not free):
        return "unsure"
    return "free" if free else "event" if event else ""


def event_values(values: Iterable[str], name: str = "") -> tuple[str, ...]:
    """The values that mean an event; () where that is not certain.

    Parameters
    ----------
    values : of the column, as text; blanks are no value
    name : of the column; "" where the values alone have to say it

    >>> event_values(["0", "1"], "censored"), event_values(["Dead", "Living"], "status")
    (('0',), ('Dead',))
    >>> event_values(["PD", "SD"], "status"), event_values(["A", "B"], "event")
    ((), ())
    """
    levels = sorted({v for v in values if v.strip()})
    asks: Side = side_of_name(name) if name else "event"
    short = {level: number_or_word(level) for level in levels}
    if levels and set(short.values()) <= _YES | _NO:
        return _of_flags(levels, short, asks)
    if set(short.values()) == {"1", "2"}:
        wanted = not name or _NAME_STATUS.fullmatch(plain(name))
        return tuple(v for v in levels if short[v] == "2") if wanted else ()
    return _of_words(levels)


def _of_flags(levels: Sequence[str], short: dict[str, str], asks: Side) -> tuple[str, ...]:
    if asks not in ("event", "free"):
        return ()
    wanted = _YES if asks == "event" else _NO
    return tuple(v for v in levels if short[v] in wanted)


def _of_words(levels: Sequence[str]) -> tuple[str, ...]:
    sides = {level: side_of_value(level) for level in levels}
    events = tuple(v for v in levels if sides[v] == "event")
    free = [v for v in levels if sides[v] == "free"]
    untold = [v for v in levels if sides[v] in ("", "unsure")]
    if events and free and not untold:
        return events
    one_censored = len(levels) == 2 and len(free) == 1 and _CENSORED.search(plain(free[0]))
    if one_censored and untold and sides[untold[0]] == "" and not number(untold[0]):
        return tuple(untold)
    return ()


def number(text: str) -> str:
    """A number as a table holds it: "1.0" as "1"; "" for what is none."""
    try:
        value = float(text)
    except ValueError:
        return ""
    return str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else text


def number_or_word(text: str) -> str:
    """A value for comparing: "1.00" as "1", "Yes" as "yes"."""
    return number(text.strip()) or text.strip().casefold()


_TRUTH = {"true": "1", "false": "0", "1": "true", "0": "false"}


def matched(wanted: Iterable[str], levels: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Values a person names among those a column holds, as the file spells them or as read.

    Returns
    -------
    (found, unknown) ; "TRUE" is found as 1 where the column was read as numbers, "1.0" as 1

    >>> matched(["TRUE", "2"], ["0", "1"])
    (('1',), ['2'])
    """
    by_word: dict[str, list[str]] = {}
    for level in levels:
        by_word.setdefault(number_or_word(level), []).append(level)
    found: list[str] = []
    unknown = []
    for value in wanted:
        word = number_or_word(value)
        alike = by_word.get(word) or by_word.get(_TRUTH.get(word, ""), [])
        if value in levels:
            found.append(value)
        elif len(alike) == 1:
            found.append(alike[0])
        else:
            unknown.append(value)
    return tuple(dict.fromkeys(found)), unknown


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
