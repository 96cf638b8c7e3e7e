"""What rows about a trial share: its link, its patients and follow-up with their sources."""

from __future__ import annotations

from services import evidence_cite as cite
from services.evidence.facts import SOURCE_WORDS
from services.evidence.trial import PublishedArm, PublishedEndpoint, Trial
from services.evidence_page_records import (
    Cited,
)
from services.printed import plain


def trial_link(trial: Trial) -> str:
    """Where a trial's name leads: its study here, else its registration, else its paper."""
    if trial.studies:
        return f"/study/{trial.studies[0].study}"
    links = [s.link for s in trial.citations if s.link]
    return trial.registration_link or (links[0] if links else "")


def report_of(trial: Trial, endpoint: PublishedEndpoint) -> str:
    """The citation an endpoint comes from, in short: "Mateos 2022"."""
    found = cite.sources_of(trial, endpoint.sources)
    labels = [source.label for source in found if source.label]
    return labels[0] if labels else SOURCE_WORDS[found[0].kind]


def patients(trial: Trial, endpoint: PublishedEndpoint) -> int | None:
    """Patients of an endpoint's arms; ``None`` where one of them was not found."""
    numbers = [a.n for a in endpoint.arms] or [a.n for a in trial.arms]
    return None if None in numbers else sum(n for n in numbers if n is not None)


def result_patients(trial: Trial, endpoint: PublishedEndpoint) -> Cited | None:
    """The patients of a result with their source, and what sources disagree on in the trial."""
    n = patients(trial, endpoint)
    if n is None:
        return None
    return Cited(
        str(n),
        f"{trial.acronym}: patients of this result, all arms",
        endpoint.verification,
        cite.sources_of(trial, endpoint.sources),
        conflicts=trial.conflicts_about("patients"),
    )


def follow_up(trial: Trial, endpoint: PublishedEndpoint) -> Cited | None:
    """The median follow-up of a result, in months, with its source."""
    if endpoint.follow_up_months is None:
        return None
    return Cited(
        plain(endpoint.follow_up_months),
        f"{trial.acronym}: median follow-up of this result, months",
        endpoint.verification,
        cite.sources_of(trial, endpoint.sources),
        conflicts=trial.conflicts_about(endpoint.id),
    )


def compared(trial: Trial, endpoint: PublishedEndpoint) -> bool:
    """Single-arm parts of a randomized trial have nothing to be compared with."""
    roles = {trial.arm(a.arm).role for a in endpoint.arms}
    return roles != {"single"}


def arm_patients(trial: Trial, arm: PublishedArm) -> Cited | None:
    """The patients of an arm with their source; ``None`` where not found."""
    if arm.n is None:
        return None
    return Cited(
        str(arm.n),
        f"{trial.acronym}, {arm.name}: patients",
        level_of(trial, arm.sources),
        cite.sources_of(trial, arm.sources),
        basis=arm.basis,
        conflicts=trial.conflicts_about("patients"),
    )


def level_of(trial: Trial, ids: tuple[str, ...]) -> str:
    """How far something was checked whose file does not say it: by the kind of its sources."""
    kinds = {source.kind for source in cite.sources_of(trial, ids)}
    return "primary" if kinds & {"paper", "registry", "meeting"} else "secondary"
