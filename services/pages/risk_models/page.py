"""The page of risk models: the same patients under two models, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from services import survival
from services.errors import UserError
from services.pages import lead
from services.pages.cache import cached
from services.pages.defaults import minimal, resolve, shared
from services.pages.records import Methods
from services.pages.risk_models import words as risk_models_words
from services.pages.risk_models.cross import cross_table
from services.pages.risk_models.records import (
    CrossTable,
    ModelInfo,
    ModelLevel,
    ModelSide,
    RiskModelsPage,
)
from services.pages.subgroups import page as subgroups_page
from services.pages.survival import what_if, what_if_lead
from services.pages.survival.records import SurvivalPage
from services.pages.words import nobody
from services.replaced import replace
from services.risk import models as risk_models
from services.statistics.results import ForestResult, Group
from services.statistics.steps import at_risk_table
from services.study import population as pop
from services.study import risk_inputs
from services.study.model import SUBJECT, Arm, Endpoint, Study
from services.study.records import Population
from services.study.rows import ended, endpoint_records, entry_of, measured, strata_told
from services.units import DAYS_PER_UNIT
from services.views.axis import ticks
from services.views.study import View

EVERYONE = "all"
# From low to high, told apart from the arms' colors; dashes as for arms.
_COLORS = {
    3: ("#009E73", "#E69F00", "#CC79A7"),
    4: ("#009E73", "#56B4E9", "#E69F00", "#CC79A7"),
}
_DASHES = ("solid", "dot", "dash", "dashdot")


def available(study: Study) -> tuple[risk_models.RiskModel, ...]:
    """The models whose groups are columns of the study."""
    offered = {c.name for c in pop.filter_columns(study) if c.kind == "categorical"}
    return tuple(m for m in risk_models.MODELS if m.id in offered)


def default_models(study: Study) -> tuple[str, ...]:
    """The first two models there are."""
    return tuple(m.id for m in available(study)[:2])


def minimal_view(study: Study, view: View) -> View:
    """The view without what the study shows anyway, for the address."""
    view = minimal(study, view)
    return replace(
        view,
        models=() if view.models == default_models(study) else view.models,
        of="" if view.of == _default_arm(study, view.arms) else view.of,
    )


def _default_arm(study: Study, shown: Sequence[str]) -> str:
    """Untreated patients show what a model is about: how the disease goes by itself."""
    arms = shown or [a.name for a in study.arms]
    usual = study.reference_arm
    return usual if usual and usual in arms else arms[0]


def _chosen(study: Study, view: View) -> tuple[str, ...]:
    ids = [m.id for m in available(study)]
    for wanted in view.models:
        if wanted not in ids:
            raise UserError(
                f"“models={','.join(view.models)}” cannot be used: this study has no groups of"
                f" {wanted}.",
                f"Two of: {', '.join(ids) or 'none, its inputs are missing'}.",
            )
    if view.models and len(set(view.models)) != 2:
        raise UserError(
            f"“models={','.join(view.models)}” cannot be used.",
            f"Name two models: two of {', '.join(ids)}.",
        )
    return view.models or default_models(study)


def _unpublished(page: RiskModelsPage) -> lead.Unpublished | None:
    if what_if_lead.moved(page):
        return what_if_lead.unpublished(page)
    made_up = lead.Unpublished("results by level of these risk models")
    return made_up if page.overall or page.table else None


@cached(
    "risk-models",
    lead.Lead(_unpublished, lead.subgroups, "all other numbers by level of risk"),
    what_if=True,
)
def risk_models_page(study: Study, asked: View) -> RiskModelsPage:
    """Two risk models of ``study`` as ``asked`` has them; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    view = resolve(study, asked)
    names = _chosen(study, view)
    arms = [a.name for a in study.arms]
    pair = (view.arms[0], view.arms[1]) if len(view.arms) > 1 else None
    shown = pair or view.arms
    of = view.of or _default_arm(study, shown)
    if of not in (*arms, EVERYONE):
        raise UserError(f"“of={of}” cannot be used.", f"Allowed: {', '.join(arms)}, {EVERYONE}.")
    if of not in (*shown, EVERYONE):  # nobody of this arm is shown
        of = _default_arm(study, shown)
    view = replace(view, models=names, of=of)
    endpoint = study.endpoint(view.endpoint)
    population = pop.select(study, view, shown)
    records = endpoint_records(study, endpoint.id, population.mask)
    reason = _why_not(study, names, population, records)
    numbers = study.subjects[[c for c in risk_inputs.CHECKS if c in study.subjects]]
    doubted = risk_inputs.doubts(numbers[population.mask])
    doubts = [f"{d.message} {d.remedy}".strip() for d in doubted]
    levels = {name: found[population.mask] for name, found in risk_inputs.levels(study).items()}
    infos = {m.id: _info(study, population, m, levels[m.id]) for m in risk_models.MODELS}
    base = subgroups_page.subgroups_page(
        study, replace(view, by=names, row="", fold=(), sort="given", models=(), of="")
    )
    forest = base.forest
    sides: tuple[ModelSide, ...] = ()
    table: CrossTable | None = None
    answer, detail = "", ""
    if reason is None:
        models = [risk_models.model(name) for name in names]
        sides = tuple(
            _side(study, view, endpoint, population, records, infos[m.id], m, forest)
            for m in models
        )
        if len(models) == 2:
            table = cross_table(levels, models[0], models[1])
            answer, detail = risk_models_words.answer(table, sides, pair, view, base.time)
    page = RiskModelsPage(
        **shared(study, view, shown, population, minimal_view(study, view)),
        endpoint=endpoint,
        pair=pair,
        of=of,
        models=tuple(infos.values()),
        sides=sides,
        table=table,
        overall=forest.overall if forest else None,
        time=base.time,
        reason=reason,
        answer=answer,
        answer_detail=detail,
        provenance=(*base.provenance, *(("Check the inputs", told) for told in doubts)),
        methods=risk_models_words.paragraph(
            study,
            view,
            endpoint,
            pair,
            population,
            strata_told(study, replace(view, facet=""), records[SUBJECT]),
            base.time,
            [infos[name].title for name in names],
            forest,
        )
        if reason is None
        else Methods(),
        patients=_patients(study, population, records),
        covariates=_covariates(study, population, (*names, *view.strata), levels),
        doubts=tuple(doubts),
    )
    return what_if.as_on(base, page)


