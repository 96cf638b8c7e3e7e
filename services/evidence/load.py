"""Published facts of the field: YAML files in ``data/evidence``, checked when they are loaded.

One file per trial; adding a trial is adding a file. ``load(folder)`` reads any folder,
``evidence()`` the one this project brings, once.

>>> trial("e3a06").endpoint("pfs_p3").ratio.estimate
0.28
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services.checked import Problem, Record, changed
from services.errors import UserError
from services.evidence.facts import Note, Source, sources_of
from services.evidence.risk import Course, NaturalHistory, PublishedRiskModel, RiskModels
from services.evidence.standing import Standing, Standings
from services.evidence.trial import (
    MetaAnalyses,
    MetaAnalysis,
    Ongoing,
    OngoingTrial,
    Trial,
    named_in,
)
from services.evidence.yaml import Document, read

FOLDER = Path(__file__).resolve().parents[2] / "data" / "evidence"
KINDS: dict[str, type[Record]] = {
    "trial": Trial,
    "meta-analyses": MetaAnalyses,
    "ongoing": Ongoing,
    "natural history": Course,
    "risk models": RiskModels,
    "where it stands": Standings,
}


@dataclass(frozen=True)
class Evidence:
    """All published facts this site shows; ``as_of``: the day statuses were last gone through."""

    trials: tuple[Trial, ...]
    meta_analyses: tuple[MetaAnalysis, ...]
    ongoing: tuple[OngoingTrial, ...]
    natural_history: NaturalHistory
    risk_models: tuple[PublishedRiskModel, ...]
    boundary: tuple[tuple[str, str], ...]
    boundary_source: Source
    standings: tuple[Standing, ...]  # the latest first
    as_of: str


@cache
def evidence() -> Evidence:
    """All published facts of this project.

    Raises
    ------
    UserError : a file that cannot be used; names file, line and key
    """
    return load(FOLDER)


def trial(trial_id: str) -> Trial:
    """The trial of that id.

    Raises
    ------
    UserError : there is none (status 404); names those there are
    """
    found = {t.id: t for t in evidence().trials}
    if trial_id not in found:
        raise UserError(
            f"There are no published facts of a trial “{trial_id}” here.",
            f"Trials: {', '.join(found)}.",
            status=404,
        )
    return found[trial_id]


def for_study(study_id: str) -> Trial | None:
    """The trial whose published figures belong to a study of this site."""
    for found in evidence().trials:
        if any(link.study == study_id for link in found.studies):
            return found
    return None


def load(folder: Path) -> Evidence:
    """Read and check every ``*.yaml`` of a folder: randomized trials first, the largest first.

    Raises
    ------
    UserError : a bad file (names file, line and key), two trials of one id, a missing kind
    """
    found: dict[str, list[tuple[Document, Any]]] = {kind: [] for kind in KINDS}
    for path in sorted(folder.glob("*.yaml")):
        document = read(path)
        kind = _kind(document)
        context = named_in if kind == "trial" else sources_of
        made = document.record(KINDS[kind], context(document.values))
        found[kind].append((document, made))
    single: dict[str, Any] = {}
    for kind in tuple(KINDS)[1:]:
        if len(found[kind]) != 1:
            raise UserError(
                f"{folder.name} has {len(found[kind])} files of kind “{kind}”.", "Keep exactly one."
            )
        single[kind] = found[kind][0][1]
    seen: dict[str, str] = {}
    for document, made in found["trial"]:
        if made.id in seen:
            problem = f"has the id “{made.id}” of {seen[made.id]}"
            raise document.wrong(Problem((), problem, "Change one."))
        seen[made.id] = document.file
    course: Course = single["natural history"]
    standings = _standings(*found["where it stands"][0], tuple(seen))
    return Evidence(
        trials=tuple(sorted((_stand(made, standings) for _, made in found["trial"]), key=_rank)),
        meta_analyses=single["meta-analyses"].analyses,
        ongoing=single["ongoing"].trials,
        natural_history=course.history(),
        risk_models=single["risk models"].models,
        boundary=course.boundary,
        boundary_source=course.boundary_source,
        standings=standings,
        as_of=single["where it stands"].as_of,
    )


def _standings(
    document: Document, made: Standings, trials: tuple[str, ...]
) -> tuple[Standing, ...]:
    """The statements, the latest first, those without a date last."""
    for i, row in enumerate(made.standings):
        for name in row.trials:
            if name not in trials:
                problem = f"names “{name}”, which is no trial here"
                hint = f"Known: {', '.join(sorted(trials))}."
                raise document.wrong(Problem(("standings", i, "trials"), problem, hint))
    return tuple(sorted(made.standings, key=lambda row: row.date, reverse=True))


def _stand(trial: Trial, standings: tuple[Standing, ...]) -> Trial:
    """The trial with what was said on the ground of it."""
    mine = tuple(row for row in standings if trial.id in row.trials)
    known = {source.id for source in trial.sources}
    more = {source.id: source for row in mine for source in row.sources if source.id not in known}
    regulatory = tuple(
        Note(row.text, tuple(s.id for s in row.sources), row.date, row.body)
        for row in reversed(mine)
        if row.kind in ("approval", "vote")
    )
    sources = (*trial.sources, *more.values())
    return changed(trial, standing=mine, regulatory=regulatory, sources=sources)


def _kind(document: Document) -> str:
    """What a file holds; its other keys are left for the record."""
    values = document.values
    kind = values.pop("kind", None) if isinstance(values, dict) else None
    if kind is None:
        raise document.wrong(Problem(("kind",), "is missing", f"Write one of {', '.join(KINDS)}."))
    if kind not in KINDS:
        raise document.wrong(Problem(("kind",), f"is “{kind}”", f"Allowed: {', '.join(KINDS)}."))
    return str(kind)


def _rank(found: Trial) -> tuple[int, float, str]:
    """Randomized trials first, then by the number of patients, largest first."""
    patients = sum(arm.n or 0 for arm in found.arms if arm.part in ("", "phase 3"))
    return (0 if found.randomized else 1, -float(patients), found.id)
