"""The page of risk models: who changes group, the effect and the course by level of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components import html, island
from components import page as frame
from components.answer import answer
from components.chart import Figure
from components.chart_keys import TIMES, chart_keys
from components.controls import Settings, choice, endpoint_control
from components.page import Files
from components.parts import row, small, table
from components.rail import rail
from components.risk_models.figure import both_figure, side_figure
from components.shell import help_button, notice
from components.studio.figure import USUAL, Canvas
from components.subgroups.lines import difference_text, ratio_text
from components.survival.controls import arm_options
from components.survival.reconsider import what_if_settings, what_if_values
from services import format as fmt
from services import names
from services.numbers import format_number
from services.pages.risk_models import records

if TYPE_CHECKING:
    from services.statistics.results import Group

SIDES = (0, 1)
NOTE = "hint table-note after"  # goes with its table into reports
ORDER_MADE_UP = (
    "These patients are simulated: whether more of them progressed at a higher level says nothing"
    " about the model."
)


def risk_models_layout(
    page: records.RiskModelsPage, query: str, scheme: str, compact: bool, files: Files
) -> Any:
    """Content of the page; arguments as of ``survival_layout``."""
    figures = [side_figure(page, i, scheme, True) for i in SIDES]
    return frame.study_page(
        "risk-models",
        page.study,
        query,
        words(page, files, *(f["layout"]["height"] for f in figures)),
        [
            endpoint_control("risk-models", page, compact),
            frame.answer_place("risk-models"),
            island.island("risk-models-problem"),
            island.island("risk-models-table", html.Section, className="card"),
            html.Div([_side(i, figures[i]) for i in SIDES], className="model-columns"),
            island.island("risk-models-provenance", className="card provenance model-provenance"),
            frame.take_away_place("risk-models"),
            island.island("risk-models-list", html.Section, className="card risk-section"),
        ],
        beside=rail(page, settings(page), "risk-models"),
    )


def _side(index: int, figure: Figure) -> Any:
    name, graph = f"risk-models-{index}", f"risk-models-graph-{index}"
    return html.Section(
        island.island(f"risk-models-head-{index}"),
        chart_keys(name, graph, TIMES, "Times of the curves"),
        frame.chart("risk-models", figure, part=f"-{index}"),
        island.island(f"risk-models-numbers-{index}"),
        id=f"risk-models-side-{index}",
        className="card risk-section",
    )


def control_values(page: records.RiskModelsPage) -> dict[str, Any]:
    """What each control holds for a page."""
    first, second = (*page.view.models, None, None)[:2]
    return {
        "endpoint": page.view.endpoint,
        "first": first,
        "second": second,
        "of": page.of,
        "unit": page.view.unit,
        **what_if_values(page),
    }


def of_options(page: records.RiskModelsPage) -> list[dict[str, str]]:
    """Whose curves by level can be drawn: an arm's, or everyone's."""
    arms = arm_options(page)
    return [*arms, {"value": "all", "label": "All patients"}] if len(arms) > 1 else arms


def settings(page: records.RiskModelsPage) -> list[Any]:
    """The settings in the rail."""
    setting = Settings("risk-models", control_values(page), page.view.unit)
    models = [(m.id, m.title) for m in page.models if m.available]
    return [
        setting(choice, "first", models),
        setting(choice, "second", models),
        setting(choice, "of", [(o["value"], o["label"]) for o in of_options(page)]),
        setting.time_unit(),
        what_if_settings(page, setting),
    ]


def words(page: records.RiskModelsPage, files: Files, *heights: int) -> dict[str, Any]:
    """Everything beside the charts, for the page's store."""
    parts: dict[str, Any] = {
        "risk-models-answer": answer(page),
        "risk-models-problem": [
            frame.problem(page.reason, "Nothing to compare"),
            *(notice("Check the inputs", text) for text in page.doubts),
        ],
        "risk-models-table": cross_table(page),
        "risk-models-provenance": frame.provenance(page.provenance),
        "risk-models-take-away": (
            frame.files("risk-models", page, page.view, files) if page.sides else None
        ),
        "risk-models-list": model_list(page),
    }
    hidden = {
        "risk-models-table": page.table is None,
        "risk-models-provenance": not page.sides,
    }
    for i in SIDES:
        side = page.sides[i] if i < len(page.sides) else None
        parts[f"risk-models-head-{i}"] = head(page, side) if side else None
        parts[f"risk-models-numbers-{i}"] = level_table(page, side) if side else None
        hidden[f"risk-models-side-{i}"] = side is None
    return island.content(
        parts, {f"risk-models-chart-{i}": height for i, height in enumerate(heights)}, hidden
    )


