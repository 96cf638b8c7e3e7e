"""Published numbers with what stands behind them, ready for a page."""

from __future__ import annotations

from collections.abc import Sequence

from services import names
from services.evidence.cited import ArmsRow, Cited, Headline
from services.evidence.facts import Fact, Source
from services.evidence.trial import (
    AdverseEvent,
    ArmResult,
    PublishedArm,
    PublishedEndpoint,
    PublishedLandmark,
    PublishedSubgroup,
    Trial,
)
from services.evidence.words import (
    MEASURES,
    arm_results,
    event_text,
    fact_text,
    interval,
    limits,
    median_text,
    p_words,
    ratio_text,
    rests_on,
)
from services.numbers import plain
from services.replaced import replace

Checked = PublishedEndpoint | PublishedSubgroup | Fact | AdverseEvent


def sources_of(trial: Trial, ids: tuple[str, ...]) -> tuple[Source, ...]:
    """The sources of these ids."""
    return tuple(trial.source(source_id) for source_id in ids)


def _cited(
    trial: Trial,
    found: Checked,
    text: str,
    about: str,
    *numbers: str,
    basis: str = "",
    note: str = "",
) -> Cited:
    """A number of what was ``found``, with what sources disagree on in these numbers."""
    return Cited(
        text,
        f"{trial.acronym}{about}",
        "derived" if basis else found.verification,
        sources_of(trial, found.sources),
        basis=basis,
        note=note,
        conflicts=trial.conflicts_about(*numbers),
    )


def ratio(trial: Trial, endpoint: PublishedEndpoint) -> Cited:
    """An endpoint's ratio with its interval."""
    assert endpoint.ratio is not None
    found = endpoint.ratio
    p = p_words(found.p)
    about = f": {MEASURES[found.measure]} of {names.uncapital(endpoint.name)}, {found.comparison}"
    about += f"; {p}" if p and found.estimate is not None else ""
    text = interval(found) if found.estimate is not None else (p or "not found")
    return _cited(trial, endpoint, text, about, endpoint.id, basis=found.basis, note=endpoint.note)


def headline(trial: Trial, endpoint: PublishedEndpoint) -> Headline:
    """An endpoint's ratio and its arms' last landmarks, medians or events, in few words."""
    deaths = "" if endpoint.beside else rests_on(endpoint)  # our arithmetic is not published
    told = (ratio_text(endpoint.ratio), arm_results(endpoint), deaths)
    parts = dict.fromkeys(t for t in told if t)
    months = endpoint.follow_up_months
    comparison = endpoint.ratio.comparison if endpoint.ratio else ""
    about = f": {endpoint.name}"
    about += f", {comparison}" if comparison else ""
    about += f", median follow-up {plain(months)} months" if months is not None else ""
    text = names.capital("; ".join(parts))
    note = ". ".join(t.rstrip(".") for t in (endpoint.definition, endpoint.note) if t)
    cited = _cited(trial, endpoint, text, about, endpoint.id, note=note)
    basis = endpoint.ratio.basis if endpoint.ratio else ""
    return Headline(endpoint.name, replace(cited, basis=basis), comparison)


def subgroup_headline(trial: Trial, found: PublishedSubgroup) -> Headline:
    """A ratio published for a part of the patients: "HR 0.09 (0.02 to 0.44); 56 patients"."""
    parts = [ratio_text(found.ratio), f"{found.n:,} patients" if found.n is not None else ""]
    label = f"{trial.endpoint(found.endpoint).name}, {found.level} {found.variable}"
    p = p_words(found.ratio.p)
    cited = replace(
        subgroup(trial, found),
        text="; ".join(part for part in parts if part),
        about=f"{trial.acronym}: {label}, {found.ratio.comparison}" + (f"; {p}" if p else ""),
    )
    return Headline(label, cited, found.ratio.comparison)


def subgroup(trial: Trial, found: PublishedSubgroup) -> Cited:
    """A ratio in a part of the patients, with its interval."""
    endpoint = trial.endpoint(found.endpoint)
    ratio = found.ratio
    p = p_words(ratio.p)
    about = f": {endpoint.name} in patients at {found.level} {found.variable},"
    about += f" {MEASURES[ratio.measure]} of {ratio.comparison}"
    about += f"; {found.n:,} patients" if found.n is not None else ""
    about += f"; {p}" if p else ""
    text = interval(ratio) if ratio.estimate is not None else p
    return _cited(trial, found, text, about, endpoint.id, basis=ratio.basis)


def _of_arm(trial: Trial, arm: str) -> str:
    return f", {trial.arm(arm).name}:"


