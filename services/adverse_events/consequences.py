"""What became of treatment and of the patient: action taken (AEACN) and outcome (AEOUT)."""

from __future__ import annotations

import re
from typing import Literal

from services.values.flags import UNSTATED, Meaning, agreed, plain

Action = Literal["stopped", "changed", "unchanged", "blank", "odd"]

# Without the words for what it was done to.
_OBJECT = re.compile(
    r"\b(STUDY|TRIAL|DRUGS?|TREATMENTS?|MEDICATIONS?|THERAPY|PRODUCTS?|DOSES?|DOSING|DOSAGE|IP|IMP"
    r"|WAS|OF|THE|DUE TO AE|INVESTIGATIONAL)\b"
)
_STOPPED = frozenset(
    ("WITHDRAWN", "DISCONTINUED", "STOPPED", "WITHDRAWAL", "DISCONTINUATION", "PERMANENTLY STOPPED",
     "PERMANENTLY DISCONTINUED", "PERMANENTLY WITHDRAWN", "DISCONTINUED PERMANENTLY",
     "WITHDRAWN PERMANENTLY", "STOPPED PERMANENTLY", "PERMANENT DISCONTINUATION",
     "PERMANENT WITHDRAWAL", "TERMINATED", "CEASED", "ABGESETZT", "ARRETE", "SUSPENDIDO")
)  # fmt: skip
_CHANGED = frozenset(
    ("REDUCED", "INCREASED", "RATE REDUCED", "RATE INCREASED", "INTERRUPTED", "DELAYED", "HELD",
     "MODIFIED", "ADJUSTED", "CHANGED", "WITHHELD", "OMITTED", "SKIPPED", "MISSED", "PAUSED",
     "ON HOLD", "REDUCTION", "INTERRUPTION", "DELAY", "HOLD", "MODIFICATION",
     "INFUSION INTERRUPTED",
     "INFUSION RATE REDUCED", "FREQUENCY REDUCED", "REDUZIERT", "UNTERBROCHEN",
     *(f"{how} {what}" for how in ("TEMPORARILY", "TEMPORARY")
       for what in ("INTERRUPTED", "STOPPED", "DISCONTINUED", "HELD", "WITHHELD", "WITHDRAWN",
                    "INTERRUPTION", "DISCONTINUATION", "SUSPENDED", "REDUCED", "HOLD")))
)  # fmt: skip
_UNCHANGED = frozenset(
    ("NOT CHANGED", "UNCHANGED", "NO CHANGE", "NO CHANGES", "NONE", "NO ACTION", "NO ACTION TAKEN",
     "ACTION NOT TAKEN", "NOT APPLICABLE", "NA", "N A", "NOT ADJUSTED", "CONTINUED", "MAINTAINED",
     "NO", "NOT MODIFIED", "KEINE", "AUCUNE", "NO ADJUSTMENT", "CONTINUED UNCHANGED")
)  # fmt: skip

_FATAL = frozenset(
    ("FATAL", "DEATH", "DIED", "DEAD", "FATAL OUTCOME", "RESULTED IN DEATH", "PATIENT DIED",
     "SUBJECT DIED", "LETHAL", "DECEASED", "DEATH RELATED TO AE", "TODLICH", "DECES", "MORTEL",
     "TOD", "MUERTE", "DECESSO")
)  # fmt: skip
_ALIVE = frozenset(
    ("RECOVERED", "RESOLVED", "RECOVERING", "RESOLVING", "NOT", "WITH", "WITHOUT", "SEQUELAE",
     "SEQUELA", "SEQUEL", "ONGOING", "CONTINUING", "CONTINUED", "UNRESOLVED", "PERSISTING",
     "PERSISTENT", "PERSISTS", "STABLE", "STABILIZED", "IMPROVED", "IMPROVING", "WORSENED",
     "CHRONIC",
     "UNCHANGED", "YET", "RETURNED", "TO", "BASELINE", "COMPLETELY", "COMPLETE", "RECOVERY",
     "RESOLUTION", "STILL", "PRESENT", "AND", "OR", "NON", "FATAL", "PARTIALLY", "FULLY", "AT",
     "DEATH", "END", "OF", "STUDY", "TREATMENT", "EVENT", "THE", "CONDITION", "TIME")
)  # fmt: skip
_BY_THE_EVENT = re.compile(
    r" (?:RELATED|DUE|SECONDARY) TO (?:(?:THE|THIS) )?(?:AE|SAE|ADVERSE EVENT|EVENT)$"
)
_NOT_FATAL = re.compile(r"\b(NOT|NON) (FATAL)\b")
_LOST = frozenset(("LOST TO FOLLOW UP", "LOST"))


def action_of(value: str) -> Action:
    """What was done with treatment; of several the one that weighs most.

    >>> [action_of(v) for v in ("DRUG WITHDRAWN", "Dose reduced; drug interrupted", "DOSE NOT CHANGED")]
    ['stopped', 'changed', 'unchanged']
    >>> action_of("UNKNOWN"), action_of("3")
    ('blank', 'odd')
    """  # noqa: E501
    whole = plain(value)
    if not value.strip() or whole in UNSTATED - _UNCHANGED:
        return "blank"
    found = [_one_action(whole)]
    if found == ["odd"]:
        found = [_one_action(plain(p)) for p in re.split(r"[;/,+&]| AND | and ", value)]
    if "odd" in found:
        return "odd"
    order: tuple[Action, ...] = ("stopped", "changed", "unchanged")
    return next((action for action in order if action in found), "blank")


def _one_action(text: str) -> Action:
    short = " ".join(_OBJECT.sub(" ", text).split())
    for word in (text, short):
        if word in _STOPPED:
            return "stopped"
        if word in _CHANGED:
            return "changed"
        if word in _UNCHANGED:
            return "unchanged"
    return "odd"


def fatal_by(value: str) -> Meaning:
    """Whether an outcome is death.

    >>> [fatal_by(v) for v in ("FATAL", "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED", "5")]
    ['yes', 'no', 'no', 'odd']
    """
    return agreed(value, _one_outcome)


def _one_outcome(value: str) -> Meaning:
    word = plain(value)
    if not value.strip() or word in UNSTATED or word in _LOST:
        return "blank"
    if _BY_THE_EVENT.sub("", word) in _FATAL:
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
    return "no" if tokens and tokens <= _ALIVE else "odd"
