"""How names given by others (arms, columns, levels) stand inside our sentences."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

from services import lists
from services.numbers import format_number

_ISOLATE, _END = "\u2068", "\u2069"  # first-strong isolate and its end
_RIGHT_TO_LEFT = ("R", "AL", "AN")


_TURNS = re.compile("[\u202a-\u202e]")  # embeddings and overrides, and their end
_OPENS, _ANY_ISOLATE = "\u2066\u2067\u2068", re.compile("[\u2066-\u2069]")


def straight(text: str) -> str:
    """A text as it is shown: without what turns around its letters, or the text that follows it.

    Isolates stay where each has its end. Values keep what they have: only what is shown is changed.

    >>> straight("a\\u202eb"), straight("\\u2068x"), len(straight("\\u2068x\\u2069"))
    ('ab', 'x', 3)
    """
    if text.isascii():
        return text
    text = _TURNS.sub("", text)
    depth = 0
    for found in _ANY_ISOLATE.findall(text):
        depth += 1 if found in _OPENS else -1
        if depth < 0:
            break
    return _ANY_ISOLATE.sub("", text) if depth else text


def isolated(name: str) -> str:
    """A name that is written from right to left, kept from reordering the words around it.

    >>> isolated("Placebo"), isolated("א") == "⁨א⁩"
    ('Placebo', True)
    """
    if name.isascii():
        return name
    name = straight(name)
    if _ISOLATE in name:
        return name
    mixed = any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in name)
    return f"{_ISOLATE}{name}{_END}" if mixed else name


_LISTS = {name: lists.words(text) for name, text in lists.beside(__file__).items()}
_WORDS, _PROPER = frozenset(_LISTS["ordinary"]), frozenset(_LISTS["proper"])
_DRUG = re.compile(
    r"[a-z]{3,}(?:mab|mib|nib|domide|sone|solone|stat|platin|rubicin|taxel|phamide|clax|cept"
    r"|ciclib|statin|dronate|dronic|phalan|leucel|fusp|tamig|vedotin|mafodotin|mustine|feron"
    r"|grastim|exor|flufen|dustine|parin|kinra|cillin|vir|pril|sartan|zole|zumab)"
)


def _ordinary(name: str, dose: bool) -> bool:
    """A name without capitals, a colon or, unless of a drug's ``dose``, digits after its start."""
    odd = (c.isupper() or c == ":" or (c.isdigit() and not dose) for c in name[1:])
    return len(name) > 3 and not any(odd)


_NO_DRUG = frozenset(_LISTS["no_drug"])


def without_drug(name: str) -> bool:
    """Whether an arm's name says that no drug is given on it.

    >>> [without_drug(name) for name in ("Active monitoring", "Observation arm", "Placebo")]
    [True, True, False]
    """
    return " ".join(name.casefold().removesuffix(" arm").split()) in _NO_DRUG


_OF_PATIENTS = ("With ", "Without ")  # what a group is called that says whom it holds


def arm(name: str) -> str:
    """An arm's name inside a sentence: drugs and English words in lower case, others as given.

    >>> arm("Lenalidomide"), arm("Rd"), arm("A: Drug X"), arm("Therapie"), arm("Low dose")
    ('lenalidomide', 'Rd', 'A: Drug X', 'Therapie', 'low dose')
    >>> arm("Lenalidomide 25 mg daily"), arm("Drug 1")
    ('lenalidomide 25 mg daily', 'Drug 1')
    """
    if name.startswith(_OF_PATIENTS):
        return f"patients {isolated(uncapital(name))}"
    first = re.split(r"[^a-z]", name.lower(), maxsplit=1)[0]
    drug = _DRUG.fullmatch(first) is not None
    plain = (drug or first in _WORDS) and _ordinary(name, drug)
    return isolated(name[:1].lower() + name[1:] if plain else name)


def on(name: str) -> str:
    """Of whom: "on" an arm; a group that a landmark made says "with" itself.

    >>> on("Lenalidomide"), on("Without response by month 6")
    ('on lenalidomide', 'without response by month 6')
    """
    return isolated(uncapital(name)) if name.startswith(_OF_PATIENTS) else f"on {arm(name)}"


def side(name: str) -> str:
    """What is compared: an "arm", or a "group" that says itself whom it holds.

    >>> side("Arm A"), side("Without response by month 6")
    ('arm', 'group')
    """
    return "group" if name.startswith(_OF_PATIENTS) else "arm"


def whom(name: str) -> str:
    """An arm's name as it is given, or the patients of a group that says itself whom it holds.

    >>> whom("Arm A"), whom("Without response by month 6")
    ('Arm A', 'patients without response by month 6')
    """
    return f"patients {isolated(uncapital(name))}" if side(name) == "group" else isolated(name)


def versus(arms: Sequence[str], reference: str) -> str:
    """Who is compared with whom, as a title.

    >>> versus(["Lenalidomide"], "Observation")
    'Lenalidomide versus Observation'
    >>> versus(["With response by month 6"], "Without response by month 6")
    'With response by month 6 versus without response by month 6'
    """
    first, *others = (*arms, reference)
    *more, last = [isolated(uncapital(n) if side(n) == "group" else n) for n in others]
    return f"{join_and([isolated(first), *more])} versus {last}"


