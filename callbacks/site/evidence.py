"""The evidence page: filters -> EvidenceView -> published facts -> page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callbacks.site_page import SitePage
from components.chart import Figure
from components.evidence import layout as evidence_layout
from components.evidence.figure import follow_up_figure
from services.pages.evidence.citations import evidence_bib, evidence_ris
from services.pages.evidence.export import evidence_csv, evidence_json
from services.pages.evidence.page import evidence_page
from services.pages.evidence.records import EvidencePage
from services.studies import Catalogue
from services.views.site import EvidenceView


def _page(_catalogue: Catalogue, view: EvidenceView) -> EvidencePage:
    return evidence_page(view)


def view_from(
    before: EvidenceView, controls: Mapping[str, Any]
) -> tuple[EvidenceView, dict[str, str]]:
    """The view as the controls have it."""
    view = EvidenceView(
        drug=tuple(controls["drug"] or ()),
        risk=tuple(controls["risk"] or ()),
        design=controls["design"],
        reports=controls["reports"],
        q=(controls["q"] or "").strip()[:200],
    )
    return view.with_figure_of(before), {}


def _follow_up(page: EvidencePage, scheme: str, narrow: bool) -> Figure:
    return follow_up_figure(page.follow_up, scheme, narrow)


PAGE = SitePage(
    path="/evidence",
    title="Evidence",
    view=EvidenceView,
    make=_page,
    layout=evidence_layout.evidence_layout,
    words=evidence_layout.words,
    figures={"follow-up": _follow_up},
    controls=("q", "drug", "risk", "design", "reports"),
    typed=("q",),
    values=evidence_layout.control_values,
    view_from=view_from,
    files={
        "json": lambda _catalogue, view: evidence_json(view),
        "csv": lambda _catalogue, view: evidence_csv(view),
        "bib": lambda _catalogue, view: evidence_bib(view),
        "ris": lambda _catalogue, view: evidence_ris(view),
    },
    image=evidence_layout.image,
    rests_on=evidence_layout.rests_on,
)
