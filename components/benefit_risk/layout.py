"""The page of benefit and risk: a sentence, icon arrays of 100 patients, and the numbers."""

from __future__ import annotations

from typing import Any

from components import html, island
from components import page as frame
from components.answer import answer, chip
from components.benefit_risk.figure import drawn, icons_figure
from components.controls import Settings, choice, time_text
from components.page import Files
from components.parts import explained, row, small, table, with_limits, with_reason
from components.rail import rail
from components.shell import help_button
from components.studio.figure import USUAL, Canvas
from services import format as fmt
from services import names
from services.pages.benefit_risk.records import BenefitRiskPage, MeanTime, Outcome
from services.statistics.results import Estimate

NAME = "benefit-risk"


def benefit_risk_layout(
    page: BenefitRiskPage, query: str, scheme: str, compact: bool, files: Files
) -> Any:
    """Content of the page; arguments as of ``survival_layout``."""
    figure = icons_figure(page, scheme, compact)
    card = frame.figure_card(
        NAME, [html.H2("Of 100 patients"), frame.chart(NAME, figure)], drawn(page)
    )
    return frame.study_page(
        NAME,
        page.study,
        query,
        words(page, files, figure["layout"]["height"]),
        [
            frame.answer_place(NAME),
            island.island("benefit-risk-problem"),
            html.Div(card, frame.numbers_place(NAME), className="columns"),
            frame.take_away_place(NAME),
        ],
        beside=rail(page, settings(page), NAME),
        classes="page safety-page",
    )


def settings(page: BenefitRiskPage) -> list[Any]:
    """The settings in the rail."""
    setting = Settings(NAME, control_values(page), page.view.unit)
    return [
        setting(choice, "endpoint", [(e.id, e.label) for e in page.study.endpoints]),
        setting.field("diff"),
        setting.compared([a.name for a in page.study.arms], page.pair is None),
        setting.time_unit(),
    ]


def control_values(page: BenefitRiskPage) -> dict[str, Any]:
    """What each control holds for a page, by field of ``View``."""
    return {
        "endpoint": page.view.endpoint,
        "diff": time_text(page.time),
        "versus": page.pair[0] if page.pair else None,
        "reference": page.pair[1] if page.pair else None,
        "unit": page.view.unit,
    }


def words(page: BenefitRiskPage, files: Files, height: int) -> dict[str, Any]:
    """Everything beside the chart, for the page's store; ``height`` is the chart's, in pixels."""
    return island.content(
        {
            "benefit-risk-answer": answer(page),
            "benefit-risk-problem": frame.problem(page.reason),
            "benefit-risk-numbers": numbers(page),
            "benefit-risk-provenance": frame.provenance(page.provenance),
            "benefit-risk-take-away": (
                frame.files(NAME, page, page.address, files) if drawn(page) else None
            ),
        },
        heights={"benefit-risk-chart": height},
        hidden={"benefit-risk-figure": not drawn(page), "benefit-risk-numbers": bool(page.reason)},
    )


def numbers(page: BenefitRiskPage) -> list[Any]:
    """Shares, differences and numbers needed."""
    if page.reason is not None:
        return []
    words = fmt.level(page.view.level)
    children: list[Any] = []
    for outcome in page.outcomes:
        children.append(
            html.H2(
                f"{outcome.title}, {names.time(outcome.time, page.view.unit)}",
                help_button(f"{outcome.population}; {outcome.method}.", outcome.title),
                None if outcome.counted else chip(),
            )
        )
        if outcome.beyond:
            children.append(html.P(f"Told {outcome.beyond}.", className="hint"))
        if outcome.reason is not None:
            children.append(html.P(outcome.reason, className="hint"))
            continue
        rows = []
        for arm in page.arms:
            found = outcome.arms[arm.name]
            rows.append(row([arm.name, small(f"N = {found.n:,}")], _share(found.share)))
        if outcome.difference is not None and page.pair is not None:
            rows.append(row("Difference, of 100", _difference(outcome.difference)))
            rows.append(row(*_needed(outcome)))
        children.append(table(["", f"Of 100 ({words} CI)"], rows))
    return children + [part for mean in page.mean_times for part in _mean_time(page, mean)]


def _mean_time(page: BenefitRiskPage, mean: MeanTime) -> list[Any]:
    """Mean times of the arms, and what is gained or lost."""
    unit, level = page.view.unit, fmt.level(page.view.level)
    over = names.time(mean.tau, unit)
    head = html.H2(
        f"{mean.title}, over {over}",
        help_button(f"{names.capital(mean.method)}.", mean.title),
        None if mean.published else chip(),
    )
    if mean.reason is not None:
        return [head, html.P(mean.reason, className="hint")]

    def cell(value: Estimate, signed: bool = False) -> Any:
        if value.estimate is None:
            return with_reason(fmt.NOT_ESTIMABLE, value.reason)
        show = fmt.signed_time if signed else fmt.time
        if value.lower is None or value.upper is None:
            return with_reason(show(value.estimate, unit), value.reason)
        return with_limits(
            show(value.estimate, unit), f"{show(value.lower, unit)} to {show(value.upper, unit)}"
        )

    rows = [row(arm.name, cell(mean.arms[arm.name])) for arm in page.arms]
    if mean.difference is not None:
        label = f"{unit.capitalize()} gained" if mean.id == "free" else "Difference"
        rows.append(row(label, cell(mean.difference, signed=True)))
    return [head, table(["", f"Mean {unit} ({level} CI)"], rows)]


def _share(share: Estimate) -> Any:
    if share.estimate is None:
        return with_reason(fmt.NOT_ESTIMABLE, share.reason)
    if share.lower is None or share.upper is None:
        return fmt.share(share.estimate)
    return with_limits(fmt.share(share.estimate), fmt.share_interval(share.lower, share.upper))


def _difference(value: Estimate) -> Any:
    if value.estimate is None:
        return with_reason(fmt.NOT_ESTIMABLE, value.reason)
    if value.lower is None or value.upper is None:
        return html.Span(
            fmt.points(value.estimate), small(f"no interval; {value.reason}", words=True)
        )
    return with_limits(fmt.points(value.estimate), fmt.points_interval(value.lower, value.upper))


def _needed(outcome: Outcome) -> tuple[Any, Any]:
    """ "Treat 4 for one more": to treat where it is good, to harm where it is bad."""
    difference, needed = outcome.difference, outcome.number_needed
    good = outcome.id == "benefit"
    if difference is not None and difference.estimate is not None and difference.estimate < 0:
        good = not good
    title = "Number needed to treat" if good else "Number needed to harm"
    told = (
        "How many patients must be treated for one more to benefit."
        if good
        else "How many patients must be treated for one more to be harmed."
    )
    label = explained(title, told)
    if needed is None or needed.estimate is None or needed.lower is None or needed.upper is None:
        reason = needed.reason if needed is not None else None
        return label, html.Span(f"Not shown: {reason}" if reason else "", className="not-given")
    limits = f"{fmt.rate(needed.lower)} to {fmt.rate(needed.upper)}"
    return label, with_limits(fmt.rate(needed.estimate), limits)


def image(page: BenefitRiskPage, canvas: Canvas = USUAL) -> dict[str, Any]:
    """The figure as it stands alone in an image: on white, wide, with its provenance inside.

    Raises
    ------
    UserError : there is none
    """
    figure = icons_figure(page, "light", canvas.compact, canvas.more)
    reason = page.reason or "No percentage can be estimated."
    return frame.image(
        figure, page.study, page.answer, page.provenance, reason, page.headlines, canvas=canvas
    )
