"""Relation of an adverse event to treatment, in the words of ICH E2B, WHO-UMC and sponsors.

What is only remotely possible counts as not related, as regulators' summaries have it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services import lists
from services.values.flags import UNSTATED, Meaning, agreed, numbers_of, plain

_LISTS = lists.beside(__file__)
_RELATED, _NOT_RELATED = (frozenset(lists.words(_LISTS[n])) for n in ("related", "not_related"))
_TO = re.compile(
    r"^(.*?(?:RELATED|RELATION(?:SHIP)?|POSSIBILITY|DUE|SUSPECTED)) (?:TO|WITH|BY|OF) (.+)$"
)
_TREATMENT = re.compile(
    r"^(?:THE )?(?:(?:STUDY|TRIAL|INVESTIGATIONAL|STUDIED|ACTIVE|BLINDED|PROTOCOL|RANDOMI[SZ]ED) )*"
    r"(?:DRUGS?|TREATMENTS?|MEDICATIONS?|MEDICINES?|MEDICINAL PRODUCT|PRODUCTS?|THERAPY|AGENTS?"
    r"|VACCINE|IP|IMP|IMPS|STUDY)$"
)
# What a sentence about relation opens with.
_LEAD = re.compile(r"^(?:IS|WAS|AE|EVENT|CAUSALITY|RELATIONSHIP|GRADE|\d)+ ")


def relation_of(value: str) -> Meaning:
    """Whether a word says that an event is related to treatment.

    Relation to something else than the treatment is not understood, rather than guessed.

    >>> [relation_of(v) for v in ("Related to study drug", "NOT RELATED TO TREATMENT", "Remote")]
    ['yes', 'no', 'no']
    >>> relation_of("RELATED TO UNDERLYING DISEASE"), relation_of("Unknown")
    ('odd', 'blank')
    >>> relation_of("Possible/Probable"), relation_of("Possible or unlikely")
    ('yes', 'odd')
    """
    return agreed(value, _one)


def _one(value: str) -> Meaning:
    word = plain(value)
    if not value.strip() or word in UNSTATED:
        return "blank"
    match = _TO.match(word)
    if match:
        if not _TREATMENT.match(match[2]):
            return "odd"
        word = match[1].removesuffix(" DUE")
    for text in (word, _LEAD.sub("", word)):
        if text in _NOT_RELATED:
            return "no"
        if text in _RELATED:
            return "yes"
    return "odd"


def relation_meanings(values: Sequence[str]) -> dict[str, Meaning]:
    """Each distinct value of a column of relation; a number says it only if all are 0 or 1."""
    numbers = numbers_of(values)
    return {v: numbers[v] if v in numbers else relation_of(v) for v in values}
