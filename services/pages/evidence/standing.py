"""Where the drugs stand, as pages show it: each statement with its date, trials and sources."""

from __future__ import annotations

from collections.abc import Sequence

from services.evidence.cite import trial_link
from services.evidence.cited import Cited
from services.evidence.standing import Standing
from services.evidence.trial import Trial
from services.pages.evidence.records import StandingRow


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
