"""What leads the survival page of simulated patients."""

from __future__ import annotations

from services.evidence.trial import Trial
from services.pages import lead
from services.pages.survival.records import SurvivalPage, TypesOfEvent


def _unpublished(page: SurvivalPage) -> str:
    known = page.study.metadata.calibrated.types
    # What competes is said with every result of the endpoint; a split of its own events is more.
    types = page.extra.types if isinstance(page.extra, TypesOfEvent) else ()
    if len(set(types) - set(page.endpoint.competing)) > 1 and page.endpoint.id not in known:
        return "split of the events by type"
    return lead.of_endpoint(page, page.endpoint)


def _published(page: SurvivalPage, trial: Trial) -> lead.Headlines:
    of_parts = lead.subgroups(page, trial) if page.view.filters else ()
    second = lead.second_malignancies(trial) if page.endpoint.id == "SPM" else ()
    return (*lead.results(page, trial), *of_parts, *second)


LEAD: lead.Lead[SurvivalPage] = lead.Lead(unpublished=_unpublished, published=_published)
