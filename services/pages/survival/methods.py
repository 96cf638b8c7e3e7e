"""What the numbers of a survival view rest on, for the lines under it and everything taken away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services import format as fmt
from services import names
from services.pages import words
from services.pages.paragraph import of_pair, of_view, patients, written
from services.pages.records import Methods
from services.statistics.landmarks import difference_words
from services.study import population as pop
from services.study.model import Arm, Endpoint, Study
from services.study.records import Population, Stratum
from services.views.study import View

Notes = tuple[tuple[str, str], ...]


def of_plot(
    rows: Notes, view: View, strata: Sequence[Stratum], label: str = "", late: bool = False
) -> Notes:
    """The provenance of the view ``plot`` names: its chart's own method, then that of the numbers.

    Parameters
    ----------
    rows : the provenance of Kaplan-Meier curves, whose line "Curves" is theirs
    strata : of the comparisons
    label : of the column small charts are drawn by
    late : whether there are entry times
    """
    own = _method(view, strata, label, late)
    if not own:
        return rows
    # With competing events the sentence is of the incidence, and a line of its own says so.
    types = view.plot == "types"
    kept = not (types and any(name == "Incidence" for name, _ in rows))
    beside = "Sentence" if types else "Numbers"
    found: list[tuple[str, str]] = []
    for name, text in rows:
        if name != "Curves":
            found.append((name, text))
        elif view.plot == "curves":  # small charts: the same method in each
            found.append((name, f"{text}; {own}"))
        else:
            found += [(name, own), (beside, text)] if kept else [(name, own)]
    return tuple(found)


def _method(view: View, strata: Sequence[Stratum], label: str, late: bool) -> str:
    level = fmt.level(view.level)
    if view.plot == "types":
        curves = (
            "cumulative incidence of each type of event, the others competing (Aalen-Johansen),"
            f" {level} CI ({view.ci})"
        )
        if len(view.arms) < 2:
            return curves
        return (
            f"{curves}; Gray's test of all arms for each type,"
            " cause-specific and Fine-Gray hazard ratios of each arm, without strata"
        )
    if view.plot == "hazards":
        return (
            "hazard ratio over time: scaled Schoenfeld residuals of Cox's model, smoothed by a"
            f" natural cubic spline of 4 degrees of freedom, pointwise {level} limits;"
            f" strata: {strata_words(strata)}; score test of proportional hazards"
            " (Kaplan-Meier time); Cox models before and after a time"
            f"{'' if late else '; Fleming-Harrington tests, max-combo'}"
        )
    if view.plot == "means":
        return (
            "difference of restricted mean times up to each time, from Kaplan-Meier;"
            f" {level} limits {difference_words(view.ci)}"
        )
    if view.plot == "adjusted":
        return (
            "coefficients of the adjusted Cox model (Efron ties) as hazard ratios, per unit of a"
            f" number or against the first level, {level} CI (Wald)"
        )
    return f"each level of {label} separately" if label else ""


def paragraph(
    study: Study,
    view: View,
    endpoint: Endpoint,
    arms: Sequence[Arm],
    population: Population,
    strata: Sequence[Stratum],
    tau: float,
    split: float | None = None,
    facet: str = "",
) -> Methods:
    """The methods as a manuscript tells them.

    Parameters
    ----------
    tau : horizon of restricted means in the view's unit
    split : time before and after which hazard ratios are compared, where they are
    facet : label of the column small charts are drawn by
    """
    types = view.plot == "types"
    several = len(arms) > 1
    instead = names.join_and([names.label(name) for name in endpoint.competing])
    parts = ["curves"]
    if types or instead:
        parts = ["incidence", *(["gray"] if types and several else [])]
        parts += ["censored"] if instead else ["curves"]
    parts += [view.plot] if view.plot in ("hazards", "means") else []
    parts += ["facets"] if facet else []
    late = study.delayed(endpoint.id) > 0
    parts += entry_part(study, endpoint)
    parts += (
        ["comparison_entry" if late else "comparison", _REST.get(view.ci, "rest_mover")]
        if several
        else ["rest_alone"]
    )
    parts += ["proportional"] if several else []
    parts += ["proportional_change"] if split is not None else []
    parts += ["adjusted"] if several and view.adjust else []
    pair = of_pair(view.arms[1] if len(arms) == 2 else f"each other {view.side}", view.arms[0])
    return written(
        parts,
        ["survival", *(["ratio"] if several else [])],
        study,
        **of_view(view),
        **pair,
        Endpoint=endpoint.label + ("," if view.what_if else ""),
        who=patients(study, population, arms),
        by=_by(view) if several else "",
        event=names.label(endpoint.event) if instead else "each type of event",
        instead=instead or "the others",
        specific="cause-specific " if instead else "",
        strata=stratified(strata),
        facet=names.label(facet),
        weighted="" if late else _WEIGHTED,
        factors=names.join_and([names.label(pop.column(study, c).label) for c in view.adjust]),
        rule=endpoint.ratio_rule(),
        tau=names.time(fmt.time(tau, view.unit).removesuffix(".0"), view.unit),
        split="" if split is None else names.time(split, view.unit),
    )


def entry_part(study: Study, endpoint: Endpoint) -> list[str]:
    """The sentence on entry times, where the endpoint has some."""
    return ["entry"] if study.delayed(endpoint.id) else []


def _by(view: View) -> str:
    """By what patients are compared, within a sentence."""
    return f", by what was known by {view.since}," if view.known else ", by assigned arm,"


_REST = {"plain": "rest_plain"}
_WEIGHTED = ", log-rank tests with Fleming-Harrington weights and the largest of these (max-combo)"


def stratified(strata: Sequence[Stratum]) -> str:
    """By what a comparison is stratified, at the end of a sentence."""
    held = varying(strata)
    if not held:
        return "without stratification"
    return f"stratified by {strata_words(held)}; unstratified results are given beside them"


def varying(strata: Sequence[Stratum]) -> list[Stratum]:
    """The factors that make strata of these patients."""
    return [stratum for stratum in strata if not stratum.constant]


def _read_as(study: Study, endpoint: Endpoint) -> str:
    """How the times were taken from data that are not our own: never in silence."""
    if study.kind == "simulated":
        return ""
    source = dict(study.report.mapped).get(f"Time of {endpoint.id}")
    return f"; read as {source}" if source else ""


def strata_words(strata: Sequence[Stratum]) -> str:
    """The strata by their labels, with who has no value and what only a small chart brought."""
    texts = []
    for stratum in varying(strata):
        notes = []
        if stratum.of_small_charts:
            notes.append("by the small charts")
        if stratum.missing:
            patients = names.count(stratum.missing, "patient")
            notes.append(f"{patients} without a value left out of what is stratified")
        texts.append(stratum.label + (f" ({'; '.join(notes)})" if notes else ""))
    same = [stratum.label for stratum in strata if stratum.constant]
    one = f" ({names.join_and(same)} the same in all patients)" if same else ""
    return (", ".join(texts) or "none") + one


_NOT_OF_ENTRY = (
    ", so the numbers at risk rise first; there is no log-rank test (the score test of the Cox"
    " model stands for it), no weighted test, no cumulative incidence and no landmark"
)


def late_entries(entry: np.ndarray | None, more: str = "") -> Notes:
    """Who came under observation late, and what that changes, for the lines under a page."""
    if entry is None:
        return ()
    late = int((entry > 0).sum())
    said = (
        f"{late:,} of {names.count(len(entry), 'patient')} came under observation after the start"
        " and are at risk only from then on (left truncation)"
    )
    return (("Entry times", f"{said}{more}"),)


def entry_times(entry: np.ndarray | None) -> Notes:
    """The same on the survival page, with what is not made of entry times."""
    return late_entries(entry, _NOT_OF_ENTRY)


def provenance(
    study: Study,
    view: View,
    endpoint: Endpoint,
    arms: Sequence[Arm],
    population: Population,
    without_record: int,
    strata: Sequence[Stratum] = (),
) -> tuple[tuple[str, str], ...]:
    """Label and text of each thing a number rests on, in reading order."""
    who = words.who(population, arms, study.arms)
    if kept := words.at_landmark(population):
        who += f"; {kept}"
    if without_record:
        who += f"; {without_record} without a record of this endpoint"
    competing = ""
    instead = names.join_and([names.label(name) for name in endpoint.competing])
    if instead:
        competing = (
            f"; {instead} before the event counted as censored: what would happen "
            f"{names.if_nothing_else(endpoint.competing)}"
        )
    level = fmt.level(view.level)
    same = endpoint.event == endpoint.label
    rows = [
        ("Study", f"{study.short_title}. {words.kind_words(study)}"),
        ("Population", who),
        ("Endpoint", endpoint.label + ("" if same else f"; event: {endpoint.event}")),
        ("Curves", f"Kaplan-Meier, {level} CI ({view.ci}, Greenwood){competing}"),
    ]
    if instead:
        rows.append(("Incidence", f"Aalen-Johansen, {level} CI ({view.ci}); {instead} competing"))
    if len(arms) > 1:
        specific = "cause-specific " if endpoint.competing else ""
        test = "score" if study.delayed(endpoint.id) else "log-rank"
        rows.append(
            (
                "Comparison",
                f"Cox {specific}hazard ratio (Efron ties) and {test} test; strata:"
                f" {strata_words(strata)}; reference: {names.isolated(view.arms[0])};"
                f" {endpoint.ratio_rule()}",
            )
        )
        rows.append(("Differences", f"limits {difference_words(view.ci)}"))
        within = "stratified, and unstratified beside them" if varying(strata) else "unstratified"
        rows.append(
            (
                "P-values",
                f"two-sided, not corrected for multiplicity; {test} test and Wald test of Cox's"
                f" model, {within}; normal tests of differences; score test of proportional"
                " hazards",
            )
        )
    origin = study.metadata.time_origin or "the start of observation"
    rows.append(("Time", f"{view.unit} from {origin}{_read_as(study, endpoint)}"))
    if study.metadata.data_cut:
        rows.append(("Data cut", study.metadata.data_cut))
    return tuple(rows)