def _patients(study: Study, population: Population, records: pd.DataFrame) -> pd.DataFrame:
    """Everyone shown, with or without a record of the endpoint: the cross-table counts them."""
    subjects = study.subjects.index
    record = np.full(len(subjects), -1)
    record[subjects.get_indexer(pd.Index(records[SUBJECT]))] = np.arange(len(records))
    record = record[population.mask]
    times = [name for name in ("ENTRY", "TIME") if name in records]
    known = {n: np.append(records[n].to_numpy(dtype=float), np.nan)[record] for n in times}
    event = np.append(records["EVENT"].to_numpy(dtype=bool), False)[record]
    kind = np.append(records["EVENT_TYPE"].to_numpy(dtype=object), "")[record]
    return pd.DataFrame(
        {
            SUBJECT: subjects[population.mask],
            "ARM_PLANNED": study.subjects["ARM_PLANNED"].to_numpy()[population.mask],
            **known,
            "EVENT": pd.arrays.BooleanArray(event, record < 0),
            "EVENT_TYPE": kind,
        }
    )


def _covariates(
    study: Study,
    population: Population,
    names: Sequence[str],
    grouped: Mapping[str, np.ndarray],
) -> pd.DataFrame:
    """The rows of ``_patients``, a column of texts per model and stratum by its name.

    Models that are counted in the list but not compared come last.
    """
    made: dict[str, Any] = {}
    for name in dict.fromkeys(names):
        codes, levels = pop.level_codes(study, name)
        made[name] = np.array([*levels, None], dtype=object)[codes[population.mask]]
    for name, found in grouped.items():
        if name not in made and pd.notna(found).any():
            made[name] = found
    return pd.DataFrame(made, index=range(population.n))


def _why_not(
    study: Study, names: Sequence[str], who: Population, records: pd.DataFrame
) -> str | None:
    if not names:
        return (
            "This study has no groups of any of these models: their inputs are not in its data."
            " The list below shows what each model needs."
        )
    return nobody(who) if records.empty else None


