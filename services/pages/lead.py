"""What leads a page of simulated patients: what was published, never what was made up.

A page's own sentence is of the patients in the files. Where these are simulated and the trial never
published the comparison, a sentence that looks like a result would be read as one: it is
replaced by one that says so, and the tables and charts under it are marked. What is published
stands in the study's ``study.toml`` (``[calibrated]``); the figures come from its evidence file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from services import names
from services.evidence import cite
from services.evidence import load as evidence
from services.evidence.cited import Headline
from services.evidence.facts import Fact
from services.evidence.trial import AdverseEvent, Trial
from services.pages.benefit_risk import words as benefit_words
from services.pages.benefit_risk.records import BenefitRiskPage
from services.pages.records import MadeUp, PageRecord
from services.pages.subgroups import variables
from services.pages.survival.records import TypesOfEvent
from services.statistics.results import Estimate
from services.study.model import Calibrated, Endpoint, Study
from services.views.study import View

Page = TypeVar("Page", bound=PageRecord)

MADE_UP = "Made up"
_COUNT = "count of"  # ``[calibrated]`` has no word on whether such a count was published
NOT_COUNTED = "made up, so no number needed is given"


def of_page(name: str, page: Page) -> Page:
    """The page with what was published first, and its answer taken back if it was not.

    Parameters
    ----------
    name : of the page, as in its address
    page : as computed from the patients
    """
    study = page.study
    if study.kind != "simulated" or study.metadata.calibrated == Calibrated():
        return page  # nobody says that these patients stand for a trial
    if name not in _RULES:
        return page
    trial = evidence.for_study(page.study.id)
    published = _published(name, page, trial) if trial else ()
    what = _RULES[name](page)
    if not what:
        return _noted(replace(page, headlines=published))
    unread = what.startswith(_COUNT) or _in_words(name, page, trial)
    made_up = MadeUp(what, _sentence(what, name, published, unread))
    shown: Any = page  # every page with a rule has an answer and a provenance
    changed: dict[str, Any] = {"headlines": published, "made_up": made_up}
    if isinstance(page, BenefitRiskPage) and page.outcomes:
        changed |= _benefit_alone(page, made_up)
    elif shown.answer:
        changed |= {"answer": made_up.sentence, "answer_detail": ""}
    changed["provenance"] = _marked(shown.provenance, _capital(what))
    return replace(page, **changed)


def _noted(page: Page) -> Page:
    """The page, its answer kept, with a word on strata and small charts of invented columns."""
    shown: Any = page
    used = dict.fromkeys([*page.view.strata, *([page.view.facet] if page.view.facet else [])])
    invented = [
        name
        for name in used
        if name not in page.study.metadata.stratification
        and "illustrative" in variables.marks(page.study, name)
    ]
    if not invented:
        return page
    what = _columns(page.study, invented)
    verb, it = ("is", "it") if len(invented) == 1 else ("are", "them")
    note = f"{_capital(what)} {verb} made up here: no publication gives {it}."
    changed: dict[str, Any] = {
        "answer_detail": f"{shown.answer_detail} {note}".strip(),
        "provenance": _marked(shown.provenance, note),
    }
    return replace(page, **changed)


def _marked(provenance: tuple[tuple[str, str], ...], note: str) -> tuple[tuple[str, str], ...]:
    """The provenance with one line on what is made up: a page may rest on another that has one."""
    return (*(row for row in provenance if row[0] != MADE_UP), (MADE_UP, note))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _in_words(name: str, page: PageRecord, trial: Trial | None) -> bool:
    """Whether it was reported of parts of the trial in words, and no figure was found."""
    in_part = name in ("subgroups", "risk-models") or bool(page.view.filters)
    return trial is not None and in_part and "subgroups" in trial.without_figures


def _sentence(what: str, name: str, published: tuple[Headline, ...], unread: bool) -> str:
    if name in ("subgroups", "risk-models") and published:
        above = "subgroup result above" if len(published) == 1 else "subgroup results above"
        rest = "the other subgroups" if name == "subgroups" else "the levels of risk below"
        return f"The trial published only the {above}; {rest} are made up to show the page."
    none = "The publications read for this site give no" if unread else "The trial published no"
    return f"{none} {what}; what follows is made up to show the page."


# --- what was not published -----------------------------------------------------------------


def _filtered(study: Study, view: View, endpoint: str = "") -> bool:
    """Whether the patients are a part of the trial that no publication speaks of."""
    if not view.filters:
        return False
    if len(view.filters) == 1:
        column, values = view.filters[0]
        given = dict(study.metadata.calibrated.subgroups).get(endpoint, ())
        return len(values) != 1 or f"{column}:{values[0]}" not in given
    return True


def _endpoint(page: PageRecord, endpoint: Endpoint) -> str:
    """What of an endpoint's comparison was not published; "" if it was."""
    study, view = page.study, page.view
    known = study.metadata.calibrated
    if endpoint.id not in known.endpoints:
        kind = "comparison" if len(study.arms) > 1 else "result"
        return f"{kind} of {names.label(endpoint.label)}"
    return "result for these patients" if _filtered(study, view, endpoint.id) else ""


