"""Published facts of the field: YAML files in ``data/evidence``, checked when they are loaded.

One file per trial; adding a trial is adding a file. ``load(folder)`` reads any folder,
``evidence()`` the one this project brings, once.

>>> trial("e3a06").endpoint("pfs_p3").ratio.estimate
0.28
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from services.errors import UserError
from services.evidence_records import Evidence, Trial
from services.evidence_risk import read_natural_history, read_risk_models
from services.evidence_trial import read_meta_analyses, read_ongoing, read_trial
from services.evidence_yaml import Place, read

FOLDER = Path(__file__).resolve().parent.parent / "data" / "evidence"
KINDS = ("trial", "meta-analyses", "ongoing", "natural history", "risk models")


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
            f"No published facts of a trial “{trial_id}” are kept here.",
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
    kinds: dict[str, list[Place]] = {kind: [] for kind in KINDS}
    for path in sorted(folder.glob("*.yaml")):
        place = read(path)
        kinds[_kind(place)].append(place)
    for kind in KINDS[1:]:
        if len(kinds[kind]) != 1:
            raise UserError(
                f"{folder.name} has {len(kinds[kind])} files of kind “{kind}”.", "Keep exactly one."
            )
    trials = [read_trial(place) for place in kinds["trial"]]
    _unique(trials, kinds["trial"])
    history, boundary, boundary_source = read_natural_history(kinds["natural history"][0])
    return Evidence(
        trials=tuple(sorted(trials, key=_rank)),
        meta_analyses=read_meta_analyses(kinds["meta-analyses"][0]),
        ongoing=read_ongoing(kinds["ongoing"][0]),
        natural_history=history,
        risk_models=read_risk_models(kinds["risk models"][0]),
        boundary=boundary,
        boundary_source=boundary_source,
    )


def _kind(place: Place) -> str:
    # Only this key is looked at here: the reader of the kind checks all of them.
    for key, value in place.node.value if isinstance(place.node.value, list) else ():
        if getattr(key, "value", None) == "kind":
            kind = Place(place.file, "kind", value)
            if kind.text() not in KINDS:
                raise kind.wrong(f"is “{kind.text()}”", f"Allowed: {', '.join(KINDS)}.")
            return kind.text()
    raise Place(place.file, "kind", place.node).wrong("is missing", f"Write one of {KINDS}.")


def _unique(trials: Iterable[Trial], places: Iterable[Place]) -> None:
    seen: dict[str, str] = {}
    for found, place in zip(trials, places, strict=True):
        if found.id in seen:
            raise place.wrong(f"has the id “{found.id}” of {seen[found.id]}", "Change one.")
        seen[found.id] = place.file


def _rank(found: Trial) -> tuple[int, float, str]:
    """Randomized trials first, then by the number of patients, largest first."""
    patients = sum(arm.n or 0 for arm in found.arms if arm.part in ("", "phase 3"))
    return (0 if found.randomized else 1, -float(patients), found.id)