def cross_table(page: records.RiskModelsPage) -> list[Any]:
    """Patients by level of both models; those who change group are marked."""
    cross = page.table
    if cross is None:
        return []
    first, second = page.sides[0].info.title, page.sides[1].info.title
    words = {1: "moved up", -1: "moved down", 0: ""}
    names = {1: "cell higher", -1: "cell lower", 0: "cell"}

    def cell(found: records.Cell) -> Any:
        moved = html.Small(words[found.shift]) if found.n else None
        shade = names[found.shift] if found.n else "cell none"
        return html.Td(str(found.n), moved, className=shade)

    lines = zip(cross.rows, cross.cells, strict=True)
    rows = [row(level, *map(cell, cells)) for level, cells in lines]
    heads = [f"{first} ↓\n{second} →", *cross.columns]
    return [
        html.H2("The same patients under both models"),
        table(heads, rows, "cross", "Patients by level of both models"),
        html.P(_colored(cross, first, second), className=NOTE),
    ]


def _colored(cross: records.CrossTable, first: str, second: str) -> str:
    """Whom the table counts, and what its colors mark."""
    lack = f"; {cross.untold:,} without one of them are left out" if cross.untold else ""
    between = [name for name in ("low-intermediate", "high-intermediate") if _has(cross, name)]
    verb = "counts" if len(between) == 1 else "count"
    also = f"; {names.join_and(between)} {verb} as intermediate" if between else ""
    return (
        f"{names.count(cross.both, 'patient')} with a level of both{lack}. Colored: low,"
        f" intermediate or high by {second} is not what it is by {first}{also}."
    )


def _has(cross: records.CrossTable, level: str) -> bool:
    return level in {name.casefold() for name in (*cross.rows, *cross.columns)}


def head(page: records.RiskModelsPage, side: records.ModelSide) -> list[Any]:
    """A model's name, rule and whose curves are drawn."""
    return [
        html.H2(side.info.title, help_button(f"{side.info.rule}. {side.info.reference}")),
        html.P(
            f"{page.endpoint.label}{',' if page.view.since else ''} by level, {_who(page)}",
            className="hint",
        ),
    ]


def captions(page: records.RiskModelsPage) -> tuple[str, ...]:
    """What each chart is of: its model, and whose curves are drawn."""
    return tuple(f"{side.info.title}: curves by level, {_who(page)}" for side in page.sides)


def level_table(page: records.RiskModelsPage, side: records.ModelSide) -> list[Any]:
    """The effect within each level, and progression as published and in these data."""
    heads = ["Level", "Patients"]
    if page.pair is not None:
        at = names.time(page.time, page.view.unit)
        heads += [f"HR ({fmt.level(page.view.level)} CI)", f"Difference at {at}, % points"]
    years = {format_number(lv.published.years) for lv in side.levels if lv.published}
    if years:
        heads += [f"Progressed by {' or '.join(sorted(years))} years, published", "In these data"]
    rows = [_level_row(page, level, bool(years)) for level in side.levels]
    tail: list[Any] = []
    if side.group is not None:
        test = side.group.interaction
        text = (
            f"Interaction of treatment and level: {fmt.p_equals(test.p)}{_behind(side.group)}."
            if test
            else f"Interaction not tested: {side.group.interaction_reason}."
        )
        if side.group.caution:
            text = f"Interaction of treatment and level: {side.group.caution}."
        tail.append(html.P(text, className=NOTE))
    if years:
        competing = page.endpoint.competing
        world = f", {names.if_nothing_else(competing)}" if competing else ""
        source = next(lv.published.source for lv in side.levels if lv.published)
        simulated = f" {ORDER_MADE_UP}" if page.made_up else ""
        tail.append(
            html.P(
                f"Published: untreated patients, {source}. In these data: 1 − Kaplan-Meier of"
                f" {names.label(page.endpoint.label)}{world}, {_who(page)}.{simulated}",
                className=NOTE,
            )
        )
    if side.info.caveat:
        tail.append(html.P(side.info.caveat, className=NOTE))
    return [
        table(heads, rows, label=f"{side.info.title} by level", cards=heads[1:]),
        *tail,
    ]


