"""The calculator of risk models: its fields, each model's group with what counts, and trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from components import html, island
from components.controls import labeled, number_field, number_text, segmented
from components.page import Files
from components.parts import inside
from components.published import cited, source_line
from components.shell import notice
from components.take_away import take_away
from services.numbers import plain
from services.pages.risk import records

if TYPE_CHECKING:
    from services.views.site import RiskView

WARNING = "Not a medical device, not for individual decisions."
LABELS = {
    "bmpc": "Marrow plasma cells, %",
    "mprot": "Serum M-protein, ",
    "flcr": "Free light chain (FLC) ratio, involved to uninvolved",
    "kappa_flc": "Free kappa, mg/L",
    "lambda_flc": "Free lambda, mg/L",
    "aberrant": "Aberrant among marrow plasma cells (flow cytometry), %",
    "months": "Months since diagnosis",
}
TYPED = tuple(LABELS)
CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "mprot_unit": (("g/dL", "g/dL"), ("g/L", "g/L")),
    "flc": (("ratio", "Ratio"), ("chains", "Kappa and lambda")),
    "fish": (("unknown", "Unknown"), ("no", "No"), ("yes", "Yes")),
    "reduced": (("unknown", "Unknown"), ("0", "None"), ("1", "One"), ("2", "Two or more")),
    "isotype": (("unknown", "Unknown"), ("IgG", "IgG"), ("IgA", "IgA"), ("other", "Other")),
}
_CHOSEN = {
    "flc": "Free light chains",
    "fish": "High-risk cytogenetics",
    "reduced": "Other immunoglobulins reduced",
    "isotype": "Type of M-protein (heavy chain)",
}
_STATES = {"met": "met", "not met": "not met", "open": "not known"}


def calculator(page: records.RiskPage) -> Any:
    """The fields, and the answer beside them. A field keeps what is typed into it."""
    view = page.view
    chains = chains_shown(view)
    return html.Section(
        html.H2("My patient: which group do these values fall into?"),
        html.P(WARNING, className="notice notice-warning"),
        html.Div(
            html.Div(
                _field("bmpc", view),
                html.Div(
                    _field("mprot", view),
                    _choice("mprot_unit", view, "M-protein in"),
                    className="risk-pair",
                ),
                _labeled_choice("flc", view),
                html.Div(
                    _field("flcr", view),
                    id="risk-ratio-box",
                    className="hidden" if chains else "",
                ),
                html.Div(
                    _field("kappa_flc", view),
                    _field("lambda_flc", view),
                    id="risk-chains-box",
                    className="risk-pair" if chains else "risk-pair hidden",
                ),
                labeled(
                    "High-risk cytogenetics: t(4;14), t(14;16), +1q or del13q",
                    _choice("fish", view, _CHOSEN["fish"]),
                ),
                html.Details(
                    html.Summary("More values, for PETHEMA and trials' entry criteria"),
                    _field("aberrant", view),
                    labeled(
                        "Other immunoglobulins reduced (immunoparesis)",
                        _choice("reduced", view, _CHOSEN["reduced"]),
                    ),
                    _labeled_choice("isotype", view),
                    _field("months", view),
                    open=_more(view),
                    className="risk-more",
                ),
                className="risk-fields",
            ),
            island.island("risk-results", **{"aria-live": "polite"}),
            className="risk-columns",
        ),
        className="card",
        id="calculator",
    )


def _more(view: RiskView) -> bool:
    given = view.aberrant is not None or view.months is not None
    return given or view.reduced != "unknown" or view.isotype != "unknown"


def chains_shown(view: RiskView) -> bool:
    """Whether kappa and lambda are typed, not their ratio."""
    both = view.kappa_flc is not None and view.lambda_flc is not None
    return view.flc == "chains" or (view.flcr is None and both)


def label(name: str, view: RiskView) -> str:
    """A field's label; that of M-protein names its unit."""
    return LABELS[name] + (view.mprot_unit if name == "mprot" else "")


def _field(name: str, view: RiskView) -> Any:
    """Typed text: nothing in it is rewritten, whatever it is."""
    value = getattr(view, name)
    return number_field(f"risk-{name}", number_text(value), label(name, view), "Not known")


def _choice(name: str, view: RiskView, words: str) -> Any:
    return segmented(f"risk-{name}", CHOICES[name], getattr(view, name), words)


def _labeled_choice(name: str, view: RiskView) -> Any:
    return labeled(_CHOSEN[name], _choice(name, view, _CHOSEN[name]))


def rests_on(page: records.RiskPage) -> tuple[tuple[str, str], ...]:
    """The values entered, for a report."""
    view, chains = page.view, chains_shown(page.view)
    unused = {"flcr"} if chains else {"kappa_flc", "lambda_flc"}
    told = [
        f"{label(name, view)}: {number_text(value)}"
        for name in TYPED
        if name not in unused and (value := getattr(view, name)) is not None
    ]
    told += [
        f"{words}: {dict(CHOICES[name])[value].lower()}"
        for name, words in _CHOSEN.items()
        if name != "flc" and (value := getattr(view, name)) != "unknown"
    ]
    return (("Values entered", "; ".join(told) or "none"),)


def words(page: records.RiskPage, files: Files) -> dict[str, Any]:
    """The calculator's answer, for the browser to put in place."""
    return island.content(
        {
            "risk-results": results(page),
            "risk-trials": trials(page),
            "risk-take-away": take_away(
                "/risk", page.view.query, files, "risk", methods=page.methods.whole
            ),
        }
    )


