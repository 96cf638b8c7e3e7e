"""The subgroups page: forest, open row and what to make of it, from a study and a view."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from services import names
from services.errors import UserError
from services.names import isolated, label
from services.pages import caution, lead
from services.pages.cache import cached
from services.pages.defaults import minimal, resolve, shared
from services.pages.records import Methods
from services.pages.subgroups import credibility, shrink, variables
from services.pages.subgroups import words as subgroups_words
from services.pages.subgroups.records import Credibility, OpenRow, SubgroupsPage, Variable
from services.pages.survival import methods, ways, what_if, what_if_lead
from services.pages.survival.basis import left_out
from services.pages.survival.page import survival_page
from services.pages.words import nobody
from services.replaced import replace
from services.statistics import forest as statistics_forest
from services.statistics.results import ForestResult, Group
from services.study import population as pop
from services.study.labels import value_label
from services.study.memory import remembered
from services.study.model import SUBJECT, Endpoint, Study
from services.study.records import Population, Stratum
from services.study.rows import (
    endpoint_records,
    entry_of,
    measured,
    still_at_risk,
    strata_told,
)
from services.views.study import View

ONE_ARM = (
    "This study has a single arm, so there is no treatment effect to compare between subgroups."
    " The survival page shows small charts for any grouping; the risk models page compares levels"
    " of risk."
)


def minimal_view(study: Study, view: View) -> View:
    """The view without what the study shows anyway, for the address."""
    view = minimal(study, view)
    return replace(view, by=() if view.by == variables.default_by(study) else view.by)


def _unpublished(page: SubgroupsPage) -> lead.Unpublished | None:
    if page.forest is None:
        return None
    if what_if_lead.moved(page):
        return what_if_lead.unpublished(page)
    given = dict(page.study.metadata.calibrated.subgroups).get(page.endpoint.id, ())
    shown = [f"{g.variable}:{row.level}" for g in page.forest.groups for row in g.levels]
    if not page.population.summary and any(row not in given for row in shown):
        return lead.Unpublished(f"subgroup results for {label(page.endpoint.label)}")
    return lead.of_endpoint(page, page.endpoint)


@cached("subgroups", lead.Lead(_unpublished, lead.subgroups, "the other subgroups"), what_if=True)
def subgroups_page(study: Study, asked: View) -> SubgroupsPage:
    """The subgroups page of ``study`` as ``asked`` has it; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    view = resolve(study, asked)
    endpoint = study.endpoint(view.endpoint)
    shown = variables.shown(study, view)
    names = tuple(v.name for v in shown)
    view = replace(view, by=names, fold=tuple(n for n in view.fold if n in names))
    pair = (view.arms[0], view.arms[1]) if len(view.arms) > 1 else None
    arms = pair or view.arms
    chosen = tuple(a for a in study.arms if a.name in arms)
    population = pop.select(study, view, arms)
    records = endpoint_records(study, endpoint.id, population.mask)
    covariates = _covariates(study, records, (*names, *view.strata))
    reason = _why_no_forest(study, population, records, pair)
    time = view.diff or _time(study, view, records, arms)
    moved = "" if view.diff else _moved(study, view, records, arms, time, population.summary)
    forest: ForestResult | None = None
    answer, detail = "", ""
    if pair is not None and reason is None:
        forest = caution.marked(_forest(view, records, covariates, pair, time, shown))
        # Strata that all patients share are none, as on the survival page.
        several = len(covariates[list(view.strata)].drop_duplicates()) > 1 if view.strata else False
        simulated = study.kind == "simulated"
        answer, detail = subgroups_words.answer(
            forest, pair, population, view, endpoint, several, simulated
        )
        forest = replace(forest, groups=_sorted(forest.groups, view.sort))
    ended = len(left_out(study, population))
    without = population.n - int(records[SUBJECT].nunique()) - ended
    tests = forest.tests if forest else 0
    strata = strata_told(study, replace(view, facet=""), records[SUBJECT])
    provenance = (
        methods.provenance(study, view, endpoint, chosen, population, without)
        if pair is None
        else subgroups_words.provenance(
            study, view, endpoint, pair, population, without, strata, time, shown, tests, moved
        )
    )
    row = _open_row(study, view, shown, arms) if forest else None
    shown_view = view if row or not view.row else replace(view, row="")
    page = SubgroupsPage(
        **shared(study, shown_view, arms, population, minimal_view(study, view)),
        endpoint=endpoint,
        pair=pair,
        variables=shown,
        choices=variables.choices(study),
        numbers=variables.numbers(study),
        forest=forest,
        reason=reason,
        time=time,
        row=row,
        # The questions are of randomized arms.
        credibility=_credibility(shown, forest) if forest and not view.known else (),
        answer=answer,
        answer_detail=detail,
        provenance=(
            *provenance,
            *([shrink.NOTE] if view.shrink == "yes" and forest else []),
            *methods.late_entries(entry_of(records, view.unit)),
        ),
        methods=_methods(study, view, endpoint, pair, population, strata, time, shown, tests),
        records=records,
        covariates=covariates,
        published=variables.beside(study, endpoint.id, pair),
        shrunken=shrink.of_forest(forest, view),
        ways=ways.ways_of(study, view, minimal_view(study, view)),
    )
    found = what_if.of_view(study, what_if.of_same_times(view, arms))
    return what_if.beside(page, study, found)


