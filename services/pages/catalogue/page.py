"""The first page: every study in a few words, with its published results and a small curve."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from services.evidence import load as evidence
from services.evidence.trial import Trial
from services.numbers import plain
from services.pages.catalogue.records import CatalogueEntry, CataloguePage, SmallCurve
from services.pages.evidence import enrolled
from services.pages.overview.page import figure_rows, headlines
from services.pages.records import FirstLook
from services.pages.words import generic_names
from services.study.model import Study
from services.views.site import CatalogueView

SMALL_POINTS = 80


def catalogue_page(
    studies: Sequence[Study], view: CatalogueView, first_look: Callable[[Study], FirstLook]
) -> CataloguePage:
    """The entries that hold every word searched for, in the order asked for."""
    entries = [_entry(study, first_look(study)) for study in studies]
    searched, taken = generic_names(view.q)
    # From the start of a word: "low" is not in "followed".
    words = [re.compile(rf"(?<!\w){re.escape(word)}") for word in searched.casefold().split()]
    found = [e for e in entries if all(word.search(_text(e)) for word in words)]
    if view.order == "name":
        found.sort(key=lambda e: e.study.title.casefold())
    elif view.order == "patients":
        found.sort(key=lambda e: -e.n)
    elif view.order == "follow-up":
        found.sort(key=lambda e: -e.months)
    return CataloguePage(view, tuple(found), len(entries), taken)


def _text(entry: CatalogueEntry) -> str:
    study = entry.study
    parts = [study.id, study.title, study.kind, study.metadata.summary, study.metadata.design]
    parts += [
        entry.question,
        *(name for name, _ in entry.arms),
        *(e.label for e in study.endpoints),
    ]
    trial = evidence.for_study(study.id) if study.kind != "uploaded" else None
    if trial is not None:
        parts += [trial.enrolment.risk_words]
        parts += [f"{group} risk" for group in enrolled.groups(trial.enrolment.risk)]
        own = trial.link(study.id).endpoints
        parts += [f"{s.variable} {s.level}" for s in trial.subgroups if s.endpoint in own]
    parts += [arm.regimen for arm in study.arms] + list(study.metadata.citation.values())
    return " ".join(parts).casefold()


def _entry(study: Study, look: FirstLook) -> CatalogueEntry:
    trial = evidence.for_study(study.id) if study.kind != "uploaded" else None
    planned = study.subjects["ARM_PLANNED"]
    arms = tuple((arm.name, int((planned == arm.name).sum())) for arm in study.arms)
    words, months = _follow_up(study, trial, look.follow_up)
    return CatalogueEntry(
        study=study,
        question=trial.question if trial and len(study.arms) > 1 else study.metadata.summary,
        arms=arms,
        n=sum(n for _, n in arms),
        follow_up=words,
        months=months,
        headlines=headlines(trial, study.id) if trial else (),
        # A cohort without a trial's file tells what its study.toml has as published.
        figures=() if trial else figure_rows(study, None)[:3],
        curves=tuple(
            SmallCurve(arm, _thin(*look.lines[arm.name]))
            for arm in study.arms
            if arm.name in look.lines
        ),
        longest=look.longest,
        endpoint=look.endpoint,
    )


def _follow_up(study: Study, trial: Trial | None, estimates: Sequence[float]) -> tuple[str, float]:
    """Median follow-up: published if it is, else by the reverse Kaplan-Meier method."""
    if trial is not None:
        link = trial.link(study.id)
        published = [trial.endpoint(e).follow_up_months for e in link.endpoints]
        known = [m for m in published if m is not None]
        if known:
            return f"{plain(max(known))} months, published", max(known)
    if not estimates:
        return "not estimable", 0.0
    low, high = f"{min(estimates):.0f}", f"{max(estimates):.0f}"
    span = low if low == high else f"{low} to {high}"
    return f"{span} months, in these data", max(estimates)


def _thin(time: np.ndarray, share: np.ndarray) -> tuple[tuple[float, float], ...]:
    """At most ``SMALL_POINTS`` steps of a curve, its start and its end among them."""
    steps = np.flatnonzero(np.diff(share, prepend=np.inf))
    steps = np.union1d(steps, [0, len(time) - 1])
    if len(steps) > SMALL_POINTS:
        steps = steps[np.unique(np.linspace(0, len(steps) - 1, SMALL_POINTS).astype(int))]
    return tuple((float(time[i]), float(share[i])) for i in steps)
