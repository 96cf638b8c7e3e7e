"""Readers of the evidence files about the untreated course and about risk models."""

from __future__ import annotations

from collections.abc import Mapping

from services.evidence_fields import (
    RATIO_KEYS,
    read_conflict,
    read_ratio,
    read_sources,
    source_ids,
    verification,
)
from services.evidence_records import Source, Verification
from services.evidence_risk_records import (
    NaturalHistory,
    Period,
    Progression,
    PublishedRiskModel,
    RiskFactor,
    RiskGroup,
)
from services.evidence_yaml import Place, Table

Sources = Mapping[str, Source]


def _progression(
    place: Place, known: Sources, level: Verification, default: tuple[str, ...]
) -> Progression:
    row = place.table(("years", "pct", "verification", "source"))
    percent = row.percent("pct")
    if percent is None:
        raise place.wrong("has no pct", "Give it, or leave the row out.")
    return Progression(
        row.need("years").number(),
        percent,
        verification(row, level),
        source_ids(row, known, default),
    )


def _group(
    place: Place, known: Sources, level: Verification, default: tuple[str, ...]
) -> RiskGroup:
    row = place.table(("name", "rule", "share_pct", "median_months", "progression", *RATIO_KEYS))
    return RiskGroup(
        name=row.need("name").text(),
        rule=row.text("rule"),
        share_percent=row.percent("share_pct"),
        ratio=read_ratio(row, "the group against the lowest one"),
        median_months=row.number("median_months", 0),
        progression=tuple(
            _progression(item, known, level, default) for item in row.rows("progression")
        ),
    )


def _pairs(table: Table, key: str) -> tuple[tuple[str, str], ...]:
    place = table.get(key)
    if place is None:
        return ()
    names = [str(name.value) for name, _ in place.node.value]
    row = place.table(names)
    return tuple((name, row.need(name).text()) for name in names)


def _citation(table: Table, known: Sources) -> str:
    place = table.get("citation")
    if place is None:
        return ""
    if place.text() not in known:
        raise place.wrong(f"is “{place.text()}”", f"Sources: {', '.join(known)}.")
    return place.text()


def read_natural_history(
    place: Place,
) -> tuple[NaturalHistory, tuple[tuple[str, str], ...], Source]:
    """The file of the untreated course: cohort, diagnostic boundary and the latter's source."""
    table = place.table(
        ("kind", "id", "title", "cohort", "progression", "periods", "cumulative", "groups",
         "caution", "conflicts", "verification", "citation", "boundary", "boundary_source",
         "sources")
    )  # fmt: skip
    known = read_sources(table)
    level = verification(table)
    citation = _citation(table, known)
    default = (citation,) if citation else ()
    periods = []
    for item in table.rows("periods"):
        row = item.table(("years_from", "years_to", "pct_per_year", "approximate"))
        rate = row.percent("pct_per_year")
        if rate is None:
            raise item.wrong("has no pct_per_year", "Give it, or leave the row out.")
        periods.append(
            Period(
                row.need("years_from").number(),
                row.need("years_to").number(),
                rate,
                bool(row.flag("approximate")),
            )
        )
    boundary = table.need("boundary_source")
    if boundary.text() not in known:
        raise boundary.wrong(f"is “{boundary.text()}”", f"Sources: {', '.join(known)}.")
    history = NaturalHistory(
        id=table.need("id").text(),
        title=table.need("title").text(),
        where=known[citation].where if citation else "",
        cohort=_pairs(table, "cohort"),
        progression=table.text("progression"),
        periods=tuple(periods),
        cumulative=tuple(
            _progression(item, known, level, default) for item in table.rows("cumulative")
        ),
        groups=tuple(_group(item, known, level, default) for item in table.rows("groups")),
        caution=table.text("caution"),
        conflicts=tuple(read_conflict(item, known) for item in table.rows("conflicts")),
        verification=level,
        citation=citation,
        sources=tuple(known.values()),
    )
    return history, _pairs(table, "boundary"), known[boundary.text()]


def read_risk_models(place: Place) -> tuple[PublishedRiskModel, ...]:
    """The file of risk models."""
    table = place.table(("kind", "models", "sources"))
    known = read_sources(table)
    found: dict[str, PublishedRiskModel] = {}
    for item in table.rows("models"):
        model = _model(item, known)
        if model.id in found:
            raise item.wrong(f"repeats the id “{model.id}”", "Give each model its own id.")
        found[model.id] = model
    return tuple(found.values())


def _model(place: Place, known: Sources) -> PublishedRiskModel:
    row = place.table(
        ("id", "title", "where", "code", "rule", "cohort", "factors", "groups", "conflicts",
         "notes", "verification", "citation", "source")
    )  # fmt: skip
    level = verification(row)
    sources = source_ids(row, known)
    factors = []
    for item in row.rows("factors"):
        cells = item.table(("name", "threshold", *RATIO_KEYS))
        factors.append(
            RiskFactor(
                cells.need("name").text(),
                cells.text("threshold"),
                read_ratio(cells, "with the factor against without"),
            )
        )
    groups = tuple(_group(item, known, level, sources) for item in row.rows("groups"))
    conflicts = tuple(read_conflict(item, known) for item in row.rows("conflicts"))
    citation = _citation(row, known)
    named = {citation, *sources} - {""}
    named |= {s for g in groups for p in g.progression for s in p.sources}
    named |= {s for c in conflicts for s in c.sources}
    return PublishedRiskModel(
        id=row.need("id").text(),
        title=row.need("title").text(),
        where=row.text("where"),
        code=row.text("code"),
        cohort=_pairs(row, "cohort"),
        rule=row.text("rule"),
        factors=tuple(factors),
        groups=groups,
        conflicts=conflicts,
        notes=row.texts("notes"),
        verification=level,
        citation=citation,
        sources=tuple(source for source in known.values() if source.id in named),
    )
