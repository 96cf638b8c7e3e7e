"""A study's overview: question, design, headline results, patients, published and reproduced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from components import html, island
from components import page as frame
from components.overview.table import baseline_table, provenance_mark
from components.page import Files
from components.parts import facts, folded, headlines, inside, outside, row, table
from components.published import arms_table, cited, source_line, standing_table
from components.rail import rail
from services import format as fmt
from services import names
from services.names import isolated
from services.pages.overview.records import FigureRow, OverviewPage

if TYPE_CHECKING:
    from services.evidence.facts import Conflict
    from services.evidence.trial import Enrollment, Trial
    from services.study.model import Study

_REPRODUCED = (
    "Each published figure beside the value that this site computes for these patients. An "
    "automated test recomputes every one."
)
_RESPONSES_OF = (
    "Responders by planned arm, among the patients stated; published rates are listed below."
)


def overview_layout(
    page: OverviewPage, query: str, _scheme: str, _compact: bool, files: Files
) -> Any:
    """Content of the page."""
    study = page.study
    lead = study.metadata.summary
    return frame.study_page(
        "overview",
        study,
        query,
        words(page, files),
        [
            html.P(lead, className="lead") if lead else None,
            island.island("overview-top", className="overview-columns"),
            island.island("overview-published", className="cards"),
            island.island("overview-patients", className="cards"),
            island.island("overview-rest", className="cards"),
            frame.take_away_place("overview"),
        ],
        beside=rail(page, (), "overview"),
        stores=[island.store("overview-island-fixed", island.content(fixed(page)))],
        main="main overview",
    )


def words(page: OverviewPage, files: Files) -> dict[str, Any]:
    """What follows the filters, for the browser to put in place."""
    return island.content(
        {
            "overview-patients": patients(page),
            "overview-take-away": frame.files("", page, page.view, files),
        }
    )


def pinned(page: OverviewPage) -> dict[str, str]:
    """What a report shows: the patients, and what was published and is reproduced."""
    found = fixed(page)
    rest = {name: found[name] for name in ("overview-published", "overview-rest")}
    return {**words(page, ())["html"], **island.content(rest)["html"]}


def fixed(page: OverviewPage) -> dict[str, list[Any]]:
    """What no filter changes, by the place it fills."""
    return {
        "overview-top": [
            html.Div(_headlines(page), _design(page), className="cards"),
            html.Div(_go(page.study), _links(page), className="cards"),
            _standing(page),
        ],
        "overview-published": [_published(page)],
        "overview-rest": [_figures(page.figures), _conflicts(page)],
    }


def _card(title: str, children: Sequence[Any], section: str = "", count: str = "") -> Any:
    """A card; one with a ``section`` is long and folded on narrow screens."""
    if not section:
        return html.Section(html.H2(title), *children, className="card")
    return html.Section(folded(title, children, section, count), id=section, className="card")


def _go(study: Study) -> Any:
    links = [
        inside(f"{e.label} →", f"/study/{study.id}/survival?{urlencode({'endpoint': e.id})}", "go")
        for e in study.endpoints
    ]
    return html.Nav(links, className="card go-list", aria_label="Open the curves")


def _headlines(page: OverviewPage) -> Any:
    if not page.headlines:
        return None
    rows = [(h.cited.about.split(": ", 1)[1], cited(h.cited)) for h in page.headlines]
    return _card("Headline results, as published", [headlines(rows)])


def _design(page: OverviewPage) -> Any:
    study, trial = page.study, page.trial
    rows: list[tuple[str, Any]] = []
    if study.metadata.design:
        rows.append(("Trial" if trial is not None else "Study", study.metadata.design))
    for arm in page.arms:
        words = f"{page.assigned[arm.name]:,} patients" + (
            f". {arm.regimen}" if arm.regimen else ""
        )
        rows.append((arm.name, words))
    if trial is not None:
        rows += _enrollment(trial.enrolment)
        if trial.quality_of_life is not None:
            rows.append(("Quality of life", trial.quality_of_life.text))
    if (
        study.metadata.data_cut
        and ("Data cutoff of the report", study.metadata.data_cut) not in rows
    ):
        rows.append(("Data cut", study.metadata.data_cut))
    return _card("Design", [facts(rows)], "design", "Arms, eligibility, dates") if rows else None


def _standing(page: OverviewPage) -> Any:
    if not page.standing:
        return None
    count = fmt.counted(len(page.standing), "statement", "statements")
    return _card("Where it stands", [standing_table(page.standing)], "standing", count)


def _enrollment(found: Enrollment) -> list[tuple[str, Any]]:
    listed = [html.Li(text) for text in found.eligibility]
    enrolled = f"{found.first} to {found.last or 'end not found'}" if found.first else ""
    rows = (
        (
            f"Eligible: {found.risk_words.lower()}",
            html.Ul(listed, className="plain") if listed else None,
        ),
        ("Stratified by", found.stratification),
        ("Enrolled", enrolled),
        ("Data cutoff of the report", found.data_cutoff),
        ("Note", found.note),
    )
    return [(label, told) for label, told in rows if told]


def _links(page: OverviewPage) -> Any:
    trial, citation = page.trial, page.study.metadata.citation
    items: list[Any] = []
    if trial is not None:
        items += [html.Li(source_line(source)) for source in trial.citations]
        if trial.registration:
            number = outside(trial.registration, trial.registration_link)
            items.append(html.Li("Registration ", number))
    elif citation:
        link = f"https://doi.org/{citation['doi']}" if citation.get("doi") else ""
        words = ", ".join(v for k in ("label", "journal") if (v := citation.get(k, "")))
        items.append(html.Li(outside(words, link)))
    if not items:
        return None
    return _card(
        "Original publications",
        [html.Ul(items, className="plain")],
        "originals",
        fmt.counted(len(items), "entry", "entries"),
    )


def patients(page: OverviewPage) -> list[Any]:
    """The tables that follow the filters."""
    parts = [
        _card(
            "Patients at baseline",
            [
                baseline_table(page.baseline, page.study, "Missing", "Patients by arm")
                if page.population.n
                else html.P("No patient matches all the filters.", className="hint"),
                html.P(
                    frame.provenance(page.provenance),
                    className="provenance",
                ),
            ],
            "patients",
            f"{page.population.n:,} patients, {len(page.baseline.rows)} characteristics",
        )
    ]
    if page.responses and page.population.n:
        parts.append(
            _card(
                "Response and treatment in these data",
                _responses(page),
                "responses",
                "Responders, time on treatment, reasons for stopping",
            )
        )
    return parts


def _responses(page: OverviewPage) -> list[Any]:
    lines: list[tuple[Any, Any]] = []
    for r in page.responses:
        if r.rate.estimate is None or r.rate.lower is None or r.rate.upper is None:
            text = f"{fmt.NOT_ESTIMABLE}: {r.rate.reason}"
        else:
            text = (
                f"{r.responders:,} of {r.n:,} {r.denominator}: {fmt.percent(r.rate.estimate)}"
                f" (95% CI {fmt.share_interval(r.rate.lower, r.rate.upper)}, exact)"
            )
        if r.unrecorded:
            are = fmt.counted(r.unrecorded, "patient", "patients")
            text += f"; {are} without a record counted as nonresponders"
        mark = provenance_mark(r.provenance) if page.study.kind == "simulated" else None
        lines.append(([f"{r.label}, {isolated(r.arm)}", mark], text))
    parts: list[Any] = [facts(lines), html.P(_RESPONSES_OF, className="table-note")]
    if page.treatment.rows:
        parts.append(
            baseline_table(
                page.treatment, page.study, "No record or no treatment", "Treatment by arm"
            )
        )
    return parts


def _published(page: OverviewPage) -> Any:
    if not page.published:
        return None
    return _card(
        "Response, exposure and further results, as published",
        [arms_table(page.published, "Published results", follow_up=False)],
    )


def _figures(figures: Sequence[FigureRow]) -> Any:
    if not figures:
        return None
    heads = ("Figure", "Published", "From these data", "Source")
    body = [row(f.label, cited(f.published), f.reproduced, f.source) for f in figures]
    label = "Published versus reproduced"
    return _card(
        label,
        [
            html.P(_REPRODUCED, className="table-note"),
            table(heads, body, "numbers cite-list figures-table", label, heads[1:]),
        ],
        "figures",
        f"{len(figures)} figures",
    )


def _conflicts(page: OverviewPage) -> Any:
    told = list(page.study.metadata.conflicts)
    titles = {title for title, _ in told}
    trial: Trial | None = page.trial
    if trial is not None:
        more: list[Conflict] = [
            *trial.conflicts,
            *(c for e in trial.endpoints for c in e.conflicts),
        ]
        told += [(c.title, c.text) for c in more if c.title not in titles]
    missing = trial.missing if trial is not None else ()
    notes = trial.notes if trial is not None else ()
    if not told and not missing and not notes:
        return None
    children: list[Any] = [facts(told)] if told else []
    for title, texts in (
        ("Also said of the trial", [note.text for note in notes]),
        ("Not found in any source we read", [names.capital(text) for text in missing]),
    ):
        if texts:
            items = html.Ul([html.Li(text) for text in texts], className="plain")
            children += [html.H3(title), items]
    counts = [fmt.counted(len(told), "conflict", "conflicts")] if told else []
    counts += [f"{len(missing)} not found"] if missing else []
    count = ", ".join(counts)
    return _card("Where sources disagree", children, "conflicts", count)
