"""A study's overview. Oracles: study.toml read by tomllib, and the trial's published facts."""

from __future__ import annotations

import re
import tomllib

import pytest

from services.evidence import load as evidence
from services.pages.overview.page import overview_page
from services.studies import BUNDLED
from services.views.study import View
from tests.studies import site

SITE = site()


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


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


@pytest.mark.parametrize("study_id", SITE.ids())
def test_no_conflict_is_told_twice(study_id: str) -> None:
    """Of one trial's two lists, those of another title are about other numbers."""
    page = overview_page(SITE.get(study_id), View())
    told = page.study.metadata.conflicts
    titles = {title for title, _ in told}
    trial = page.trial
    more = [*trial.conflicts, *(c for e in trial.endpoints for c in e.conflicts)] if trial else []
    for item in more:
        if item.title in titles:
            continue
        alike = [t for t, text in told if len(_numbers(text) & _numbers(item.text)) > 2]
        assert alike == [], item.title


@pytest.mark.parametrize("study_id", SITE.ids())
def test_what_a_clinician_reads_has_no_column_names(study_id: str) -> None:
    page = overview_page(SITE.get(study_id), View())
    texts = [text for pair in page.study.metadata.conflicts for text in pair]
    assert not [t for t in texts if re.search(r"\b(AE|TR|US|AD)[A-Z]{3,}\b|this project", t)]


def test_a_second_malignancy_is_not_read_as_progression() -> None:
    labels = [row.what for row in overview_page(SITE.get("e3a06"), View()).published]
    assert "Second primary malignancy: 3-year cumulative incidence" in labels
    assert not [label for label in labels if label.startswith("3-year cumulative")]
