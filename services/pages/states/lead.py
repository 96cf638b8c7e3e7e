"""What leads the page of states of simulated patients.

No publication gives the time in states, so nothing of it is a result of the trial. The sentence of
the simulated patients stays, without an interval, and beside it stands whose it is.
"""

from __future__ import annotations

from dataclasses import replace

from services.evidence import cite
from services.evidence.trial import Trial
from services.pages.lead import Headlines, Lead, Unpublished
from services.pages.records import MadeUp
from services.pages.states.records import StatesPage


def _published(page: StatesPage, trial: Trial) -> Headlines:
    """The results of the endpoints that the states are made of."""
    mine = [told.endpoint for told in page.told]
    linked = trial.link(page.study.id).endpoints
    found = [trial.endpoint(e) for e in linked if trial.endpoint(e).kind in mine]
    return tuple(cite.headline(trial, endpoint) for endpoint in found)


def _kept(page: StatesPage, made_up: MadeUp) -> StatesPage:
    if not page.answer:
        return page
    return replace(page, answer=f"{page.answer} {made_up.sentence}")


LEAD = Lead(
    unpublished=lambda page: Unpublished("mean times in states") if page.states else None,
    published=_published,
    below=lambda _: "these are simulated patients, and what follows is",
    take_back=_kept,
)
