"""What leads the subgroups page of simulated patients."""

from __future__ import annotations

from services import names
from services.pages import lead
from services.pages.subgroups.records import SubgroupsPage


def _unpublished(page: SubgroupsPage) -> str:
    if page.forest is None:
        return ""
    given = dict(page.study.metadata.calibrated.subgroups).get(page.endpoint.id, ())
    shown = [f"{g.variable}:{row.level}" for g in page.forest.groups for row in g.levels]
    unpublished = [row for row in shown if row not in given]
    if unpublished and not page.view.filters:
        return f"subgroup results for {names.label(page.endpoint.label)}"
    return lead.of_endpoint(page, page.endpoint)


LEAD: lead.Lead[SubgroupsPage] = lead.Lead(
    unpublished=_unpublished, published=lead.subgroups, rest="the other subgroups"
)
