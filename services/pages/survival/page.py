"""One cached entry per page: (study, View) -> record. Everything that shows a number calls this."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from services import names
from services.evidence.trial import Trial
from services.pages import caution, lead
from services.pages.cache import cached
from services.pages.defaults import last_time_of, shared
from services.pages.records import FirstLook, Methods
from services.pages.survival import adjusted, methods, robustness, ways, what_if, what_if_lead
from services.pages.survival import plots as survival_plots
from services.pages.survival import words as survival_words
from services.pages.survival.basis import basis_of
from services.pages.survival.records import (
    SIMULATED_CHANGE,
    Competing,
    Extra,
    HazardsOverTime,
    PairWords,
    SurvivalPage,
    TypesOfEvent,
    Usual,
)
from services.pages.words import alone, nobody
from services.replaced import replace
from services.statistics.results import Comparison, Curve, SurvivalResult
from services.statistics.steps import at_risk_table
from services.study import population as pop
from services.study.labels import MISSING, MISSING_LABEL, value_label
from services.study.model import SUBJECT, Endpoint, Study
from services.study.records import Population
from services.study.rows import (
    entry_of,
    facet_levels,
    strata_names,
)
from services.views.axis import ticks
from services.views.study import View


def _unpublished(page: SurvivalPage) -> lead.Unpublished | None:
    if what_if_lead.moved(page):
        return what_if_lead.unpublished(page)
    known = page.study.metadata.calibrated.types
    # What competes is said with every result of the endpoint; a split of its own events is more.
    types = page.extra.types if isinstance(page.extra, TypesOfEvent) else ()
    if len(set(types) - set(page.endpoint.competing)) > 1 and page.endpoint.id not in known:
        return lead.Unpublished("split of the events by type")
    return lead.of_endpoint(page, page.endpoint)


def _published(page: SurvivalPage, trial: Trial) -> lead.Headlines:
    of_parts = lead.subgroups(page, trial) if page.population.summary else ()
    second = lead.second_malignancies(trial) if page.endpoint.id == "SPM" else ()
    return (*lead.results(page, trial), *of_parts, *second)


@cached("survival", lead.Lead(unpublished=_unpublished, published=_published), what_if=True)
def survival_page(study: Study, asked: View) -> SurvivalPage:
    """The survival page of ``study`` as ``asked`` has it; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    basis = basis_of(study, asked)
    view, endpoint, population = basis.view, basis.endpoint, basis.population
    records, result, codes, entry = basis.records, basis.result, basis.codes, basis.entry
    told, facet = basis.strata, basis.facet
    strata = tuple(stratum.name for stratum in told)
    extra: Extra = None
    competing: Competing | None = None
    last_time = last_time_of(study, endpoint, view.unit)
    marks = ticks(view, last_time)
    if result is not None:
        extra = _extra(study, view, records, result, codes, marks)
        competing = survival_plots.competing_events(endpoint, records, view)
    adjustment = adjusted.of_records(study, view, records, codes)
    reason = _why_no_chart(population, result, endpoint, view)
    curves = result.curves if result else ()
    answer, detail = ("", "")
    if result is not None and reason is None:
        usual = _usual(study, asked, population.summary) if population.summary else None
        answer, detail = survival_words.answer(
            result, endpoint, view, competing, usual, study.kind == "simulated"
        )
    page = SurvivalPage(
        **shared(study, view, view.arms, population, basis.address),
        endpoint=endpoint,
        result=result,
        reason=reason,
        ticks=marks,
        at_risk=tuple(at_risk_table(c, marks, _entry(records, c.arm, view)) for c in curves),
        answer=answer,
        answer_detail=detail,
        provenance=(
            *basis.provenance,
            *adjusted.provenance(adjustment),
            *methods.entry_times(entry),
        ),
        methods=methods.paragraph(
            study,
            view,
            endpoint,
            basis.arms,
            population,
            told,
            tau=max((c.rmst.tau for c in curves), default=0.0),
            split=_split(extra),
            facet=facet,
        )
        if result is not None
        else Methods(),
        records=records.assign(
            STRATUM=""
            if codes is None
            else pd.Series(codes).rank(method="dense").astype("Int64").array,
            STRATUM_LABEL=strata_names(study, strata, records[SUBJECT]),
            LEVEL=facet_levels(study, view.facet, records[SUBJECT]),
        ),
        plots=basis.plots,
        extra=extra,
        competing=competing,
        last_time=last_time,
        said={c.arm: _said(study, c, curves) for c in result.comparisons} if result else {},
        few_events=caution.few_events(curves),
        adjustment=adjustment,
        late=0 if entry is None else int((entry > 0).sum()),
        robustness=robustness.of_result(records, view, study, result, codes) if result else {},
        ways=ways.ways_of(study, view, basis.address),
    )
    return what_if.reconsidered(page, study, what_if.of_basis(study, asked, basis))