def inside(name: str, noun: str) -> str:
    """How many there are in an arm, or of a group that says itself whom it holds.

    >>> inside("Arm A", "0 events"), inside("With response by month 6", "no patients")
    ('0 events in Arm A', 'no patients with response by month 6')
    >>> inside("With response by month 6", "0 events")
    '0 events in patients with response by month 6'
    """
    whose = whom(name)
    if noun.endswith("patients") and side(name) == "group":
        return f"{noun}{whose.removeprefix('patients')}"
    return f"{noun} in {whose}"


def is_at_risk(name: str) -> str:
    """That an arm, or a group of patients, is at risk.

    >>> is_at_risk("Arm A"), is_at_risk("Without response by month 6")
    ('Arm A is at risk', 'patients without response by month 6 are at risk')
    """
    return f"{whom(name)} {'are' if side(name) == 'group' else 'is'} at risk"


def label(words: str) -> str:
    """A column's or an endpoint's label inside a sentence; what follows a comma is as it is.

    >>> label("Sex"), label("Mayo 2018 risk"), label("ECOG performance status"), label("ISS II")
    ('sex', 'Mayo 2018 risk', 'ECOG performance status', 'ISS II')
    >>> label("Overall survival, from month 12 on")
    'overall survival, from month 12 on'
    """
    first = words.partition(", ")[0]
    plain = words[1:2].islower() and not any(c.isdigit() or c.isupper() for c in first[1:])
    plain = plain and words.split()[0] not in _PROPER
    return isolated(words[:1].lower() + words[1:] if plain else words)


_DATE_OF = re.compile(r"date(/?time)?( of)?( the)? ", re.IGNORECASE)
_SMALL = frozenset(("a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to"))


def occasion(date: str) -> str:
    """What a date is of, by its label: titles become words, "Date of" goes.

    >>> occasion("Date of Last Exposure to Treatment"), occasion("Last dose")
    ('Last exposure to treatment', 'Last dose')
    >>> occasion("Datetime of First Exposure in Period 02"), occasion("Date of CR by IRC")
    ('First exposure in period 02', 'CR by IRC')
    """
    first = _DATE_OF.match(date)
    of = date[first.end() :] if first and first.end() < len(date) else date
    words = of.split(" ")
    titled = all(w in _SMALL or not w[:1].islower() for w in words)
    if titled and len(words) > 1:
        words[1:] = [w.lower() if w[:1].isupper() and w[1:].islower() else w for w in words[1:]]
    return capital(" ".join(words))


def capital(sentence: str) -> str:
    """With its first letter in upper case."""
    return sentence[:1].upper() + sentence[1:]


def uncapital(name: str) -> str:
    """With its first letter in lower case, as inside a sentence; abbreviations stay.

    >>> uncapital("Overall survival"), uncapital("OS")
    ('overall survival', 'OS')
    """
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def join_and(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c".

    >>> join_and(["a", "b", "c"])
    'a, b and c'
    """
    return _join(items, "and")


def join_or(items: Sequence[str]) -> str:
    """ "a", "a or b", "a, b or c".

    >>> join_or(["a", "b", "c"])
    'a, b or c'
    """
    return _join(items, "or")


def _join(items: Sequence[str], word: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + f" {word} " + items[-1]


def count(n: int, noun: str) -> str:
    """ "1 event", "2 events".

    >>> count(1, "event"), count(0, "event")
    ('1 event', '0 events')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def moment(value: float) -> str:
    """A time that was asked for: with two decimals, or three digits of a short one, where longer.

    >>> moment(12.0), moment(365.25), moment(5.979466), moment(0.0164271)
    ('12', '365.25', '5.98', '0.0164')
    """
    digits = 2 if value >= 0.1 else 2 - math.floor(math.log10(value or 1))
    return format_number(round(value, digits))


def time(value: float | str, unit: str) -> str:
    """A time with its unit: "1 month", "12 months".

    Parameters
    ----------
    value : as ``moment`` says it, or in words already

    >>> time(1, "months"), time(1.5, "years"), time("2.0", "weeks")
    ('1 month', '1.5 years', '2.0 weeks')
    """
    said = value if isinstance(value, str) else moment(value)
    return f"{said} {unit[:-1] if said == '1' else unit}"


def if_nothing_else(competing: Sequence[str]) -> str:
    """The world a Kaplan-Meier curve of an endpoint with competing events speaks of.

    >>> if_nothing_else(["Death"]), if_nothing_else(["Relapse", "Death"])
    ('if nobody died', 'if no relapse or death came first')
    """
    if all(_is_death(name) for name in competing):
        return "if nobody died"
    return f"if no {' or '.join(label(name) for name in competing)} came first"


def came_first(name: str) -> str:
    """What is said of those in whom a competing event came first.

    >>> came_first("Death"), came_first("Transplant")
    ('had died without it', 'had transplant first')
    """
    return "had died without it" if _is_death(name) else f"had {label(name)} first"


def _is_death(name: str) -> bool:
    return any(word in name.casefold() for word in ("death", "died", "dead"))
