"""What became of treatment and of the patient: action taken (AEACN) and outcome (AEOUT)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from services import lists
from services.values.flags import UNSTATED, Meaning, agreed, plain

Action = Literal["stopped", "changed", "unchanged", "blank", "odd"]

# Without the words for what it was done to.
_OBJECT = re.compile(
    r"\b(STUDY|TRIAL|DRUGS?|TREATMENTS?|MEDICATIONS?|THERAPY|PRODUCTS?|DOSES?|DOSING|DOSAGE|IP|IMP"
    r"|WAS|OF|THE|DUE TO AE|INVESTIGATIONAL)\b"
)
_WORDS = {name: frozenset(lists.words(text)) for name, text in lists.beside(__file__).items()}
_ACTIONS: tuple[Action, ...] = ("stopped", "changed", "unchanged")  # what weighs most first

_BY_THE_EVENT = re.compile(
    r" (?:RELATED|DUE|SECONDARY) TO (?:(?:THE|THIS) )?(?:AE|SAE|ADVERSE EVENT|EVENT)$"
)
_NOT_FATAL = re.compile(r"\b(NOT|NON) (FATAL)\b")


def action_of(value: str) -> Action:
    """What was done with treatment; of several the one that weighs most.

    >>> [action_of(v) for v in ("DRUG WITHDRAWN", "Dose reduced; drug interrupted", "DOSE NOT CHANGED")]
    ['stopped', 'changed', 'unchanged']
    >>> action_of("UNKNOWN"), action_of("3")
    ('blank', 'odd')
    """  # noqa: E501
    whole = plain(value)
    if not value.strip() or whole in UNSTATED - _WORDS["unchanged"]:
        return "blank"
    found = [_one_action(whole)]
    if found == ["odd"]:
        found = [_one_action(plain(p)) for p in re.split(r"[;/,+&]| AND | and ", value)]
    if "odd" in found:
        return "odd"
    return next((action for action in _ACTIONS if action in found), "blank")


def _one_action(text: str) -> Action:
    short = " ".join(_OBJECT.sub(" ", text).split())
    found = [a for word in (text, short) for a in _ACTIONS if word in _WORDS[a]]
    return found[0] if found else "odd"


def fatal_by(value: str) -> Meaning:
    """Whether an outcome is death.

    >>> [fatal_by(v) for v in ("FATAL", "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED", "5")]
    ['yes', 'no', 'no', 'odd']
    """
    return agreed(value, _one_outcome)


def fatal_meanings(values: Sequence[str]) -> dict[str, Meaning]:
    """Each distinct outcome, whether it is death."""
    return {value: fatal_by(value) for value in values}


def _one_outcome(value: str) -> Meaning:
    word = plain(value)
    if not value.strip() or word in UNSTATED | _WORDS["lost"]:
        return "blank"
    if _BY_THE_EVENT.sub("", word) in _WORDS["fatal"]:
        return "yes"
    if _NOT_FATAL.search(word):
        return "no"
    tokens = set(word.split())
    if tokens & {"FATAL", "DIED", "DEATH", "DEAD"} and not tokens & {
        "ONGOING",
        "UNRESOLVED",
        "NOT",
    }:
        return "odd"
    return "no" if tokens and tokens <= _WORDS["alive"] else "odd"
