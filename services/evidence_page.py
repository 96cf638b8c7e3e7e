"""The evidence page: what is published, chosen by drug class, design and population.

Nothing is pooled here. Rows of different trials stand side by side as their papers print them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services import evidence_cite as cite
from services.errors import UserError
from services.evidence import evidence
from services.evidence_page_records import (
    ArmsRow,
    Cited,
    EvidencePage,
    FollowUpPoint,
    FollowUpSeries,
    Forest,
    ForestRow,
    MetaRow,
    SingleArmRow,
    TimelineRow,
)
from services.evidence_records import (
    SOURCE_WORDS,
    ArmResult,
    Evidence,
    Fact,
    OngoingTrial,
    PublishedArm,
    PublishedEndpoint,
    Trial,
)
from services.evidence_words import interval, p_words
from services.printed import plain
from services.site_view_records import EvidenceView

FOLLOWED = ("e3a06", "quiredex", "aquila")
FAMILIES = (("PFS", "Progression-free survival or time to progression"), ("OS", "Overall survival"))


def evidence_page(view: EvidenceView) -> EvidencePage:
    """What the page shows of all published facts.

    Raises
    ------
    UserError : a drug class or population no trial has; names those there are
    """
    found = evidence()
    classes = _drug_classes(found)
    risks = tuple(dict.fromkeys(t.enrolment.risk for t in found.trials))
    _check("drug", view.drug, classes)
    _check("risk", view.risk, risks)
    chosen = [t for t in found.trials if _chosen(view, t.drug_classes, t.enrolment.risk)]
    chosen = [t for t in chosen if _design(view, t.randomized)]
    ongoing = [o for o in found.ongoing if _chosen(view, o.drug_classes, o.risk)]
    ongoing = [o for o in ongoing if _design(view, o.randomized)]
    randomized = [t for t in chosen if t.randomized and t.status != "ongoing"]
    return EvidencePage(
        view=view,
        drug_classes=classes,
        risks=risks,
        shown=len(chosen),
        total=len(found.trials),
        forests=tuple(_forest(f, title, randomized, view.reports) for f, title in FAMILIES),
        landmarks=tuple(row for t in randomized for row in _landmarks(t, view.reports)),
        responses=tuple(row for t in randomized for row in _facts(t, t.responses)),
        events=tuple(row for t in randomized for row in _events(t)),
        single_arm=tuple(_single(t, a) for t in chosen for a in t.arms if a.role == "single"),
        meta=_meta(found),
        follow_up=tuple(s for t in chosen if t.id in FOLLOWED for s in _series(t)),
        timeline=(
            *(_running(t) for t in chosen if t.status != "published" or t.enrolment.planned_end),
            *(_listed(o) for o in ongoing),
        ),
    )


def _drug_classes(found: Evidence) -> tuple[str, ...]:
    names = [c for t in found.trials for c in t.drug_classes]
    return tuple(dict.fromkeys([*names, *(c for o in found.ongoing for c in o.drug_classes)]))


def _check(key: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    for name in wanted:
        if name not in known:
            raise UserError(f"“{key}={name}” cannot be used.", f"Allowed: {', '.join(known)}.")


def _chosen(view: EvidenceView, classes: Sequence[str], risk: str) -> bool:
    drug = not view.drug or any(c in view.drug for c in classes)
    return drug and (not view.risk or risk in view.risk)


def _design(view: EvidenceView, randomized: bool | None) -> bool:
    wanted = {"randomized": True, "single-arm": False}.get(view.design)
    return wanted is None or randomized is wanted


def trial_link(trial: Trial) -> str:
    """Where a trial's name leads: its study here, else its registration, else its paper."""
    if trial.studies:
        return f"/study/{trial.studies[0].study}"
    links = [s.link for s in trial.citations if s.link]
    return trial.registration_link or (links[0] if links else "")


def report_of(trial: Trial, endpoint: PublishedEndpoint) -> str:
    """The citation an endpoint comes from, in short: "Mateos 2022"."""
    found = cite.sources_of(trial, endpoint.sources)
    labels = [source.label for source in found if source.label]
    return labels[0] if labels else SOURCE_WORDS[found[0].kind]


def patients(trial: Trial, endpoint: PublishedEndpoint) -> int | None:
    """Patients of an endpoint's arms; ``None`` where one of them was not found."""
    numbers = [a.n for a in endpoint.arms] or [a.n for a in trial.arms]
    return None if None in numbers else sum(n for n in numbers if n is not None)


