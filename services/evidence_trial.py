"""Readers of the evidence files about trials: one trial, pooled results, registered trials."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, cast, get_args

from services.evidence_criteria import read_criteria
from services.evidence_fields import (
    FACT_KEYS,
    RATIO_KEYS,
    check_counts,
    known_arm,
    limits,
    read_conflict,
    read_fact,
    read_note,
    read_ratio,
    read_sources,
    read_trial_conflict,
    registry_link,
    source_ids,
    verification,
)
from services.evidence_records import (
    AdverseEvent,
    ArmResult,
    Enrolment,
    MetaAnalysis,
    OngoingTrial,
    PooledResult,
    PublishedArm,
    PublishedEndpoint,
    PublishedLandmark,
    PublishedSubgroup,
    Ratio,
    Source,
    Status,
    StudyLink,
    Trial,
)
from services.evidence_yaml import Place, Table

RISKS = ("high", "intermediate or high", "low", "any", "not stated")
TRIAL_KEYS = (
    "kind", "id", "acronym", "title", "question", "group", "phase", "status", "status_note",
    "randomized", "drug_classes", "registration", "studies", "enrolment", "arms", "endpoints",
    "subgroups", "responses", "exposure", "outcomes", "second_malignancies", "baseline",
    "adverse_events", "quality_of_life", "regulatory", "conflicts", "missing", "notes",
    "citations", "sources",
)  # fmt: skip
_ENROLMENT_KEYS = (
    "risk", "risk_words", "randomized", "enrolled", "planned", "first", "last", "planned_end",
    "data_cutoff", "sites", "eligibility", "criteria", "stratification", "note", "source",
)  # fmt: skip
EVENT_KEYS = (
    "term", "system_organ_class", "grades", "arm", "n", "pct", "denominator", "basis",
    "verification", "source",
)  # fmt: skip
_FACTS = ("responses", "exposure", "outcomes", "second_malignancies", "baseline")
_DATES = ("first", "last", "planned_end", "data_cutoff")

Sources = Mapping[str, Source]
Arms = Mapping[str, PublishedArm]


def read_trial(place: Place) -> Trial:
    """One trial's file."""
    table = place.table(TRIAL_KEYS)
    sources = read_sources(table)
    arms = {}
    for row in table.rows("arms"):
        arm = _arm(row, sources)
        if arm.id in arms:
            raise row.wrong(f"repeats the id “{arm.id}”", "Give each arm its own id.")
        arms[arm.id] = arm
    if not arms:
        table.need("arms")
    endpoints = tuple(_endpoint(row, arms, sources) for row in table.rows("endpoints"))
    ids = [e.id for e in endpoints]
    if len(set(ids)) < len(ids):
        raise table.need("endpoints").wrong("repeats an id", "Give each endpoint its own id.")
    citations = table.texts("citations")
    for cited in citations:
        if cited not in sources:
            raise table.need("citations").wrong(
                f"names “{cited}”, which is not in sources", f"Sources: {', '.join(sources)}."
            )
    quality = table.get("quality_of_life")
    registration = table.text("registration")

    def facts(key: str) -> Any:
        return tuple(read_fact(row, arms, sources) for row in table.rows(key))

    return Trial(
        id=_id(table),
        acronym=table.need("acronym").text(),
        title=table.need("title").text(),
        question=table.need("question").text(),
        group=table.text("group"),
        phase=table.text("phase"),
        registration=registration,
        registration_link=registry_link(registration),
        status=cast(Status, table.choice("status", get_args(Status))),
        status_note=table.text("status_note"),
        randomized=table.need("randomized").flag(),
        drug_classes=_drug_classes(table),
        studies=tuple(_link(row, arms, ids) for row in table.rows("studies")),
        enrolment=_enrolment(table.need("enrolment"), sources),
        arms=tuple(arms.values()),
        endpoints=endpoints,
        subgroups=tuple(_subgroup(row, ids, sources) for row in table.rows("subgroups")),
        responses=facts("responses"),
        exposure=facts("exposure"),
        outcomes=facts("outcomes"),
        second_malignancies=facts("second_malignancies"),
        baseline=facts("baseline"),
        adverse_events=tuple(
            _adverse_event(row, arms, sources) for row in table.rows("adverse_events")
        ),
        quality_of_life=None if quality is None else read_note(quality, sources),
        regulatory=tuple(read_note(row, sources) for row in table.rows("regulatory")),
        conflicts=tuple(
            read_trial_conflict(row, sources, _numbers(table, ids))
            for row in table.rows("conflicts")
        ),
        missing=table.texts("missing"),
        notes=tuple(read_note(row, sources) for row in table.rows("notes")),
        citations=tuple(sources[c] for c in citations),
        sources=tuple(sources.values()),
    )


