"""Which trials were about such patients: their entry criteria held against a patient's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from services.evidence.cited import Cited
from services.evidence.criteria import Condition, Criterion
from services.evidence.load import Evidence
from services.evidence.trial import Trial
from services.evidence.words import arm_results, interval, ratio_text
from services.numbers import plain
from services.pages.risk.records import StudyLink, TrialMatch
from services.pages.risk.values import Values
from services.studies import Catalogue

Known = Mapping[str, float | str | None]
State = Literal["met", "not met", "open"]
MODEL = "MAYO2018"


def matches(found: Evidence, values: Values, mayo2018: str | None) -> tuple[TrialMatch, ...]:
    """The trials whose criteria could be written as rules: those still possible first.

    Parameters
    ----------
    mayo2018 : the patient's group by that model, ``None`` where it cannot be told
    """
    worlds = [_known(values, mayo2018, pair) for pair in values.kappa_lambda or (None,)]
    rows = [_match(t, worlds, mayo2018) for t in found.trials if t.enrolment.criteria]
    order = {"met": 0, "open": 1, "not met": 2}
    return tuple(sorted(rows, key=lambda row: order[row.state]))


def _known(values: Values, mayo2018: str | None, pair: float | None) -> Known:
    return {
        "bmpc": values.bmpc,
        "mprot": values.mprot,
        "flcr": values.flcr,
        "kappa_lambda": pair,
        "involved": values.involved,
        "aberrant": values.aberrant,
        "reduced": None if values.reduced is None else float(values.reduced),
        "isotype": values.isotype or None,
        "months": values.months,
        "mayo2018": mayo2018,
    }


def _match(trial: Trial, worlds: Sequence[Known], mayo2018: str | None) -> TrialMatch:
    rows = tuple((c.words, _over(c, worlds)) for c in trial.enrolment.criteria)
    states = {state for _, state in rows}
    state: State = "not met" if "not met" in states else "open" if "open" in states else "met"
    return TrialMatch(
        id=trial.id,
        acronym=trial.acronym,
        title=trial.title,
        state=state,
        criteria=rows,
        result=_result(trial),
        group_result=_in_group(trial, mayo2018),
        studies=_studies(trial, mayo2018),
        sources=tuple(trial.source(s) for s in trial.enrolment.sources),
    )


def _over(criterion: Criterion, worlds: Sequence[Known]) -> State:
    """Met or not where all that is possible agrees."""
    found = {holds(criterion, known) for known in worlds}
    if found == {True}:
        return "met"
    return "not met" if found == {False} else "open"


def holds(rule: Condition | Criterion, known: Known) -> bool | None:
    """Whether a rule holds; ``None`` where the values do not tell."""
    if isinstance(rule, Condition):
        return _condition(rule, known.get(rule.value))
    if not rule.of:
        return None
    parts = [holds(part, known) for part in rule.of]
    if sum(part is True for part in parts) >= rule.least:
        return True
    return False if sum(part is not False for part in parts) < rule.least else None


def _condition(rule: Condition, value: float | str | None) -> bool | None:
    if value is None:
        return None
    if rule.equals:
        return value == rule.equals
    assert isinstance(value, (int, float))  # only texts are asked to equal something
    return (
        (rule.at_least is None or value >= rule.at_least)
        and (rule.above is None or value > rule.above)
        and (rule.at_most is None or value <= rule.at_most)
        and (rule.below is None or value < rule.below)
    )


def _result(trial: Trial) -> Cited | None:
    """The main published result, of all its patients."""
    endpoint = next((e for e in trial.endpoints if e.main and (e.ratio or e.arms)), None)
    if endpoint is None:
        return None
    parts = [t for t in (ratio_text(endpoint.ratio), arm_results(endpoint)) if t]
    if not parts:
        return None
    follow_up = endpoint.follow_up_months
    return Cited(
        "; ".join(parts),
        f"{trial.acronym}: {endpoint.name}, all patients"
        + (f", median follow-up {plain(follow_up)} months" if follow_up is not None else ""),
        endpoint.verification,
        tuple(trial.source(s) for s in endpoint.sources),
        note=endpoint.definition,
        conflicts=trial.conflicts_about(endpoint.id),
    )


def _in_group(trial: Trial, mayo2018: str | None) -> Cited | None:
    """The published result in the patient's own Mayo 2018 group, where there is one."""
    for item in trial.subgroups:
        if mayo2018 and item.variable.startswith("Mayo 2018") and (
            item.level.casefold() == mayo2018.casefold()
        ):  # fmt: skip
            n = f", {item.n:,} patients" if item.n is not None else ""
            return Cited(
                f"{item.ratio.measure} {interval(item.ratio)}",
                f"{trial.acronym}: {trial.endpoint(item.endpoint).name} at {item.level} risk by"
                f" {item.variable}{n}",
                item.verification,
                tuple(trial.source(s) for s in item.sources),
            )
    return None


@cache
def _study(study_id: str) -> tuple[str, tuple[str, ...]]:
    """A bundled study's short title and the groups by Mayo 2018 that it has."""
    study = Catalogue().get(study_id)
    column = study.columns.get(MODEL)
    return study.short_title, column.levels if column else ()


def _studies(trial: Trial, mayo2018: str | None) -> tuple[StudyLink, ...]:
    """The studies of this site that stand for a trial, filtered to the group if they have it."""
    links = []
    for item in trial.studies:
        title, levels = _study(item.study)
        href = f"/study/{item.study}/survival"
        if mayo2018 in levels:
            links.append(StudyLink(f"{title}, {str(mayo2018).lower()} risk by Mayo 2018",
                                   f"{href}?f.{MODEL}={mayo2018}"))  # fmt: skip
        else:
            links.append(StudyLink(f"{title}, all patients", href))
    return tuple(links)
