"""Trials that are still running."""

from __future__ import annotations

from services.evidence import cite
from services.evidence.cite import level_of, trial_link
from services.evidence.cited import Cited
from services.evidence.trial import OngoingTrial, Trial
from services.pages.evidence.records import TimelineRow


def running(trial: Trial) -> TimelineRow:
    """A trial with a file of its own whose follow-up goes on."""
    enrollment = trial.enrolment
    compared = [a for a in trial.arms if a.part != "phase 2"]
    arms = [a.n for a in compared]
    number = enrollment.randomized or enrollment.enrolled or enrollment.planned
    sources, basis = enrollment.sources, ""
    if number is None and None not in arms:
        number = sum(n for n in arms if n is not None)
        sources = tuple(dict.fromkeys(s for a in compared for s in a.sources))
        basis = "sum of the arms" if len(arms) > 1 else ""
    return TimelineRow(
        acronym=trial.acronym,
        link=trial_link(trial),
        registration=trial.registration,
        regimen=" / ".join(dict.fromkeys(a.name for a in compared)),
        risk=enrollment.risk_words,
        randomized=trial.randomized,
        start=enrollment.first,
        end=enrollment.planned_end,
        n=number,
        patients=None
        if number is None
        else Cited(
            str(number),
            f"{trial.acronym}: patients, all arms",
            "derived" if basis else level_of(trial, sources),
            cite.sources_of(trial, sources),
            basis=basis,
            conflicts=trial.conflicts_about("patients"),
        ),
        endpoint=trial.endpoints[0].name if trial.endpoints else "",
        note=trial.status_note,
        cited=Cited(
            trial.registration or "source",
            f"{trial.acronym}: design and dates",
            level_of(trial, enrollment.sources),
            cite.sources_of(trial, enrollment.sources),
            note=trial.status_note,
            conflicts=trial.conflicts_about("eligibility"),
        ),
    )


def listed(found: OngoingTrial) -> TimelineRow:
    """A trial of which no more than a line is known."""
    level = "primary" if found.source.kind == "registry" else "secondary"
    return TimelineRow(
        acronym=found.acronym,
        link=found.registration_link,
        registration=found.registration,
        regimen=found.regimen[0].upper() + found.regimen[1:],
        risk="Risk group not stated"
        if found.risk == "not stated"
        else f"{found.risk.capitalize()} risk",
        randomized=found.randomized,
        start="",
        end="",
        n=found.n,
        patients=None
        if found.n is None
        else Cited(str(found.n), f"{found.acronym}: patients planned", level, (found.source,)),
        endpoint=found.endpoint,
        note=found.result,
        cited=Cited(
            found.registration or "source",
            f"{found.acronym}: as listed",
            level,
            (found.source,),
        ),
    )
