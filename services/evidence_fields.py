"""Readers of the parts that several kinds of evidence file share: sources, ratios, facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast, get_args
from urllib.parse import urlsplit

from services.evidence_records import (
    SOURCE_WORDS,
    Conflict,
    Fact,
    Note,
    Ratio,
    Source,
    Verification,
)
from services.evidence_yaml import Place, Table

VERIFICATIONS = get_args(Verification)

# A reader must be able to trust a link: a DOI, an index, a registry, or the page of a publisher, a
# regulator or a society. Mirrors and news are named in words, without a link.
LINK_HOSTS = (
    "doi.org",
    "pubmed.ncbi.nlm.nih.gov",
    "pmc.ncbi.nlm.nih.gov",
    "clinicaltrials.gov",
    "www.cancer.gov",
    "www.fda.gov",
    "www.ema.europa.eu",
    "ash.confex.com",
    "www.bloodjournal.org",
    "ashpublications.org",
    "ascopubs.org",
    "www.nejm.org",
    "www.thelancet.com",
    "www.nature.com",
    "www.ejcancer.com",
    "onlinelibrary.wiley.com",
    "esmo.org",
    "www.esmo.org",
    "www.myeloma.org",
)
_SOURCE_KEYS = (
    "id", "kind", "label", "title", "where", "doi", "pmid", "pmcid", "nct", "url", "read",
)  # fmt: skip
FACT_KEYS = (
    "arm", "measure", "value", "unit", "n", "denominator", "ci_low", "ci_high", "level", "low",
    "high", "p", "approximate", "follow_up_months", "basis", "note", "verification", "source",
)  # fmt: skip
RATIO_KEYS = ("measure", "estimate", "ci_low", "ci_high", "p", "comparison", "basis")
UNITS = ("%", "months", "years", "per patient-year", "points")


def registry_link(registration: str) -> str:
    """The registry's page of a registration; "" for one we do not know how to link."""
    known = registration.startswith("NCT")
    return f"https://clinicaltrials.gov/study/{registration}" if known else ""


def read_source(place: Place) -> Source:
    """One entry of ``sources``; the link is the most lasting one it gives."""
    row = place.table(_SOURCE_KEYS)
    url = row.get("url")
    if url is not None:
        parts = urlsplit(url.text())
        if parts.scheme != "https" or parts.netloc not in LINK_HOSTS:
            raise url.wrong(
                f"leads to {parts.netloc or url.text()}",
                "Link https pages of publishers, registries, regulators or societies; otherwise"
                " leave it out and name the source in its title.",
            )
    doi, pmid, pmcid = row.text("doi"), row.text("pmid"), row.text("pmcid")
    if doi and not doi.startswith("10."):
        raise row.need("doi").wrong(f"is “{doi}”", "Write it as 10.1056/NEJMoa1300439.")
    link = ""
    if doi:
        link = f"https://doi.org/{doi}"
    elif pmid:
        link = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    elif pmcid:
        link = f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/"
    elif url is not None:
        link = url.text()
    elif row.text("nct") and row.text("kind") in ("registry", "listing"):
        link = registry_link(row.text("nct"))
    return Source(
        id=row.need("id").text(),
        kind=row.choice("kind", tuple(SOURCE_WORDS)),
        title=row.need("title").text(),
        label=row.text("label"),
        where=row.text("where"),
        read=row.text("read"),
        link=link,
    )


def read_sources(table: Table) -> dict[str, Source]:
    """The ``sources`` of a file by id."""
    found: dict[str, Source] = {}
    for place in table.rows("sources"):
        source = read_source(place)
        if source.id in found:
            raise place.wrong(f"repeats the id “{source.id}”", "Give each source its own id.")
        found[source.id] = source
    if not found:
        raise table.place.wrong("has no sources", "Every fact needs one: add sources.")
    return found


def source_ids(row: Table, known: Collection[str], default: tuple[str, ...] = ()) -> Any:
    """The ``source`` of a row: one id or several, each of them listed in ``sources``."""
    if row.get("source") is None:
        if not default:
            row.need("source")
        return default
    ids = row.texts("source")
    for source_id in ids:
        if source_id not in known:
            raise row.need("source").wrong(
                f"names “{source_id}”, which is not in sources", f"Sources: {', '.join(known)}."
            )
    return ids


