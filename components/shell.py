"""The frame around every page: header, study picker, page tabs, footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import dcc

from components import html
from services import lists

if TYPE_CHECKING:
    from services.study.model import Study

_BADGES = lists.beside(__file__)  # kind of a study -> its words, and what explains them


@dataclass(frozen=True)
class Navigation:
    """What the header leads to: (path, label) pairs.

    ``tabs`` are a study's pages, by the end of their path; ``links`` those of no study.
    """

    tabs: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def help_button(text: str, label: str = "What is this?") -> Any:
    """A small "?" that explains on hover, focus and touch (``assets/tip.js``)."""
    return html.Button("?", className="help", aria_label=f"{label}: {text}", data_tip=text)


def kind_badge_words(study: Study) -> tuple[str, str]:
    """What the badge says, and what it says when asked."""
    supplied = study.kind == "real" and not study.metadata.citation
    badge = _BADGES["supplied" if supplied else study.kind]
    return badge["words"], badge["explained"]


def whose(study: Study) -> str:
    """The study's name and whose data these are: the first line of each image."""
    return f"{study.metadata.short_title or study.title}. {kind_badge_words(study)[0]}"


def kind_badge(study: Study) -> Any:
    """The permanent badge saying whose data these are; it explains itself on hover and focus."""
    words, explained = kind_badge_words(study)
    text = study.metadata.kind_note or explained
    return html.Button(
        words,
        className=f"kind-badge kind-{study.kind}",
        aria_label=f"{words}. {text}",
        data_tip=text,
    )


def header(
    navigation: Navigation,
    studies: Sequence[tuple[str, str]],
    study: Study | None = None,
    page: str = "",
    query: str = "",
    site_page: str = "",
    live: bool = True,
) -> Any:
    """The site's header.

    Parameters
    ----------
    studies : (id, title) of every study in the picker
    study, page : the page that is open, or the one whose tab is marked instead
    query : carried along by the tabs, so that the population stays chosen
    site_page : path of the page that is open, if it belongs to no study
    live : a callback of the page keeps the tabs' addresses up to date
    """
    name = (study.metadata.short_title or study.title) if study else "Choose a study"
    # Another study opens on the page one looks at.
    same = f"/{page}" if page else ""
    picker = html.Details(
        html.Summary(
            html.Span(name, className="picker-name"),
            className="picker",
            aria_label=f"Study: {name}. Choose another",
        ),
        html.Ul(
            [
                html.Li(dcc.Link(title, href=f"/study/{study_id}{same}", className="menu-link"))
                for study_id, title in studies
            ],
            className="menu",
        ),
        className="picker-menu",
    )
    return html.Header(
        dcc.Link(
            [html.Span("SMM", className="mark"), html.Span("Outcomes", className="wide-only")],
            href="/",
            className="brand",
            title="SMM Outcomes: all studies",
        ),
        picker,
        html.Nav(
            _site_links(navigation, site_page, "page-tab"),
            className="site-nav",
            aria_label="Across studies",
        ),
        html.Details(
            html.Summary("Menu", className="picker"),
            html.Nav(
                _site_links(navigation, site_page, "menu-link"),
                className="menu menu-right",
                aria_label="Across studies, menu",
            ),
            className="picker-menu site-menu",
        ),
        html.Button(
            "◐",
            id="scheme-toggle",
            className="icon-button",
            title="Light or dark",
            aria_label="Switch between light and dark",
        ),
        # On a line of their own, so last: the keyboard goes as the eyes do.
        tabs(navigation, study, page, query, live) if study else None,
        className="header",
    )


def _site_links(navigation: Navigation, site_page: str, kind: str) -> list[Any]:
    """Links to the pages that belong to no study; ``kind`` is their class."""
    return [
        dcc.Link(
            label,
            href=path,
            className=f"{kind} page-tab-open" if path == site_page else kind,
        )
        for path, label in navigation.links
    ]


def tabs(
    navigation: Navigation, study: Study, page: str, query: str = "", live: bool = True
) -> Any:
    """Links to the study's pages; the open one is marked for eyes and screen readers."""
    # On a page without such a callback the id would call for the callback's other ids.
    name = {"id": "tabs"} if live else {}
    links = [
        html.A(
            label,
            href=f"/study/{study.id}{'/' + path if path else ''}{query}",
            className="page-tab page-tab-open" if path == page else "page-tab",
            # Opens without loading everything again; the query follows the population.
            data_internal="true",
        )
        for path, label in navigation.tabs
    ]
    return html.Nav(links, className="tabs", **name, aria_label="Pages")


def footer() -> Any:
    """What this site is not."""
    return html.Footer(
        "For research and teaching. Not a medical device and not for decisions about an "
        "individual patient.",
        className="footer",
    )


def notice(title: str, text: str, hint: str = "", kind: str = "info", alone: bool = False) -> Any:
    """A message in place of what cannot be shown, or ``alone`` in place of the page."""
    return html.Div(
        html.H1(title) if alone else html.Strong(title),
        html.P(text) if text else None,
        html.P(hint, className="hint") if hint else None,
        className=f"notice notice-{kind}",
        role="alert" if kind == "error" else "status",
    )


def ways_on(navigation: Navigation, studies: Sequence[tuple[str, str]]) -> list[Any]:
    """Where to go from an address that opens nothing: (id, title) of studies, and the pages."""
    places = [("/", "All studies"), *navigation.links]
    links: list[Any] = []
    for path, label in places:
        links += [" · " if links else "", dcc.Link(label, href=path)]
    titles = [html.Li(dcc.Link(title, href=f"/study/{name}")) for name, title in studies]
    return [
        html.H2("Studies", className="ways-on"),
        html.Ul(titles, className="ways-on"),
        html.P(links, className="ways-on"),
    ]


def frame(head: Any, content: Any) -> list[Any]:
    """A whole page: skip link, header, content, footer."""
    return [
        html.A("Skip to the content", href="#main", className="skip"),
        head,
        html.Div(content, id="content", className="content"),
        footer(),
    ]
