"""Published ratios on an axis: trials, poolings, and how a trial's ratio changed.

Nothing is pooled here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services import names
from services.evidence import cite
from services.evidence.cited import Cited
from services.evidence.facts import Ratio
from services.evidence.load import Evidence
from services.evidence.trial import PublishedEndpoint, PublishedSubgroup, Trial
from services.evidence.words import MEASURES, interval, p_words, rests_on
from services.pages.evidence.records import FollowUpPoint, FollowUpSeries, ForestRow, MetaRow

# What followed progression: when the next treatment began, how long it held, and survival.
AFTER = ("First-line treatment", "PFS2", "Survival after progression", "OS from progression")
FAMILIES = (("PFS", "Progression-free survival or time to progression"), ("OS", "Overall survival"))


def ratios(trial: Trial, family: str, reports: str) -> list[ForestRow]:
    """A trial's ratios of a family of endpoints, one row per report."""
    of_family = [e for e in trial.endpoints if e.family == family]
    shown = [e for e in of_family if (e.main or reports == "all") and cite.compared(trial, e)]
    if not shown and any(a.role == "reference" for a in trial.arms):
        return [_no_ratio(trial, family)]
    return [_forest_row(trial, e) for e in shown]


def after(trial: Trial) -> list[ForestRow]:
    """The ratios published of what followed progression."""
    return [_forest_row(trial, e) for e in trial.endpoints if e.kind in AFTER]


def _forest_row(trial: Trial, endpoint: PublishedEndpoint) -> ForestRow:
    ratio = endpoint.ratio
    if ratio is None:
        reason = endpoint.note or "no hazard ratio found"
        cited = Cited(
            "not found",
            f"{trial.acronym}: {endpoint.name}",
            endpoint.verification,
            cite.sources_of(trial, endpoint.sources),
            note=endpoint.note,
            conflicts=trial.conflicts_about(endpoint.id),
        )
    else:
        cited = cite.ratio(trial, endpoint)
        reason = "" if ratio.measure == "HR" else "an odds ratio of death, not a hazard ratio"
        if ratio.estimate is None:
            reason = "only the p-value was found"
    printed = _printed(ratio) if ratio else {"comparison": " / ".join(a.name for a in trial.arms)}
    if ratio and ratio.measure != "HR":  # no place on the axis
        printed |= dict.fromkeys(("estimate", "lower", "upper"))
    return ForestRow(
        trial=trial.id,
        acronym=trial.acronym,
        link=cite.trial_link(trial),
        report=cite.report_of(trial, endpoint),
        **printed,
        endpoint=endpoint.kind,
        follow_up_months=endpoint.follow_up_months,
        n=cite.patients(trial, endpoint),
        cited=cited,
        reason=reason,
        patients=cite.result_patients(trial, endpoint),
        follow_up=cite.follow_up(trial, endpoint),
        beside=rests_on(endpoint),
    )


def subgroups(trial: Trial) -> list[ForestRow]:
    """The ratios published for parts of a trial's patients."""
    return [_subgroup_row(trial, found) for found in trial.subgroups]


def _subgroup_row(trial: Trial, found: PublishedSubgroup) -> ForestRow:
    endpoint = trial.endpoint(found.endpoint)
    cited = cite.subgroup(trial, found)
    return replace(
        _forest_row(trial, endpoint),
        report=cite.report_of(trial, replace(endpoint, sources=found.sources)),
        beside="",
        **_printed(found.ratio),
        n=found.n,
        cited=cited,
        reason="",
        patients=None if found.n is None else replace(cited, text=str(found.n), basis=""),
        subgroup=f"{found.variable}: {found.level}",
    )


def _no_ratio(trial: Trial, family: str) -> ForestRow:
    found = list(trial.citations) or list(trial.sources)
    words = "progression" if family == "PFS" else "overall survival"
    reason = f"no hazard ratio of {words} was found"
    return ForestRow(
        trial=trial.id,
        acronym=trial.acronym,
        link=cite.trial_link(trial),
        report=found[0].label,
        comparison=" versus ".join(names.arm(a.name) for a in trial.arms),
        endpoint=family,
        n=cite.patients(trial, trial.endpoints[0]) if trial.endpoints else None,
        cited=Cited("not found", f"{trial.acronym}: {reason}", "primary", tuple(found[:1])),
        reason=reason,
        patients=cite.result_patients(trial, trial.endpoints[0]) if trial.endpoints else None,
    )


def _printed(ratio: Ratio) -> dict[str, Any]:
    """Fields of a row that are those of its ratio."""
    limits = {"estimate": ratio.estimate, "lower": ratio.lower, "upper": ratio.upper}
    named = {"comparison": ratio.comparison, "measure": ratio.measure}
    return named | limits | {"p": p_words(ratio.p)}


def meta_rows(found: Evidence) -> tuple[MetaRow, ...]:
    """Every outcome of the published poolings."""
    rows = []
    for analysis in found.meta_analyses:
        pooled = Cited(
            f"{analysis.trials} trials, {analysis.patients:,} patients",
            f"{analysis.source.label}: what was pooled",
            analysis.verification,
            (analysis.source,),
        )
        for result in analysis.results:
            ratio = result.ratio
            p = p_words(ratio.p)
            words = MEASURES[ratio.measure]
            about = f"{analysis.source.label}: {words} of {names.uncapital(result.outcome)},"
            about += f" {ratio.comparison}" + (f"; {p}" if p else "")
            row = ForestRow(
                trial=analysis.id,
                acronym=analysis.source.label,
                link=analysis.source.link,
                report=analysis.source.label,
                **_printed(ratio),
                endpoint=result.outcome,
                n=None,  # of an outcome: not all trials of an analysis may have it
                cited=Cited(interval(ratio), about, analysis.verification, (analysis.source,)),
            )
            rows.append(MetaRow(analysis.title, analysis.trials, analysis.patients, pooled, row))
    return tuple(rows)


def series(trial: Trial) -> list[FollowUpSeries]:
    """A trial's ratios by the median follow-up they were reported with, per family."""
    found = []
    for family, _ in FAMILIES:
        main = [e for e in trial.endpoints if e.family == family and e.main]
        kind = main[0].kind if main else ""
        points = [
            FollowUpPoint(
                e.follow_up_months,
                e.ratio.estimate,
                e.ratio.lower,
                e.ratio.upper,
                cite.ratio(trial, e),
                cite.follow_up(trial, e),
            )
            for e in trial.endpoints
            if e.family == family and e.kind == kind
            if e.ratio and e.ratio.estimate is not None and e.follow_up_months is not None
        ]
        if points:
            points.sort(key=lambda p: p.months)
            found.append(FollowUpSeries(trial.acronym, family, kind, tuple(points)))
    return found
