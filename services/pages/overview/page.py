"""A study's first page: what it is, who took part, what is published and how well it is met."""

from __future__ import annotations

from services.evidence import load as evidence
from services.pages import words as pages_words
from services.pages.cache import cached
from services.pages.defaults import minimal, resolve, shared
from services.pages.evidence.results import standing_rows
from services.pages.overview import baseline
from services.pages.overview.published import _published, figure_rows, headlines
from services.pages.overview.records import OverviewPage
from services.study import population as pop
from services.study.model import Arm, Study
from services.views.study import View


@cached("overview")
def overview_page(study: Study, asked: View) -> OverviewPage:
    """The overview of ``study`` for the patients ``asked`` chooses; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    view = resolve(study, asked)
    arms: tuple[Arm, ...] = study.arms
    names = tuple(a.name for a in arms)
    population = pop.select(study, view, names)
    trial = evidence.for_study(study.id) if study.kind != "uploaded" else None
    who = f"{population.n:,} of {population.n_study:,} patients"
    who += f" ({population.summary})" if population.summary else ", no filter"
    return OverviewPage(
        **shared(study, view, names, population, minimal(study, view)),
        trial=trial,
        published=_published(trial, study.id) if trial else (),
        headlines=headlines(trial, study.id) if trial else (),
        figures=figure_rows(study, trial),
        baseline=baseline.baseline_table(study, population, names),
        treatment=baseline.treatment_table(study, population, names),
        responses=baseline.response_rates(study, population, names),
        standing=standing_rows(trial.standing, (trial,)) if trial else (),
        provenance=(
            (
                "Study",
                f"{study.short_title}. {pages_words.kind_words(study)}",
            ),
            ("Population", who + ", by planned arm"),
            (
                "Numbers",
                "mean (SD), median [quartiles] and range of those with a value; n (%) of all "
                "patients in the arm, missing values counted separately",
            ),
        ),
    )
