"""The variables patients are grouped by: which there are, and how far each can be trusted."""

from __future__ import annotations

import re
from typing import Literal

from services.evidence import cite
from services.evidence import load as evidence
from services.evidence.cited import CitedRatio
from services.pages.subgroups.records import Cuttable, Variable
from services.risk.models import MODELS
from services.study.labels import value_label
from services.study.model import Study
from services.study.population import filter_columns
from services.views.study import View

MOST_BY_DEFAULT = 8
_MODELS = frozenset(model.id for model in MODELS)
_FURTHER_MODELS = frozenset(model.id for model in MODELS[1:])


def choices(study: Study) -> tuple[Variable, ...]:
    """Every variable of the study that patients can be grouped by."""
    return tuple(
        Variable(c.name, c.label, marks(study, c.name), c.note, made(study, c.name))
        for c in filter_columns(study)
        if c.kind == "categorical"
    )


def marks(study: Study, name: str) -> tuple[str, ...]:
    """What a reader should know of a variable before believing a difference in it.

    "pre-specified": the randomization was stratified by it, or the study says so. "data-driven":
    cut points chosen after the data were seen. "made "
    "here": grouped by this site from a number. "calibrated" or
    "illustrative": of simulated patients, whether published figures come out of it; a derived
    group is as good as the worst of its inputs.
    """
    column = study.columns[name]
    found = []
    if name in study.metadata.stratification or column.provenance == "prespecified":
        found.append("pre-specified")
    if column.provenance == "data-driven":
        found.append("data-driven")
    if made(study, name) == "here":
        found.append("made here")
    kinds = study.provenances(name)
    if "illustrative" in kinds:
        found.append("illustrative")
    elif "calibrated" in kinds:
        found.append("calibrated")
    return tuple(found)


def made(study: Study, name: str) -> Literal["model", "here", ""]:
    """Who made the groups: a published model computed here, this site, or the study ("")."""
    column = study.columns[name]
    if column.provenance == "data-driven" or not column.derived_from:
        return ""
    return "model" if name in _MODELS else "here"


def default_by(study: Study) -> tuple[str, ...]:
    """The variables shown to a reader who chose none: the study's strata first.

    Risk models that say much the same as the first are left out; groups the reader cut are in.
    """
    names = [c.name for c in filter_columns(study) if c.kind == "categorical"]
    strata = [name for name in study.metadata.stratification if name in names]
    others = [n for n in names if n not in strata and n not in study.cuts]
    others = [n for n in others if n not in _FURTHER_MODELS]
    return (*(strata + others)[:MOST_BY_DEFAULT], *study.cuts)


def shown(study: Study, view: View) -> tuple[Variable, ...]:
    """The variables of the view in its order, or the study's."""
    known = {v.name: v for v in choices(study)}
    return tuple(known[name] for name in view.by or default_by(study))


def numbers(study: Study) -> tuple[Cuttable, ...]:
    """The numbers that can be cut into groups."""
    return tuple(
        Cuttable(c.name, c.label, c.unit, c.low, c.high)
        for c in filter_columns(study)
        if c.kind == "numeric" and c.low is not None and c.high is not None
    )


_PARENTHESIS = re.compile(r" \([^)]*\)")


def beside(study: Study, endpoint: str, pair: tuple[str, str] | None) -> dict[str, CitedRatio]:
    """What a trial published for rows of its study here.

    Parameters
    ----------
    endpoint : of the study; its rows are those of ``[calibrated] subgroups`` in ``study.toml``
    pair : reference and arm compared; a ratio is published for the study's own reference alone

    Returns
    -------
    By row, as the address names it: ``{"MAYO2018:High": ...}``

    >>> from services.studies import Catalogue
    >>> found = beside(Catalogue().get("e3a06"), "PFS", ("Observation", "Lenalidomide"))
    >>> {row: number.text for row, number in found.items()}
    {'MAYO2018:High': '0.09 (0.02 to 0.44)'}
    """
    trial = evidence.for_study(study.id)
    if trial is None or pair is None or pair[0] != study.reference_arm:
        return {}
    link = trial.link(study.id)
    mine = {e for e in link.endpoints if trial.endpoint(e).kind == endpoint}
    told = {
        _name(s.variable, s.level): CitedRatio(
            **vars(cite.subgroup(trial, s)),
            estimate=s.ratio.estimate,
            lower=s.ratio.lower,
            upper=s.ratio.upper,
        )
        for s in trial.subgroups
        if s.endpoint in mine
    }
    found = {}
    for row in dict(study.metadata.calibrated.subgroups).get(endpoint, ()):
        column, _, level = row.partition(":")
        label = study.columns[column].label
        number = told.get(_name(label, value_label(column, level)))
        if number is not None:
            found[row] = number
    return found


def _name(variable: str, level: str) -> tuple[str, str]:
    """A subgroup as both the evidence files and the studies write it."""
    return _PARENTHESIS.sub("", variable).casefold(), level.casefold()
