"""The page of states: the answer in words, the chart, the model, and the numbers."""

from __future__ import annotations

from typing import Any

from components import chart, controls, html, island
from components import page as frame
from components.answer import answer, stand_back
from components.chart_keys import TIMES, chart_keys
from components.page import Files
from components.rail import rail
from components.states.diagram import diagram
from components.states.figure import states_figure
from components.states.table import chart_table, left_out, moves_table, numbers
from components.studio.figure import USUAL, Canvas
from components.theme import text_color
from services import names
from services.names import isolated
from services.numbers import format_number
from services.pages.states.records import StatesPage

NAME = "states"
PLOTS = (("areas", "All states by arm"), ("lines", "Each state, with intervals"))


def states_layout(
    page: StatesPage, query: str, scheme: str, compact: bool, files: Files, *, stacked: bool = False
) -> Any:
    """Content of the page; arguments as of ``survival_layout``, ``stacked`` as of ``figure``."""
    drawn, model = figure(page, scheme, compact, stacked), model_figure(page, scheme, compact)
    heights = (drawn["layout"]["height"], model["layout"]["height"])
    switch = controls.segmented("states-stateplot", PLOTS, page.view.stateplot, "Chart", compact)
    card = frame.figure_card(
        NAME,
        [
            html.Div(switch, className="plot-switch"),
            island.island("states-problem"),
            chart_keys(NAME, "states-graph", TIMES, "Times of the states"),
            frame.chart(NAME, drawn),
            _details("The chart as a table", "states-table"),
            island.island("states-model-words"),
            frame.chart(NAME, model, part="model"),
            _details("The moves as a table", "states-moves"),
        ],
    )
    return frame.study_page(
        NAME,
        page.study,
        query,
        words(page, files, *heights),
        [
            frame.answer_place(NAME),
            html.Div(card, frame.numbers_place(NAME), className="columns"),
            island.island("states-left-out"),
            frame.take_away_place(NAME),
        ],
        beside=rail(page, settings(page), NAME),
        classes="page safety-page",
    )


def _details(title: str, place: str) -> Any:
    return html.Details(
        html.Summary(title), island.island(place), id=f"{place}-more", className="more chart-table"
    )


def settings(page: StatesPage) -> list[Any]:
    """The settings in the rail."""
    setting = controls.Settings(NAME, control_values(page), page.view.unit)
    arms = [(a.name, a.name) for a in page.study.arms]
    groups = [(c.name, c.label) for c in page.filters if c.kind == "categorical"]
    return [
        setting.time_unit(),
        setting.field("at"),
        setting.field("tau"),
        html.Div(
            setting(controls.several, "arms", arms),
            setting(controls.choice, "reference", arms),
            className="hidden" if len(arms) < 2 else "",
        ),
        setting(controls.choice, "facet", [("", "One chart for all"), *groups]),
        html.Details(
            html.Summary("More settings"),
            setting.level(),
            *map(setting.field, ("ticks", "xmax")),
            className="more",
        ),
    ]


def control_values(page: StatesPage) -> dict[str, Any]:
    """What each control holds for a page, by field of ``View``."""
    view = page.view
    return {
        **controls.held(view, "unit", "facet", "stateplot"),
        "arms": [a.name for a in page.study.arms if a.name in view.arms],
        "reference": view.arms[0] if view.arms else None,
        "level": format_number(view.level),
        "at": controls.times_text(view.at),
        **{name: controls.time_text(getattr(view, name)) for name in ("tau", "ticks", "xmax")},
    }


def words(page: StatesPage, files: Files, height: int, model_height: int) -> dict[str, Any]:
    """Everything beside the charts, for the page's store; heights are theirs, in pixels."""
    shown = page.reason is None and page.whole is not None
    return island.content(
        {
            "states-answer": answer(page),
            "states-problem": frame.problem(page.reason),
            "states-numbers": numbers(page),
            "states-table": chart_table(page),
            "states-model-words": _model_words(page) if shown else None,
            "states-moves": moves_table(page),
            "states-left-out": _card(left_out(page)),
            "states-provenance": frame.provenance(page.provenance),
            "states-take-away": frame.files(
                NAME, page, page.address, files, endpoint=False, drawn=shown
            ),
        },
        heights={"states-chart": height, "states-chartmodel": model_height},
        hidden={
            "states-chart": not shown,
            "states-chartmodel": not shown,
            "states-table-more": not shown,
            "states-moves-more": not shown,
            "states-numbers": not shown,
        },
    )


def _card(children: Any) -> Any:
    return None if children is None else html.Section(*children, className="card")


def _model_words(page: StatesPage) -> list[Any]:
    """What the diagram shows: which endpoint tells of which state."""
    told = "; ".join(f"{item.state} (endpoint: {names.label(item.label)})" for item in page.told)
    there = {c.arm for c in page.whole.curves} if page.whole else set()
    arms = " · ".join(isolated(a.name) for a in page.arms if a.name in there)
    return [
        html.H2("How patients moved"),
        html.P(f"Patients who went each way, {arms}. {told}.", className="hint"),
    ]


def figure(
    page: StatesPage, scheme: str, compact: bool, stacked: bool = False, more: int = 0
) -> chart.Figure:
    """The chart that the view asks for; ``stacked``: the arms one under the other."""
    return stand_back(states_figure(page, scheme, compact, stacked, more), page.made_up)


def model_figure(page: StatesPage, scheme: str, compact: bool) -> chart.Figure:
    """The model with the number of patients who went each way."""
    if page.reason is not None or page.whole is None:
        return chart.EMPTY_FIGURE
    colors = {a.name: text_color(a.color, scheme) for a in page.arms}
    by_arm = {c.arm: {(m.origin, m.target): m.n for m in c.moves} for c in page.whole.curves}
    last = len(page.states) - 1
    ways = [(a, b) for a in range(last) for b in range(a + 1, last + 1)]
    shown = [a.name for a in page.arms if a.name in by_arm]
    moves = {way: [(colors[arm], by_arm[arm].get(way, 0)) for arm in shown] for way in ways}
    return diagram(page.states, moves, scheme, compact)


def image(page: StatesPage, canvas: Canvas = USUAL) -> chart.Figure:
    """The figure as it stands alone in an image: on white, wide, with its provenance inside.

    Raises
    ------
    UserError : there is nothing to draw; says why
    """
    drawn = figure(page, "light", canvas.compact, more=canvas.more)
    return frame.image(
        drawn, page.study, page.answer, page.provenance, page.reason, page.headlines, canvas=canvas
    )