def _numbers(table: Table, endpoints: Collection[str]) -> tuple[str, ...]:
    """What a conflict of the trial can be about."""
    names = ["patients", "eligibility", *endpoints]
    for key in (*_FACTS, "adverse_events"):
        word = "term" if key == "adverse_events" else "measure"
        keys = EVENT_KEYS if key == "adverse_events" else FACT_KEYS
        names += [row.table(keys).need(word).text() for row in table.rows(key)]
    return tuple(dict.fromkeys(names))


def _id(table: Table) -> str:
    place = table.need("id")
    found = place.text()
    if not re.fullmatch(r"[a-z0-9_]+", found):
        raise place.wrong(f"is “{found}”", "Use lower-case letters, digits and _.")
    return found


def _drug_classes(table: Table) -> tuple[str, ...]:
    classes = table.texts("drug_classes")
    if not classes:
        table.need("drug_classes")
    return classes


def _link(place: Place, arms: Arms, endpoints: Collection[str]) -> StudyLink:
    row = place.table(("id", "endpoints", "arms"))
    for key, known in (("endpoints", endpoints), ("arms", arms)):
        for named in row.texts(key):
            if named not in known:
                raise row.need(key).wrong(f"names “{named}”", f"Known: {', '.join(known)}.")
    return StudyLink(row.need("id").text(), row.texts("endpoints"), row.texts("arms"))


def _enrolment(place: Place, sources: Sources) -> Enrolment:
    row = place.table(_ENROLMENT_KEYS)
    for key in _DATES:
        date = row.get(key)
        if date is not None and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", date.text()):
            raise date.wrong(f"is “{date.text()}”", "Write 2017-12-10, 2017-12 or 2017.")
    return Enrolment(
        risk=cast(Any, row.choice("risk", RISKS)),
        risk_words=row.need("risk_words").text(),
        randomized=row.whole("randomized"),
        enrolled=row.whole("enrolled"),
        planned=row.whole("planned"),
        first=row.text("first"),
        last=row.text("last"),
        planned_end=row.text("planned_end"),
        data_cutoff=row.text("data_cutoff"),
        sites=row.text("sites"),
        eligibility=row.texts("eligibility"),
        stratification=row.text("stratification"),
        note=row.text("note"),
        sources=source_ids(row, sources),
        criteria=read_criteria(row),
    )


def _arm(place: Place, sources: Sources) -> PublishedArm:
    row = place.table(("id", "name", "role", "n", "treated", "part", "regimen", "basis", "source"))
    return PublishedArm(
        id=row.need("id").text(),
        name=row.need("name").text(),
        role=cast(Any, row.choice("role", ("experimental", "reference", "single"))),
        n=row.whole("n"),
        treated=row.whole("treated"),
        regimen=row.text("regimen"),
        part=row.text("part"),
        basis=row.text("basis"),
        sources=source_ids(row, sources),
    )


def _endpoint(place: Place, arms: Arms, sources: Sources) -> PublishedEndpoint:
    row = place.table(
        ("id", "name", "family", "kind", "role", "main", "definition", "follow_up_months", "arms",
         "hazard_ratio", "note", "conflicts", "derived", "verification", "source")
    )  # fmt: skip
    endpoint_id = row.need("id").text()
    ratio_place = row.get("hazard_ratio")
    ratio: Ratio | None = None
    if ratio_place is not None:
        ratio_row = ratio_place.table(RATIO_KEYS)
        ratio_row.need("comparison")
        ratio = read_ratio(ratio_row)
    return PublishedEndpoint(
        id=endpoint_id,
        name=row.need("name").text(),
        family=cast(Any, row.choice("family", ("PFS", "OS", "other"))),
        kind=row.need("kind").text(),
        role=row.text("role"),
        definition=row.text("definition"),
        follow_up_months=row.number("follow_up_months", 0),
        main=bool(row.flag("main")),
        arms=tuple(_arm_result(item, arms) for item in row.rows("arms")),
        ratio=ratio,
        note=row.text("note"),
        verification=verification(row),
        sources=source_ids(row, sources),
        conflicts=tuple(
            read_conflict(item, sources, endpoint_id) for item in row.rows("conflicts")
        ),
        derived=row.texts("derived"),
    )


def _arm_result(place: Place, arms: Arms) -> ArmResult:
    row = place.table(
        ("arm", "n", "events", "events_pct", "events_basis", "median_months", "median_low",
         "median_high", "median_reached", "landmarks")
    )  # fmt: skip
    n, events = row.whole("n"), row.whole("events")
    if n is not None and events is not None and events > n:
        raise row.need("events").wrong(f"is {events} of {n} patients", "Correct the numbers.")
    median, reached = row.number("median_months", 0), row.flag("median_reached")
    if median is not None and reached is False:
        raise row.need("median_reached").wrong("is false beside a median", "Keep one of them.")
    return ArmResult(
        arm=known_arm(row, arms),
        n=n,
        events=events,
        events_percent=row.percent("events_pct"),
        events_basis=row.text("events_basis"),
        median_months=median,
        median_lower=row.number("median_low", 0),
        median_upper=row.number("median_high", 0),
        median_reached=reached,
        landmarks=tuple(_landmark(item) for item in row.rows("landmarks")),
    )