def _info(
    study: Study,
    population: Population,
    model: risk_models.RiskModel,
    levels: np.ndarray,
) -> ModelInfo:
    """The model in these patients."""
    usable = risk_inputs.usable(study)
    used = [name for name in model.inputs if usable[name][population.mask].any()]
    return ModelInfo(
        id=model.id,
        title=model.title,
        rule=model.rule,
        reference=model.reference,
        caveat=model.caveat,
        available=model.id in {m.id for m in available(study)},
        used=tuple(risk_models.INPUTS[c] for c in used),
        absent=tuple(risk_models.INPUTS[c] for c in model.inputs if c not in used),
        counts=tuple((level, int((levels == level).sum())) for level in model.levels),
        untold=int(pd.isna(levels).sum()),
    )


def _side(
    study: Study,
    view: View,
    endpoint: Endpoint,
    population: Population,
    records: pd.DataFrame,
    info: ModelInfo,
    model: risk_models.RiskModel,
    forest: ForestResult | None,
) -> ModelSide:
    curves = _curves(study, view, endpoint, population, records, model)
    group: Group | None = None
    if forest is not None:
        group = next(g for g in forest.groups if g.variable == model.id)
    rows = {row.level: row for row in group.levels} if group else {}
    # Published shares are of progression, from the start: beside other events, or times from a
    # landmark on, they mislead.
    alike = risk_models_words.counts_progression(endpoint) and not view.since
    published = model.published if alike else {}
    levels = tuple(
        ModelLevel(
            level,
            n,
            rows.get(level),
            published.get(level),
            _observed(curves, level, published.get(level)),
        )
        for level, n in info.counts
    )
    return ModelSide(info, levels, group, curves)


def _observed(
    page: SurvivalPage, level: str, published: risk_models.Published | None
) -> tuple[float, float | None, float | None] | None:
    if published is None or page.result is None:
        return None
    time = published_time(published, page.view.unit)
    for curve in page.result.curves:
        if curve.arm == level:
            mark = next(m for m in curve.landmarks if abs(m.time - time) < 1e-9 * max(time, 1))
            if mark.survival is None:
                return None
            lower = None if mark.upper is None else 1 - mark.upper
            return 1 - mark.survival, lower, None if mark.lower is None else 1 - mark.lower
    return None


def published_time(published: risk_models.Published, unit: str) -> float:
    """When a published share had progressed, in ``unit``."""
    return published.years * DAYS_PER_UNIT["years"] / DAYS_PER_UNIT[unit]


def _curves(
    study: Study,
    view: View,
    endpoint: Endpoint,
    population: Population,
    records: pd.DataFrame,
    model: risk_models.RiskModel,
) -> SurvivalPage:
    """A curve per level, in one arm or in everyone, as a record that a chart can draw."""
    if view.of != EVERYONE:
        records = records[(records["ARM_PLANNED"] == view.of).to_numpy()]
    rows = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
    own = risk_inputs.levels(study)[model.id][rows]
    known = pd.notna(own)
    records, own = records[known], own[known].astype(str)
    present = tuple(level for level in model.levels if (own == level).any())
    entry = entry_of(records, view.unit)
    times = sorted({published_time(p, view.unit) for p in model.published.values()})
    shown = replace(
        view, arms=present, at=tuple(times), hide=("bands", "medians"), strata=(), facet=""
    )
    result = None
    if present:
        result = survival.analyse(
            *measured(records, view.unit)[:2],
            own,
            entry=entry,
            arms=present,
            ci=view.ci,
            level=view.level,
            landmarks=times,
            ended=ended(records, endpoint),
            compared=False,  # the forest compares the arms, nothing the levels
        )
    colors = _COLORS.get(len(model.levels), _COLORS[4])
    arms = tuple(
        Arm(level, "single", color, dash)
        for level, color, dash in zip(model.levels, colors, _DASHES, strict=False)
        if level in present
    )
    curves = result.curves if result else ()
    marks = ticks(shown, max((float(c.time[-1]) for c in curves), default=0.0))
    return SurvivalPage(
        study=study,
        view=shown,
        arms=arms,
        population=population,
        filters=(),
        counts={},
        endpoint=endpoint,
        result=result,
        reason=None if result else f"No patient has a level of {model.title}.",
        ticks=marks,
        at_risk=tuple(
            at_risk_table(c, marks, None if entry is None else entry[own == c.arm]) for c in curves
        ),
        provenance=(),
        records=records,
        address=View(),
        of_levels=True,
    )
