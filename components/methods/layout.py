"""The methods page: how numbers are made, versions, data cards and the live self-check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc

from components import html, island
from components.published import scrolling
from components.shell import notice
from services.pages.methods.records import (
    CheckedCase,
    CheckedFigure,
    Departure,
    Maker,
    Method,
    MethodsPage,
    SelfCheck,
)


def methods_layout(page: MethodsPage) -> Any:
    """Content of the page."""
    body = html.Main(
        html.H1("How the numbers are made"),
        html.P(
            "Every number on a page comes from one result, which chart, table, sentence and"
            " download share. Its statistics are tested against R.",
            className="lead",
        ),
        html.Section(
            html.Div(
                html.H2("Self-check"),
                html.Button(
                    "Run again",
                    id="methods-run",
                    type="button",
                    className="text-button",
                ),
                className="rail-head",
            ),
            island.store("methods-island", words(page.check)),
            island.island("methods-check", **{"aria-live": "polite"}),
            className="card evidence-section",
        ),
        html.Section(
            html.H2("Methods"),
            island.store(
                "methods-island-fixed",
                island.content(
                    {
                        "methods-list": [_method(m) for m in page.methods],
                        "methods-departures": departures(page.departures),
                        "methods-makers": makers(page.makers),
                    }
                ),
            ),
            island.island("methods-list"),
            className="card evidence-section",
        ),
        html.Section(
            html.H2("Where this departs from R, and why"),
            html.P(
                "Everything else agrees with R. What differs does so by rule, and is tested.",
                className="table-note",
            ),
            island.island("methods-departures"),
            id="departures",
            className="card evidence-section",
        ),
        html.Section(
            html.H2("What computes which estimate"),
            html.P(
                "The curves shown are those of lifelines. Where it departs from R, or has"
                " no such estimate, the estimate is computed here and tested against R.",
                className="table-note",
            ),
            island.island("methods-makers"),
            id="makers",
            className="card evidence-section",
        ),
        html.Section(
            html.H2("Versions"),
            html.Dl(
                [html.Div(html.Dt(name), html.Dd(number)) for name, number in page.versions],
                className="facts versions",
            ),
            className="card evidence-section",
        ),
        html.Section(
            html.H2("Data cards"),
            html.P(
                "Whose data each bundled study has, and how they were made.",
                className="table-note",
            ),
            *(
                html.Details(
                    html.Summary(card.title),
                    dcc.Markdown(card.text, className="data-card"),
                    className="card-details",
                )
                for card in page.cards
            ),
            className="card evidence-section",
        ),
        id="main",
        className="main alone methods",
    )
    return body


def makers(found: Sequence[Maker]) -> Any:
    """What computes each kind of estimate, one row each."""
    head = html.Tr(
        [html.Th(t, scope="col") for t in ("Estimate", "Computed by", "Why not lifelines")]
    )
    body = [
        html.Tr(html.Th(m.estimate, scope="row"), html.Td(m.by), html.Td(m.why or "—"))
        for m in found
    ]
    return scrolling(
        html.Table(html.Thead(head), html.Tbody(body), className="numbers cite-list departures"),
        "What computes which estimate",
        ("Computed by", "Why not lifelines"),
    )


def departures(found: Sequence[Departure]) -> Any:
    """What is done here and what R does, one row each."""
    head = html.Tr([html.Th(t, scope="col") for t in ("What", "Here", "In R")])
    body = [html.Tr(html.Th(d.title, scope="row"), html.Td(d.here), html.Td(d.r)) for d in found]
    return scrolling(
        html.Table(html.Thead(head), html.Tbody(body), className="numbers cite-list departures"),
        "Where this departs from R",
        ("Here", "In R"),
    )


def words(found: SelfCheck) -> dict[str, Any]:
    """The self-check, for the browser to put in place."""
    return island.content({"methods-check": check(found)})


def failure(title: str, text: str, hint: str) -> dict[str, Any]:
    """What is said in place of the self-check."""
    return island.content({"methods-check": notice(title, text, hint, "error")})


def check(found: SelfCheck) -> list[Any]:
    """The result of the self-check: in one sentence, then figure by figure."""
    good = found.agreeing == found.total
    return [
        html.P(
            html.Strong(f"{found.agreeing} of {found.total} statistics agree with R"),
            f" to {found.tolerance:g}, recomputed just now in {found.seconds:.2f} s."
            f" R's answers: {found.made_with}.",
            className="notice notice-good" if good else "notice notice-error",
            role="status",
        ),
        *(_case(case) for case in found.cases),
    ]


def _case(case: CheckedCase) -> Any:
    head = html.Tr(
        [
            html.Th(t, scope="col")
            for t in (
                "Statistic",
                "R, stored",
                "This engine, now",
                "Largest difference",
                "Agreement",
            )
        ]
    )
    return html.Details(
        html.Summary(
            f"{case.title}, {case.n:,} patients: {sum(f.agrees for f in case.figures)} of"
            f" {len(case.figures)} agree"
        ),
        scrolling(
            html.Table(
                html.Thead(head),
                html.Tbody([_figure(f) for f in case.figures]),
                className="numbers cite-list",
            ),
            case.title,
            ("R, stored", "This engine, now", "Largest difference", ""),
        ),
        className="card-details",
        open=not all(f.agrees for f in case.figures),
    )


def _figure(figure: CheckedFigure) -> Any:
    difference = "–" if figure.difference is None else f"{figure.difference:.0e}"
    return html.Tr(
        html.Th(figure.label, scope="row"),
        html.Td(_numbers(figure.expected)),
        html.Td(_numbers(figure.found)),
        html.Td(difference),
        html.Td(
            "agrees" if figure.agrees else "differs",
            className="agrees" if figure.agrees else "differs",
        ),
    )


def _numbers(values: Sequence[float | None]) -> str:
    return ", ".join("none" if v is None else f"{v:.9g}" for v in values)


def _method(method: Method) -> Any:
    reference: Any = method.reference
    if method.link:
        reference = html.A(
            method.reference, href=method.link, target="_blank", rel="noopener noreferrer"
        )
    return html.Div(
        html.H3(method.title),
        html.P(method.words),
        html.P(method.formula, className="formula") if method.formula else None,
        html.P(reference, className="trial-report") if method.reference else None,
        className="method",
    )
