"""The frame in which every page stands, and the parts that all pages of a study have.

The parts carry the ids ``<page>-<part>``: address, study, island, answer, problem, provenance,
take-away. ``callbacks/study_page.py`` fills them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from dash import dcc

from components import html, island
from components.chart import Figure, annotation, plain
from components.shell import kind_badge, kind_badge_words, notice, whose
from components.studio.figure import USUAL, WIDTH, Canvas
from components.take_away import take_away
from components.theme import CHART_FONT, GRAPH_CONFIG
from services import names
from services.errors import UserError
from services.pages.records import PageRecord, file_name, published_line
from services.text_width import fold

if TYPE_CHECKING:
    from services.evidence.cited import Headline
    from services.study.model import Study
    from services.views.study import View


IMAGE_WIDTH = WIDTH
PUBLISHED = "Published results"  # what stands above a figure of nobody's patients
_LINE = 16
_CHARACTERS = 150  # of the small print that fit on a line
Files = tuple[str, ...]  # endings of the files of a page: "json", "data.csv", "figure.json"


def study_page(
    name: str,
    study: Study,
    query: str,
    words: Mapping[str, Any] | None,
    children: Sequence[Any],
    *,
    beside: Any = None,
    stores: Sequence[Any] = (),
    title: str = "",
    classes: str = "page",
    main: str = "main",
) -> Any:
    """The content of a page: its stores, what stands beside it, and the page under its title.

    Parameters
    ----------
    name : what the ids start with
    query : of the address, as typed, so that opening a link leaves no second history entry
    words : for the page's island store; None: no callback keeps the page up to date
    beside : the rail (``components/rail.py``)
    stores : further stores; title : the study's if left out
    classes, main : CSS classes of the page and of its main part
    """
    made = html.Main(
        html.Div(html.H1(title or study.title), kind_badge(study), className="title-row"),
        html.Div(className="pin-bar", data_pins="yes"),  # assets/pins.js
        *children,
        id="main",
        className=main,
    )
    if words is None:
        return made
    return html.Div(
        dcc.Location(id=f"{name}-address", refresh=False, search=query),
        dcc.Store(id=f"{name}-study", data=study.id),
        island.store(f"{name}-island", words),
        *stores,
        beside,
        made,
        className=classes,
    )


def site_page(
    title: str,
    lead: Any,
    *children: Any,
    classes: str,
    name: str = "",
    query: str = "",
    words: Mapping[str, Any] | None = None,
) -> Any:
    """The content of a page that belongs to no study, under its title.

    Parameters
    ----------
    lead : what the page is for, in a sentence or two
    classes : CSS classes of its own
    name, query, words : as of ``study_page``, of a page with a callback
    """
    live = [
        dcc.Location(id=f"{name}-address", refresh=False, search=query),
        island.store(f"{name}-island", words or {}),
    ]
    return html.Main(
        *(live if name else ()),
        html.H1(title),
        html.P(lead, className="lead"),
        *children,
        id="main",
        className=f"main alone {classes}",
    )


def answer_place(name: str) -> Any:
    """Where the answer in words stands; a change is read out."""
    return island.island(f"{name}-answer", className="answer", **{"aria-live": "polite"})


def numbers_place(
    name: str, label: str = "Numbers", part: str = "numbers", shown: bool = True
) -> Any:
    """The card of numbers beside a chart."""
    return island.island(
        f"{name}-{part}",
        html.Section,
        className=f"card numbers-card{'' if shown else ' hidden'}",
        **{"aria-label": label},
    )


def graph(graph_id: str, figure: Figure, **more: Any) -> Any:
    """A chart as wide as its place."""
    return dcc.Graph(id=graph_id, figure=figure, config=GRAPH_CONFIG, responsive=True, **more)


def chart(name: str, figure: Figure, *, part: str = "", classes: str = "") -> Any:
    """A chart in a place of its height, which is kept free before it is drawn: nothing jumps.

    Hidden from screen readers, which have the page's tables.

    Parameters
    ----------
    part : tells charts of one page apart: ids ``<page>-<part>graph`` and ``<page>-<part>chart``
    """
    named = {"className": classes} if classes else {}
    first, last = (part, "") if part.endswith("-") else ("", part)
    return html.Div(
        graph(f"{name}-{first}graph{last}", figure, style={"height": "100%"}),
        id=f"{name}-{first}chart{last}",
        style={"height": f"{figure['layout']['height']}px"},
        **named,
        aria_hidden="true",
    )


def figure_card(name: str, children: Sequence[Any], shown: bool = True) -> Any:
    """A chart's card; what the chart rests on stands under it."""
    return html.Figure(
        *children,
        island.island(f"{name}-provenance", html.Figcaption, className="provenance"),
        id=f"{name}-figure",
        className=f"card chart-card{'' if shown else ' hidden'}",
    )


