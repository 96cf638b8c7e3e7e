"""The untreated course of smoldering myeloma, published risk models, and a calculator of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from services import risk
from services.csv_text import SafeWriter
from services.evidence import evidence
from services.evidence_page_records import Cited
from services.evidence_records import Ratio, Source
from services.evidence_risk_records import (
    NaturalHistory,
    Period,
    Progression,
    PublishedRiskModel,
    RiskGroup,
)
from services.evidence_words import interval, p_words
from services.printed import plain
from services.records import to_json
from services.risk_page_records import CoursePoint, GroupRow, ModelTable, RiskPage, RiskResult
from services.site_view_records import RiskView

CALCULATED = ("mayo2018", "imwg2020", "imwg2020_cytogenetics", "imwg2020_score")
# Where smoldering ends and begins (IMWG 2014, as the guideline gives it).
MYELOMA_MARROW, MYELOMA_RATIO = 60.0, 100.0
SMOLDERING_MARROW, SMOLDERING_PROTEIN = 10.0, 3.0
_FISH = {"yes": "Y", "no": "N", "unknown": None}


def risk_page(view: RiskView) -> RiskPage:
    """The page for the values typed in (none: the models without an answer)."""
    found = evidence()
    models = {m.id: m for m in found.risk_models}
    tables = {m.id: model_table(m) for m in found.risk_models}
    history = found.natural_history
    asked = any(v is not None for v in (view.bmpc, view.mprot, view.flcr)) or view.fish != "unknown"
    return RiskPage(
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
        results=tuple(_result(models[i], tables[i], view) for i in CALCULATED) if asked else (),
        warnings=warnings(view),
        boundary=found.boundary,
        boundary_source=found.boundary_source,
    )


def course(history: NaturalHistory) -> tuple[CoursePoint, ...]:
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


def warnings(view: RiskView) -> tuple[str, ...]:
    """Why the models may not apply to these values."""
    found = []
    if (view.bmpc or 0) >= MYELOMA_MARROW or (view.flcr or 0) >= MYELOMA_RATIO:
        found.append(
            "Marrow plasma cells of 60% or more, or an involved/uninvolved FLC ratio of 100 or"
            " more, define multiple myeloma: models of smoldering myeloma do not apply."
        )
    if (
        view.bmpc is not None
        and view.mprot is not None
        and view.bmpc < SMOLDERING_MARROW
        and view.mprot < SMOLDERING_PROTEIN
    ):
        found.append(
            "With marrow plasma cells below 10% and a serum M-protein below 3 g/dL these values are"
            " not those of smoldering myeloma: the models were not made for them."
        )
    return tuple(found)


def _result(model: PublishedRiskModel, table: ModelTable, view: RiskView) -> RiskResult:
    subject = pd.DataFrame(
        {
            "BMPC": [np.nan if view.bmpc is None else float(view.bmpc)],
            "MPROT": [np.nan if view.mprot is None else float(view.mprot)],
            "FLCR": [np.nan if view.flcr is None else float(view.flcr)],
            "CYTOGEN": pd.Series([_FISH[view.fish]], dtype=object),
        }
    )
    level = risk.assess(risk.model(model.code), subject).levels.iloc[0]
    if pd.isna(level):
        needed = _unknown(model, view)
        return RiskResult(table, None, f"Cannot be told without {needed}.")
    return RiskResult(table, next(g for g in table.groups if g.name == level), "")


def _unknown(model: PublishedRiskModel, view: RiskView) -> str:
    """The values left open that this model counts."""
    names = [
        ("marrow plasma cells", view.bmpc is None),
        ("M-protein", view.mprot is None),
        ("FLC ratio", view.flcr is None),
        ("cytogenetics", view.fish == "unknown" and len(model.factors) > 3),
    ]
    return " and ".join(name for name, unknown in names if unknown)


def _sources(ids: Sequence[str], sources: Sequence[Source]) -> tuple[Source, ...]:
    return tuple(s for s in sources if s.id in ids)


def _period(history: NaturalHistory, period: Period) -> Cited:
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


def _progressed(who: str, found: Progression, of: NaturalHistory | PublishedRiskModel) -> Cited:
    return Cited(
        f"{plain(found.percent)}%",
        f"{who}: progressed within {plain(found.years)} years",
        found.verification,
        _sources(found.sources, of.sources),
        conflicts=of.conflicts,
    )


def _ratio(about: str, ratio: Ratio, model: PublishedRiskModel) -> Cited:
    words = {"HR": "hazard ratio", "OR": "odds ratio", "RR": "risk ratio"}[ratio.measure]
    p = p_words(ratio.p)
    return Cited(
        f"{ratio.measure} {interval(ratio)}",
        f"{about}: {words} of progression, {ratio.comparison}" + (f"; {p}" if p else ""),
        model.verification,
        model.sources[:2],
        conflicts=model.conflicts,
    )


def _group(
    title: str,
    group: RiskGroup,
    of: NaturalHistory | PublishedRiskModel,
) -> GroupRow:
    about = f"{title}, {group.name}"
    return GroupRow(
        name=group.name,
        rule=group.rule,
        risks=tuple((p.years, p.percent, _progressed(about, p, of)) for p in group.progression),
        median=Cited(
            f"{plain(group.median_months)} months",
            f"{about}: median time to progression",
            of.verification,
            of.sources[:2],
            conflicts=of.conflicts,
        )
        if group.median_months is not None
        else None,
        share=Cited(
            f"{plain(group.share_percent)}%",
            f"{about}: share of the cohort",
            of.verification,
            of.sources[:2],
            conflicts=of.conflicts,
        )
        if group.share_percent is not None
        else None,
    )


def model_table(model: PublishedRiskModel) -> ModelTable:
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


def risk_json(view: RiskView) -> dict[str, Any]:
    """The body of ``/risk.json``: the values, each model's group and its published risks."""
    page = risk_page(view)
    return {
        "note": "Published risks of groups of patients. Not a medical device, not for individual"
        " decisions.",
        "values": to_json(view),
        "warnings": list(page.warnings),
        "results": [
            {
                "model": r.model.title,
                "group": r.group.name if r.group else None,
                "reason": r.reason or None,
                "published": [{"years": y, "percent": p} for y, p, _ in r.group.risks]
                if r.group
                else [],
            }
            for r in page.results
        ],
        "natural_history": to_json(page.history),
        "models": to_json(page.models),
    }


def risk_csv(view: RiskView) -> str:
    """One row per group and horizon of every published model."""
    out = io.StringIO()
    out.write("# Published risks of progression without treatment, by model and group\n")
    writer = SafeWriter(out)
    writer.writerow(("model", "group", "rule", "years", "percent", "verification", "sources"))
    for model in risk_page(view).models:
        for group in model.groups:
            for years, percent, cited in group.risks:
                sources = "; ".join(s.link or s.title for s in cited.sources)
                writer.writerow(
                    (
                        model.title,
                        group.name,
                        group.rule,
                        years,
                        percent,
                        cited.verification,
                        sources,
                    )
                )
    return out.getvalue()