def results(page: records.RiskPage) -> list[Any]:
    """Questions first, then each model's group with what counts, and its published risks."""
    asked = {q.text for q in page.questions}
    parts: list[Any] = [_question(q) for q in page.questions]
    parts += [notice("Outside the models", text) for text in page.warnings if text not in asked]
    if page.chains:
        parts.append(html.P(page.chains, className="hint"))
    if not page.results:
        return [
            *parts,
            html.P("Enter a value to see the group in each model.", className="hint risk-nothing"),
        ]
    return [
        *parts,
        *(_result(r) for r in page.results),
        html.P(
            "The percentages were published for groups of patients. " + WARNING,
            className="table-note",
        ),
    ]


def _question(question: records.Question) -> Any:
    answers = [
        inside(text, f"/risk{view.query}", "text-button")
        for text, view in ((question.accept, question.accepted), (question.keep, question.kept))
        if view is not None
    ]
    return html.Div(
        html.Strong("Please check. "),
        question.text,
        html.Div(answers, className="risk-answers") if answers else None,
        className="notice notice-warning risk-question",
    )


def _result(result: records.RiskResult) -> Any:
    head = html.Div(
        html.Span(result.model.title, className="risk-model"),
        html.Span(
            f"{result.group.name} risk" if result.group else "Not determined",
            className="risk-group",
        ),
        className="risk-head",
    )
    body: list[Any] = [html.P(counted(result), className="risk-value")]
    if result.group is None:
        body.append(html.P(result.reason, className="hint"))
    else:
        # No paragraph: a browser ends one where a citation begins.
        body.append(html.Div(f"{result.group.rule}.", *_progression(result.group)))
        body += _elsewhere(result.group)
    body.append(html.Ul([_factor(f) for f in result.factors], className="plain risk-factors"))
    body.append(html.P(source_line(result.model.sources[0]), className="table-note"))
    return html.Div(head, *body, className="risk-result")


def counted(result: records.RiskResult) -> str:
    """ "2 of 3 factors present; 1 not known", or the points of a score."""
    unknown = sum(f.points is None for f in result.factors)
    if result.weighted:
        told = f"{result.total} points"
    else:
        told = f"{result.total} of {len(result.factors)} factors present"
    return told + (f"; {unknown} not known." if unknown else ".")


def _factor(factor: records.CountedFactor) -> Any:
    """ "+1 marrow plasma cells 25% (above 20%)"; open where the value is not known."""
    if factor.points is None:
        mark, said = "?", "not known"
    else:
        mark = f"+{factor.points}" if factor.points else "0"
        said = factor.value
    counts = "counts" if factor.points else "open" if factor.points is None else "not"
    return html.Li(
        html.Span(mark, className=f"risk-mark risk-mark-{counts}"),
        html.Span(f"{factor.name}: {said} ", className="risk-value"),
        html.Span(f"(counts: {factor.threshold})", className="risk-cut"),
    )


def _progression(group: records.GroupRow) -> list[Any]:
    """What is published of progression within 2 and 5 years; what is not stays unsaid here."""
    told = [
        html.Span(f"within {plain(years)} years: ", cited(number))
        for years, _, number in group.risks
        if years in (2, 5)
    ]
    between = [item for part in told for item in (", ", part)][1:]
    return [" Published progression ", *between, "."] if told else []


def _elsewhere(group: records.GroupRow) -> list[Any]:
    """The same rule in another cohort, so that two numbers of it are not taken for an error."""
    lines = []
    for title in dict.fromkeys(title for title, _, _ in group.elsewhere):
        told: list[Any] = []
        for name, years, number in group.elsewhere:
            if name == title:
                told += [", " if told else "", f"within {plain(years)} years ", cited(number)]
        lines.append(
            html.Div(f"The same rule in another cohort ({title}): ", *told, className="risk-cut")
        )
    return lines


def trials(page: records.RiskPage) -> Any:
    """Trials whose entry criteria the values meet, may meet, or do not meet."""
    if not page.trials:
        return None
    absent = "; ".join(page.without_criteria)
    return html.Section(
        html.H2("Trials in such patients"),
        html.P(
            "Published entry criteria, compared with these values. Meeting them means that such "
            "patients were studied, not that a treatment is right for an individual patient. "
            "" + WARNING,
            className="table-note",
        ),
        *(_trial(t) for t in page.trials),
        html.P(
            f"No entry criteria that could be compared with the values: {absent}.",
            className="table-note",
        )
        if absent
        else None,
        className="card evidence-section",
        id="trials",
    )


def _trial(match: records.TrialMatch) -> Any:
    heads = {
        "met": "meets the criteria that are known",
        "open": "may meet the criteria: some are not known",
        "not met": "does not meet the criteria",
    }
    parts: list[Any] = [
        html.Div(
            html.Span(match.acronym, className="risk-model"),
            _state(match.state, heads[match.state]),
            className="risk-head",
        ),
        html.P(match.title, className="table-note"),
        html.Ul(
            [html.Li(_state(s, _STATES[s]), f" {t}") for t, s in match.criteria], className="plain"
        ),
    ]
    for title, found in (("In such patients", match.group_result), ("Published", match.result)):
        if found is not None:
            about = found.about.split(": ", 1)[1]
            parts.append(html.Div(f"{title}: ", cited(found), f" ({about})."))
    parts += _links(match)
    return html.Div(parts, className="risk-result")


def _state(state: str, words: str) -> Any:
    """Whether a criterion is met, or all of them, as a colored mark."""
    return html.Span(words, className=f"risk-state risk-state-{state.replace(' ', '-')}")


def _links(match: records.TrialMatch) -> Sequence[Any]:
    if not match.studies:
        return []
    links: list[Any] = []
    for study in match.studies:
        links += [inside(f"{study.words} →", study.href), " "]
    return [html.Div(*links, html.Span("(simulated patients)", className="risk-cut"))]
