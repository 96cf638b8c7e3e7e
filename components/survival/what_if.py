"""What if: ways of handling times, the estimand in plain words, and the patients who move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from components import html
from components.parts import facts, folded, inside, row, table
from services import format as fmt
from services import names
from services.pages.records import Choice, Status, WhatIf
from services.pages.survival.records import SurvivalPage

MORE = (
    "Single reasons, other times, a landmark and adjustment are set in “What if” under “Analysis”,"
    " beside the filters."
)
MOST = 50  # movers listed; the JSON has all of them


def what_if_card(page: SurvivalPage) -> Any:
    """The usual ways, folded, what cannot be asked, and whom the way that is chosen moves.

    What it changes is said above, with the answer.
    """
    if page.result is None or not page.ways.choices:
        return None
    about = dict.fromkeys(choice.about for choice in page.ways.choices)
    rows = [
        (name, _ways(page, [choice for choice in page.ways.choices if choice.about == name]))
        for name in about
    ]
    found = page.what_if
    told = _told(page, found) if found else []
    more = html.P(MORE, className="hint what-if-ways")
    return folded(
        "What if",
        [*told, facts(rows, "facts what-if-ways"), more],
        "what-if",
        wide=found is not None,
    )


def _ways(page: SurvivalPage, choices: Sequence[Choice]) -> list[Any]:
    """The choices one after the other, the one that is shown without a link."""

    def way(choice: Choice) -> Any:
        if choice.view is None:
            return html.Span(choice.label, className="hint")
        if choice.chosen:
            return html.B(choice.label)
        return inside(choice.label, f"/study/{page.study.id}/survival{choice.view.query}")

    return [part for choice in choices for part in ("; ", way(choice))][1:]


def _told(page: SurvivalPage, found: WhatIf) -> list[Any]:
    estimand = found.estimand
    pairs = [
        ("Treatment", estimand.treatment),
        ("Population", estimand.population),
        ("Variable", estimand.variable),
        ("Intercurrent events", "; ".join(estimand.intercurrent_events)),
        ("Summary measure", estimand.summary_measure),
    ]
    movers = [_movers(page, found)] if found.movers else []
    return [facts(pairs, "facts estimand"), *movers]


def _movers(page: SurvivalPage, found: WhatIf) -> Any:
    unit, base = page.view.unit, f"/study/{page.study.id}/patient"

    def status(given: Status) -> str:
        what = "event" if given.event else "censored"
        said = given.reason.lower().startswith(what)  # "Censored at start of new therapy"
        told = names.uncapital(given.reason) if said else f"{what}: {given.reason}"
        return f"{fmt.time(given.time, unit)} {unit}, {told}"

    rows = [
        row(
            inside(m.subject, base + replace(page.address, id=m.subject).query, "patient"),
            m.arm,
            status(m.given),
            status(m.now),
        )
        for m in found.movers[:MOST]
    ]
    more = len(found.movers) - MOST
    heads = ["Patient", "Arm", "As given", "Now"]
    note = f"And {more:,} more, all in the CSV and the JSON. " if more > 0 else ""
    if page.view.landmark is not None:
        note += "These times are counted from the study's start, not from the landmark."
    return html.Details(
        html.Summary(f"Patients who move ({len(found.movers):,})"),
        table(heads, rows, "numbers movers", "Patients who move", heads[1:]),
        html.P(note, className="hint") if note else None,
        className="more",
    )
