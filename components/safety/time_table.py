"""Tables of adverse events over time: rates per time at risk, and time to the first event."""

from __future__ import annotations

from typing import Any

from components import html
from components.answer import events_chip
from components.parts import estimate, row, small, table
from components.shell import help_button
from components.survival.numbers import incidence
from services import format as fmt
from services import names
from services.adverse_events.records import RateRow, SafetyTime
from services.pages.safety.records import SafetyPage


def rates_table(page: SafetyPage, time: SafetyTime) -> list[Any]:
    """First events per 100 patient-years at risk."""
    words = fmt.level(page.view.level)
    heads: list[Any] = [html.Td("First event of")]
    heads += [[arm.name, small(f"{_years(time, arm.name)} patient-years")] for arm in page.arms]
    heads += [["Difference", small(f"({words} CI)")]] if page.pair else []
    body = [
        row(
            item.label,
            *(_rate(item, arm.name) for arm in page.arms),
            *([estimate(item.difference, fmt.signed)] if page.pair else []),
        )
        for item in time.rates
    ]
    note = (
        f"Patients with a first event per 100 patient-years until then, exact Poisson {words} CI;"
        " the difference has a score interval."
    )
    if time.rates_of > len(time.rates) - 1:
        note += f" The first {len(time.rates) - 1} of {time.rates_of} terms."
    return [
        html.H2(
            "Rates per 100 patient-years",
            help_button(
                "Exposure-adjusted incidence rate: a fair comparison when arms were observed for "
                "different lengths of time. It assumes a roughly constant rate over time.",
                "Rates per 100 patient-years",
            ),
            events_chip(page),
        ),
        table(heads, body, label="Rates per 100 patient-years"),
        html.P(note, className="table-note after"),
    ]


def _years(time: SafetyTime, arm: str) -> str:
    return next((f"{w.patient_years:.0f}" for w in time.watched if w.arm == arm), "0")


def _rate(row: RateRow, arm: str) -> Any:
    found = row.arms[arm]
    told = f"{found.subjects} in {found.patient_years:.1f} patient-years at risk"
    return estimate(found.rate, fmt.rate, title=told)


def first_table(page: SafetyPage, time: SafetyTime) -> list[Any]:
    """How many have had the event by each time, and how others left."""
    arms = [c for a in page.arms for c in time.incidences if c.arm == a.name]
    rows = []
    for i, at in enumerate(page.view.at):
        when = f"By {names.time(at, page.view.unit)}"
        rows.append(row(when, *(incidence(curve.causes[0].landmarks[i]) for curve in arms)))
    rows += [
        row("First event", *(str(c.causes[0].events) for c in arms)),
        row("Died without it", *(str(c.causes[1].events) for c in arms)),
        row("Treatment ended without it", *(str(c.causes[2].events) for c in arms)),
        row(
            "Still under observation, or lost to follow-up, without it",
            *(str(c.censored) for c in arms),
        ),
    ]
    return [
        html.H2(
            f"First: {time.term}",
            help_button(
                "Cumulative incidence (Aalen-Johansen): death and the end of treatment compete,"
                " since the event on treatment can no longer happen. The interval is log-log.",
                "Time to first event",
            ),
            events_chip(page),
        ),
        table(["", *(c.arm for c in arms)], rows, label="Time to first event by arm"),
    ]


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def time_notes(time: SafetyTime) -> list[Any]:
    """What was left out of everything that takes time into account."""
    words = [
        "Patients are observed from the first dose until 30 days after the last dose, death or "
        "last contact, whichever comes first. Treatment counts as ended once those 30 days are "
        "over, or if the study says so (EOTSTT); patients lost to follow-up before that, "
        "including on the day of the last dose, are censored."
    ]
    undosed = [side.arm for side in time.incidences if names.without_drug(side.arm)]
    if undosed:
        where = names.join_and([names.on(arm) for arm in undosed])
        words.append(
            f"No drug is given {where}: there the first and the last dose are the days that the"
            " data give in their place."
        )
    if time.late:
        began = fmt.counted(time.late, "event", "events")
        words.append(f"{began} began outside that time and {_are(time.late)} not counted here.")
    if time.undated:
        have = fmt.counted(time.undated, "event has", "events have")
        words.append(f"{have} no start date and {_are(time.undated)} not counted here.")
    if time.unwatched:
        have = fmt.counted(time.unwatched, "patient has", "patients have")
        words.append(
            f"{have} no dates of treatment and {_are(time.unwatched)} left out here, with all "
            "their events."
        )
    return [html.P(" ".join(words), className="table-note")]