def _patients(trial: Trial, endpoint: PublishedEndpoint) -> Cited | None:
    """The patients of a result with their source, and what sources disagree on in the trial."""
    n = patients(trial, endpoint)
    if n is None:
        return None
    return Cited(
        str(n),
        f"{trial.acronym}: patients of this result, all arms",
        endpoint.verification,
        cite.sources_of(trial, endpoint.sources),
        conflicts=trial.conflicts_about("patients"),
    )


def _follow_up(trial: Trial, endpoint: PublishedEndpoint) -> Cited | None:
    """The median follow-up of a result, in months, with its source."""
    if endpoint.follow_up_months is None:
        return None
    return Cited(
        plain(endpoint.follow_up_months),
        f"{trial.acronym}: median follow-up of this result, months",
        endpoint.verification,
        cite.sources_of(trial, endpoint.sources),
        conflicts=trial.conflicts_about(endpoint.id),
    )


def _forest(family: str, title: str, trials: Sequence[Trial], reports: str) -> Forest:
    rows = []
    for trial in trials:
        of_family = [e for e in trial.endpoints if e.family == family]
        shown = [e for e in of_family if (e.main or reports == "all") and _compared(trial, e)]
        rows += [_forest_row(trial, e) for e in shown]
        if not shown and any(a.role == "reference" for a in trial.arms):
            rows.append(_no_ratio(trial, family))
    return Forest(family, title, tuple(rows))


def _compared(trial: Trial, endpoint: PublishedEndpoint) -> bool:
    """Single-arm parts of a randomized trial have nothing to be compared with."""
    roles = {trial.arm(a.arm).role for a in endpoint.arms}
    return roles != {"single"}


def _comparator(trial: Trial) -> str:
    references = [a.name for a in trial.arms if a.role == "reference"]
    return references[0] if references else "none: all arms are active"


def _forest_row(trial: Trial, endpoint: PublishedEndpoint) -> ForestRow:
    ratio = endpoint.ratio
    if ratio is None:
        reason = endpoint.note or "no hazard ratio was found"
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
    on_axis = ratio is not None and ratio.measure == "HR"
    return ForestRow(
        trial=trial.id,
        acronym=trial.acronym,
        link=trial_link(trial),
        report=report_of(trial, endpoint),
        comparison=ratio.comparison if ratio else " / ".join(a.name for a in trial.arms),
        comparator=_comparator(trial),
        endpoint=endpoint.kind,
        follow_up_months=endpoint.follow_up_months,
        n=patients(trial, endpoint),
        measure=ratio.measure if ratio else "HR",
        estimate=ratio.estimate if on_axis and ratio else None,
        lower=ratio.lower if on_axis and ratio else None,
        upper=ratio.upper if on_axis and ratio else None,
        p=p_words(ratio.p) if ratio else "",
        cited=cited,
        reason=reason,
        patients=_patients(trial, endpoint),
        follow_up=_follow_up(trial, endpoint),
    )


def _no_ratio(trial: Trial, family: str) -> ForestRow:
    found = list(trial.citations) or list(trial.sources)
    words = "progression" if family == "PFS" else "overall survival"
    reason = f"no hazard ratio of {words} was found"
    return ForestRow(
        trial=trial.id,
        acronym=trial.acronym,
        link=trial_link(trial),
        report=found[0].label,
        comparison=" against ".join(a.name for a in trial.arms),
        comparator=_comparator(trial),
        endpoint=family,
        follow_up_months=None,
        n=patients(trial, trial.endpoints[0]) if trial.endpoints else None,
        measure="HR",
        estimate=None,
        lower=None,
        upper=None,
        p="",
        cited=Cited("not found", f"{trial.acronym}: {reason}", "primary", tuple(found[:1])),
        reason=reason,
        patients=_patients(trial, trial.endpoints[0]) if trial.endpoints else None,
    )


def _reported(trial: Trial, reports: str) -> list[PublishedEndpoint]:
    """Endpoints to list: the main ones and those of no later report, or all of them."""
    if reports == "all":
        return list(trial.endpoints)
    main = {e.family for e in trial.endpoints if e.main}
    return [e for e in trial.endpoints if e.main or e.family not in main or not e.ratio]


