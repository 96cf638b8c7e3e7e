"""A study's overview. Oracles: study.toml read by tomllib, and the trial's published facts."""

from __future__ import annotations

import tomllib

import pytest

from services import evidence
from services.catalogue import BUNDLED, Catalogue
from services.overview import overview_page
from services.view import View

SITE = Catalogue()


@pytest.mark.parametrize("study_id", SITE.ids())
def test_every_published_figure_opens_what_stands_behind_it(study_id: str) -> None:
    page = overview_page(SITE.get(study_id), View())
    written = tomllib.loads((BUNDLED / study_id / "study.toml").read_text("utf-8"))["figures"]
    assert [
        (f.label, f.published.text, f.reproduced, f.source, f.published.verification)
        for f in page.figures
    ] == [tuple(w[k] for k in KEYS) for w in written]
    for figure in page.figures:
        (source,) = figure.published.sources
        assert figure.source in (source.label, source.title)


KEYS = ("label", "published", "reproduced", "source", "verification")


def test_papers_are_linked_and_reports_are_words() -> None:
    figures = {f.label: f for f in overview_page(SITE.get("aquila"), View()).figures}
    links = {f.source: f.published.sources[0].link for f in figures.values()}
    assert links["Dimopoulos 2025"] == "https://doi.org/10.1056/NEJMoa2409029"
    assert links["Summary of Dimopoulos 2025 (Altai Oncology)"] == ""
    cohort = overview_page(SITE.get("mgus2"), View()).figures[0]
    assert cohort.published.sources[0].link.startswith("https://doi.org/10.1056/")


def test_conflicts_open_from_the_figures_of_their_endpoint() -> None:
    figures = overview_page(SITE.get("e3a06"), View()).figures
    opened = {c.title for f in figures for c in f.published.conflicts}
    assert opened >= {c.title for c in evidence.trial("e3a06").endpoint("pfs_p3").conflicts}
