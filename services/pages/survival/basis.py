"""What every number of a survival view is made of: who, whose records, strata and estimates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from services import survival
from services.arrays import BoolArray, FloatArray, IntArray
from services.pages.defaults import default_plot, minimal, resolve
from services.pages.records import Compared, Totals
from services.pages.survival import methods
from services.pages.survival import plots as survival_plots
from services.replaced import replace
from services.statistics.results import Leading, SurvivalResult
from services.study import population as pop
from services.study.model import SUBJECT, Arm, Endpoint, Study
from services.study.records import Population, Stratum
from services.study.rows import (
    ended,
    endpoint_records,
    entry_of,
    measured,
    strata_codes,
    strata_told,
)
from services.views.study import View


@dataclass(frozen=True, eq=False)
class Basis:
    """A survival view and its estimates.

    ``view`` has the study's defaults and a plot that there is, ``address`` is without those;
    ``plots`` lists all there are. ``records`` has a row per patient, ``codes`` the stratum of each
    and ``entry`` when each came under observation, both ``None`` without any. ``facet`` is the
    label of the column small charts are drawn by, "" without. ``left_out`` ended by the landmark.
    ``totals`` are the patients and events of each arm and the ``leading`` ratios; ``result`` has
    all of it, and is ``None`` without records or where no more was asked for.
    """

    view: View
    address: View
    endpoint: Endpoint
    arms: tuple[Arm, ...]
    population: Population
    records: pd.DataFrame
    left_out: pd.DataFrame
    plots: tuple[str, ...]
    strata: tuple[Stratum, ...]
    facet: str
    codes: IntArray | None
    entry: FloatArray | None
    totals: Totals
    leading: Leading
    result: SurvivalResult | None
    provenance: methods.Notes


def basis_of(study: Study, asked: View, whole: bool = True) -> Basis:
    """The basis of ``study`` as ``asked`` has it.

    Parameters
    ----------
    whole : with ``result``

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    view = resolve(study, asked)
    endpoint = study.endpoint(view.endpoint)
    arms = tuple(a for a in study.arms if a.name in view.arms)
    view = replace(view, plot=view.plot or default_plot(endpoint, view))
    population = pop.select(study, view, view.arms)
    records = endpoint_records(study, endpoint.id, population.mask)
    rows = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
    out = left_out(study, population)
    without = population.n - int((np.bincount(rows) > 0).sum()) - len(out)
    plots = survival_plots.available(endpoint, records, len(view.arms), bool(view.adjust))
    if study.delayed(endpoint.id):
        plots = tuple(plot for plot in plots if plot != "types")
    address = minimal(study, view if view.plot in plots else replace(view, plot=""))
    if view.plot not in plots:
        view = replace(view, plot="curves")
    strata = strata_told(study, view, records[SUBJECT])
    codes = strata_codes(study, tuple(stratum.name for stratum in strata), records[SUBJECT])
    entry = entry_of(records, view.unit)
    told = methods.provenance(study, view, endpoint, arms, population, without, strata)
    facet = next((stratum.label for stratum in strata if stratum.name == view.facet), "")
    given = measured(records, view.unit)
    result: SurvivalResult | None = None
    if whole and len(records):
        result = survival.analyse(
            *given,
            entry=entry,
            arms=view.arms,
            strata=codes,
            ci=view.ci,
            level=view.level,
            landmarks=view.at,
            tau=view.tau,
            ended=ended(records, endpoint),
        )
        totals, leading = _totals(result), result.leading
    else:
        totals, leading = _totals_of(view, *given, codes, entry)
    return Basis(
        view=view,
        address=address,
        endpoint=endpoint,
        arms=arms,
        population=population,
        records=records,
        left_out=out,
        plots=plots,
        strata=strata,
        facet=facet,
        codes=codes,
        entry=entry,
        totals=totals,
        leading=leading,
        result=result,
        provenance=methods.of_plot(told, view, strata, facet, entry is not None),
    )


def left_out(study: Study, population: Population) -> pd.DataFrame:
    """Records of the population that ended by the landmark."""
    if study.reconsidered is None:
        return pd.DataFrame({SUBJECT: [], "EVENT": [], "EVENT_TYPE": []})
    found = study.reconsidered.left_out
    rows = study.subjects.index.get_indexer(pd.Index(found[SUBJECT]))
    return found[population.mask[rows]]


def _totals(result: SurvivalResult) -> Totals:
    compared = result.comparisons
    return Totals(
        {c.arm: c.n for c in result.curves},
        {c.arm: c.events for c in result.curves},
        tuple(Compared(c.arm, c.reference, c.lead_hazard_ratio, c.lead_reason) for c in compared),
    )


def _totals_of(
    view: View,
    time: FloatArray,
    event: BoolArray,
    arm: np.ndarray,
    codes: IntArray | None,
    entry: FloatArray | None,
) -> tuple[Totals, Leading]:
    """The same without a result, and what leads it."""
    if not len(time):
        return Totals({}, {}, ()), "unstratified"
    inside = {name: arm == name for name in view.arms}
    inside = {name: those for name, those in inside.items() if those.any()}
    leading, ratios = survival.leading_hazard_ratios(
        time, event, arm, arms=view.arms, strata=codes, level=view.level, entry=entry
    )
    reference = view.arms[0]
    return Totals(
        {name: int(those.sum()) for name, those in inside.items()},
        {name: int(event[those].sum()) for name, those in inside.items()},
        tuple(Compared(name, reference, *found) for name, found in ratios.items()),
    ), leading