def _methods(
    study: Study, view: View, endpoint: Endpoint, pair: tuple[str, str] | None,
    population: Population, strata: Sequence[Stratum], time: float,
    shown: Sequence[Variable], tests: int,
) -> Methods:  # fmt: skip
    if pair is None:
        return Methods()
    variables = names.count(len(shown), "variable")
    return subgroups_words.paragraph(
        study, view, endpoint, pair, population, strata, time, variables, tests
    )


def _covariates(study: Study, records: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """A row per record, a categorical column per variable, in the order of its levels.

    A table of its own: a variable may be called as a column of the records is.
    """
    rows = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
    made = {name: pop.categorical(study, name)[rows] for name in dict.fromkeys(names)}
    return pd.DataFrame(made, index=records.index)


def _why_no_forest(
    study: Study,
    population: Population,
    records: pd.DataFrame,
    pair: tuple[str, str] | None,
) -> str | None:
    if pair is None:
        if len(study.arms) > 1:
            return "Choose two arms: a forest compares one arm with another."
        return ONE_ARM
    return nobody(population) if records.empty else None


def _time(study: Study, view: View, records: pd.DataFrame, arms: Sequence[str]) -> float:
    """The latest of the page's times at which every arm has 10 patients at risk, or the first.

    Nothing has happened at time 0: where no other was asked for, the study's own times are taken.
    """
    times = [t for t in view.at if t > 0] or resolve(study, replace(view, at=())).at
    least = {t: min(still_at_risk(records, arms, t, view.unit).values()) for t in times}
    return next((t for t in reversed(times) if least[t] >= caution.FEW_AT_RISK), times[0])


def _times_of(study: Study, *rest: Hashable) -> Hashable:
    return (study.cuts, study.reconsidered and study.reconsidered.asked, rest)


@remembered(256, _times_of)
def _usual_time(study: Study, view: View, arms: tuple[str, ...]) -> float:
    """``_time`` of everyone."""
    records = endpoint_records(study, view.endpoint, pop.arm_mask(study, arms))
    return _time(study, view, records, arms)


def _moved(
    study: Study,
    view: View,
    records: pd.DataFrame,
    arms: tuple[str, ...],
    time: float,
    filters: str,
) -> str:
    """That the filters moved the time of the differences, and why."""
    if not view.filters:
        return ""
    usual = _usual_time(study, View(endpoint=view.endpoint, unit=view.unit, at=view.at), arms)
    at_risk = [*still_at_risk(records, reversed(arms), usual, view.unit).items()]
    what = "the difference"
    return caution.moved(names.moment(time), usual, at_risk, view.unit, filters, what)


def _forest(
    view: View,
    records: pd.DataFrame,
    covariates: pd.DataFrame,
    pair: tuple[str, str],
    time: float,
    shown: Sequence[Variable],
) -> ForestResult:
    columns = [v.name for v in shown]
    held = covariates[list(view.strata)] if view.strata else None
    return statistics_forest.forest(
        *measured(records, view.unit),
        covariates[columns],
        entry=entry_of(records, view.unit),
        arms=pair,
        strata=held,
        ci=view.ci,
        level=view.level,
        min_events=view.min_events,
        landmark=time,
        labels={v.name: v.label for v in shown},
    )


def spread(group: Group) -> float:
    """Logarithm of the largest over the smallest hazard ratio of a variable; 0 below two."""
    ratios = [row.hazard_ratio.estimate for row in group.levels if row.hazard_ratio is not None]
    return float(np.log(max(ratios) / min(ratios))) if len(ratios) > 1 else 0.0


def _trusted_p(group: Group) -> float:
    """The p to sort by: what was not tested comes last, after what is not to be believed."""
    if group.interaction is None:
        return 3.0
    return group.interaction.p + (0.0 if group.caution is None else 1.0)


def _sorted(groups: Sequence[Group], sort: str) -> tuple[Group, ...]:
    if sort == "name":
        return tuple(sorted(groups, key=lambda g: g.label.lower()))
    if sort == "interaction":
        return tuple(sorted(groups, key=_trusted_p))
    if sort == "spread":
        return tuple(sorted(groups, key=spread, reverse=True))
    return tuple(groups)


def _credibility(shown: Sequence[Variable], forest: ForestResult) -> tuple[Credibility, ...]:
    """In the order of the forest."""
    known = {v.name: v for v in shown}
    return tuple(credibility.assess(known[g.variable], g, forest) for g in forest.groups)


def split_row(row: str, names: Sequence[str]) -> tuple[str, str] | None:
    """Variable and level of an open row; ``None`` if no such variable is shown.

    >>> split_row("AGE:65:>= 65", ["AGE", "AGE:65"])
    ('AGE:65', '>= 65')
    """
    for name in sorted(names, key=len, reverse=True):
        if row.startswith(f"{name}:"):
            return name, row[len(name) + 1 :]
    return None


def with_row_filter(view: View, variable: str, level: str) -> View:
    """The view with its open row as a filter instead."""
    filters = {name: list(values) for name, values in view.filters}
    return replace(view.with_filters(filters | {variable: [level]}), row="")


def _open_row(
    study: Study, view: View, shown: Sequence[Variable], arms: Sequence[str]
) -> OpenRow | None:
    if not view.row:
        return None
    found = split_row(view.row, [v.name for v in shown])
    if found is None:
        if split_row(view.row, [v.name for v in variables.choices(study)]):
            return None  # its variable is no longer shown
        raise UserError(
            f"“row={view.row}” cannot be used.",
            "Write a variable and its level, such as row=SEX:F; variables shown:"
            f" {', '.join(v.name for v in shown) or 'none'}.",
        )
    name, level = found
    levels = pop.level_codes(study, name)[1]
    if level not in levels:
        raise UserError(
            f"“row={view.row}” cannot be used.", f"Levels of {name}: {', '.join(levels)}."
        )
    chosen = dict(view.filters).get(name)
    if chosen and level not in chosen:
        return None
    own = with_row_filter(view, name, level)
    curves = replace(
        what_if.of_same_times(own, tuple(arms)),
        at=(*own.at,) if not own.diff else tuple(sorted({*own.at, own.diff}))[:12],
        strata=tuple(s for s in own.strata if s != name),
        plot="curves",
    )
    label = {v.name: v.label for v in shown}[name]
    words = f"{isolated(label)}: {isolated(value_label(name, level))}"
    return OpenRow(name, level, words, survival_page(study, curves))
