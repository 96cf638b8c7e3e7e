"""The first page: what this site is, and a card per study."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dash import dcc

from components import html, island
from components import page as frame
from components.controls import choice, text_field
from components.page import Files
from components.parts import facts, headlines, inside
from components.published import cited
from components.shell import kind_badge
from components.take_away import take_away
from components.theme import INKS, line_color
from services.names import isolated
from services.pages.catalogue.records import CatalogueEntry, CataloguePage

if TYPE_CHECKING:
    from services.study.model import Arm

ORDERS = (
    ("given", "Trials as listed"),
    ("name", "Name"),
    ("patients", "Most patients"),
    ("follow-up", "Longest follow-up"),
)
_PARENTHESIS = re.compile(r" \([^)]*\)")
_WIDTH, _HEIGHT = 240, 104
_DASHES = {"dash": "7 3", "dot": "2 2", "dashdot": "7 2 2 2"}


def catalogue_layout(
    page: CataloguePage, query: str, _scheme: str, _compact: bool, files: Files
) -> Any:
    """Content of the page."""
    return frame.site_page(
        "What has early treatment of smoldering myeloma shown?",
        "Smoldering multiple myeloma causes no symptoms. At first, it progresses to multiple "
        "myeloma in about 10% of patients per year. This site shows what trials of early"
        " treatment have published, and lets you explore their curves, subgroups and side"
        " effects. Patients are simulated to match a trial's published figures, unless a"
        " card says otherwise.",
        html.Nav(
            dcc.Link("Published results of all trials", href="/evidence", className="way"),
            dcc.Link("Course and risk without treatment", href="/risk", className="way"),
            dcc.Link("Bring your own study", href="/upload", className="way"),
            className="ways",
            aria_label="Start here",
        ),
        html.Div(
            text_field(
                "catalogue-q",
                page.view.q,
                "Search studies",
                "Search studies, drugs, endpoints, risk",
                debounce=250,
                className="search",
            ),
            choice("catalogue-order", ORDERS, page.view.order, "Order of the studies"),
            className="catalogue-bar",
            role="search",
        ),
        island.island("catalogue-cards", className="study-cards", **{"aria-live": "polite"}),
        frame.take_away_place("catalogue"),
        html.Section(
            html.H2("Uploaded from this browser"),
            html.Ul(className="own-uploads", data_own_uploads="true"),
            className="card hidden own-section",
            data_own_uploads_section="true",
        ),
        classes="catalogue",
        name="catalogue",
        query=query,
        words=words(page, files),
    )


def words(page: CataloguePage, files: Files) -> dict[str, Any]:
    """The cards, for the browser to put in place."""
    row = take_away("/catalogue", page.view.query, files)
    return island.content({"catalogue-cards": cards(page), "catalogue-take-away": row})


def cards(page: CataloguePage) -> list[Any]:
    """The cards that match, or that none does; brand names were taken for their drugs."""
    taken = [
        html.P(f"“{brand}” was interpreted as {generic}.", className="hint")
        for brand, generic in page.taken
    ]
    if not page.entries:
        return [
            *taken,
            html.P(
                f"None of the {page.total} studies matches “{page.view.q}”. Try a drug, a trial's"
                " name, an endpoint or a risk group.",
                className="hint",
            ),
        ]
    return [*taken, *(_card(entry) for entry in page.entries)]


def _card(entry: CatalogueEntry) -> Any:
    study = entry.study
    href = f"/study/{study.id}"
    title = study.metadata.short_title or study.title
    arms = " · ".join(f"{isolated(name)} {n:,}" for name, n in entry.arms)
    several = len(entry.arms) > 1
    patients = f"{entry.n:,}" + (f": {arms}" if several else "")
    numbers = facts([("Patients", patients), ("Follow-up", entry.follow_up)], "card-facts")
    return html.Article(
        html.Div(html.H2(inside(title, href)), kind_badge(study), className="title-row"),
        html.P(entry.question, className="question") if entry.question else None,
        html.Div(
            html.Div(numbers, *_headlines(entry)),
            _picture(entry),
            className="card-body",
        ),
        html.Details(html.Summary("Design"), html.P(study.metadata.design), className="card-design")
        if study.metadata.design
        else None,
        html.Div(inside("Open", href, "open-study", aria_label=f"Open {title}")),
        className="card study-card",
    )


def _headlines(entry: CatalogueEntry) -> list[Any]:
    rows: list[tuple[str, Any]] = [
        (_PARENTHESIS.sub("", h.label), cited(h.cited)) for h in entry.headlines
    ]
    rows += [(f.label, cited(f.published)) for f in entry.figures]
    if not rows:
        return []
    return [html.P("As published", className="card-published"), headlines(rows)]


def _picture(entry: CatalogueEntry) -> Any:
    if not entry.curves or not entry.longest > 0:
        return None
    alt = f"Curves of {entry.endpoint.lower()}, " + ", ".join(c.arm.name for c in entry.curves)
    pictures = [
        html.Img(
            src="data:image/svg+xml," + quote(small_curve(entry, scheme)),
            alt=alt,
            className=f"small-curve only-{scheme}",
            width=_WIDTH,
            height=_HEIGHT,
        )
        for scheme in ("light", "dark")
    ]
    words = f"{alt}: open"
    href = f"/study/{entry.study.id}/survival"
    return html.Figure(
        inside(pictures, href, aria_label=words),
        html.Figcaption(
            html.Div([_key(curve.arm) for curve in entry.curves], className="curve-keys"),
            f"{entry.endpoint}, {entry.longest:.0f} months",
        ),
        className="small-figure",
    )


def _key(arm: Arm) -> Any:
    """An arm's name behind a piece of its curve."""
    pieces = [
        html.Img(
            src="data:image/svg+xml," + quote(_svg(22, 4, _line("M0 2H22", arm, scheme))),
            alt="",
            className=f"only-{scheme}",
            width=22,
            height=4,
        )
        for scheme in ("light", "dark")
    ]
    return html.Span(*pieces, f" {isolated(arm.name)}", className="curve-key")


def small_curve(entry: CatalogueEntry, scheme: str) -> str:
    """The curves as an SVG picture: steps from 100% at the top to 0% at the bottom."""
    ink = INKS[scheme]
    left, top, right, bottom = 2, 4, _WIDTH - 4, _HEIGHT - 4
    lines = []
    for curve in entry.curves:
        path, before = [], None
        for time, survival in curve.points:
            x = left + (right - left) * time / entry.longest
            y = top + (bottom - top) * (1 - survival)
            path.append(f"M{x:.1f} {y:.1f}" if before is None else f"H{x:.1f}V{y:.1f}")
            before = y
        lines.append(_line("".join(path), curve.arm, scheme))
    axes = f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="{ink.axis}"/>'
    return _svg(_WIDTH, _HEIGHT, f"{axes}{''.join(lines)}")


def _line(path: str, arm: Arm, scheme: str) -> str:
    dash = _DASHES.get(arm.dash, "")
    return (
        f'<path d="{path}" fill="none" stroke="{line_color(arm.color, scheme)}" stroke-width="2"'
        + (f' stroke-dasharray="{dash}"' if dash else "")
        + "/>"
    )


def _svg(width: int, height: int, content: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{content}</svg>'
