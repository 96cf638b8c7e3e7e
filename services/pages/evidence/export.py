"""Published facts as JSON and CSV, for other programs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from services.csv_text import SafeWriter
from services.evidence.cite import patients
from services.evidence.cited import Cited
from services.evidence.load import evidence
from services.evidence.trial import Trial
from services.json_text import to_json
from services.pages.evidence import enrolled
from services.pages.evidence.page import evidence_page
from services.pages.evidence.records import EvidencePage
from services.pages.export import asked, methods_told
from services.views.site import EvidenceView

COLUMNS = (
    "trial", "report", "endpoint", "comparison", "measure", "estimate", "lower", "upper", "p",
    "follow_up_months", "patients", "verification", "sources", "note", "subgroup",
    "also_enrolled", "date", "statement_by", "statement", "population", "read", "arm", "value",
)  # fmt: skip
# What the columns from "trial" to "patients" hold of a ratio's row.
_AS_THEY_ARE_IN = COLUMNS[:11]
_AS_THEY_ARE = (
    "acronym", "report", "endpoint", "comparison", "measure", "estimate", "lower", "upper", "p",
    "follow_up_months", "n",
)  # fmt: skip


def evidence_json(view: EvidenceView) -> dict[str, Any]:
    """The body of ``/evidence.json``: what the page shows, and every fact behind it.

    ``null`` is "not found", never zero.
    """
    page = evidence_page(view)
    shown = {row.acronym for forest in page.forests for row in forest.rows}
    shown |= {row.acronym for row in page.landmarks} | {row.acronym for row in page.timeline}
    # A part of a trial is named after it: "E3A06, phase 2".
    shown |= {row.acronym.rpartition(", ")[0] or row.acronym for row in page.single_arm}
    shown |= {row.acronym for row in page.single_arm}
    shown |= {acronym for row in page.standing for acronym, _ in row.trials}
    risk = page.view.risk
    found = evidence()
    return {
        "note": "Published results. The trials were not randomized against each other and are"
        " not pooled here.",
        "filters": asked(page.view),
        **methods_told(page.methods),
        "trials": [
            {**_trial(t), **_enrolled(t.enrolment.risk, risk)}
            for t in found.trials
            if t.acronym in shown
        ],
        "meta_analyses": to_json(found.meta_analyses),
        "ongoing": [
            {**to_json(o), **_enrolled(o.risk, risk)} for o in found.ongoing if o.acronym in shown
        ],
        "as_of": found.as_of,
        "standing": [
            {**to_json(s), "kind": s.kind_words}
            for s in found.standings
            if {t.acronym for t in found.trials if t.id in s.trials} & shown
        ],
    }


def _trial(trial: Trial) -> dict[str, Any]:
    made: dict[str, Any] = to_json(trial)
    endpoints = zip(made["endpoints"], trial.endpoints, strict=True)
    made["endpoints"] = [{**told, "patients": patients(trial, e)} for told, e in endpoints]
    return made


def _enrolled(population: str, asked: tuple[str, ...]) -> dict[str, Any]:
    """Whom a trial took, and whom of them beside those asked for."""
    return {
        "risk_groups": list(enrolled.groups(population)),
        "also_enrolled": list(enrolled.others(population, asked)),
    }


def evidence_csv(view: EvidenceView) -> str:
    """A row per published ratio, number of an arm, running trial and statement.

    Lines starting with # say what they are.
    """
    out = io.StringIO()
    out.write("# Published results; an empty cell was not found in any text that was read\n")
    out.write("# The trials were not randomized against each other; nothing is pooled here\n")
    writer = SafeWriter(out)
    writer.writerow(COLUMNS)
    for filled in _rows(evidence_page(view)):
        writer.writerow([filled.get(column, "") for column in COLUMNS])
    return out.getvalue()


def _rows(page: EvidencePage) -> Iterator[dict[str, Any]]:
    """What the page shows, by column."""
    rows = [row for forest in (*page.forests, page.subgroups, page.after) for row in forest.rows]
    pooled = [(m.row, f"the analysis pooled {m.pooled.text}") for m in page.meta]
    for row, of in (*((row, "") for row in rows), *pooled):
        printed = zip(_AS_THEY_ARE_IN, (getattr(row, name) for name in _AS_THEY_ARE), strict=True)
        note = of or row.reason or row.cited.basis or row.beside
        also = {"subgroup": row.subgroup, "also_enrolled": row.also, "note": note}
        yield {**dict(printed), **_behind(row.cited), **also}
    for listed in (*page.landmarks, *page.responses, *page.events, *page.treated_after):
        for arm, number in listed.arms:
            months = {"follow_up_months": listed.follow_up_months, "also_enrolled": listed.also}
            yield {**_number(listed.acronym, listed.what, arm, number), **months}
    for alone in page.single_arm:
        for what, number in alone.results:
            told = _number(alone.acronym, what, alone.regimen, number)
            yield {**told, "patients": alone.n, "also_enrolled": alone.also}
    for rate in page.mrd:
        told = _number(rate.acronym, "Undetectable residual disease", rate.arm, rate.cited)
        by = (("threshold", rate.threshold), ("when", rate.when))
        yield {**told, "note": "; ".join(f"{key}: {words}" for key, words in by if words)}
    for runs in page.timeline:
        told = _number(runs.acronym, "Does it run?", "", runs.seen)
        yield {**told, "value": runs.state, "note": runs.seen.about, "patients": runs.n}
    for said in page.standing:
        yield {
            "trial": "; ".join(acronym for acronym, _ in said.trials),
            **_behind(said.cited),
            "date": said.date,
            "statement_by": said.body,
            "statement": said.text,
            "population": said.population,
            "read": said.cited.text.removeprefix("read "),
        }


def _number(trial: str, measure: str, arm: str, cited: Cited) -> dict[str, Any]:
    """A published number of an arm, as it is printed."""
    told = {"trial": trial, "measure": measure, "arm": arm, "value": cited.text}
    return {**told, **_behind(cited), "note": cited.basis or cited.note}


def _behind(cited: Cited) -> dict[str, str]:
    sources = "; ".join(s.link or s.address or s.title for s in cited.sources)
    return {"verification": cited.verification, "sources": sources}
