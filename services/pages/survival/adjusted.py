"""Comparisons adjusted for baseline factors: models, curves, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from services import names, survival
from services.json_text import to_json
from services.pages.caution import FEW_EVENTS
from services.pages.survival.records import (
    SIMULATED,
    Adjusted,
    AdjustedCurve,
    AdjustedTerm,
    Adjustment,
    SurvivalPage,
)
from services.pages.survival.words import ratio_words
from services.statistics.adjusted import CoxFit
from services.statistics.results import NotEstimable, or_reason
from services.statistics.standardized import standardized
from services.study import population as pop
from services.study.model import SUBJECT, Study
from services.study.rows import entry_of, measured
from services.views.study import View


def of_records(
    study: Study, view: View, records: pd.DataFrame, strata: np.ndarray | None
) -> Adjustment | None:
    """The models and curves of ``view.adjust``; ``None`` if it names nothing to compare.

    Parameters
    ----------
    records : TIME (days), EVENT, ARM_PLANNED; strata : (n,) codes: the models are then within them
    """
    if not view.adjust or len(view.arms) < 2 or records.empty:
        return None
    columns = {name: names.label(pop.column(study, name).label) for name in view.adjust}
    values, levels = _factors(study, view.adjust, records)
    models = {
        arm: _model(study, view, records, values, columns, levels, arm, strata)
        for arm in view.arms[1:]
    }
    curves: tuple[AdjustedCurve, ...] = ()
    reason: str | None = "they are drawn without strata only"
    if entry_of(records, view.unit) is not None:
        reason = "they are drawn without entry times only"
    elif strata is None:
        curves, reason = _curves(view, records, values)
    return Adjustment(columns, levels, values, models, curves, reason)


def _factors(
    study: Study, wanted: Sequence[str], records: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """The factors of each record, and the levels of those that are no numbers."""
    rows = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
    made: dict[str, Any] = {}
    levels: dict[str, tuple[str, ...]] = {}
    for name in wanted:
        if pop.column(study, name).kind == "numeric":
            made[name] = study.subjects[name].to_numpy(dtype=float, na_value=np.nan)[rows]
            continue
        made[name] = pop.categorical(study, name)[rows]
        levels[name] = pop.level_codes(study, name)[1]
    return pd.DataFrame(made, index=records.index), levels


def _model(
    study: Study,
    view: View,
    records: pd.DataFrame,
    values: pd.DataFrame,
    columns: dict[str, str],
    levels: dict[str, tuple[str, ...]],
    arm: str,
    strata: np.ndarray | None,
) -> Adjusted:
    time, event, planned = measured(records, view.unit)
    reference = view.arms[0]
    both = (planned == reference) | (planned == arm)
    both &= True if strata is None else ~np.isnan(strata)
    known = both & values.notna().all(axis=1).to_numpy()
    treated = "ARM".ljust(max(map(len, columns)) + 1, "_")  # longer than any other
    frame = pd.concat(
        [pd.Series((planned == arm).astype(float), values.index, name=treated), values], axis=1
    )[known]
    options: dict[str, Any] = {"strata": None if strata is None else strata[known]}
    if (entry := entry_of(records, view.unit)) is not None:
        options["entry"] = entry[known]
    fit, reason = or_reason(
        survival.cox, time[known], event[known], frame, level=view.level, **options
    )
    same, why = or_reason(
        survival.hazard_ratio,
        time[known],
        event[known],
        planned[known] == arm,
        level=view.level,
        names=(reference, arm),
        **options,
    )
    tests, tests_reason = or_reason(
        survival.proportional_hazards_by_term, time[known], event[known], frame, **options
    )
    ratio = fit.terms[0].hazard_ratio if fit and same else None
    reason = why or reason or (fit.terms[0].reason if fit else None)
    units = {name: pop.column(study, name).unit for name in columns}
    if ratio is None:
        tests, tests_reason = (), reason
    terms = _terms(fit, frame, columns, levels, arm, reference, units) if fit else ()
    n, missing = int(known.sum()), int(both.sum() - known.sum())
    events = int(event[known].sum())
    made = Adjusted(
        arm=arm,
        reference=reference,
        hazard_ratio=ratio,
        reason=None if ratio else reason,
        n=n,
        n_missing=missing,
        events=events,
        same_patients=same,
        terms=terms,
        tests={"" if t.name == treated else t.name: replace(t, name="") for t in tests or ()},
        tests_reason=tests_reason,
        sentence="",
        caution=_caution(events, len(fit.terms) if fit else 0),
    )
    held = strata is not None and len(np.unique(strata)) > 1
    said = _sentence(view, list(columns.values()), made, study.kind == "simulated", held)
    return replace(made, sentence=said)


def _terms(
    fit: CoxFit,
    frame: pd.DataFrame,
    columns: dict[str, str],
    levels: dict[str, tuple[str, ...]],
    arm: str,
    reference: str,
    units: dict[str, str],
) -> tuple[AdjustedTerm, ...]:
    first = fit.terms[0]
    found = [AdjustedTerm("", arm, arm, reference, first.hazard_ratio, first.reason)]
    for term, place in zip(fit.terms[1:], fit.assign[1:], strict=True):
        name = str(frame.columns[place])
        level = term.name.removeprefix(f"{name}=") if name in levels else ""
        present = [text for text in levels.get(name, ()) if (frame[name] == text).any()]
        against = present[0] if level else ""
        found.append(
            AdjustedTerm(
                name,
                columns[name],
                level,
                against,
                term.hazard_ratio,
                term.reason,
                "" if level else units.get(name, ""),
            )
        )
    return tuple(found)


def _sentence(view: View, labels: list[str], found: Adjusted, simulated: bool, held: bool) -> str:
    """The adjusted ratio, who it is of, and who is left out of it."""
    ratio, same = found.hazard_ratio, found.same_patients
    told = ratio_words(ratio, view) if ratio else f"hazard ratio not estimable ({found.reason})"
    within = " within the strata" if held else ""
    parts = [
        f"Adjusted for {names.join_and(labels)}{within}: {told}, {names.count(found.n, 'patient')}."
    ]
    if found.n_missing:
        verb = "is" if found.n_missing == 1 else "are"
        who = f"{names.count(found.n_missing, 'patient')} without a value {verb} left out"
        rest = f"; unadjusted, the others have {ratio_words(same, view)}" if same else ""
        parts.append(f"{names.capital(who)}{rest}.")
    return " ".join([*parts, *([SIMULATED] if simulated else [])])


def _caution(events: int, coefficients: int) -> str:
    if not coefficients or events >= FEW_EVENTS * coefficients:
        return ""
    return (
        f"{names.capital(names.count(events, 'event'))} for"
        f" {names.count(coefficients, 'coefficient')}: fewer than {FEW_EVENTS} each, so the model"
        " is unstable."
    )


def _curves(
    view: View, records: pd.DataFrame, values: pd.DataFrame
) -> tuple[tuple[AdjustedCurve, ...], str | None]:
    time, event, planned = measured(records, view.unit)
    known = values.notna().all(axis=1).to_numpy() & np.isin(planned, view.arms)
    present = [arm for arm in view.arms if (planned[known] == arm).any()]
    try:
        if len(present) < 2:
            raise NotEstimable("fewer than two arms have every factor")
        at, found = standardized(
            time[known], event[known], planned[known], values[known], arms=present
        )
    except NotEstimable as answer:
        return (), answer.reason
    curves = []
    for arm, own in zip(present, found, strict=True):
        end = float(time[known & (planned == arm)].max())
        shown = at <= end
        curves.append(
            AdjustedCurve(
                arm,
                int(known.sum()),
                np.append(at[shown], end),
                np.append(own[shown], own[shown][-1]),
            )
        )
    return tuple(curves), None


def provenance(adjustment: Adjustment | None) -> tuple[tuple[str, str], ...]:
    """What the adjustment rests on, for the lines under the page."""
    if adjustment is None:
        return ()
    left = max((m.n_missing for m in adjustment.models.values()), default=0)
    who = f"; {names.count(left, 'patient')} without a value left out" if left else ""
    curves = (
        "adjusted curves: mean of the model's curves of all patients (direct standardization);"
        " numbers at risk are counted, not weighted"
        if adjustment.curves
        else f"no adjusted curves: {adjustment.reason}"
    )
    labels = names.join_and(list(adjustment.columns.values()))
    return (("Adjustment", f"Cox model with {labels}; numbers enter linearly{who}; {curves}"),)


_RATIO = ("estimate", "lower", "upper", "log_se", "p")


def in_json(page: SurvivalPage, arm: str) -> dict[str, Any]:
    """The keys of a comparison that are of its adjusted model."""
    found = page.adjustment.models.get(arm) if page.adjustment else None
    if found is None:
        return {"adjusted_hazard_ratio": None}
    made = to_json(found)
    for item in (made, *made["terms"]):
        ratio = item["hazard_ratio"]
        item["hazard_ratio"] = ratio and {k: ratio[k] for k in _RATIO}
    same = made["same_patients"]
    made["same_patients"] = same and {k: same[k] for k in _RATIO}
    return {
        "adjusted_hazard_ratio": made.pop("hazard_ratio"),
        "adjusted": {k: v for k, v in made.items() if k not in ("arm", "reference")},
    }


def curves_in_json(page: SurvivalPage) -> dict[str, Any]:
    """The adjusted curves, and why there are none; nothing where none were asked for."""
    if page.adjustment is None:
        return {}
    found = page.adjustment
    return {
        "adjustment": {
            "columns": found.columns,
            "curves": to_json(found.curves),
            "reason": found.reason,
        }
    }


def in_csv(page: SurvivalPage) -> list[tuple[str, str]]:
    """Lines for the head of a CSV, with all digits."""
    lines = []
    for arm, found in page.adjustment.models.items() if page.adjustment else ():
        ratio, about = found.hazard_ratio, f"Adjusted, {names.arm(arm)}"
        told = [found.sentence, found.caution]
        if ratio:
            told.append(f"In full: {ratio.estimate!r} ({ratio.lower!r} to {ratio.upper!r}).")
        lines.append((about, " ".join(filter(None, told))))
    return lines


TERMS = (
    *("arm", "reference", "term", "level", "against", "hazard_ratio", "lower", "upper", "p"),
    *("reason", "ph_chi2", "ph_df", "ph_p"),
)


def term_rows(adjustment: Adjustment | None) -> list[tuple[Any, ...]]:
    """A row of ``TERMS`` per coefficient."""
    rows = []
    for found in adjustment.models.values() if adjustment else ():
        for term in found.terms:
            ratio, test = term.hazard_ratio, found.tests.get(term.column)
            cells = (ratio.estimate, ratio.lower, ratio.upper, ratio.p) if ratio else [None] * 4
            tested = (test.chi2, test.df, test.p) if test else [None] * 3
            head = (found.arm, found.reference, term.column or "ARM", term.level, term.against)
            rows.append((*head, *cells, term.reason, *tested))
    return rows