def _landmark(place: Place) -> PublishedLandmark:
    row = place.table(("months", "estimate", "cumulative_incidence", "ci_low", "ci_high"))
    survival, incidence = row.percent("estimate"), row.percent("cumulative_incidence")
    months = row.need("months").number()
    if (survival is None) == (incidence is None):
        raise place.wrong("needs one number", "Give estimate or cumulative_incidence.")
    estimate = survival if survival is not None else incidence
    assert estimate is not None
    low, high = limits(row, estimate)
    return PublishedLandmark(
        months, estimate, "incidence" if survival is None else "survival", low, high
    )


def _subgroup(place: Place, endpoints: Collection[str], sources: Sources) -> PublishedSubgroup:
    row = place.table(
        ("endpoint", "variable", "level", "n", *RATIO_KEYS, "verification", "source")
    )  # fmt: skip
    endpoint = row.need("endpoint").text()
    if endpoint not in endpoints:
        raise row.need("endpoint").wrong(f"is “{endpoint}”", f"Known: {', '.join(endpoints)}.")
    ratio = read_ratio(row)
    if ratio is None:
        raise place.wrong("has no ratio", "Give estimate, ci_low and ci_high.")
    return PublishedSubgroup(
        endpoint=endpoint,
        variable=row.need("variable").text(),
        level=row.need("level").text(),
        n=row.whole("n"),
        ratio=ratio,
        verification=verification(row),
        sources=source_ids(row, sources),
    )


def _adverse_event(place: Place, arms: Arms, sources: Sources) -> AdverseEvent:
    row = place.table(EVENT_KEYS)
    n, denominator, percent = row.whole("n"), row.whole("denominator"), row.percent("pct")
    check_counts(row, n, denominator)
    if n is None and percent is None:
        raise place.wrong("has no number", "Give n or pct, or leave the row out.")
    exact = 100 * n / denominator if n is not None and denominator else percent
    # Published percentages are rounded, some of them to whole numbers.
    if exact is not None and percent is not None and abs(exact - percent) > 0.55:
        raise row.need("pct").wrong(
            f"is {percent:g} where n and denominator give {exact:.1f}",
            "Correct one of the three.",
        )
    return AdverseEvent(
        term=row.need("term").text(),
        system_organ_class=row.text("system_organ_class"),
        grades=row.need("grades").text(),
        arm=known_arm(row, arms),
        n=n,
        percent=percent,
        denominator=denominator,
        basis=row.text("basis"),
        verification=verification(row),
        sources=source_ids(row, sources),
    )


def read_meta_analyses(place: Place) -> tuple[MetaAnalysis, ...]:
    """The file of published poolings."""
    table = place.table(("kind", "analyses", "sources"))
    sources = read_sources(table)
    found = []
    for item in table.rows("analyses"):
        row = item.table(
            ("id", "title", "trials", "patients", "verification", "source", "results")
        )  # fmt: skip
        results = []
        for result in row.rows("results"):
            cells = result.table(("outcome", *RATIO_KEYS))
            ratio = read_ratio(cells, "early against deferred treatment")
            if ratio is None:
                raise result.wrong("has no ratio", "Give estimate, ci_low and ci_high.")
            results.append(PooledResult(cells.need("outcome").text(), ratio))
        found.append(
            MetaAnalysis(
                id=row.need("id").text(),
                title=row.need("title").text(),
                trials=row.need("trials").whole(),
                patients=row.need("patients").whole(),
                results=tuple(results),
                verification=verification(row),
                source=sources[source_ids(row, sources)[0]],
            )
        )
    return tuple(found)


def read_ongoing(place: Place) -> tuple[OngoingTrial, ...]:
    """The file of registered trials of which no more than a line is known."""
    table = place.table(("kind", "trials", "sources"))
    sources = read_sources(table)
    found = []
    for item in table.rows("trials"):
        row = item.table(
            ("acronym", "registration", "regimen", "drug_classes", "risk", "randomized", "endpoint",
             "n", "result", "source")
        )  # fmt: skip
        registration = row.text("registration")
        found.append(
            OngoingTrial(
                acronym=row.need("acronym").text(),
                registration=registration,
                registration_link=registry_link(registration),
                regimen=row.need("regimen").text(),
                drug_classes=_drug_classes(row),
                risk=row.choice("risk", RISKS),
                randomized=row.flag("randomized"),
                endpoint=row.text("endpoint"),
                n=row.whole("n"),
                result=row.text("result"),
                source=sources[source_ids(row, sources)[0]],
            )
        )
    return tuple(found)
