"""The evidence page: what is published about every trial, side by side and never pooled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from components import html, island
from components import page as frame
from components.chart import Figure
from components.chart_keys import POINTS, chart_keys
from components.controls import Settings, labeled, segmented, several, text_field
from components.evidence.figure import COLORS, follow_up_figure
from components.evidence.forest_figure import forest_figure
from components.evidence.table import glance, meta, mrd, series, single_arm, timeline
from components.page import Files
from components.panels import Words, together
from components.parts import folded
from components.published import arms_table, forest_table, standing_table
from components.studio.figure import GRAYS, USUAL, Canvas
from components.take_away import take_away
from components.theme import INKS
from services import format as fmt
from services import lists
from services.errors import UserError
from services.pages.evidence.records import EvidencePage

if TYPE_CHECKING:
    from services.evidence.cited import ArmsRow

_WORDS: Mapping[str, Any] = lists.beside(__file__)
SECTIONS: Mapping[str, Mapping[str, Any]] = _WORDS["sections"]  # in their order
_APART = 900  # pixels of an image from which forests stand beside each other
_LOWEST = 220  # of the chart by follow-up


def evidence_layout(
    page: EvidencePage, query: str, scheme: str, compact: bool, files: Files
) -> Any:
    """Content of the page."""
    return frame.site_page(
        "What has been shown about early treatment of smoldering myeloma",
        "Published results, each with its source. Nothing here is computed from patient data.",
        _filters(page),
        html.Nav(
            [
                *(html.A(words["short"], href=f"#{name}") for name, words in SECTIONS.items()),
                html.Button(
                    "Open all", type="button", className="text-button", data_open_all="yes"
                ),
            ],
            className="section-nav",
            aria_label="On this page",
        ),
        island.island("evidence-main"),
        _section(
            "follow-up",
            chart_keys("evidence", "evidence-follow-up", POINTS, "Points of the chart"),
            html.Figure(
                html.Div(
                    frame.graph(
                        "evidence-follow-up", follow_up_figure(page.follow_up, scheme, compact)
                    ),
                    className="follow-up-chart",
                    aria_hidden="true",
                ),
                id="evidence-chart",
                className="plain-figure",
            ),
            island.island("evidence-series"),
            count="E3A06, QuiRedex, AQUILA",
        ),
        island.island("evidence-running"),
        frame.take_away_place("evidence"),
        classes="evidence",
        name="evidence",
        query=query,
        words=words(page, files),
    )


def control_values(page: EvidencePage) -> dict[str, Any]:
    """What each filter holds, by field of ``EvidenceView``."""
    view = page.view
    lists = {"drug": list(view.drug), "risk": list(view.risk)}
    return {**lists, "design": view.design, "reports": view.reports, "q": view.q}


def rests_on(page: EvidencePage) -> tuple[tuple[str, str], ...]:
    """What was asked for, for a report."""
    view, setting = page.view, Settings("evidence", control_values(page))
    told = [setting.told("drug")] if view.drug else []
    told += [setting.told("risk", _WORDS["risks"])] if view.risk else []
    told += [setting.told("design")] if view.design != "all" else []
    told += [setting.told("reports")] if view.reports != "latest" else []
    told += [f"Search: “{view.q}”"] if view.q else []
    return (("Filters", "; ".join(told) or "none"),)


def _filters(page: EvidencePage) -> Any:
    values = control_values(page)
    search = text_field("evidence-q", values["q"], "Search", "Drug, brand or trial", maxLength=200)
    setting = Settings("evidence", values)
    return html.Section(
        labeled("Search", search),
        setting(several, "drug", [(c, c) for c in page.drug_classes]),
        setting(several, "risk", [(r, _WORDS["risks"][r]) for r in page.risks]),
        setting(segmented, "design"),
        setting(segmented, "reports"),
        className="card filter-bar",
        aria_label="Filters",
    )


@lru_cache(32)  # 100 kB each; a visit asks twice, and most visits ask for the same
def words(page: EvidencePage, files: Files) -> Mapping[str, Any]:
    """Everything but filters and chart, for the browser to put in place.

    It changes with the program alone: a browser may keep it.
    """
    made = island.content(parts(page, files), hidden={"evidence-chart": not page.follow_up})
    return made | {"version": "program"}


def parts(page: EvidencePage, files: Files) -> dict[str, list[Any]]:
    """The page's sections by the place they fill."""
    return {
        "evidence-main": _main(page),
        "evidence-series": [series(page)],
        "evidence-running": [_found("running", page.timeline, timeline(page.timeline))],
        "evidence-take-away": [_take_away(page, files)],
    }


def _take_away(page: EvidencePage, files: Files) -> Any:
    drawn = page.follow_up or any(row.estimate for f in page.forests for row in f.rows)
    there = [ending for ending in files if drawn or ending != "figure.json"]
    return take_away("/evidence", page.view.query, there, "evidence", methods=page.methods.whole)


