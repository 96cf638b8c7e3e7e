"""A study's first page: what it is, who took part, what is published and how well it is met."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services import baseline, wording
from services import evidence_cite as cite
from services import population as pop
from services.analysis import cached, minimal, resolve
from services.csv_text import SafeWriter
from services.evidence import load as evidence
from services.evidence.facts import Conflict, Source
from services.evidence.trial import StudyLink, Trial
from services.evidence_page_records import ArmsRow, Cited, Headline
from services.evidence_results import arms_rows
from services.export import settings
from services.format import value_label
from services.overview_records import (
    BaselineNumber,
    BaselineTable,
    FigureRow,
    OverviewPage,
)
from services.pages.export import csv_head, json_head
from services.records import to_json
from services.study import Arm, Study
from services.view import View


def overview_page(study: Study, view: View) -> OverviewPage:
    """The overview of ``study`` for the patients ``view`` chooses; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    return cached("overview", study, view, _overview_page)


def _overview_page(study: Study, asked: View) -> OverviewPage:
    view = resolve(study, asked)
    arms: tuple[Arm, ...] = study.arms
    names = tuple(a.name for a in arms)
    population = pop.select(study, view, names)
    trial = evidence.for_study(study.id) if study.kind != "uploaded" else None
    who = f"{population.n:,} of {population.n_study:,} patients"
    who += f" ({population.summary})" if population.summary else ", no filter"
    return OverviewPage(
        study=study,
        view=view,
        arms=arms,
        population=population,
        filters=pop.filter_columns(study),
        counts=pop.live_counts(study, view, names),
        address=minimal(study, view),
        trial=trial,
        published=_published(trial, study.id) if trial else (),
        headlines=headlines(trial, study.id) if trial else (),
        figures=figure_rows(study, trial),
        baseline=baseline.baseline_table(study, population, names),
        treatment=baseline.treatment_table(study, population, names),
        responses=baseline.response_rates(study, population, names),
        provenance=(
            (
                "Study",
                f"{study.metadata.short_title or study.title}. {wording.kind_words(study)}",
            ),
            ("Population", who + ", by planned arm"),
            (
                "Numbers",
                "mean (SD), median [quartiles], range of those with a value; n (%) of all"
                " patients of the arm, missing values counted on their own",
            ),
        ),
    )


def _published(trial: Trial, study_id: str) -> tuple[ArmsRow, ...]:
    """Single published numbers about the arms a study stands for."""
    arms = {arm for item in trial.studies if item.study == study_id for arm in item.arms}
    # Alone, "3-year cumulative incidence" would be read as that of progression.
    second = [
        replace(f, measure=f"Second primary malignancy: {f.measure[0].lower()}{f.measure[1:]}")
        for f in trial.second_malignancies
    ]
    facts = (*trial.responses, *trial.exposure, *trial.outcomes, *second)
    return arms_rows(trial, [f for f in facts if not f.arm or f.arm in arms])


def figure_rows(study: Study, trial: Trial | None) -> tuple[FigureRow, ...]:
    """Published against reproduced; a figure's id begins with the kind of endpoint it is of."""
    name = study.metadata.short_title or study.title
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
            f"{name}: {figure.label[0].lower()}{figure.label[1:]}"
            if not figure.label[:2].isupper()
            else f"{name}: {figure.label}",
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
    link: StudyLink = next(item for item in trial.studies if item.study == study_id)
    whole = [cite.headline(trial, trial.endpoint(e)) for e in link.endpoints]
    groups = [s for s in trial.subgroups if s.endpoint in link.endpoints]
    return (*whole, *(cite.subgroup_headline(trial, s) for s in groups))


def overview_json(page: OverviewPage) -> dict[str, Any]:
    """The body of ``/study/<id>.json``."""
    study = page.study
    return json_head(page) | {
        "settings": settings(page.view),
        "baseline": to_json(page.baseline),
        "treatment": to_json(page.treatment),
        "responses": to_json(page.responses),
        "published": to_json(page.trial),
        "figures": to_json(study.metadata.figures),
        "conflicts": to_json(study.metadata.conflicts),
    }


def overview_csv(page: OverviewPage) -> str:
    """The tables, one row per statistic and arm. Lines starting with # say what they are."""
    out = csv_head(page.provenance)
    writer = SafeWriter(out)
    writer.writerow(("table", "variable", "label", "statistic", "arm", "value"))
    for name, table in (("baseline", page.baseline), ("treatment", page.treatment)):
        writer.writerows((name, *row) for row in _rows(table))
    return out.getvalue()


def _rows(table: BaselineTable) -> list[tuple[str, str, str, str, Any]]:
    rows: list[tuple[str, str, str, str, Any]] = []
    for row in table.rows:
        if isinstance(row, BaselineNumber):
            for arm, summary in zip(table.columns, row.arms, strict=True):
                values = to_json(summary)
                rows += [(row.name, row.label, key, arm, values[key]) for key in values]
        else:
            for level, counts in zip(row.levels, row.counts, strict=True):
                words = value_label(row.name, level)
                for arm, count in zip(table.columns, counts, strict=True):
                    rows.append((row.name, row.label, f"{words}, n", arm, count.n))
                    rows.append((row.name, row.label, f"{words}, %", arm, count.percent))
    return rows
