"""The tables of numbers beside the survival chart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from components import html
from components.at_risk import MANY_ARMS
from components.parts import estimate, explained, row, small, table, with_limits, with_reason
from components.shell import help_button
from components.survival.adjusted import adjusted_section
from components.survival.robustness import rests_on
from services import format as fmt
from services import names
from services.names import isolated
from services.pages.survival.records import SurvivalPage, TypesOfEvent
from services.statistics.results import Comparison, Curve, Estimate, HazardRatio, Landmark, Rmst

if TYPE_CHECKING:
    from services.statistics.results import IncidenceLandmark

NOT_REACHED_HELP = (
    "NR, not reached: fewer than half of the patients had the event during follow-up, so the "
    "median time is not yet known."
)
FOLLOW_UP_HELP = (
    "NR, not reached: fewer than half of the patients were followed without the event for long "
    "enough to determine the median."
)
NOT_ESTIMABLE_HELP = "NE, not estimable: the data do not determine this limit."


def numbers_panel(page: SurvivalPage) -> list[Any]:
    """Everything beside the chart of a page that has a result."""
    assert page.result is not None
    by_name = {c.arm: c for c in page.result.curves}
    curves = [by_name[a.name] for a in page.arms if a.name in by_name]
    children = [
        html.H2(f"By {page.view.side}" if len(curves) > 1 else "Estimates"),
        html.P(f"Times are counted from {page.view.since}.", className="table-note")
        if page.view.since
        else None,
        _arm_table(page, curves),
    ]
    compared = page.result.comparisons
    sections = [_comparison(page, comparison, many=len(compared) > 1) for comparison in compared]
    together = html.Div(sections, className="comparisons")
    children.append(
        together if len(compared) <= MANY_ARMS else _folded(together, len(compared), page.view.side)
    )
    test = page.result.lead_log_rank
    if test is not None and len(curves) > 2:
        kind = "stratified log-rank" if page.result.leading == "stratified" else "log-rank"
        children.append(
            html.P(
                f"All {len(curves)} {page.view.side}s: {kind} chi-square {test.chi2:.2f} on"
                f" {test.df} df, {fmt.p_equals(test.p)}",
                className="table-note after",
            )
        )
    return children


def _folded(comparisons: Any, n: int, side: str) -> Any:
    """Many comparisons, one below the other, would hide what follows them."""
    summary = html.Summary(f"The {n} comparisons with the reference {side}")
    return html.Details(summary, comparisons, className="more")


def _survival(mark: Landmark) -> Any:
    if mark.survival is None:
        return with_reason(fmt.NOT_ESTIMABLE, mark.reason or "No patient was followed this long.")
    return _share(mark.survival, mark.lower, mark.upper)


def _share(share: float, lower: float | None, upper: float | None) -> Any:
    if lower is None or upper is None:
        return fmt.percent(share)
    return with_limits(fmt.percent(share), fmt.share_interval(lower, upper))


def _time(record: Estimate, unit: str, why: str) -> Any:
    estimate, lower, upper = record.estimate, record.lower, record.upper
    return html.Span(
        with_reason(fmt.NOT_REACHED, why) if estimate is None else fmt.time(estimate, unit),
        html.Span(
            f"({fmt.time_interval(lower, upper, unit)})",
            className="interval",
            title=NOT_ESTIMABLE_HELP if lower is None or upper is None else None,
        )
        if estimate is not None or lower is not None
        else None,
    )


def _mean(record: Rmst, unit: str) -> Any:
    if record.estimate is None:
        return with_reason(fmt.NOT_ESTIMABLE, record.reason)
    limits = fmt.time_interval(record.lower, record.upper, unit)
    return with_limits(fmt.time(record.estimate, unit), limits)


def _times(page: SurvivalPage) -> list[tuple[int, float]]:
    """Index and time of each landmark; time 0, at which nothing has happened, tells nothing."""
    return [(i, time) for i, time in enumerate(page.view.at) if time > 0]


def _arm_table(page: SurvivalPage, curves: Sequence[Curve]) -> Any:
    unit = page.view.unit
    words = fmt.level(page.view.level)
    rows = [
        row("Patients", *(c.n for c in curves)),
        row("Events", *(f"{c.events:,} ({fmt.percent(c.events / c.n)})" for c in curves)),
    ]
    rows += _incidence_rows(page, curves)
    competing = page.endpoint.competing
    world = f", {names.if_nothing_else(competing)}" if competing else ""
    if not page.few_events:
        rows.append(
            row(
                explained(
                    f"Median, {unit}{world}",
                    f"Time by which half of the patients had the event, with its {words}"
                    " confidence interval. " + NOT_REACHED_HELP,
                ),
                *(_time(c.median, unit, NOT_REACHED_HELP) for c in curves),
            )
        )
    for i, time in _times(page):
        rows.append(
            row(
                share_of(page, f"at {names.time(time, unit)}"),
                *(_survival(c.landmarks[i]) for c in curves),
            )
        )
    taus = {c.rmst.tau for c in curves}
    tau = max(taus) if taus else 0.0
    rows += [
        row(
            explained(
                f"Average time within {fmt.time(tau, unit)} {unit}{world}",
                "Restricted mean survival time: the average event-free time within this period,"
                " which is the area under the curve up to then.",
            ),
            *(_mean(c.rmst, unit) for c in curves),
        ),
        row(
            explained(
                f"Follow-up, {unit}",
                "Median follow-up by the reverse Kaplan-Meier method: how long patients were "
                "observed, with events, also those that compete, counted as censored.",
            ),
            *(_time(c.follow_up, unit, FOLLOW_UP_HELP) for c in curves),
        ),
    ]
    made = table(["", *(c.arm for c in curves)], rows, label="Estimates by arm")
    made.className += " many-arms" if len(curves) > 2 else ""
    return made


def share_of(page: SurvivalPage, when: str = "") -> str:
    """What the curves show; with competing events that is not what happened.

    Parameters
    ----------
    when : "at 12 months"
    """
    words = f"{names.capital(page.endpoint.short)} {when}".strip()
    competing = page.endpoint.competing
    return f"{words}, {names.if_nothing_else(competing)}" if competing else words


def _incidence_rows(page: SurvivalPage, curves: Sequence[Curve]) -> list[Any]:
    """What became of the patients by each landmark, where other events compete."""
    if page.competing is None or _told_by_type(page):
        return []
    sides = {side.arm: side for side in page.competing.incidences}
    rows = []
    for code, name in enumerate(page.competing.causes):
        words = page.endpoint.happened or "had had the event"
        done = names.capital((words if code == 0 else names.came_first(name)).removeprefix("had "))
        for i, time in _times(page):
            marks = [sides[c.arm].causes[code].landmarks[i] for c in curves]
            label = f"{done} by {names.time(time, page.view.unit)}"
            rows.append(row(label, *map(incidence, marks)))
    return rows


def _told_by_type(page: SurvivalPage) -> bool:
    """Whether the tables by type of event say the same: one type of it, and what competes."""
    found, told = page.extra, page.competing
    return isinstance(found, TypesOfEvent) and len(found.types) == len(told.causes if told else ())


def incidence(mark: IncidenceLandmark) -> Any:
    """A cumulative incidence with its interval, or why there is none."""
    if mark.incidence is None:
        return with_reason(fmt.NOT_ESTIMABLE, mark.reason)
    return _share(mark.incidence, mark.lower, mark.upper)


def _comparison(page: SurvivalPage, comparison: Comparison, many: bool) -> Any:
    arm, reference = comparison.arm, comparison.reference
    title = names.versus([arm], reference)
    stratified = comparison.leading == "stratified"
    specific = bool(page.endpoint.competing)
    ratio_help = (
        f"Rate of the event on {isolated(arm)} divided by that on {isolated(reference)};"
        f" {page.endpoint.ratio_rule(arm)}. Cox model, Efron ties."
    )
    # What was asked for stands first.
    sides = [
        (comparison.lead_hazard_ratio, comparison.lead_reason, comparison.lead_log_rank),
        (comparison.hazard_ratio, comparison.reason, comparison.log_rank),
    ][: 2 if stratified else 1]
    ratios = [_ratio(page, ratio, reason) for ratio, reason, _ in sides]
    wald = [_p(ratio.p if ratio else None) for ratio, _, _ in sides]
    score = [_p(ratio.p_score if ratio else None) for ratio, _, _ in sides]
    log_rank = [_p(test.p if test else None) for _, _, test in sides]
    name = "Cause-specific hazard ratio" if specific else "Hazard ratio"
    rows = [
        row(explained(name, ratio_help), *ratios),
        row("p, Wald test", *wald),
        row("p, score test", *score) if page.late else row("p, log-rank test", *log_rank),
    ]
    return html.Section(
        html.H2(title if many else "Comparison"),
        html.P(title, className="table-note") if not many else None,
        table(["", "Stratified", "Unstratified"] if stratified else [], rows, "numbers comparison"),
        table(
            ["", "Unstratified"] if stratified else [],
            _differences(page, comparison),
            "numbers comparison",
        ),
        _constancy(page, comparison),
        _caution(page, comparison),
        adjusted_section(page, comparison),
        rests_on(page, arm),
    )


def _ratio(page: SurvivalPage, ratio: HazardRatio | None, reason: str | None) -> Any:
    if ratio is None:
        why = small(reason, words=True) if reason else html.Span(className="interval")
        return html.Span(with_reason(fmt.NOT_ESTIMABLE, reason or "No estimate."), why)
    # Two columns leave no room for the level, which the provenance line gives.
    alone = not (page.view.strata or page.view.facet)
    words = f"{fmt.level(page.view.level)} CI " if alone else ""
    limits = f"{words}{fmt.ratio_interval(ratio.lower, ratio.upper)}"
    return with_limits(html.Strong(fmt.ratio(ratio.estimate)), limits)


def _p(p: float | None) -> Any:
    return fmt.p_value(p) if p is not None else with_reason(fmt.NOT_ESTIMABLE, NOT_ESTIMABLE_HELP)


def _differences(page: SurvivalPage, comparison: Comparison) -> list[Any]:
    """Difference in survival at each landmark, and in the restricted mean."""
    unit = page.view.unit
    rows = []
    for item in comparison.landmark_differences:
        if item.time == 0:
            continue
        label = f"Difference at {names.time(item.time, unit)}"
        points = estimate(item, lambda v: f"{fmt.points(v)} points", fmt.points_interval)
        rows.append(row(label, points))
    mean = comparison.rmst_difference
    if mean is not None:
        name = explained(
            f"{page.endpoint.gained(unit)} within {fmt.time(mean.tau, unit)}",
            f"Difference in restricted mean time: how much longer, on average, patients on"
            f" {isolated(comparison.arm)} stayed {page.endpoint.short} within this period.",
        )
        rows.append(row(name, estimate(mean, partial(fmt.signed_time, unit=unit))))
    return rows


def _constancy(page: SurvivalPage, comparison: Comparison) -> Any:
    """Whether one hazard ratio describes the whole period, in plain words."""
    test = comparison.lead_proportional_hazards
    if test is None:
        return None
    stratified = ", stratified" if comparison.leading == "stratified" else ""
    return html.P(
        page.said[comparison.arm].constancy,
        f" (Test of proportional hazards{stratified}: {fmt.p_equals(test.p)})",
        help_button(
            "Score test of the scaled Schoenfeld residuals against Kaplan-Meier time (cox.zph"
            " in R). With few events it often fails to detect a change.",
            "Proportional hazards",
        ),
        className="table-note after",
    )


def _caution(page: SurvivalPage, comparison: Comparison) -> Any:
    """What the arms are too small for."""
    words = page.said[comparison.arm].caution
    return html.P(words, className="table-note after") if words else None
