"""The untreated course of smoldering myeloma, published risk models, and a calculator of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from services import names
from services.evidence import risk
from services.evidence.cited import Cited
from services.evidence.facts import Fact, Ratio, Source
from services.evidence.load import evidence
from services.evidence.words import MEASURES, fact_text, interval, p_words
from services.numbers import plain
from services.pages.paragraph import written
from services.pages.risk import trials
from services.pages.risk.records import CoursePoint, GroupRow, ModelTable, RiskPage
from services.pages.risk.results import result
from services.pages.risk.values import Values, chains_words, read
from services.views.site import RiskView

CALCULATED = ("mayo2018", "imwg2020", "imwg2020_cytogenetics", "imwg2020_score", "mayo2008")
BY_FLOW_CYTOMETRY = "pethema2007"  # of other inputs, and shown where one of them is given
# Where smoldering myeloma ends and begins (IMWG 2014, as the guideline gives it).
MYELOMA_MARROW, MYELOMA_RATIO = 60.0, 100.0
SMOLDERING_MARROW, SMOLDERING_PROTEIN = 10.0, 3.0


def risk_page(view: RiskView) -> RiskPage:
    """The page for the values typed in (none: the models without an answer)."""
    found = evidence()
    models = {m.id: m for m in found.risk_models}
    tables = _tables(found.risk_models)
    history = found.natural_history
    values = read(view)
    biomarkers = (view.bmpc, view.mprot, view.flcr, view.kappa_flc, view.lambda_flc)
    flow = view.aberrant is not None or view.reduced != "unknown"
    asked = any(v is not None for v in biomarkers) or view.fish != "unknown"
    chosen = (*(CALCULATED if asked else ()), *((BY_FLOW_CYTOMETRY,) if flow else ()))
    results = tuple(result(models[i], tables[i], values) for i in chosen)
    group = next((r.group.name for r in results if r.model.id == "mayo2018" and r.group), None)
    about = asked or flow or view.isotype != "unknown" or view.months is not None
    return RiskPage(
        methods=written(["risk"]),
        view=view,
        history=history,
        course=course(history),
        periods=tuple(_period(history, p) for p in history.periods),
        cumulative=tuple(
            (CoursePoint(p.years, p.percent), _progressed("All patients", p, history))
            for p in history.cumulative
        ),
        groups=tuple(_group(history.title, g, history) for g in history.groups),
        models=tuple(tables.values()),
        results=results,
        warnings=_warnings(values),
        boundary=found.boundary,
        boundary_source=found.boundary_source,
        questions=values.questions,
        trials=trials.matches(found, values, group) if about else (),
        without_criteria=tuple(t.acronym for t in found.trials if not t.enrolment.criteria),
        chains=chains_words(view),
        screening=tuple((f.measure, _screened(f, history)) for f in history.screening),
        split=tuple(
            (f.measure, _screened(f, history), g.share)
            for f in history.screened_groups
            for g in tables["imwg2020"].groups
            if g.name == f.measure and g.share
        ),
    )


def _tables(models: Sequence[risk.PublishedRiskModel]) -> dict[str, ModelTable]:
    """The models ready to be shown; those of one rule name each other's risks, group by group."""
    plain_tables = {m.id: model_table(m) for m in models}
    rules = {m.id: m.same_rule_as or m.id for m in models}

    def elsewhere(table: ModelTable, group: GroupRow) -> tuple[tuple[str, float, Cited], ...]:
        return tuple(
            (other.title, years, number)
            for other in plain_tables.values()
            if other.id != table.id and rules[other.id] == rules[table.id]
            for row in other.groups
            if row.name == group.name
            for years, _, number in row.risks
        )

    return {
        name: replace(
            table, groups=tuple(replace(g, elsewhere=elsewhere(table, g)) for g in table.groups)
        )
        for name, table in plain_tables.items()
    }


def _screened(found: Fact, history: risk.NaturalHistory) -> Cited:
    words = f"Found by screening in Iceland: {names.uncapital(found.measure)}"
    sources = _sources(found.sources, history.sources)
    note = "" if found.value is None else found.note
    return Cited(fact_text(found), words, found.verification, sources, note=note)


