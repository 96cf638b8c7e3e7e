"""What leads the page of benefit and risk of simulated patients."""

from __future__ import annotations

from services.evidence.trial import Trial
from services.pages import lead
from services.pages.benefit_risk import words
from services.pages.benefit_risk.records import BenefitRiskPage, Outcome
from services.pages.records import MadeUp
from services.replaced import replace
from services.statistics.results import Estimate

NOT_COUNTED = "made up, so no number needed is given"


def _unpublished(page: BenefitRiskPage) -> lead.Unpublished | None:
    return lead.of_endpoint(page, page.endpoint) or lead.of_adverse_events(page)


def _published(page: BenefitRiskPage, trial: Trial) -> lead.Headlines:
    return (*lead.results(page, trial), *lead.harms(page, trial))


def _kept(page: BenefitRiskPage) -> tuple[Outcome, ...]:
    """The outcomes that were published."""
    if lead.of_endpoint(page, page.endpoint):
        return ()
    return tuple(o for o in page.outcomes if o.id == "benefit")


def _below(page: BenefitRiskPage) -> str:
    return "the other results below are" if _kept(page) and page.answer else "what follows is"


def _benefit_alone(page: BenefitRiskPage, made_up: MadeUp) -> BenefitRiskPage:
    """The outcomes that were published keep their sentence; the others lose theirs and the NNT."""
    if not page.outcomes:
        return lead.without_answer(page, made_up)
    kept = _kept(page)
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
        answer, detail = words.answer(kept, page.pair, page.time, page.view)
        detail = f"{page.usual.words} {detail}".strip() if page.usual else detail
        answer = f"{answer} {made_up.sentence}"
    return replace(
        page,
        outcomes=outcomes,
        answer=answer if page.answer else "",
        answer_detail=detail,
    )


LEAD = lead.Lead(
    unpublished=_unpublished, published=_published, below=_below, take_back=_benefit_alone
)