def verification(row: Table, default: Verification | None = None) -> Verification:
    """How far a fact was checked."""
    return cast(Verification, row.choice("verification", VERIFICATIONS, default))


def limits(row: Table, estimate: float | None, lowest: float = 0.0) -> tuple[Any, Any]:
    """``ci_low`` and ``ci_high``: both or none, around the estimate."""
    low, high = row.number("ci_low", lowest), row.number("ci_high", lowest)
    if (low is None) != (high is None):
        raise row.place.wrong("has one limit of an interval only", "Give ci_low and ci_high.")
    if (
        low is not None
        and high is not None
        and estimate is not None
        and not low <= estimate <= high
    ):
        raise row.need("ci_low").wrong(
            f"and ci_high ({low:g} to {high:g}) do not hold the estimate {estimate:g}",
            "Correct the numbers.",
        )
    return low, high


def read_ratio(row: Table, comparison: str = "") -> Ratio | None:
    """A ratio from its keys in ``row``; ``None`` if the row has none of them."""
    estimate = row.number("estimate", 0.0)
    low, high = limits(row, estimate)
    p = row.text("p")
    if estimate is None and not p:
        return None
    return Ratio(
        measure=row.choice("measure", ("HR", "OR", "RR"), "HR"),
        estimate=estimate,
        lower=low,
        upper=high,
        p=p,
        comparison=row.text("comparison", comparison),
        basis=row.text("basis"),
    )


def read_fact(place: Place, arms: Mapping[str, Any], sources: Collection[str]) -> Fact:
    """One row of ``responses``, ``exposure``, ``outcomes`` and the like."""
    row = place.table(FACT_KEYS)
    unit = row.choice("unit", UNITS, "%")
    value = row.percent("value") if unit == "%" else row.number("value")
    low, high = limits(row, value)
    n, denominator = row.whole("n"), row.whole("denominator")
    check_counts(row, n, denominator)
    if value is None and n is None and row.get("low") is None and row.get("note") is None:
        raise place.wrong("has no number", "Give value, n or a range, or leave the row out.")
    return Fact(
        measure=row.need("measure").text(),
        arm=known_arm(row, arms, needed=False),
        value=value,
        unit=unit,
        n=n,
        denominator=denominator,
        lower=low,
        upper=high,
        level=row.number("level", 0.5, 0.999) or 0.95,
        low=row.number("low"),
        high=row.number("high"),
        p=row.text("p"),
        approximate=bool(row.flag("approximate")),
        follow_up_months=row.number("follow_up_months", 0),
        basis=row.text("basis"),
        note=row.text("note"),
        verification=verification(row),
        sources=source_ids(row, sources),
    )


def check_counts(row: Table, n: int | None, denominator: int | None) -> None:
    """A count may not exceed what it is a count of."""
    if n is not None and denominator is not None and n > denominator:
        raise row.need("n").wrong(f"is {n} of {denominator}", "Correct n or denominator.")


def known_arm(row: Table, arms: Mapping[str, Any], needed: bool = True) -> str:
    """The ``arm`` of a row, which must be among the trial's ``arms``."""
    place = row.need("arm") if needed else row.get("arm")
    if place is None:
        return ""
    arm_id = place.text()
    if arm_id not in arms:
        raise place.wrong(f"names the arm “{arm_id}”", f"Arms: {', '.join(arms) or 'none'}.")
    return arm_id


def read_conflict(place: Place, sources: Collection[str], endpoint: str = "") -> Conflict:
    """Two sources that disagree, in plain words."""
    row = place.table(("title", "text", "source"))
    return Conflict(
        row.need("title").text(), row.need("text").text(), source_ids(row, sources), endpoint
    )


def read_trial_conflict(place: Place, sources: Collection[str], known: Collection[str]) -> Conflict:
    """Sources that disagree on some of a trial's numbers: ``about`` names them."""
    row = place.table(("title", "text", "about", "source"))
    for name in row.texts("about"):
        if name not in known:
            raise row.need("about").wrong(f"names “{name}”", f"Known: {', '.join(known)}.")
    return Conflict(
        row.need("title").text(),
        row.need("text").text(),
        source_ids(row, sources),
        about=row.texts("about"),
    )


def read_note(place: Place, sources: Collection[str]) -> Note:
    """A sentence with its source."""
    row = place.table(("text", "source", "date", "title"))
    return Note(
        row.need("text").text(), source_ids(row, sources), row.text("date"), row.text("title")
    )