def take_away_place(name: str) -> Any:
    """Where files and link of what is shown stand."""
    return island.island(f"{name}-take-away", className="take-away")


# --- what fills the parts -------------------------------------------------------------------------


def problem(reason: str | None, title: str = "Nothing to show") -> Any:
    """Why there is nothing to show, in place of it."""
    return None if reason is None else notice(title, reason)


def provenance(rests_on: Sequence[tuple[str, str]]) -> list[Any]:
    """What every number of a page rests on: (label, text) pairs."""
    return [
        html.Span(html.B(f"{label}: "), text, className="provenance-item")
        for label, text in rests_on
    ]


def files(
    name: str,
    page: PageRecord,
    view: View,
    offered: Collection[str],
    part: str = "",
    *,
    endpoint: bool = True,
    drawn: bool = True,
) -> Any:
    """Figure, numbers, scripts and link of what is shown.

    Parameters
    ----------
    view : what the addresses say
    offered : endings of the page's files; drawn : whether there is a figure to save
    part : of the page, in the image's name; endpoint : whether its name says the endpoint
    """
    base = f"/study/{page.study.id}/{name}".rstrip("/")
    there = [ending for ending in offered if drawn or ending != "figure.json"]
    image = file_name(page, f"{name}-{part}" if part else name, endpoint=endpoint)
    people = page.population
    n = people.n if people.analyzed is None else people.analyzed
    some = f"{n:,} of {names.count(people.n_total, 'patient')}" if n < people.n_total else ""
    about = page.study.endpoint(page.view.endpoint).label if endpoint else ""
    told = ", ".join(filter(None, (about, some)))
    return take_away(base, view.query, there, image, told, page.methods.whole)


def image(
    figure: Figure,
    study: Study | None,
    title: str,
    rests_on: Sequence[tuple[str, str]],
    reason: str | None = None,
    published: Sequence[Headline] = (),
    *,
    canvas: Canvas = USUAL,
) -> Figure:
    """A figure as it stands alone in an image: on white, wide, with its provenance inside.

    Parameters
    ----------
    study : whose patients these are; ``None``: nobody's, the results are published
    title : the answer in words; reason : why there is nothing to draw
    rests_on : (label, text) pairs, the small print
    published : the trial's own results, which stand first here too
    canvas : how wide, and what stands above

    Raises
    ------
    UserError : there is nothing to draw; says why
    """
    if not figure["data"]:
        raise UserError("There is no figure to save.", reason or "This view draws nothing.")
    layout = dict(figure["layout"])
    width = canvas.width or IMAGE_WIDTH
    white: dict[str, Any] = {"paper_bgcolor": "#ffffff", "plot_bgcolor": "#ffffff", "width": width}
    # The font that lines are measured for, which other machines have too.
    white["font"] = {**layout["font"], "family": CHART_FONT}
    if not canvas.framed:  # a report has the words beside it
        return {"data": figure["data"], "layout": layout | white}
    room = width - 20
    head: list[str] = []
    if canvas.title:
        told = whose(study) if study else PUBLISHED
        head += [f"<b>{plain(line)}</b>" for line in fold(told, room, 14, bold=True)]
    elif study and study.kind != "real":  # that is never left out
        head += map(plain, fold(kind_badge_words(study)[0], room, 11))
    for item in published if canvas.subtitle else ():
        head += map(plain, fold(published_line(item), room, 14))
    head += map(plain, fold(title, room, 14)) if canvas.subtitle else ()
    small_print = [f"{label}: {text}" for label, text in rests_on]
    if canvas.width is None:
        lines = [
            line
            for text in small_print
            for line in wrap(text, _CHARACTERS, break_long_words=False, break_on_hyphens=False)
        ]
    else:  # in print each line counts
        lines = fold(" · ".join(small_print), room, 11)
    foot = [plain(line) for line in lines]
    top, bottom = 20 + 20 * len(head), 14 + _LINE * len(foot)
    margin = dict(layout["margin"])
    before_top, before_bottom = margin["t"], margin["b"]
    margin["t"] += top
    margin["b"] += bottom
    place = {"align": "left", "xshift": 10 - margin["l"]}
    above = place | {"yanchor": "bottom", "yshift": before_top + 4}
    below = place | {"yanchor": "top", "yshift": -before_bottom - 4}
    layout |= white | {
        "margin": margin,
        "height": layout["height"] + top + bottom,
        "annotations": [
            *layout.get("annotations", ()),
            annotation("<br>".join(head), 0, 1, 14, "#1b1f24", **above),
            annotation("<br>".join(foot), 0, 0, 11, "#566070", **below),
        ],
    }
    return {"data": figure["data"], "layout": layout}