def image(page: EvidencePage, canvas: Canvas = USUAL) -> Figure:
    """The forests and the chart of hazard ratios by follow-up as they stand in an image.

    Raises
    ------
    UserError : no trial of the view has a hazard ratio
    """
    width = canvas.width or frame.IMAGE_WIDTH
    apart = width >= _APART  # forests beside each other
    forests = [(f, forest_figure(f.rows, width // 2 if apart else width)) for f in page.forests]
    figures = [(f.title, made) for f, made in forests if made is not None]
    if apart and len(figures) > 1:
        beside = together([made for _, made in figures], [_above(t) for t, _ in figures], False)
        figures = [("", beside)]
    if page.follow_up:
        colors = GRAYS if canvas.gray else COLORS
        drawn = follow_up_figure(page.follow_up, "light", canvas.compact, colors)
        drawn["layout"]["height"] = max(drawn["layout"]["height"] + canvas.more, _LOWEST)
        drawn["layout"]["width"] = width
        figures.append((SECTIONS["follow-up"]["title"], drawn))
    if not figures:
        raise UserError(
            "There is no figure to save.", "None of the trials shown has a hazard ratio."
        )
    made = together([figure for _, figure in figures], [_above(t) for t, _ in figures], True)
    rows = [row.cited for forest in page.forests for row in forest.rows]
    cited = [*rows, *(point.cited for item in page.follow_up for point in item.points)]
    sources = dict.fromkeys(s.label or s.title for c in cited for s in c.sources)
    notes = (SECTIONS["follow-up"]["note"] if page.follow_up else "", _WORDS["apart"])
    small = [("Sources", "; ".join(sources)), ("Note", " ".join(filter(None, notes)))]
    return frame.image(made, None, SECTIONS["ratios"]["title"], small, canvas=canvas)


def _above(title: str) -> list[Words]:
    return [(title, INKS["light"].text, True)] if title else []


def _main(page: EvidencePage) -> list[Any]:
    """The sections above the chart."""
    key = html.P(
        f"{page.shown} of {page.total} trials. ",
        html.Span("Select a number to see its source; ", className="on-screen"),
        html.Span("°", className="cite-mark"),
        " not read in the paper itself; ",
        html.Span("*", className="cite-mark"),
        " derived by arithmetic; “not found”: in no source we read.",
        className="table-note",
    )
    taken = [
        html.P(f"“{brand}” was interpreted as {generic}.", className="hint evidence-taken")
        for brand, generic in page.taken
    ]
    if page.view.q and not page.shown and not page.timeline:
        nothing = (
            f"No trial matches “{page.view.q}” and these filters. Try a drug or a trial's name."
        )
        taken.append(html.P(nothing))
    subgroups, after = page.subgroups.rows, page.after.rows
    ratios = [row for forest in page.forests for row in forest.rows]
    treated = (
        _by_arm(page.treated_after, "Treated after progression") if page.treated_after else None
    )
    return [
        *taken,
        key,
        _found("glance", page.glance, glance(page.glance)),
        _found("standing", page.standing, standing_table(page.standing)),
        _section(
            "ratios",
            *_forests(page),
            count=_count("ratios", ratios),
        ),
        _found("subgroups", subgroups, forest_table(subgroups, "Published subgroup results")),
        _found("times", page.landmarks, arms_table(page.landmarks, "Results over time")),
        _section(
            "after",
            _or_none("after", after, forest_table(after, "After progression")),
            treated,
            count=_count("after", (*after, *page.treated_after)),
        ),
        _found("response", page.responses, _by_arm(page.responses, "Response")),
        _found("harms", page.events, _by_arm(page.events, "Adverse events")),
        _found("single-arm", page.single_arm, single_arm(page.single_arm)),
        _found("mrd", page.mrd, mrd(page.mrd)),
        _section("meta", *meta(page), count=_count("meta", {m.analysis for m in page.meta})),
    ]


def _section(section: str, *children: Any, count: str = "") -> Any:
    """A section; one with a ``count`` is folded, on wide screens too unless it says otherwise."""
    words = SECTIONS[section]
    apart = _WORDS["apart"] if words.get("apart") else ""
    notes = (f"{words.get('note', '')} {apart}".strip(), words.get("also"))
    content = [html.P(note, className="table-note") for note in notes if note]
    content += children
    if count:
        wide = words.get("wide", False)
        content = [folded(words["title"], content, section, count, wide=wide)]
    else:
        content.insert(0, html.H2(words["title"]))
    return html.Section(content, id=section, className="card evidence-section")


def _found(section: str, rows: Sequence[Any], made: Any) -> Any:
    """A section of what was found, or that nothing was."""
    return _section(section, _or_none(section, rows, made), count=_count(section, rows))


def _or_none(section: str, rows: Sequence[Any], made: Any) -> Any:
    nothing = SECTIONS[section].get("nothing", _WORDS["nothing"])
    return made if rows else html.P(nothing, className="hint")


def _count(section: str, rows: Collection[Any]) -> str:
    """How many rows, in the section's word for them; "" for one that is not folded."""
    counted = SECTIONS[section].get("counted")
    return fmt.counted(len(rows), *counted) if counted else ""


def _by_arm(rows: Sequence[ArmsRow], label: str) -> Any:
    return arms_table(rows, label, follow_up=False)


def _forests(page: EvidencePage) -> list[Any]:
    parts: list[Any] = []
    for forest in page.forests:
        parts.append(html.H3(forest.title))
        table = forest_table(forest.rows, f"Forest: {forest.title}")
        parts.append(_or_none("ratios", forest.rows, table))
    return parts