def _said(study: Study, comparison: Comparison, curves: Sequence[Curve]) -> PairWords:
    """The words on an arm and its reference."""
    pair = [c for c in curves if c.arm in (comparison.arm, comparison.reference)]
    test, events = comparison.lead_proportional_hazards, sum(c.events for c in pair)
    constancy = caution.constancy(test, events) if test else ""
    if study.kind == "simulated" and caution.changes(test, events):
        constancy += f" {SIMULATED_CHANGE}"
    return PairWords(
        constancy=constancy,
        caution=caution.of_arms(pair) or caution.of_events(pair),
    )


def _usual(study: Study, asked: View, filters: str) -> Usual | None:
    """What the headline tells of everyone, whom the reader has mostly just seen."""
    page = survival_page(study, replace(asked, filters=()))
    if page.result is None or page.reason is not None:
        return None
    return Usual(survival_words.told_time(page.result, page.view, page.competing), filters)


def _split(extra: Extra) -> float | None:
    """The time before and after which hazard ratios are compared, where a test compares them."""
    for pair in extra if isinstance(extra, tuple) else ():
        if isinstance(pair, HazardsOverTime) and pair.change and pair.change.change:
            return pair.change.piecewise.cut
    return None


def _extra(
    study: Study,
    view: View,
    records: pd.DataFrame,
    result: SurvivalResult,
    strata: np.ndarray | None,
    marks: Sequence[float],
) -> Extra:
    if view.plot == "types":
        return survival_plots.types_of_event(records, view)
    if view.plot == "hazards":
        return survival_plots.hazards_over_time(records, view, strata)
    if view.plot == "means":
        return survival_plots.means_over_time(view, result)
    if view.facet:
        codes, levels = pop.level_codes(study, view.facet)
        rows = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
        labels = {i: (name, value_label(view.facet, name)) for i, name in enumerate(levels)}
        labels[-1] = (MISSING, MISSING_LABEL)
        found = survival_plots.facets(
            records, study.endpoint(view.endpoint), codes[rows], labels, view
        )
        return tuple(
            replace(
                f,
                at_risk=tuple(
                    at_risk_table(c, marks, _entry(records[codes[rows] == code], c.arm, view))
                    for c in f.result.curves
                ),
                few_events=caution.few_events(f.result.curves),
            )
            for code, f in found
        )
    return None


def _entry(records: pd.DataFrame, arm: str, view: View) -> np.ndarray | None:
    """Entry times of an arm's patients; ``None`` without any."""
    return entry_of(records[(records["ARM_PLANNED"] == arm).to_numpy()], view.unit)


def _why_no_chart(
    population: Population, result: SurvivalResult | None, endpoint: Endpoint, view: View
) -> str | None:
    if result is None:
        return nobody(population, names.label(endpoint.label))
    if len(view.arms) > 1 and len(result.curves) == 1:
        only, what = result.curves[0].arm, "arm"
        if view.known:
            only, what = f"the group “{names.isolated(only)}”", "group"
        instead = f"choose this {what} alone under Analysis to see its curve"
        return alone(only, population, instead)
    return None


def first_look(study: Study) -> FirstLook:
    """The curves of the study's default view; the incidences where something competes."""
    page = survival_page(study, View())
    curves = page.result.curves if page.result else ()
    if page.competing is None:
        lines = {c.arm: (c.time, c.survival) for c in curves}
    else:
        lines = {s.arm: (s.time, s.causes[0].incidence) for s in page.competing.incidences}
    drawn = ", cumulative incidence" if page.endpoint.competing else ""
    return FirstLook(
        endpoint=f"{page.endpoint.label}{drawn}",
        lines=lines,
        longest=max((float(c.time[-1]) for c in curves), default=0.0),
        follow_up=tuple(m for c in curves if (m := c.follow_up.estimate) is not None),
    )