def _columns(study: Study, columns: list[str]) -> str:
    return names.join_and([names.label(study.columns[c].label) for c in columns])


def _of_survival(page: Any) -> str:
    known = page.study.metadata.calibrated.types
    # What competes is said with every result of the endpoint; a split of its own events is more.
    types = page.extra.types if isinstance(page.extra, TypesOfEvent) else ()
    if len(set(types) - set(page.endpoint.competing)) > 1 and page.endpoint.id not in known:
        return "split of the events by type"
    return _endpoint(page, page.endpoint)


def _of_subgroups(page: Any) -> str:
    if page.forest is None:
        return ""
    given = dict(page.study.metadata.calibrated.subgroups).get(page.endpoint.id, ())
    shown = [f"{g.variable}:{row.level}" for g in page.forest.groups for row in g.levels]
    unpublished = [row for row in shown if row not in given]
    if unpublished and not page.view.filters:
        return f"subgroup results of {names.label(page.endpoint.label)}"
    return _endpoint(page, page.endpoint)


def _of_risk_models(page: Any) -> str:
    return "results by level of these risk models" if page.overall or page.table else ""


def _of_safety(page: Any) -> str:
    known: Calibrated = page.study.metadata.calibrated
    silent = [a.name for a in page.arms if a.name not in known.severe_events]
    if silent:
        arms = names.join_and([names.arm(name) for name in silent])
        data = "adverse-event data"
        return f"{data} for {arms}" if len(page.study.arms) > 1 else data
    if _filtered(page.study, page.view):
        return "adverse-event data for these patients"
    return f"{_COUNT} {' or '.join(page.view.only)} adverse events" if page.view.only else ""


def _of_benefit_risk(page: Any) -> str:
    return _endpoint(page, page.endpoint) or _of_safety(page)


_RULES: dict[str, Callable[[Any], str]] = {
    "survival": _of_survival,
    "subgroups": _of_subgroups,
    "risk-models": _of_risk_models,
    "safety": _of_safety,
    "benefit-risk": _of_benefit_risk,
}


def _benefit_alone(page: BenefitRiskPage, made_up: MadeUp) -> dict[str, Any]:
    """The outcomes that were published keep their sentence; the others lose theirs and the NNT."""
    benefit_given = not _endpoint(page, page.endpoint)
    kept = tuple(o for o in page.outcomes if o.id == "benefit" and benefit_given)
    outcomes = tuple(
        o
        if o in kept
        else replace(
            o,
            counted=False,
            number_needed=o.number_needed and Estimate(None, None, None, NOT_COUNTED),
        )
        for o in page.outcomes
    )
    answer, detail = made_up.sentence, ""
    if kept and page.answer:
        answer, detail = benefit_words.answer(kept, page.pair, page.time, page.view)
        detail = f"{page.usual.words} {detail}".strip() if page.usual else detail
        sentence = made_up.sentence.replace("what follows is", "the harm below is")
        made_up = replace(made_up, sentence=sentence)
        answer = f"{answer} {sentence}"
    return {
        "outcomes": outcomes,
        "made_up": made_up,
        "answer": answer if page.answer else "",
        "answer_detail": detail,
    }


# --- what was -------------------------------------------------------------------------------


def _published(name: str, page: Any, trial: Trial) -> tuple[Headline, ...]:
    link = next(item for item in trial.studies if item.study == page.study.id)
    wanted = getattr(page, "endpoint", None)
    endpoints = [trial.endpoint(e) for e in link.endpoints]
    mine = [e for e in endpoints if wanted is not None and e.kind == wanted.id]
    if name in ("subgroups", "risk-models"):
        return _subgroups(trial, {e.id for e in mine})
    found = [cite.headline(trial, e) for e in mine] if name != "safety" else []
    if name == "survival":
        found += _subgroups(trial, {e.id for e in mine}) if page.view.filters else ()
        if wanted is not None and wanted.id == "SPM":
            found += [_fact(trial, fact) for fact in trial.second_malignancies]
    if name in ("safety", "benefit-risk"):
        found += [
            _harm(trial, event)
            for event in trial.adverse_events
            if event.arm in link.arms and event.system_organ_class.casefold().startswith("all")
        ]
    return tuple(found)


def _subgroups(trial: Trial, endpoints: set[str]) -> tuple[Headline, ...]:
    groups = [s for s in trial.subgroups if s.endpoint in endpoints]
    return tuple(cite.subgroup_headline(trial, s) for s in groups)


def _fact(trial: Trial, fact: Fact) -> Headline:
    cited = cite.fact(trial, fact)
    return Headline(f"Second malignancy, {names.arm(trial.arm(fact.arm).name)}", cited)


def _harm(trial: Trial, event: AdverseEvent) -> Headline:
    grades = f", grade {event.grades}" if event.grades else ""
    return Headline(
        f"{event.term}{grades}, {names.arm(trial.arm(event.arm).name)}",
        cite.adverse_event(trial, event),
    )
