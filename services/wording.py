"""Sentences made of results: the answer above a chart, the provenance line below it."""

from __future__ import annotations

from collections.abc import Sequence

from services import format as fmt
from services.landmarks import difference_words
from services.page_records import Population, Stratum
from services.pages import direction, names
from services.pages.names import arm as arm_phrase
from services.pages.names import join_and
from services.pages.survival import words
from services.study import Arm, Endpoint, Study
from services.view import View

__all__ = ["arm_phrase", "join_and", "kind_words", "provenance", "with_caveat"]

KIND_WORDS = {
    "simulated": "Simulated patients",
    "real": "Real patients",
    "uploaded": "Uploaded data",
}


def kind_words(study: Study) -> str:
    """Whose data these are. Nobody but who supplied a study without a citation can say."""
    if study.kind == "real" and not study.metadata.citation:
        return "Data as supplied"
    return KIND_WORDS[study.kind]


def with_caveat(study: Study, detail: str) -> str:
    """The detail, and for simulated patients what of their safety must not be believed."""
    if study.kind != "simulated":
        return detail
    caveat = "Simulated: adverse events that the publication does not give are illustrative."
    return f"{detail} {caveat}".strip()


def _read_as(study: Study, endpoint: Endpoint) -> str:
    """How the times were taken from data that are not our own: never in silence."""
    if study.kind == "simulated":
        return ""
    source = dict(study.report.mapped).get(f"Time of {endpoint.id}")
    return f"; read as {source}" if source else ""


def strata_words(strata: Sequence[Stratum]) -> str:
    """The strata by their labels, with who has no value and what only a small chart brought."""
    texts = []
    for stratum in strata:
        notes = []
        if stratum.of_small_charts:
            notes.append("by the small charts")
        if stratum.missing:
            patients = names.count(stratum.missing, "patient")
            notes.append(f"{patients} without a value as a stratum of their own")
        texts.append(stratum.label + (f" ({'; '.join(notes)})" if notes else ""))
    return ", ".join(texts) or "none"


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
    who = words.who(population.n, population.n_study, arms, study.arms, population.summary)
    if without_record:
        who += f"; {without_record} without a record of this endpoint"
    competing = ""
    instead = names.join_and([names.label(name) for name in endpoint.competing])
    if instead:
        competing = (
            f"; {instead} before the event counted as censored:"
            f" what would be {names.if_nothing_else(endpoint.competing)}"
        )
    level = fmt.level(view.level)
    same = endpoint.event == endpoint.label
    rows = [
        ("Study", f"{study.metadata.short_title or study.title}. {kind_words(study)}"),
        ("Population", who),
        ("Endpoint", endpoint.label + ("" if same else f"; event: {endpoint.event}")),
        ("Curves", f"Kaplan-Meier, {level} CI ({view.ci}, Greenwood){competing}"),
    ]
    if instead:
        rows.append(("Incidence", f"Aalen-Johansen, {level} CI ({view.ci}); {instead} competing"))
    if len(arms) > 1:
        specific = "cause-specific " if endpoint.competing else ""
        rows.append(
            (
                "Comparison",
                f"Cox {specific}hazard ratio (Efron ties) and log-rank test; strata:"
                f" {strata_words(strata)}; reference: {names.isolated(view.arms[0])};"
                f" {direction.rule(endpoint.good, 'the other arm')}",
            )
        )
        rows.append(("Differences", f"limits {difference_words(view.ci)}"))
    origin = study.metadata.time_origin or "the first day of the endpoint"
    rows.append(("Time", f"{view.unit} from {origin}{_read_as(study, endpoint)}"))
    if study.metadata.data_cut:
        rows.append(("Data cut", study.metadata.data_cut))
    return tuple(rows)
