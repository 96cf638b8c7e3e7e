"""The curves of a survival view as one table: what its chart draws, at full resolution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from services.csv_text import safe_cell, write_frame, write_notes, write_table
from services.json_text import to_json
from services.pages.export import (
    TIMES,
    column_name,
    csv_head,
    json_head,
    limit_cells,
    limits_words,
    own_columns,
    patients_file,
    settings,
    told,
)
from services.pages.records import Mover
from services.pages.scripts import Scripts, Value, named
from services.pages.survival import adjusted, changing, competing, robustness
from services.pages.survival.records import (
    Facet,
    HazardsOverTime,
    MeanOverTime,
    SurvivalPage,
    TypesOfEvent,
)
from services.pages.survival.what_if import what_if_json
from services.statistics.results import Comparison, Curve, Test

CURVE = (
    *("arm", "time", "at_risk", "n_event", "n_censor"),
    *("survival", "std_err", "lower", "upper"),
)
_RATIO = ("hazard_ratio", "hr_lower", "hr_upper", "hr_reason")
_TYPES = (
    *("arm", "type", "time", "at_risk", "n_event", "incidence", "std_err", "lower", "upper"),
    *("gray_chi2", "gray_df", "gray_p", "gray_reason"),
    *competing.COLUMNS,
)
_HAZARDS = (
    *("arm", "reference", "what", "time", "hazard_ratio", "lower", "upper"),
    *("ph_chi2", "ph_df", "ph_p", "ph_reason", "chi2", "df", "p"),
)
_MOVER = (
    *("subject", "arm", "from_time", "from_event", "from_reason"),
    *("to_time", "to_event", "to_reason"),
)


@dataclass(frozen=True)
class ViewTable:
    """A table and what its columns hold: units, level, direction."""

    columns: tuple[str, ...]
    meaning: str
    rows: tuple[tuple[Any, ...], ...]


def view_table(page: SurvivalPage) -> ViewTable:
    """What the view draws: curves, types of event, hazards or means over time, small charts."""
    view, extra = page.view, page.extra
    unit, limits = view.unit, limits_words(view.level)
    if isinstance(extra, TypesOfEvent):
        return ViewTable(
            _TYPES,
            f"time in {unit}; incidence 0 to 1 of that type, the others competing; {limits}"
            f" ({view.ci}); gray_: Gray's test of all arms for the type;"
            " cs_, fg_: cause-specific and Fine-Gray hazard ratio of the arm versus the reference",
            tuple(_types(extra)),
        )
    if view.plot == "hazards":
        return ViewTable(
            _HAZARDS,
            f"time in {unit}; what: constant (the fitted ratio), smooth, or the scaled residual of"
            " one event; before and after a time (chi2: of their difference); weighted tests;"
            f" {limits}, pointwise; ph_: test of proportional hazards",
            tuple(_hazards(cast(tuple[HazardsOverTime, ...], extra or ()))),
        )
    if view.plot == "means":
        return ViewTable(
            ("arm", "reference", "tau", "difference", "lower", "upper"),
            f"{unit} gained on the arm within tau {unit}; {limits}",
            tuple(_means(cast(tuple[MeanOverTime, ...], extra or ()))),
        )
    if view.plot == "adjusted":
        return ViewTable(
            adjusted.TERMS,
            f"hazard_ratio of a level versus against, or per unit; {limits};"
            " ph_: test of proportional hazards of the term",
            tuple(adjusted.term_rows(page.adjustment)),
        )
    meaning = f"time in {unit}; survival 0 to 1; {limits} ({view.ci})"
    if view.facet:
        return ViewTable(
            ("level", *CURVE, *_RATIO),
            f"{meaning}; hazard_ratio of the arm versus the reference within the level",
            tuple(_facets(cast(tuple[Facet, ...], extra or ()))),
        )
    curves = page.result.curves if page.result else ()
    drawn = [row for c in curves for row in curve_rows(c)]
    if not page.adjustment:
        return ViewTable(CURVE, meaning, tuple(drawn))
    # A column of their own says which curves are the model's; they have no limits.
    rows = [(*row, "Kaplan-Meier") for row in drawn]
    for own in page.adjustment.curves:
        points = zip(own.time.tolist(), own.survival.tolist(), strict=True)
        rows += [(own.arm, t, *[None] * 3, s, *[None] * 3, "adjusted") for t, s in points]
    return ViewTable((*CURVE, "curve"), meaning, tuple(rows))


def curve_rows(curve: Curve) -> list[tuple[Any, ...]]:
    """A row of ``CURVE`` per distinct time."""
    columns = [to_json(getattr(curve, name)) for name in CURVE[1:]]
    return [(curve.arm, *row) for row in zip(*columns, strict=True)]


def _tested(test: Test | None, reason: str | None) -> tuple[Any, ...]:
    return (test.chi2, test.df, test.p, None) if test else (None, None, None, reason)


def _types(extra: TypesOfEvent) -> Iterator[tuple[Any, ...]]:
    tests = dict(zip(extra.types, extra.tests, strict=True))
    ratios = competing.cells(extra)
    for found in extra.incidences:
        shared = [to_json(found.time), to_json(found.at_risk)]
        for cause in found.causes:
            own = (cause.n_event, cause.incidence, cause.std_err, cause.lower, cause.upper)
            columns = [*shared, *map(to_json, own)]
            for row in zip(*columns, strict=True):
                pair = ratios.get((cause.cause, found.arm), (None,) * len(competing.COLUMNS))
                yield (found.arm, cause.cause, *row, *_tested(*tests[cause.cause]), *pair)


def _hazards(extra: tuple[HazardsOverTime, ...]) -> Iterator[tuple[Any, ...]]:
    none = (None,) * 3
    for pair in extra:
        head, found = (pair.arm, pair.reference), pair.residuals
        if found is None:
            yield (*head, "constant", *[None] * 4, *_tested(None, pair.reason), *none)
            yield from _changes(pair)
            continue
        test = _tested(found.test, found.reason)
        constant = float(np.exp(found.log_hazard_ratio))
        yield (*head, "constant", None, constant, None, None, *test, *none)
        smooth = (found.smooth, found.smooth_lower, found.smooth_upper)
        for row in zip(found.smooth_time.tolist(), *(np.exp(v).tolist() for v in smooth),
                       strict=True):  # fmt: skip
            yield (*head, "smooth", *row, *test, *none)
        for time, value in zip(found.time.tolist(), np.exp(found.residual).tolist(), strict=True):
            yield (*head, "residual", time, value, None, None, *test, *none)
        yield from _changes(pair)


def _changes(pair: HazardsOverTime) -> Iterator[tuple[Any, ...]]:
    for row in changing.rows(pair):
        yield (pair.arm, pair.reference, *row[:5], *[None] * 4, *row[5:])


def _means(extra: tuple[MeanOverTime, ...]) -> Iterator[tuple[Any, ...]]:
    for pair in extra:
        columns = (pair.tau, pair.estimate, pair.lower, pair.upper)
        for row in zip(*map(to_json, columns), strict=True):
            yield (pair.arm, pair.reference, *row)


def _facets(extra: tuple[Facet, ...]) -> Iterator[tuple[Any, ...]]:
    for facet in extra:
        ratios = {c.arm: _ratio(c) for c in facet.result.comparisons}
        for curve in facet.result.curves:
            for row in curve_rows(curve):
                yield (facet.level, *row, *ratios.get(curve.arm, (None,) * 4))


def _ratio(comparison: Comparison) -> tuple[Any, ...]:
    ratio = comparison.hazard_ratio
    return (*limit_cells(ratio), None if ratio else comparison.reason)


def survival_json(page: SurvivalPage) -> dict[str, Any]:
    """The body of ``/study/<id>/survival.json``; ``None`` is not estimable or not reached."""
    result = page.result
    return json_head(page) | {
        "settings": settings(page.view),
        **told(page),
        "curves": to_json(result.curves) if result else [],
        "log_rank": to_json(result.log_rank) if result else None,
        "stratified_log_rank": to_json(result.stratified_log_rank) if result else None,
        "comparisons": [
            to_json(c) | robustness.in_json(page, c) | adjusted.in_json(page, c.arm)
            for c in (result.comparisons if result else ())
        ],
        "leading": result.leading if result else None,
        "entered_late": page.late,
        "plot": page.view.plot,
        "extra": to_json(page.extra),
        "competing": to_json(page.competing),
        **adjusted.curves_in_json(page),
        **what_if_json(page),
    }


def survival_csv(page: SurvivalPage) -> str:
    """What the view's chart draws, a row per point; # lines say what the numbers are.

    Of reconsidered times a second table follows: the patients who move, as in the JSON.
    """
    table = view_table(page)
    out = csv_head(
        (*page.provenance, *adjusted.in_csv(page), *robustness.in_csv(page)),
        table.meaning,
        page.reason,
    )
    write_table(out, table.columns, table.rows)
    if page.what_if and page.what_if.movers:
        write_notes(out, [("Patients who move", f"times in {page.view.unit}; event 1 or 0")])
        write_table(out, _MOVER, (_mover(m) for m in page.what_if.movers))
    return out.getvalue()


def _mover(moved: Mover) -> tuple[Any, ...]:
    ends = (moved.given, moved.now)
    told = [cell for end in ends for cell in (end.time, int(end.event), end.reason)]
    return (moved.subject, moved.arm, *told)


def patients_csv(page: SurvivalPage) -> str:
    """The patients behind a survival page, one row each, as the scripts read them.

    TIME is in the view's unit, EVENT 1 or 0, STRATUM a number for each crossing of the strata
    chosen and STRATUM_LABEL its words, LEVEL that of small charts.
    """
    out = csv_head(
        page.provenance,
        f"{TIMES.format(page.view.unit)}; STRATUM numbers the strata that STRATUM_LABEL names",
        page.reason,
    )
    records = page.records
    beside = ["EVENT_TYPE", "STRATUM", "STRATUM_LABEL", *(["LEVEL"] if page.view.facet else [])]
    frame = pd.concat([own_columns(records, page.view.unit), records[beside]], axis=1)
    if page.adjustment:
        return patients_file(out, frame, page.adjustment.values)
    return write_frame(out, frame)


def _values(page: SurvivalPage) -> dict[str, Value]:
    view, adjustment = page.view, page.adjustment
    types = page.extra.types if isinstance(page.extra, TypesOfEvent) else ()
    compete = page.competing.causes if page.competing else ("",)
    return {
        "ARMS": named(view.arms),
        "STRATA": view.factors,
        "LANDMARKS": view.at,
        "TICKS": page.ticks,
        "CI": view.ci,
        "LEVEL": view.level,
        "TAU": view.tau,
        "PLOT": view.plot,
        "SPLIT": _split(page),
        "ADJUST": {
            safe_cell(column_name(name)): named(adjustment.levels.get(name, ()))
            for name in adjustment.columns
        }
        if adjustment
        else {},
        "FACET": view.facet if view.plot == "curves" else "",
        "EVENT": safe_cell(compete[0]),
        "TYPES": named(compete[1:]),
        "PLOT_TYPES": named(types),
    }


def _split(page: SurvivalPage) -> float | None:
    """The time before and after which the hazard ratio is given, if it is."""
    pairs = page.extra if isinstance(page.extra, tuple) else ()
    own = [p.change for p in pairs if isinstance(p, HazardsOverTime) and p.change]
    return own[0].piecewise.cut if own else None


SCRIPTS: Scripts[SurvivalPage] = Scripts(
    name="survival",
    title=lambda page: page.endpoint.label,
    patients=patients_csv,
    values=_values,
    address=lambda page: page.full_address,
)
python_script, r_script = SCRIPTS.python, SCRIPTS.r
