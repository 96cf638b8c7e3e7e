"""Published results: per arm, in a line per trial, and where the drugs stand by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services import names
from services.evidence import cite
from services.evidence.cite import arm_patients, compared, follow_up, trial_link
from services.evidence.cited import ArmsRow, Cited
from services.evidence.standing import Standing
from services.evidence.trial import ArmResult, PublishedArm, PublishedEndpoint, Trial
from services.numbers import plain
from services.pages.evidence.forest import ratios
from services.pages.evidence.records import (
    ForestRow,
    GlanceRow,
    MrdRow,
    SingleArmRow,
    StandingRow,
)


def _reported(trial: Trial, reports: str) -> list[PublishedEndpoint]:
    """Endpoints to list: the main ones and those of no later report, or all of them."""
    if reports == "all":
        return list(trial.endpoints)
    main = {e.family for e in trial.endpoints if e.main}
    return [e for e in trial.endpoints if e.main or e.family not in main or not e.ratio]


def time_words(kind: str) -> str:
    """What the times of an endpoint are called; one named by its event is the time to it.

    >>> time_words("PFS2"), time_words("Duration of response"), time_words("First-line treatment")
    ('PFS2', 'duration of response', 'time to first-line treatment')
    """
    told = names.label(kind)
    is_time = kind.isupper() or any(w in told for w in ("OS ", "survival", "duration", "time "))
    return told if is_time else f"time to {told}"


def landmarks(trial: Trial, reports: str) -> list[ArmsRow]:
    """Medians, percent at each published time, and events of the arms that are compared."""
    rows: list[ArmsRow] = []
    for endpoint in _reported(trial, reports):
        if not compared(trial, endpoint):
            continue

        def add(what: str, cells: list[tuple[ArmResult, Cited]], e: PublishedEndpoint) -> None:
            arms = tuple((trial.arm(result.arm).name, cited) for result, cited in cells)
            if arms:
                rows.append(
                    ArmsRow(
                        trial.acronym,
                        trial_link(trial),
                        what,
                        e.follow_up_months,
                        arms,
                        follow_up(trial, e),
                    )
                )

        add(
            f"Median {time_words(endpoint.kind)}, months",
            [
                (a, cite.median(trial, endpoint, a))
                for a in endpoint.arms
                if a.median_months is not None or a.median_reached is not None
            ],
            endpoint,
        )
        for months in sorted({m.months for a in endpoint.arms for m in a.landmarks}):
            add(
                f"{endpoint.kind} at {plain(months)} months",
                [
                    (a, cite.landmark(trial, endpoint, a, m))
                    for a in endpoint.arms
                    for m in a.landmarks
                    if m.months == months
                ],
                endpoint,
            )
        deaths = endpoint.family == "OS" or endpoint.kind == "Deaths"
        add(
            "Deaths" if deaths else f"Events of {names.label(endpoint.kind)}",
            [(a, cite.events(trial, endpoint, a)) for a in endpoint.arms if a.events is not None],
            endpoint,
        )
    return rows


def events(trial: Trial) -> list[ArmsRow]:
    """Adverse events, one row per term and band of grades."""
    groups: dict[str, list[tuple[str, Cited]]] = {}
    for found in trial.adverse_events:
        cells = groups.setdefault(f"{found.term}, {cite.grades(found)}", [])
        cells.append((trial.arm(found.arm).name, cite.adverse_event(trial, found)))
    return [
        ArmsRow(trial.acronym, trial_link(trial), what, None, tuple(arms))
        for what, arms in groups.items()
    ]


def single_arm(trial: Trial, arm: PublishedArm) -> SingleArmRow:
    """A single-arm trial, or the part of a trial that had one arm."""
    results = [
        (f.measure, cite.fact(trial, f))
        for f in (*trial.outcomes, *trial.responses)
        if f.arm in ("", arm.id)
    ]
    for endpoint in trial.endpoints:
        for result in endpoint.arms:
            for mark in result.landmarks if result.arm == arm.id else ():
                preposition = "by" if mark.kind == "incidence" else "at"
                name = endpoint.name.split(" (")[0]
                results.append(
                    (
                        f"{name} {preposition} {plain(mark.months)} months",
                        cite.landmark(trial, endpoint, result, mark),
                    )
                )
    links = {a: item.study for item in trial.studies for a in item.arms}
    return SingleArmRow(
        acronym=trial.acronym + (f", {arm.part}" if arm.part else ""),
        link=f"/study/{links[arm.id]}" if arm.id in links else trial_link(trial),
        regimen=arm.regimen if arm.part == "" else arm.name,
        n=arm.n,
        patients=arm_patients(trial, arm),
        risk=trial.enrolment.risk_words,
        results=tuple(results),
        report=trial.citations[0] if trial.citations else None,
    )


def mrd(trial: Trial) -> list[MrdRow]:
    """How many had no measurable residual disease, by what test and when."""
    return [
        MrdRow(
            acronym=trial.acronym,
            link=trial_link(trial),
            arm=trial.arm(found.arm).name if found.arm else "All patients",
            randomized=trial.randomized,
            threshold=found.threshold,
            when=found.when,
            cited=cite.fact(trial, found),
        )
        for found in (*trial.responses, *trial.outcomes)
        if found.mrd
    ]


def glance(trial: Trial) -> list[GlanceRow]:
    """The trial's line."""
    return [
        GlanceRow(
            acronym=trial.acronym,
            link=trial_link(trial),
            question=trial.question,
            population=trial.enrolment.risk_words,
            pfs=_main(trial, "PFS"),
            os=_main(trial, "OS"),
            harm=_harm(trial),
            standing=tuple(found.short for found in trial.standing if found.short),
        )
    ]


def _main(trial: Trial, family: str) -> ForestRow | None:
    """The latest main ratio of a family of endpoints."""
    return next((row for row in ratios(trial, family, "latest") if row.estimate is not None), None)


def _harm(trial: Trial) -> ArmsRow | None:
    """The adverse events counted as a whole, else those listed first: percentages alone."""
    listed = trial.adverse_events
    first = next((e for e in listed if e.term.startswith("Any ")), listed[0] if listed else None)
    if first is None:
        return None
    arms = []
    for found in listed:
        if (found.term, found.grades) == (first.term, first.grades):
            number = cite.adverse_event(trial, found)
            if found.percent is not None:
                number = replace(number, text=f"{plain(found.percent)}%")
            arms.append((trial.arm(found.arm).name, number))
    graded = "" if first.term.startswith("Grade ") else f", {cite.grades(first)}"
    what = first.term.replace("adverse event", "event") + graded
    return ArmsRow(trial.acronym, trial_link(trial), what, None, tuple(arms))


def standing_rows(
    standings: Sequence[Standing], trials: Sequence[Trial]
) -> tuple[StandingRow, ...]:
    """The statements that rest on one of the trials, in their order."""
    chosen = {trial.id: trial for trial in trials}
    rows = []
    for found in standings:
        mine = tuple(chosen[name] for name in found.trials if name in chosen)
        if not mine:
            continue
        rows.append(
            StandingRow(
                date=found.date,
                body=found.body,
                region=found.region,
                kind=found.kind_words,
                text=found.text,
                population=found.population,
                trials=tuple((trial.acronym, trial_link(trial)) for trial in mine),
                cited=Cited(
                    f"read {found.read}",
                    f"{found.body}: {found.kind_words.lower()}",
                    found.verification,
                    found.sources,
                ),
            )
        )
    return tuple(rows)