def _landmarks(trial: Trial, reports: str) -> list[ArmsRow]:
    """Medians, percent at each published time, and events of the arms that are compared."""
    rows: list[ArmsRow] = []
    for endpoint in _reported(trial, reports):
        if not _compared(trial, endpoint):
            continue

        def add(what: str, cells: list[tuple[ArmResult, Cited]], e: PublishedEndpoint) -> None:
            arms = tuple((trial.arm(result.arm).name, cited) for result, cited in cells)
            if arms:
                rows.append(
                    ArmsRow(
                        trial.acronym,
                        trial_link(trial),
                        what,
                        e.follow_up_months,
                        arms,
                        _follow_up(trial, e),
                    )
                )

        add(
            f"Median {endpoint.kind}, months",
            [
                (a, cite.median(trial, endpoint, a))
                for a in endpoint.arms
                if a.median_months is not None or a.median_reached is not None
            ],
            endpoint,
        )
        for months in sorted({m.months for a in endpoint.arms for m in a.landmarks}):
            add(
                f"{endpoint.kind} at {plain(months)} months",
                [
                    (a, cite.landmark(trial, endpoint, a, m))
                    for a in endpoint.arms
                    for m in a.landmarks
                    if m.months == months
                ],
                endpoint,
            )
        deaths = endpoint.family == "OS" or endpoint.kind == "Deaths"
        add(
            "Deaths" if deaths else f"Events of {endpoint.kind}",
            [(a, cite.events(trial, endpoint, a)) for a in endpoint.arms if a.events is not None],
            endpoint,
        )
    return rows


def _by_measure(
    trial: Trial, facts: Sequence[Fact], key: Callable[[Fact], str]
) -> dict[str, list[tuple[str, Cited]]]:
    groups: dict[str, list[tuple[str, Cited]]] = {}
    for found in facts:
        arm = trial.arm(found.arm).name if found.arm else "All patients"
        groups.setdefault(key(found), []).append((arm, cite.fact(trial, found)))
    return groups


def _facts(trial: Trial, facts: Sequence[Fact]) -> list[ArmsRow]:
    return [
        ArmsRow(trial.acronym, trial_link(trial), measure, None, tuple(arms))
        for measure, arms in _by_measure(trial, facts, lambda f: f.measure).items()
    ]


def _events(trial: Trial) -> list[ArmsRow]:
    groups: dict[str, list[tuple[str, Cited]]] = {}
    for found in trial.adverse_events:
        cells = groups.setdefault(f"{found.term}, {cite.grades(found)}", [])
        cells.append((trial.arm(found.arm).name, cite.adverse_event(trial, found)))
    return [
        ArmsRow(trial.acronym, trial_link(trial), what, None, tuple(arms))
        for what, arms in groups.items()
    ]


def arms_rows(trial: Trial, facts: Sequence[Fact]) -> tuple[ArmsRow, ...]:
    """Facts of a trial, one row per measure, for other pages."""
    return tuple(_facts(trial, facts))


def _arm_patients(trial: Trial, arm: PublishedArm) -> Cited | None:
    if arm.n is None:
        return None
    return Cited(
        str(arm.n),
        f"{trial.acronym}, {arm.name}: patients",
        _level(trial, arm.sources),
        cite.sources_of(trial, arm.sources),
        basis=arm.basis,
        conflicts=trial.conflicts_about("patients"),
    )


def _level(trial: Trial, ids: tuple[str, ...]) -> str:
    """How far something was checked whose file does not say it: by the kind of its sources."""
    kinds = {source.kind for source in cite.sources_of(trial, ids)}
    return "primary" if kinds & {"paper", "registry", "meeting"} else "secondary"


def _single(trial: Trial, arm: PublishedArm) -> SingleArmRow:
    """A single-arm trial, or the part of a trial that had one arm."""
    results = [
        (f.measure, cite.fact(trial, f))
        for f in (*trial.outcomes, *trial.responses)
        if f.arm in ("", arm.id)
    ]
    for endpoint in trial.endpoints:
        for result in endpoint.arms:
            for mark in result.landmarks if result.arm == arm.id else ():
                preposition = "by" if mark.kind == "incidence" else "at"
                name = endpoint.name.split(" (")[0]
                results.append(
                    (
                        f"{name} {preposition} {plain(mark.months)} months",
                        cite.landmark(trial, endpoint, result, mark),
                    )
                )
    links = {a: item.study for item in trial.studies for a in item.arms}
    return SingleArmRow(
        acronym=trial.acronym + (f", {arm.part}" if arm.part else ""),
        link=f"/study/{links[arm.id]}" if arm.id in links else trial_link(trial),
        regimen=arm.regimen if arm.part == "" else arm.name,
        n=arm.n,
        patients=_arm_patients(trial, arm),
        risk=trial.enrolment.risk_words,
        results=tuple(results),
        report=trial.citations[0] if trial.citations else None,
    )