def course(history: risk.NaturalHistory) -> tuple[CoursePoint, ...]:
    """Cumulative progression at the end of each period: yearly shares of the cohort, added up.

    They are shares of the starting cohort, not yearly risks of those still at risk (see the
    cohort's ``caution``).

    >>> [(p.years, p.percent) for p in course(evidence().natural_history)][:2]
    [(0.0, 0.0), (5.0, 50.0)]
    """
    points = [CoursePoint(0.0, 0.0)]
    for period in history.periods:
        for year in np.arange(period.years_from, period.years_to, 5.0):
            years = min(5.0, period.years_to - year)
            total = points[-1].percent + years * period.percent_per_year
            points.append(CoursePoint(float(year + years), total))
    return tuple(points)


def _warnings(values: Values) -> tuple[str, ...]:
    found = []
    if (values.bmpc or 0) >= MYELOMA_MARROW or (values.flcr or 0) >= MYELOMA_RATIO:
        found.append(
            "Marrow plasma cells of 60% or more, or an involved/uninvolved FLC ratio of 100 or"
            " more, define multiple myeloma: models of smoldering myeloma do not apply."
        )
    if (
        values.bmpc is not None
        and values.mprot is not None
        and values.bmpc < SMOLDERING_MARROW
        and values.mprot < SMOLDERING_PROTEIN
    ):
        found.append(
            "With marrow plasma cells below 10% and a serum M-protein below 3 g/dL these values "
            "are not those of smoldering myeloma: the models were not developed for them."
        )
    return (*found, *(q.text for q in values.questions))


def _sources(ids: Sequence[str], sources: Sequence[Source]) -> tuple[Source, ...]:
    return tuple(s for s in sources if s.id in ids)


def _period(history: risk.NaturalHistory, period: risk.Period) -> Cited:
    about = "about " if period.approximate else ""
    return Cited(
        f"{about}{plain(period.percent_per_year)}%",
        f"{history.title}: progressed a year in years {plain(period.years_from)} to"
        f" {plain(period.years_to)}, of the starting cohort",
        history.verification,
        _sources((history.citation,), history.sources),
        note=history.caution,
        conflicts=history.conflicts,
    )


def _progressed(
    who: str, found: risk.Progression, of: risk.NaturalHistory | risk.PublishedRiskModel
) -> Cited:
    return Cited(
        f"{plain(found.percent)}%",
        f"{who}: progressed within {plain(found.years)} years",
        found.verification,
        _sources(found.sources, of.sources),
        conflicts=of.conflicts,
    )


def _ratio(about: str, ratio: Ratio, model: risk.PublishedRiskModel) -> Cited:
    p = p_words(ratio.p)
    return Cited(
        f"{ratio.measure} {interval(ratio)}",
        f"{about}: {MEASURES[ratio.measure]} of progression, {ratio.comparison}"
        + (f"; {p}" if p else ""),
        model.verification,
        model.sources[:2],
        conflicts=model.conflicts,
    )


def _group(
    title: str,
    group: risk.RiskGroup,
    of: risk.NaturalHistory | risk.PublishedRiskModel,
) -> GroupRow:
    about = f"{title}, {group.name}"

    def told(value: float | None, unit: str, what: str) -> Cited | None:
        if value is None:
            return None
        sources, conflicts = of.sources[:2], of.conflicts
        words = f"{about}: {what}"
        return Cited(f"{plain(value)}{unit}", words, of.verification, sources, conflicts=conflicts)

    return GroupRow(
        name=group.name,
        rule=group.rule,
        risks=tuple((p.years, p.percent, _progressed(about, p, of)) for p in group.progression),
        median=told(group.median_months, " months", "median time to progression"),
        share=told(group.share_percent, "%", "share of the cohort"),
    )


def model_table(model: risk.PublishedRiskModel) -> ModelTable:
    """A published model ready to be shown."""
    return ModelTable(
        id=model.id,
        title=model.title,
        where=model.where,
        rule=model.rule,
        cohort=model.cohort,
        factors=tuple(
            (
                f.name,
                f.threshold,
                _ratio(f"{model.title}, {f.name}", f.ratio, model) if f.ratio else None,
            )
            for f in model.factors
        ),
        groups=tuple(_group(model.title, g, model) for g in model.groups),
        conflicts=model.conflicts,
        notes=model.notes,
        sources=tuple(s for s in model.sources if s.id == model.citation) or model.sources[:1],
    )
