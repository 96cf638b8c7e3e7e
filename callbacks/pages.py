"""The one list of pages: tabs, links, routes, callbacks and islands follow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from callbacks.site import catalogue, compare, evidence, mapping, methods, report, risk, upload
from callbacks.site_page import SitePage
from callbacks.study import (
    benefit_risk,
    data,
    overview,
    patient,
    risk_models,
    safety,
    states,
    subgroups,
    survival,
)
from callbacks.study_page import StudyPage
from components import page_notice, rail
from components.shell import Navigation
from services.study.model import Study

# In the order of the tabs.
STUDY: Mapping[str, StudyPage[Any]] = {
    page.name: page
    for page in (
        overview.PAGE,
        survival.PAGE,
        states.PAGE,
        subgroups.PAGE,
        risk_models.PAGE,
        safety.PAGE,
        benefit_risk.PAGE,
        patient.PAGE,
        data.PAGE,
    )
}
# In the order of the header's links.
SITE: Mapping[str, SitePage[Any, Any]] = {
    page.path: page
    for page in (
        catalogue.PAGE,
        evidence.PAGE,
        risk.PAGE,
        methods.PAGE,
        upload.PAGE,
        report.PAGE,
        compare.declare(STUDY),
    )
}
# One of an upload each: ``/upload/<id>``.
MAPPING = mapping

NAVIGATION = Navigation(
    tabs=tuple((page.name, page.title) for page in STUDY.values() if page.title),
    links=tuple((page.path, page.title) for page in SITE.values() if page.title),
)


def navigation(study: Study | None) -> Navigation:
    """Where the header leads; tabs of pages that a study has nothing for are left out."""
    if study is None:
        return NAVIGATION
    tabs = tuple(tab for tab in NAVIGATION.tabs if STUDY[tab[0]].shown(study))
    return replace(NAVIGATION, tabs=tabs)


def islands(any_page: Any) -> list[Any]:
    """Ids of every store of components/island.py.

    Parameters
    ----------
    any_page : what stands for the name of any page in a pattern id
    """
    own = [f"{page.id}-island" for page in STUDY.values() if page.live]
    own += [f"{page.id}-island" for page in SITE.values() if page.words is not None]
    own += [name for page in STUDY.values() for name in page.islands]
    own += [name for page in SITE.values() for name in page.islands]
    return [rail.drawn_id(any_page), rail.island_id(any_page), page_notice.STORE, *own]