def _meta(found: Evidence) -> tuple[MetaRow, ...]:
    rows = []
    for analysis in found.meta_analyses:
        pooled = Cited(
            f"{analysis.trials} trials, {analysis.patients} patients",
            f"{analysis.source.label}: what was pooled",
            analysis.verification,
            (analysis.source,),
        )
        for result in analysis.results:
            ratio = result.ratio
            p = p_words(ratio.p)
            words = {"OR": "odds ratio", "RR": "risk ratio", "HR": "hazard ratio"}[ratio.measure]
            about = f"{analysis.source.label}: {words} of {result.outcome[0].lower()}"
            about += f"{result.outcome[1:]}, {ratio.comparison}" + (f"; {p}" if p else "")
            row = ForestRow(
                trial=analysis.id,
                acronym=analysis.source.label,
                link=analysis.source.link,
                report=analysis.source.label,
                comparison=ratio.comparison,
                comparator="Deferred treatment",
                endpoint=result.outcome,
                follow_up_months=None,
                n=analysis.patients,
                measure=ratio.measure,
                estimate=ratio.estimate,
                lower=ratio.lower,
                upper=ratio.upper,
                p=p,
                cited=Cited(interval(ratio), about, analysis.verification, (analysis.source,)),
            )
            rows.append(MetaRow(analysis.title, analysis.trials, analysis.patients, pooled, row))
    return tuple(rows)


def _series(trial: Trial) -> list[FollowUpSeries]:
    series = []
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
                _follow_up(trial, e),
            )
            for e in trial.endpoints
            if e.family == family and e.kind == kind
            if e.ratio and e.ratio.estimate is not None and e.follow_up_months is not None
        ]
        if points:
            points.sort(key=lambda p: p.months)
            series.append(FollowUpSeries(trial.acronym, family, kind, tuple(points)))
    return series


def _running(trial: Trial) -> TimelineRow:
    enrolment = trial.enrolment
    compared = [a for a in trial.arms if a.part != "phase 2"]
    arms = [a.n for a in compared]
    number = enrolment.randomized or enrolment.enrolled or enrolment.planned
    sources, basis = enrolment.sources, ""
    if number is None and None not in arms:
        number = sum(n for n in arms if n is not None)
        sources = tuple(dict.fromkeys(s for a in compared for s in a.sources))
        basis = "sum of the arms" if len(arms) > 1 else ""
    return TimelineRow(
        acronym=trial.acronym,
        link=trial_link(trial),
        registration=trial.registration,
        regimen=" / ".join(dict.fromkeys(a.name for a in compared)),
        risk=enrolment.risk_words,
        randomized=trial.randomized,
        start=enrolment.first,
        end=enrolment.planned_end,
        n=number,
        patients=None
        if number is None
        else Cited(
            str(number),
            f"{trial.acronym}: patients, all arms",
            "derived" if basis else _level(trial, sources),
            cite.sources_of(trial, sources),
            basis=basis,
            conflicts=trial.conflicts_about("patients"),
        ),
        endpoint=trial.endpoints[0].name if trial.endpoints else "",
        note=trial.status_note,
        cited=Cited(
            trial.registration or "source",
            f"{trial.acronym}: design and dates",
            _level(trial, enrolment.sources),
            cite.sources_of(trial, enrolment.sources),
            note=trial.status_note,
            conflicts=trial.conflicts_about("eligibility"),
        ),
    )


def _listed(found: OngoingTrial) -> TimelineRow:
    level = "primary" if found.source.kind == "registry" else "secondary"
    return TimelineRow(
        acronym=found.acronym,
        link=found.registration_link,
        registration=found.registration,
        regimen=found.regimen[0].upper() + found.regimen[1:],
        risk="Risk group not stated"
        if found.risk == "not stated"
        else f"{found.risk.capitalize()} risk",
        randomized=found.randomized,
        start="",
        end="",
        n=found.n,
        patients=None
        if found.n is None
        else Cited(str(found.n), f"{found.acronym}: patients planned", level, (found.source,)),
        endpoint=found.endpoint,
        note=found.result,
        cited=Cited(
            found.registration or "source",
            f"{found.acronym}: as listed",
            level,
            (found.source,),
        ),
    )
