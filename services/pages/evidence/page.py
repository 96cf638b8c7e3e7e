"""The evidence page: what is published, chosen by drug class, design and population.

Nothing is pooled here. Rows of different trials stand side by side as their papers print them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import TypeVar

from services.errors import UserError
from services.evidence.cite import arms_rows
from services.evidence.cited import ArmsRow
from services.evidence.load import Evidence, evidence
from services.evidence.trial import OngoingTrial, Trial
from services.pages.evidence import enrolled, records
from services.pages.evidence.forest import (
    FAMILIES,
    after,
    meta_rows,
    ratios,
    series,
    subgroups,
)
from services.pages.evidence.results import (
    events,
    glance,
    landmarks,
    mrd,
    single_arm,
    standing_rows,
)
from services.pages.evidence.running import listed, running
from services.pages.paragraph import written
from services.pages.words import generic_names
from services.views.site import EvidenceView

Row = TypeVar(
    "Row",
    records.ForestRow,
    ArmsRow,
    records.SingleArmRow,
    records.FollowUpSeries,
    records.TimelineRow,
    records.MrdRow,
    records.GlanceRow,
)
FOLLOWED = ("e3a06", "quiredex", "aquila")


@lru_cache(64)  # what is published stays as it is while the app runs
def evidence_page(view: EvidenceView) -> records.EvidencePage:
    """What the page shows of all published facts; kept, so one record for one view.

    Raises
    ------
    UserError : a drug class or population no trial has; names those there are
    """
    found = evidence()
    classes = _drug_classes(found)
    populations = [t.enrolment.risk for t in found.trials] + [o.risk for o in found.ongoing]
    present = {group for population in populations for group in enrolled.groups(population)}
    risks = tuple(group for group in enrolled.GROUPS if group in present)
    _check("drug", view.drug, classes)
    if not all(enrolled.known(risk) for risk in view.risk):
        _check("risk", view.risk, risks)
    view = replace(view, risk=enrolled.wanted(view.risk))
    chosen = [t for t in found.trials if _chosen(view, t.drug_classes, t.enrolment.risk)]
    chosen = [t for t in chosen if _design(view, t.randomized)]
    ongoing = [o for o in found.ongoing if _chosen(view, o.drug_classes, o.risk)]
    ongoing = [o for o in ongoing if _design(view, o.randomized)]
    searched, taken = generic_names(view.q)
    words = searched.casefold().split()
    chosen = [t for t in chosen if _holds(_text(t), words)]
    ongoing = [o for o in ongoing if _holds(_text(o), words)]
    randomized = [t for t in chosen if t.randomized and t.status != "ongoing"]
    asked = view.risk

    def rows(trials: Iterable[Trial], make: Callable[[Trial], Iterable[Row]]) -> tuple[Row, ...]:
        return tuple(row for t in trials for row in _told(make(t), t.enrolment.risk, asked))

    return records.EvidencePage(
        methods=written(["evidence"]),
        view=view,
        drug_classes=classes,
        risks=risks,
        shown=len(chosen),
        total=len(found.trials),
        forests=tuple(
            records.Forest(
                f, title, rows(randomized, partial(ratios, family=f, reports=view.reports))
            )
            for f, title in FAMILIES
        ),
        subgroups=records.Forest("subgroups", "Parts of the patients", rows(randomized, subgroups)),
        landmarks=rows(randomized, lambda t: landmarks(t, view.reports)),
        responses=rows(randomized, lambda t: arms_rows(t, t.responses)),
        events=rows(randomized, events),
        single_arm=rows(chosen, lambda t: [single_arm(t, a) for a in t.arms if a.role == "single"]),
        meta=meta_rows(found),
        follow_up=rows([t for t in chosen if t.id in FOLLOWED], series),
        timeline=(
            *rows(
                [t for t in chosen if t.follows_up],
                lambda t: [running(t)],
            ),
            *(row for o in ongoing for row in _told([listed(o)], o.risk, asked)),
        ),
        mrd=rows(chosen, mrd),
        after=records.Forest("after", "After progression", rows(randomized, after)),
        treated_after=rows(randomized, lambda t: arms_rows(t, [f for f in t.outcomes if f.after])),
        # Those with a ratio first: the first screen holds them all.
        glance=tuple(
            sorted(rows(randomized, glance), key=lambda r: r.pfs is None and r.os is None)
        ),
        standing=standing_rows(found.standings, chosen),
        taken=taken,
    )


def _text(trial: Trial | OngoingTrial) -> str:
    """What a trial is found by."""
    parts = [trial.acronym, trial.registration, *trial.drug_classes]
    if isinstance(trial, OngoingTrial):
        parts += [trial.regimen, trial.endpoint]
    else:
        parts += [trial.title, trial.question]
        parts += [text for arm in trial.arms for text in (arm.name, arm.regimen)]
    return " ".join(parts).casefold()


def _holds(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _told(rows: Iterable[Row], population: str, asked: Sequence[str]) -> Iterator[Row]:
    """The rows of a trial with the words for whom else it enrolled."""
    words = enrolled.others_words(population, asked)
    return (replace(row, also=words) for row in rows)


def _drug_classes(found: Evidence) -> tuple[str, ...]:
    names = [c for t in found.trials for c in t.drug_classes]
    return tuple(dict.fromkeys([*names, *(c for o in found.ongoing for c in o.drug_classes)]))


def _check(key: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    for name in wanted:
        if name not in known:
            raise UserError(f"“{key}={name}” cannot be used.", f"Allowed: {', '.join(known)}.")


def _chosen(view: EvidenceView, classes: Sequence[str], risk: str) -> bool:
    drug = not view.drug or any(c in view.drug for c in classes)
    return drug and enrolled.takes(risk, view.risk)


def _design(view: EvidenceView, randomized: bool | None) -> bool:
    wanted = {"randomized": True, "single-arm": False}.get(view.design)
    return wanted is None or randomized is wanted
