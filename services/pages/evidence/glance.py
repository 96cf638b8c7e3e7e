"""Each randomized trial in a line: question, population, main results, harm, where it stands."""

from __future__ import annotations

from services.evidence.cite import trial_link
from services.evidence.trial import Trial
from services.pages.evidence.forest import ratios
from services.pages.evidence.records import ForestRow, GlanceRow
from services.pages.evidence.results import events


def glance(trial: Trial) -> list[GlanceRow]:
    """The trial's line."""
    harms = events(trial)
    overall = [row for row in harms if row.what.startswith("Any ")]
    return [
        GlanceRow(
            acronym=trial.acronym,
            link=trial_link(trial),
            question=trial.question,
            population=trial.enrolment.risk_words,
            pfs=_main(trial, "PFS"),
            os=_main(trial, "OS"),
            harm=next(iter([*overall, *harms]), None),
            standing=tuple(found.short for found in trial.standing if found.short),
        )
    ]


def _main(trial: Trial, family: str) -> ForestRow | None:
    """The latest main ratio of a family of endpoints."""
    return next((row for row in ratios(trial, family, "latest") if row.estimate is not None), None)