def landmark(
    trial: Trial, endpoint: PublishedEndpoint, result: ArmResult, mark: PublishedLandmark
) -> Cited:
    """Percent of an arm at a time."""
    text = f"{plain(mark.estimate)}%{limits(mark.lower, mark.upper)}"
    name, months = names.uncapital(endpoint.name), plain(mark.months)
    about = f"{_of_arm(trial, result.arm)} {name} at {months} months"
    return _cited(trial, endpoint, text, about, endpoint.id)


def median(trial: Trial, endpoint: PublishedEndpoint, result: ArmResult) -> Cited:
    """The median time of an arm, in months."""
    about = f"{_of_arm(trial, result.arm)} median {names.uncapital(endpoint.name)}, months"
    return _cited(trial, endpoint, median_text(result), about, endpoint.id, note=endpoint.note)


def events(trial: Trial, endpoint: PublishedEndpoint, result: ArmResult) -> Cited:
    """The events of an arm; derived counts say from what."""
    text = f"{result.events:,} of {result.n:,}" if result.n is not None else f"{result.events:,}"
    about = f"{_of_arm(trial, result.arm)} events of {names.uncapital(endpoint.name)}"
    numbers = (endpoint.id, "patients")
    return _cited(trial, endpoint, text, about, *numbers, basis=result.events_basis)


def fact(trial: Trial, found: Fact) -> Cited:
    """A response, an exposure or another single number."""
    about = _of_arm(trial, found.arm) if found.arm else ":"
    about += f" {names.uncapital(found.measure)}"
    about += "" if found.level == 0.95 else f" ({found.level:.0%} interval)"
    cited = _cited(trial, found, fact_text(found), about, found.measure, note=found.note)
    return replace(cited, basis=found.basis)


def grades(found: AdverseEvent) -> str:
    """ "grade 3-4", "any grade", "grade not stated"."""
    return "any grade" if found.grades == "any" else f"grade {found.grades}"


def adverse_event(trial: Trial, found: AdverseEvent) -> Cited:
    """Patients of an arm with an event."""
    about = f"{_of_arm(trial, found.arm)} {names.uncapital(found.term)}, {grades(found)}"
    cited = _cited(trial, found, event_text(found), about, found.term)
    return replace(cited, basis=found.basis)


def arms_rows(trial: Trial, facts: Sequence[Fact]) -> tuple[ArmsRow, ...]:
    """Single published numbers of a trial, one row per measure."""
    rows: dict[str, list[tuple[str, Cited]]] = {}
    for found in facts:
        arm = trial.arm(found.arm).name if found.arm else "All patients"
        rows.setdefault(found.measure, []).append((arm, fact(trial, found)))
    return tuple(
        ArmsRow(trial.acronym, trial_link(trial), measure, None, tuple(arms))
        for measure, arms in rows.items()
    )


def trial_link(trial: Trial) -> str:
    """Where a trial's name leads: its study here, else its registration, else its paper."""
    if trial.studies:
        return f"/study/{trial.studies[0].study}"
    links = [s.link for s in trial.citations if s.link]
    return trial.registration_link or (links[0] if links else "")


def report_of(trial: Trial, endpoint: PublishedEndpoint) -> str:
    """The citation an endpoint comes from, in short: "Mateos 2022"."""
    found = sources_of(trial, endpoint.sources)
    labels = [source.label for source in found if source.label]
    return labels[0] if labels else found[0].kind_words


def patients(trial: Trial, endpoint: PublishedEndpoint) -> int | None:
    """Patients of an endpoint's arms; ``None`` where one of them was not found."""
    numbers = [a.n for a in endpoint.arms] or [a.n for a in trial.arms]
    return None if None in numbers else sum(n for n in numbers if n is not None)


def result_patients(trial: Trial, endpoint: PublishedEndpoint) -> Cited | None:
    """The patients of a result with their source, and what sources disagree on in the trial."""
    n = patients(trial, endpoint)
    about = ": patients of this result, all arms"
    return None if n is None else _cited(trial, endpoint, str(n), about, "patients")


def follow_up(trial: Trial, endpoint: PublishedEndpoint) -> Cited | None:
    """The median follow-up of a result, in months, with its source."""
    months, about = endpoint.follow_up_months, ": median follow-up of this result, months"
    return None if months is None else _cited(trial, endpoint, plain(months), about, endpoint.id)


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
        sources_of(trial, arm.sources),
        basis=arm.basis,
        conflicts=trial.conflicts_about("patients"),
    )


def level_of(trial: Trial, ids: tuple[str, ...]) -> str:
    """How far something was checked whose file does not say it: by the kind of its sources."""
    kinds = {source.kind for source in sources_of(trial, ids)}
    return "primary" if kinds & {"paper", "registry", "meeting"} else "secondary"
