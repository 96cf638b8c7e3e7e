"""The tables of the page of states: mean times, probabilities, moves, and who is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components import html
from components.parts import row, small, table, with_limits, with_reason
from components.shell import help_button
from services import format as fmt
from services import names
from services.names import isolated
from services.pages.states.records import StatesOf, StatesPage
from services.statistics.states.records import InState, StateDifferences

MOST = 50  # patients left out that are listed


def numbers(page: StatesPage) -> list[Any]:
    """Mean times, then the probabilities at the landmarks, the latest first."""
    if page.reason is not None or page.whole is None:
        return []
    level = fmt.level(page.view.level)
    tau = names.time(page.tau, page.view.unit)
    about = (
        f"How long a patient is in each state on average, from the start to {tau}: the area under"
        f" its probability. The states add up to {tau}. Up to: {page.tau_words}."
    )
    note = f"In parentheses: {level} confidence interval."
    if one := _one(page.whole):
        note += f" Difference: {isolated(one.arm)} minus {isolated(one.reference)}."
    children: list[Any] = [
        html.H2(
            f"Mean {page.view.unit} in each state, over {tau}",
            help_button(about, "Mean time in each state"),
        ),
        html.P(note, className="hint"),
        _means(page, page.whole),
    ]
    for facet in page.facets:
        children += [html.H2(f"{_level(page, facet)}, n = {facet.n:,}"), _means(page, facet)]
    shares = [
        (names.time(time, page.view.unit), _shares(page, page.whole, i))
        for i, time in enumerate(page.view.at)
    ]
    *earlier, (when, last) = shares
    children += [html.H2(f"Probability in state at {when}, %"), last]
    if earlier:
        times = names.join_and([*map(names.moment, page.view.at[:-1])])
        tables = [
            part
            for when, made in earlier
            for part in (html.H3(f"Probability in state at {when}, %"), made)
        ]
        title = html.Summary(f"At {names.time(times, page.view.unit)}")
        children.append(html.Details(title, *tables, className="more"))
    return children


def _level(page: StatesPage, facet: StatesOf) -> str:
    column = page.study.columns.get(page.view.facet)
    return f"{isolated(column.label)}: {isolated(facet.label)}" if column else facet.label


def _one(group: StatesOf) -> StateDifferences | None:
    """The difference beside two arms; more arms have a table of theirs in the files."""
    return group.differences[0] if len(group.curves) == 2 and group.differences else None


def _shown(page: StatesPage, group: StatesOf) -> list[int]:
    """Places of the arms in their order on every page."""
    at = {c.arm: i for i, c in enumerate(group.curves)}
    return [at[a.name] for a in page.arms if a.name in at]


def _by_arm(page: StatesPage, group: StatesOf, rows: Sequence[tuple[list[Any], Any]]) -> Any:
    """A row per state with the arms' numbers, and under it what differs between two of them."""
    heads = ["", *(isolated(group.curves[i].arm) for i in _shown(page, group))]
    made = []
    for state, (cells, difference) in zip(page.states, rows, strict=True):
        made.append(row(state, *cells))
        if difference is not None:
            wide = html.Td(difference, colSpan=len(cells))
            made.append(row("Difference", wide, classes="under"))
    return table(heads, made)


def _means(page: StatesPage, group: StatesOf) -> Any:
    unit, one = page.view.unit, _one(group)

    def plain(v: InState) -> Any:
        return _cell(v, lambda x: fmt.time(x, unit), lambda a, b: fmt.time_interval(a, b, unit))

    def signed(v: InState) -> Any:
        def limits(a: float, b: float) -> str:
            return f"{fmt.signed_time(a, unit)} to {fmt.signed_time(b, unit)}"

        return _cell(v, lambda x: fmt.signed_time(x, unit), limits)

    shown = _shown(page, group)
    return _by_arm(
        page,
        group,
        [
            (
                [plain(group.curves[i].mean_times.states[k]) for i in shown],
                signed(one.mean_times.states[k]) if one else None,
            )
            for k in range(len(page.states))
        ],
    )


def _shares(page: StatesPage, group: StatesOf, landmark: int) -> Any:
    one, shown = _one(group), _shown(page, group)
    rows = []
    for k in range(len(page.states)):
        found = [group.curves[i].landmarks[landmark].states[k] for i in shown]
        change = one.landmarks[landmark][1][k] if one else None
        rows.append(
            (
                [_cell(f, fmt.share, fmt.share_interval) for f in found],
                _cell(change, fmt.points, fmt.points_interval) if change else None,
            )
        )
    return _by_arm(page, group, rows)


def _cell(found: InState, text: Any, limits: Any) -> Any:
    if found.estimate is None:
        return with_reason(fmt.NOT_ESTIMABLE, found.reason)
    if found.lower is None or found.upper is None:
        return with_reason(text(found.estimate), found.reason)
    return with_limits(text(found.estimate), limits(found.lower, found.upper))


def chart_table(page: StatesPage) -> Any:
    """The chart as a table: at each tick, per arm and state, the share and who was there."""
    if page.reason is not None or page.whole is None:
        return None
    parts: list[Any] = []
    for group in page.groups:
        for i in _shown(page, group):
            curve, marks = group.curves[i], group.marks[i]
            level = f"{_level(page, group)}, " if page.facets else ""
            rows = [
                row(
                    names.moment(mark.time),
                    *(
                        html.Span(fmt.percent(found.estimate), small(f"{n:,}"))
                        for found, n in zip(mark.states, mark.at_risk, strict=True)
                    ),
                )
                for mark in marks
            ]
            heads = [page.view.unit.capitalize(), *page.states]
            parts.append(html.H2(f"Probability in state, {level}{isolated(curve.arm)}"))
            parts.append(table(heads, rows, label=f"Probability in state, {curve.arm}"))
    note = "Under each percentage: patients under observation in the state, or dead, just before."
    first, *rest = parts
    return [first, html.P(note, className="hint table-note"), *rest]


def moves_table(page: StatesPage) -> Any:
    """The diagram in words: how many went each way."""
    if page.reason is not None or page.whole is None:
        return None
    shown = [page.whole.curves[i] for i in _shown(page, page.whole)]
    ways = sorted({(m.origin, m.target) for c in shown for m in c.moves})
    rows = []
    for origin, target in ways:
        counts = [
            next((m.n for m in c.moves if (m.origin, m.target) == (origin, target)), 0)
            for c in shown
        ]
        rows.append(
            row(f"{page.states[origin]} → {page.states[target]}", *(f"{n:,}" for n in counts))
        )
    return table(["Patients who went from", *(isolated(c.arm) for c in shown)], rows, label="Moves")


def left_out(page: StatesPage) -> Any:
    """Patients whose endpoints contradict each other, each with what they say."""
    if not page.contradictions:
        return None
    n = len(page.contradictions)
    rows = [row(isolated(who), says) for who, says in page.contradictions[:MOST]]
    more = f" The first {MOST} are listed here, all of them in the JSON." if n > MOST else ""
    return [
        html.H2("Left out: endpoints that contradict each other"),
        html.P(
            f"{fmt.counted(n, 'patient is', 'patients are')} not counted on this page. Correct the"
            f" data or leave them out there, too.{more}",
            className="hint",
        ),
        table(["Patient", "The endpoints say"], rows, label="Patients left out"),
    ]
