"""Published subgroup results beside the rows of simulated patients that stand for them."""

from __future__ import annotations

import re

from services.evidence import cite
from services.evidence import load as evidence
from services.evidence.cited import CitedRatio
from services.study.labels import value_label
from services.study.model import Study

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
