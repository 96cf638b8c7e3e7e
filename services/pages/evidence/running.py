"""Trials that run, or were last listed as running."""

from __future__ import annotations

from services.evidence import cite
from services.evidence.cite import level_of, trial_link
from services.evidence.cited import Cited
from services.evidence.standing import LastSeen
from services.evidence.trial import OngoingTrial, Trial
from services.pages.evidence.records import TimelineRow


def running(trial: Trial) -> TimelineRow:
    """A trial with a file of its own whose follow-up goes on."""
    assert trial.seen is not None  # a trial whose follow-up goes on has it
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
        state=trial.seen.state,
        seen=_seen(trial.acronym, trial.seen),
    )


def _seen(acronym: str, seen: LastSeen) -> Cited:
    """What was last read of whether a trial runs: the date of the text, and when it was read."""
    dated = f"dated {seen.text_of}" if seen.text_of else "without a date"
    level = "primary" if seen.source.kind == "registry" else "secondary"
    about = f"{acronym}: whether it runs, by a text {dated}, last read {seen.read}"
    return Cited(seen.words, about, level, (seen.source,))


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
        state=found.seen.state,
        seen=_seen(found.acronym, found.seen),
    )
