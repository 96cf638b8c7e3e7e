"""What leads a page of simulated patients: what was published, never what was made up.

A page's own sentence is of the patients in the files. Where these are simulated and the trial never
published the comparison, a sentence that looks like a result would be read as one: it is
replaced by one that says so, and the tables and charts under it are marked. What is published
stands in the study's ``study.toml`` (``[calibrated]``); the figures come from its evidence file.
Each page says in a ``Lead`` what of it was published; what pages share of that stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from services import names
from services.evidence import cite
from services.evidence import load as evidence
from services.evidence.cited import Headline
from services.evidence.trial import AdverseEvent, Trial
from services.pages.records import MadeUp, PageRecord
from services.replaced import replace
from services.study import population as pop
from services.study.model import Calibrated, Endpoint, Study
from services.views.study import View

Page = TypeVar("Page", bound=PageRecord)
Headlines = tuple[Headline, ...]

MADE_UP = "Made up"
READ = "The publications read for this site"


def without_answer(page: Page, made_up: MadeUp) -> Page:
    """The page with a sentence in place of its answer, if it has one."""
    return replace(page, answer=made_up.sentence, answer_detail="") if page.answer else page


@dataclass(frozen=True)
class Unpublished:
    """What of a page no publication gives.

    ``below`` : what of the page is made up, with its verb, where the page's own words do not tell
    """

    what: str
    below: str = ""


@dataclass(frozen=True)
class Lead:
    """What leads one kind of page.

    Attributes
    ----------
    unpublished : page -> what of it no publication gives, ``None`` if all of it was published
    published : (page, trial) -> what was published of it
    rest : what stands beside published subgroups, on a page of subgroups
    below : page -> what of it is made up, with its verb
    take_back : (page, why) -> the page without the answer that was not published
    """

    unpublished: Callable[[Any], Unpublished | None]
    published: Callable[[Any, Trial], Headlines]
    rest: str = ""
    below: Callable[[Any], str] = lambda _: "what follows is"
    take_back: Callable[[Any, MadeUp], Any] = without_answer


def stands_for_trial(study: Study) -> bool:
    """Whether its patients are simulated and somebody says which trial they stand for."""
    return study.kind == "simulated" and study.metadata.calibrated != Calibrated()


def led(page: Page, lead: Lead) -> Page:
    """The page with what was published first, and its answer taken back if it was not."""
    study = page.study
    if not stands_for_trial(study):
        return page
    trial = evidence.for_study(study.id)
    published = lead.published(page, trial) if trial else ()
    found = lead.unpublished(page)
    if found is None:
        return _noted(replace(page, headlines=published))
    made_up = MadeUp(found.what, _sentence(found, lead, page, published))
    told = _marked(page, names.capital(found.what))
    page = replace(page, headlines=published, made_up=made_up, provenance=told)
    made: Page = lead.take_back(page, made_up)
    return made


def _noted(page: Page) -> Page:
    """The page, its answer kept, with a word on strata and small charts of invented columns."""
    invented = [
        name
        for name in dict.fromkeys((*page.view.factors, *page.view.adjust))
        if name not in page.study.metadata.stratification
        and "illustrative" in page.study.provenances(name)
    ]
    if not invented:
        return page
    what = names.join_and([names.label(page.study.columns[name].label) for name in invented])
    verb, it = ("is", "it") if len(invented) == 1 else ("are", "them")
    note = (
        f"{names.capital(what)} {verb} made up here: {READ[0].lower()}{READ[1:]} do not give {it}."
    )
    detail = f"{page.answer_detail} {note}".strip()
    return replace(page, answer_detail=detail, provenance=_marked(page, note))


def _marked(page: PageRecord, note: str) -> tuple[tuple[str, str], ...]:
    """The provenance with one line on what is made up: a page may rest on another that has one."""
    return (*(row for row in page.provenance if row[0] != MADE_UP), (MADE_UP, note))


def _sentence(found: Unpublished, lead: Lead, page: PageRecord, published: Headlines) -> str:
    """What was read gives none of it; whether the trial published it elsewhere is not known."""
    if lead.rest and published and not found.below:
        above = "subgroup result above" if len(published) == 1 else "subgroup results above"
        return f"{READ} report only the {above}; {lead.rest} are made up to illustrate the page."
    below = found.below or lead.below(page)
    return f"{READ} report no {found.what}; {below} made up to illustrate the page."


# --- what was not published -----------------------------------------------------------------


def _filtered(study: Study, view: View, endpoint: str = "") -> bool:
    """Whether the patients are a part of the trial that no publication speaks of."""
    filters = pop.choosing(study, view)
    if not filters:
        return False
    if len(filters) == 1:
        column, values = filters[0]
        given = dict(study.metadata.calibrated.subgroups).get(endpoint, ())
        return len(values) != 1 or f"{column}:{values[0]}" not in given
    return True


def of_endpoint(page: PageRecord, endpoint: Endpoint) -> Unpublished | None:
    """What of an endpoint's comparison was not published; ``None`` if it was."""
    study, view = page.study, page.view
    known = study.metadata.calibrated
    if endpoint.id not in known.endpoints:
        kind = "comparison" if len(study.arms) > 1 else "result"
        return Unpublished(f"{kind} of {names.label(endpoint.label)}")
    return Unpublished("result for these patients") if _filtered(study, view, endpoint.id) else None


def of_adverse_events(page: PageRecord) -> Unpublished | None:
    """What of the adverse events of these arms was not published; ``None`` if they were."""
    known = page.study.metadata.calibrated
    silent = [a.name for a in page.arms if a.name not in known.severe_events]
    if silent:
        arms = names.join_and([names.arm(name) for name in silent])
        data = "adverse-event data"
        return Unpublished(f"{data} for {arms}" if len(page.study.arms) > 1 else data)
    if _filtered(page.study, page.view):
        return Unpublished("adverse-event data for these patients")
    if not page.view.only:
        return None
    return Unpublished(f"count of {' or '.join(page.view.only)} adverse events")


# --- what was -------------------------------------------------------------------------------


def results(page: Any, trial: Trial) -> Headlines:
    """What was published of the page's endpoint."""
    return tuple(cite.headline(trial, trial.endpoint(e)) for e in _endpoints(page, trial))


def subgroups(page: Any, trial: Trial) -> Headlines:
    """What was published of subgroups, for the page's endpoint."""
    mine = _endpoints(page, trial)
    return tuple(cite.subgroup_headline(trial, s) for s in trial.subgroups if s.endpoint in mine)


def _endpoints(page: Any, trial: Trial) -> list[str]:
    linked = trial.link(page.study.id).endpoints
    return [e for e in linked if trial.endpoint(e).kind == page.endpoint.id]


def second_malignancies(trial: Trial) -> Headlines:
    """What was published of them, which is no endpoint of its own there."""
    return tuple(
        Headline(
            f"Second malignancy, {names.arm(trial.arm(fact.arm).name)}", cite.fact(trial, fact)
        )
        for fact in trial.second_malignancies
    )


def harms(page: PageRecord, trial: Trial) -> Headlines:
    """What was published of all adverse events together."""
    arms = trial.link(page.study.id).arms
    return tuple(
        _harm(trial, event)
        for event in trial.adverse_events
        if event.arm in arms and event.system_organ_class.casefold().startswith("all")
    )


def _harm(trial: Trial, event: AdverseEvent) -> Headline:
    grades = f", grade {event.grades}" if event.grades else ""
    return Headline(
        f"{event.term}{grades}, {names.arm(trial.arm(event.arm).name)}",
        cite.adverse_event(trial, event),
    )