def _behind(group: Group) -> str:
    """ ": cannot tell (30 events)" behind a p that is no sign."""
    return f": {group.told}" if group.told else ""


def _who(page: records.RiskModelsPage) -> str:
    return "all patients" if page.of == "all" else f"patients {names.on(page.of)}"


def _level_row(page: records.RiskModelsPage, level: records.ModelLevel, published: bool) -> Any:
    cells: list[Any] = [str(level.n)]
    found = level.row
    if page.pair is not None and found is None:
        cells += ["", ""]
    elif page.pair is not None and found is not None:
        ratio = ratio_text(found) if found.hazard_ratio else f"{fmt.NOT_ESTIMABLE}: {found.reason}"
        cells += [ratio, difference_text(found)]
    if published:
        cells.append(f"{level.published.percent:g}%" if level.published else "")
        cells.append(_observed(level))
    fitted = found is None or found.hazard_ratio
    return row(level.level, *map(_stacked, cells), classes="" if fitted else "grayed")


def _stacked(text: str) -> list[Any]:
    """A number with its interval on a line of its own."""
    number, _, interval = text.partition(" (")
    return [number, small(f"({interval}")] if interval else [number]


def _observed(level: records.ModelLevel) -> str:
    if level.observed is None:
        return fmt.NOT_ESTIMABLE
    value, lower, upper = level.observed
    text = fmt.percent(value, 0)
    if lower is None or upper is None:
        return text
    return f"{text} ({fmt.share_interval(lower, upper, 0)})"


def model_list(page: records.RiskModelsPage) -> list[Any]:
    """Every model: level, inputs used, what is missing, citation."""
    return [
        html.H2("Models and their inputs"),
        html.Div([_model(m, page.population.n) for m in page.models], className="credibility"),
    ]


def _model(model: records.ModelInfo, n: int) -> Any:
    told = n - model.untold
    state = f"{told:,} of {names.count(n, 'patient')}" if told else "cannot be determined here"
    if not model.available and told:
        why = "inputs are missing" if model.absent else "there is only one level"
        state += f"; not offered as a group: {why}"
    counts = ", ".join(f"{level} {count:,}" for level, count in model.counts)
    unknown = f"; {model.untold:,} cannot be determined" if model.untold else ""
    items = [
        ("Rule", f"{model.rule[0].upper()}{model.rule[1:]}."),
        ("Levels here", f"{counts}{unknown}" if told else ""),
        ("Inputs used", "; ".join(model.used)),
        ("Missing in this study", "; ".join(model.absent)),
        ("Note", model.caveat),
        ("Source", model.reference),
    ]
    return html.Details(
        html.Summary(html.Strong(model.title), html.Span(f": {state}")),
        html.Ul(
            [
                html.Li(html.Span(f"{label}: ", className="question"), html.Span(text))
                for label, text in items
                if text
            ]
        ),
    )


def image(page: records.RiskModelsPage, canvas: Canvas = USUAL) -> Figure:
    """Both models as they stand in an image, with what they rest on."""
    small = [*page.provenance, *((s.info.title, s.info.reference) for s in page.sides)]
    title = f"{page.answer} {page.answer_detail}".strip()
    drawn = both_figure(page, canvas)
    reason, published = page.reason, page.headlines
    return frame.image(drawn, page.study, title, small, reason, published, canvas=canvas)
