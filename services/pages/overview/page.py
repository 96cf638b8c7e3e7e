"""A study's first page: what it is, who took part, what is published and how well it is met."""

from __future__ import annotations

from dataclasses import replace

from services.evidence import cite
from services.evidence import load as evidence
from services.evidence.cite import arms_rows
from services.evidence.cited import ArmsRow, Cited, Headline
from services.evidence.facts import Conflict, Source
from services.evidence.trial import Trial
from services.format import counted
from services.names import uncapital
from services.pages import words as pages_words
from services.pages.cache import cached
from services.pages.defaults import minimal, resolve, shared
from services.pages.evidence.results import standing_rows
from services.pages.overview import baseline
from services.pages.overview.records import FigureRow, OverviewPage
from services.pages.paragraph import patients, written
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
    who = f"{population.n:,} of {counted(population.n_study, 'patient', 'patients')}"
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
        assigned={name: int(pop.arm_mask(study, (name,)).sum()) for name in names},
        standing=standing_rows(trial.standing, (trial,)) if trial else (),
        methods=written(["baseline"], ["baseline"], study, who=patients(study, population, arms)),
        provenance=(
            (
                "Study",
                f"{study.short_title}. {pages_words.kind_words(study)}",
            ),
            ("Population", who + (", by planned arm" if len(arms) > 1 else "")),
            (
                "Numbers",
                "mean (SD), median [quartiles] and range of those with a value; n (%) of all "
                "patients in the arm, missing values counted separately",
            ),
        ),
    )


def _published(trial: Trial, study_id: str) -> tuple[ArmsRow, ...]:
    """Single published numbers about the arms a study stands for."""
    arms = {arm for item in trial.studies if item.study == study_id for arm in item.arms}
    # Alone, "3-year cumulative incidence" would be read as that of progression.
    second = [
        replace(f, measure=f"Second primary malignancy: {uncapital(f.measure)}")
        for f in trial.second_malignancies
    ]
    facts = (*trial.responses, *trial.exposure, *trial.outcomes, *second)
    return arms_rows(trial, [f for f in facts if not f.arm or f.arm in arms])


def figure_rows(study: Study, trial: Trial | None) -> tuple[FigureRow, ...]:
    """Published versus reproduced; a figure's id begins with the kind of endpoint it is of."""
    name = study.short_title
    linked = [item for item in trial.studies if item.study == study.id] if trial else []
    rows = []
    for figure in study.metadata.figures:
        conflicts: tuple[Conflict, ...] = ()
        if trial is not None:
            kind = figure.id.split("_")[0].upper()
            ids = [e for item in linked for e in item.endpoints if trial.endpoint(e).kind == kind]
            conflicts = trial.conflicts_about(*ids) if ids else ()
        cited = Cited(
            figure.published,
            f"{name}: {uncapital(figure.label)}",
            figure.verification,
            (_figure_source(figure.source, study, trial),),
            conflicts=conflicts,
        )
        rows.append(FigureRow(figure.label, cited, figure.reproduced, figure.source))
    return tuple(rows)


def _figure_source(label: str, study: Study, trial: Trial | None) -> Source:
    """The trial's source of that label, the study's citation, or the words alone."""
    for source in trial.sources if trial else ():
        if source.label == label:
            return source
    citation = study.metadata.citation
    if citation.get("label") == label and citation.get("doi"):
        title = citation.get("title", citation.get("journal", label))
        link = f"https://doi.org/{citation['doi']}"
        return Source("citation", "paper", title, label, link=link)
    return Source("words", "review" if label.startswith("Review") else "news", label)


def headlines(trial: Trial, study_id: str) -> tuple[Headline, ...]:
    """The published results of a trial that a study of this site stands for, its subgroups last."""
    link = trial.link(study_id)
    whole = [cite.headline(trial, trial.endpoint(e)) for e in link.endpoints]
    groups = [s for s in trial.subgroups if s.endpoint in link.endpoints]
    return (*whole, *(cite.subgroup_headline(trial, s) for s in groups))
