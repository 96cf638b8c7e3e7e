"""What is published on a study's safety, beside the same counts in its patients."""

from __future__ import annotations

import re

import numpy as np

from services.adverse_events.coded import Coded
from services.adverse_events.counts import safety_population
from services.arrays import BoolArray
from services.evidence import cite
from services.evidence import load as evidence
from services.evidence.trial import AdverseEvent, Trial
from services.pages.safety.records import PublishedCell, PublishedRow, PublishedSafety
from services.study.memory import remembered
from services.study.model import Study

_BLOOD = "blood and lymphatic system disorders"
NOT_GIVEN = PublishedCell(None, None, None)
NO_TERM = PublishedCell(None, None, None, "no event of this name in the data")


@remembered(32, key=lambda study, events: ())
def published(study: Study, events: Coded) -> PublishedSafety | None:
    """The published adverse events of the arms a study stands for; ``None`` without any.

    The counts beside them are of the whole safety population, treatment-emergent events: no
    filter of the page applies, since none applied to the publication.
    """
    trial = evidence.for_study(study.id)
    if trial is None or events.severity is None or events.severity.levels[-1] != "5":
        return None
    link = trial.link(study.id)
    names = _arm_names(study, trial, link.arms)
    facts = [event for event in trial.adverse_events if event.arm in names]
    if not facts:
        return None
    arms = tuple(a.name for a in study.arms)
    groups: dict[tuple[str, str], list[AdverseEvent]] = {}
    for fact in facts:
        groups.setdefault((fact.term, fact.grades), []).append(fact)
    rows = tuple(_row(study, events, trial, names, arms, group) for group in groups.values())
    return PublishedSafety(trial.acronym, arms, rows, trial.missing)


def _arm_names(study: Study, trial: Trial, linked: tuple[str, ...]) -> dict[str, str]:
    """Arm of the study by id of the published arm: by name, or the only one of its role."""
    if len(study.arms) == 1 and len(linked) == 1:
        return {linked[0]: study.arms[0].name}
    found = {}
    for arm_id in linked:
        published_arm = trial.arm(arm_id)
        same = [a.name for a in study.arms if a.name == published_arm.name] or [
            a.name for a in study.arms if a.role == published_arm.role
        ]
        roles = [i for i in linked if trial.arm(i).role == published_arm.role]
        if len(same) == 1 and (same[0] == published_arm.name or len(roles) == 1):
            found[arm_id] = same[0]
    return found


def _row(
    study: Study,
    events: Coded,
    trial: Trial,
    names: dict[str, str],
    arms: tuple[str, ...],
    facts: list[AdverseEvent],
) -> PublishedRow:
    given = dict.fromkeys(arms, NOT_GIVEN)
    for fact in facts:
        given[names[fact.arm]] = PublishedCell(
            fact.n, fact.percent, fact.denominator, fact.basis, cite.adverse_event(trial, fact)
        )
    same = _same_events(events, facts[0])
    inside = safety_population(study)
    counted = {}
    for arm in arms:
        if same is None:
            counted[arm] = NO_TERM
            continue
        mask = same & events.emergent
        mine = inside & (study.subjects["ARM_ACTUAL"] == arm).to_numpy()
        who = np.unique(events.subject[mask])
        count, n = int(mine[who].sum()), int(mine.sum())
        counted[arm] = PublishedCell(count, 100 * count / n if n else None, n)
    sources = dict.fromkeys(i for fact in facts for i in fact.sources)
    return PublishedRow(
        term=facts[0].term,
        grades=facts[0].grades,
        published=given,
        counted=counted,
        sources=tuple(trial.source(i) for i in sources),
        verification=facts[0].verification,
    )


def _same_events(events: Coded, fact: AdverseEvent) -> BoolArray | None:
    """The events a published line counts: of its grades, and its class, term or all.

    ``None`` if the data have no such class or term: that is not the same as nobody having it.
    """
    mask = np.ones(len(events.term), dtype=bool)
    grades = re.fullmatch(r"([1-5])(?:-([1-5]))?", fact.grades)
    if grades:
        low, high = int(grades[1]), int(grades[2] or grades[1])
        mask &= (events.grade + 1 >= low) & (events.grade + 1 <= high)
    soc = np.array([c.casefold() for c in events.classes])[events.soc_of[events.term]]
    wanted = fact.system_organ_class.casefold()
    if wanted == "all nonhematologic":
        return np.asarray(mask & (soc != _BLOOD))
    if wanted == "all":
        return mask
    name = fact.term.casefold()
    term = np.array([t.casefold() for _, t in events.terms])[events.term]
    if (term == name).any():
        return np.asarray(mask & (term == name))
    # "Any hematologic event", or "Infections" of the class "Infections and infestations".
    if (name.startswith("any ") or wanted.startswith(name)) and (soc == wanted).any():
        return np.asarray(mask & (soc == wanted))
    return None
