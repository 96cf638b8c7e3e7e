"""The methods page: how numbers are made, versions, data cards and the live self-check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc

from components import html, island
from components import page as frame
from components.page import Files
from components.parts import facts, outside, row, table
from components.shell import notice
from components.take_away import take_away
from services.pages.methods import records

_TABLE = "numbers cite-list departures"


def methods_layout(page: records.MethodsPage, files: Files) -> Any:
    """Content of the page."""
    fixed = {
        "methods-list": [_method(m) for m in page.methods],
        "methods-departures": departures(page.departures),
        "methods-makers": makers(page.makers),
        "methods-take-away": take_away("/methods", "", files),
    }
    run = html.Button("Run again", id="methods-run", className="text-button")
    return frame.site_page(
        "How the numbers are computed",
        "Every number on a page comes from a single result, shared by the chart, table, text and "
        "download. The statistics are tested against R.",
        _section(
            html.Div(html.H2("Self-check"), run, className="rail-head"),
            island.store("methods-island", words(page.check)),
            island.island("methods-check", **{"aria-live": "polite"}),
        ),
        _section(
            html.H2("Methods"),
            island.store("methods-island-fixed", island.content(fixed)),
            island.island("methods-list"),
        ),
        _section(
            html.H2("Differences from R, and the reasons"),
            _note("Everything else agrees with R. Each difference is deliberate and tested."),
            island.island("methods-departures"),
            id="departures",
        ),
        _section(
            html.H2("How each estimate is computed"),
            _note(
                "The curves shown are made of the terms of lifelines' Kaplan-Meier estimator, and "
                "tests hold them equal to its own, digit by digit. Where lifelines differs from R, "
                "or lacks an estimate, the estimate is computed here and tested against R."
            ),
            island.island("methods-makers"),
            id="makers",
        ),
        _section(html.H2("Versions"), facts(page.versions, "facts versions")),
        _section(
            html.H2("Data cards"),
            _note("Where each bundled study's data come from, and how they were generated."),
            *(
                html.Details(
                    html.Summary(card.title),
                    dcc.Markdown(card.text, className="data-card"),
                    className="card-details",
                )
                for card in page.cards
            ),
        ),
        frame.take_away_place("methods"),
        classes="methods",
    )


def pinned(page: records.MethodsPage) -> dict[str, str]:
    """What a report shows: how each estimate is computed, departures from R, the self-check."""
    parts = {
        "methods-makers": makers(page.makers),
        "methods-departures": departures(page.departures),
        "methods-check": [_case(case) for case in page.check.cases],
    }
    html_of: dict[str, str] = island.content(parts)["html"]
    return html_of


def _section(*children: Any, **named: str) -> Any:
    return html.Section(*children, **named, className="card evidence-section")


def _note(text: str) -> Any:
    return html.P(text, className="table-note")


def makers(found: Sequence[records.Maker]) -> Any:
    """What computes each kind of estimate, one row each."""
    heads = ("Estimate", "Computed by", "Why not lifelines")
    rows = [row(m.estimate, m.by, m.why or "—") for m in found]
    return table(heads, rows, _TABLE, "How each estimate is computed", heads[1:])


def departures(found: Sequence[records.Departure]) -> Any:
    """What is done here and what R does, one row each."""
    heads = ("What", "Here", "In R")
    rows = [row(d.title, d.here, d.r) for d in found]
    return table(heads, rows, _TABLE, "Differences from R", heads[1:])


def words(found: records.SelfCheck) -> dict[str, Any]:
    """The self-check, for the browser to put in place."""
    return island.content({"methods-check": check(found)})


def failure(title: str, text: str, hint: str) -> dict[str, Any]:
    """What is said in place of the self-check."""
    return island.content({"methods-check": notice(title, text, hint, "error")})


def check(found: records.SelfCheck) -> list[Any]:
    """The result of the self-check: in one sentence, then figure by figure."""
    good = found.agreeing == found.total
    return [
        html.P(
            html.Strong(f"{found.agreeing} of {found.total} statistics agree with R"),
            f" to {found.tolerance:g}, recomputed on this server in {found.seconds:.2f} s."
            f" R's answers: {found.made_with}.",
            className="notice notice-good" if good else "notice notice-error",
            role="status",
        ),
        *(_case(case) for case in found.cases),
    ]


def _case(case: records.CheckedCase) -> Any:
    heads = ("Statistic", "R, stored", "This engine, now", "Largest difference", "Agreement")
    rows = [_figure(f) for f in case.figures]
    agree = sum(f.agrees for f in case.figures)
    return html.Details(
        html.Summary(f"{case.title}, {case.n:,} patients: {agree} of {len(case.figures)} agree"),
        table(heads, rows, "numbers cite-list", case.title, (*heads[1:-1], "")),
        className="card-details",
        open=agree < len(case.figures),
    )


def _figure(figure: records.CheckedFigure) -> Any:
    gap = figure.difference
    difference = "–" if gap is None else f"{gap:.0e}" if gap else "0"
    verdict = "agrees" if figure.agrees else "differs"
    return row(
        figure.label,
        _numbers(figure.expected),
        _numbers(figure.found),
        difference,
        html.Td(verdict, className=verdict),
    )


def _numbers(values: Sequence[float | None]) -> str:
    return ", ".join("none" if v is None else f"{v:.9g}" for v in values)


def _method(method: records.Method) -> Any:
    cited = outside(method.reference, method.link) if method.link else method.reference
    return html.Div(
        html.H3(method.title),
        html.P(method.words),
        html.P(method.formula, className="formula") if method.formula else None,
        html.P(cited, className="trial-report") if method.reference else None,
        className="method",
    )
