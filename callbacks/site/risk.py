"""The risk page: values -> RiskView -> published groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output

from callbacks.context import narrow, scheme
from callbacks.site_page import SitePage
from components.chart import Figure
from components.risk import calculator
from components.risk import layout as risk_layout
from components.risk.calculator import CHOICES, TYPED
from components.risk.figure import course_figure
from services.errors import UserError
from services.numbers import format_number
from services.pages.risk.export import risk_csv, risk_json
from services.pages.risk.page import risk_page
from services.pages.risk.records import RiskPage
from services.studies import Catalogue
from services.views.parse import FieldError
from services.views.site import RiskView, read_typed
from services.views.words import left_out


def _page(_catalogue: Catalogue, view: RiskView) -> RiskPage:
    return risk_page(view)


def view_from(before: RiskView, controls: Mapping[str, Any]) -> tuple[RiskView, dict[str, str]]:
    """The view of what the fields hold, and per field what is wrong with it.

    A value that cannot be used is left out; its field keeps what was typed.
    """
    values: dict[str, Any] = {name: controls[name] for name in CHOICES}
    values["sure"] = _still_sure(before, controls)
    wrong: dict[str, str] = {}
    for name in TYPED:
        text = controls[name]
        try:
            values[name] = read_typed(name, str(text or ""))
        except FieldError as problem:
            wrong[name] = left_out(problem, str(text))
    return RiskView(**values).with_figure_of(before), wrong


def _still_sure(asked: RiskView, typed: Mapping[str, Any]) -> tuple[str, ...]:
    """Who said that an odd value is meant said it of that value: another is asked about again."""
    before = {n: getattr(asked, n) for n in asked.sure}
    same = []
    for name in asked.sure:
        try:
            if read_typed(name, str(typed[name] or "")) == before[name]:
                same.append(name)
        except UserError:
            continue
    return tuple(same)


def _values(page: RiskPage) -> dict[str, Any]:
    view = page.view
    typed = {n: "" if (v := getattr(view, n)) is None else format_number(v) for n in TYPED}
    return typed | {name: getattr(view, name) for name in CHOICES}


def _ratio_class(page: RiskPage) -> str:
    return "hidden" if calculator.chains_shown(page.view) else ""


def _chains_class(page: RiskPage) -> str:
    return "risk-pair" if calculator.chains_shown(page.view) else "risk-pair hidden"


def _redraw(app: Dash, _catalogue: Catalogue) -> None:
    """The figure of the course follows no value, only the colors of the display."""

    @app.callback(
        Output("risk-course", "figure"), Input("display", "data"), prevent_initial_call=True
    )
    def redraw(_display: Any) -> Figure:
        return course_figure(risk_page(RiskView()), scheme(), narrow())


PAGE = SitePage(
    path="/risk",
    title="Risk",
    view=RiskView,
    make=_page,
    layout=risk_layout.risk_layout,
    words=calculator.words,
    islands=("risk-island-fixed",),
    controls=(*TYPED, *CHOICES),
    typed=TYPED,
    marked=TYPED,
    values=_values,
    view_from=view_from,
    options={
        ("risk-mprot", "label"): lambda page: calculator.label("mprot", page.view),
        ("risk-ratio-box", "className"): _ratio_class,
        ("risk-chains-box", "className"): _chains_class,
    },
    files={
        "json": lambda _catalogue, view: risk_json(view),
        "csv": lambda _catalogue, view: risk_csv(view),
    },
    image=risk_layout.image,
    rests_on=calculator.rests_on,
    pinned=risk_layout.pinned,
    register_more=_redraw,
)
