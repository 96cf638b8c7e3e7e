"""What every published fact is made of: sources, ratios, notes, conflicts.

``None`` means "not found" in what was read, never zero. Percentages are 0 to 100, times are months
unless a name says otherwise, and a hazard ratio below 1 favors the first arm its comparison names.
The records are the readers of the YAML files: a field's alias is its key there.
"""

from __future__ import annotations

from dataclasses import InitVar
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema
from pydantic.dataclasses import dataclass

from services import lists
from services.checked import (
    CONFIG,
    MADE,
    Flag,
    Inline,
    Number,
    Positive,
    Record,
    Texts,
    Whole,
    between,
    check,
    matching,
    unique,
    unknown,
    wrong,
)

Verification = Literal["primary", "secondary", "derived"]

_LISTS = lists.beside(__file__)
VERIFICATION_WORDS: dict[str, str] = _LISTS["verification"]
SOURCE_WORDS: dict[str, str] = _LISTS["sources"]

LINK_HOSTS = lists.words(_LISTS["hosts"])

Date = Annotated[str, matching(r"(\d{4}(-\d\d(-\d\d)?)?)?", "Write 2017-12-10, 2017-12 or 2017.")]
Day = Annotated[str, matching(r"\d{4}-\d\d-\d\d", "Write the day: 2026-11-26.")]
Author = Annotated[str, matching(r"[^\d,;]+ [^\W\d_a-z]{1,5}", "Write van de Donk NWCJ.")]


_READ = matching(r"(?s)(?!not\b).*", "Write how much was read, or leave it out if nothing was.")


def known(kind: str) -> AfterValidator:
    """Names of what the same file lists under ``kind``; not checked of records made in code."""

    def listed(value: str | tuple[str, ...], info: ValidationInfo) -> str | tuple[str, ...]:
        names = [] if info.context is None else [value] if isinstance(value, str) else value
        for name in names:
            if name not in (found := tuple(info.context.get(kind, ()))):  # type: ignore[union-attr]
                raise unknown(name, kind, found)
        return value

    return AfterValidator(listed)


def rows(raw: Any, key: str) -> list[dict[str, Any]]:
    """The entries of a list of a file, as far as it is one."""
    found = raw.get(key) if isinstance(raw, dict) else None
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def by_id(raw: Any, key: str) -> dict[str, dict[str, Any]]:
    """The entries of a list of a file by their ids."""
    return {str(row.get("id")): row for row in rows(raw, key)}


def _cited(value: Any, info: ValidationInfo) -> Any:
    """The source that an id names, of several the first."""
    sources = None if info.context is None else info.context["sources"]
    if sources is None or not (isinstance(value, str) or (isinstance(value, list) and value)):
        return value
    names = [value] if isinstance(value, str) else value
    for name in names:
        if str(name) not in sources:
            raise unknown(str(name), "sources", tuple(sources))
    made = check(Source, sources[names[0]])
    # What is wrong with a source is told where it is listed.
    return made if isinstance(made, Source) else Source(str(names[0]), "paper", "")


def registry_link(registration: str) -> str:
    """The registry's page of a registration; "" for one we do not know how to link."""
    listed = registration.startswith("NCT")
    if registration.startswith("EudraCT "):
        number = registration.removeprefix("EudraCT ")
        return f"https://www.clinicaltrialsregister.eu/ctr-search/search?query={number}"
    return f"https://clinicaltrials.gov/study/{registration}" if listed else ""


@dataclass(frozen=True, config=CONFIG)
class Source(Record):
    """Where a fact was read. ``link`` is "" where only a mirror or a listing is known.

    ``address`` is where it was read, in words and never a link; ``date`` the text's own, ``seen``
    the day it was last read. ``authors`` are all of them, where the text read lists them.
    """

    id: str
    kind: Literal[
        "paper", "meeting", "registry", "listing", "review", "guideline", "regulator", "body",
        "news", "software",
    ]  # fmt: skip
    title: str
    label: str = ""
    where: str = ""  # journal or meeting
    read: Annotated[str, _READ] = ""  # how much of it
    link: Annotated[str, MADE] = ""  # the most lasting one
    address: str = ""
    date: Date = ""
    seen: Date = ""
    authors: tuple[Author, ...] = ()
    doi: InitVar[str] = ""
    pmid: InitVar[str] = ""
    pmcid: InitVar[str] = ""
    nct: InitVar[str] = ""
    url: InitVar[str] = ""

    @property
    def kind_words(self) -> str:
        """What kind of source it is, in words."""
        return SOURCE_WORDS[self.kind]

    def __post_init__(self, doi: str, pmid: str, pmcid: str, nct: str, url: str) -> None:
        parts = urlsplit(url)
        if url and (parts.scheme != "https" or parts.netloc not in LINK_HOSTS):
            raise wrong(
                f"leads to {parts.netloc or url}",
                "Link https pages of publishers, registries, regulators or societies; otherwise"
                " leave it out and name the source in its title.",
                "url",
            )
        if doi and not doi.startswith("10."):
            raise wrong(f"is “{doi}”", "Write it as 10.1056/NEJMoa1300439.", "doi")
        links = (
            doi and f"https://doi.org/{doi}",
            pmid and f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
            pmcid and f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/",
            url,
            registry_link(nct) if self.kind in ("registry", "listing") else "",
            self.link,
        )
        object.__setattr__(self, "link", next(filter(None, links), ""))


Sources = Annotated[tuple[Source, ...], Field(min_length=1), unique("id")]
Cited = Annotated[Source, BeforeValidator(_cited), WithJsonSchema({"type": "string"})]
SourceIds = Annotated[Texts, known("sources"), Field(validation_alias="source", min_length=1)]
ArmId = Annotated[str, known("arms")]
Level = Annotated[float, between(0.5, 0.999)]
Lower = Annotated[Positive | None, Field(validation_alias="ci_low")]
Upper = Annotated[Positive | None, Field(validation_alias="ci_high")]


def check_limits(estimate: float | None, low: float | None, high: float | None) -> None:
    """``ci_low`` and ``ci_high``: both or none, around the estimate."""
    if (low is None) != (high is None):
        raise wrong("has one limit of an interval only", "Give ci_low and ci_high.")
    if low is None or high is None or estimate is None or low <= estimate <= high:
        return
    raise wrong(
        f"and ci_high ({low:g} to {high:g}) do not hold the estimate {estimate:g}",
        "Correct the numbers.",
        "ci_low",
    )


def check_counts(n: int | None, denominator: int | None) -> None:
    """A count may not exceed what it is a count of."""
    if n is not None and denominator is not None and n > denominator:
        raise wrong(f"is {n} of {denominator}", "Correct n or denominator.", "n")


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Ratio(Record):
    """A published comparison. ``measure`` is HR, OR or RR; 95% limits; ``basis`` if derived."""

    measure: Literal["HR", "OR", "RR"] = "HR"
    estimate: Positive | None = None
    lower: Lower = None
    upper: Upper = None
    p: str = ""
    comparison: str
    basis: str = ""

    def __post_init__(self) -> None:
        check_limits(self.estimate, self.lower, self.upper)
        if self.estimate is None and not self.p:
            raise wrong("has no ratio", "Give estimate, ci_low and ci_high, or leave it out.")


def ratio_keys(comparison: str) -> Inline:
    """Marks a ratio whose keys stand in the row it belongs to."""
    return Inline(Ratio, ("estimate", "p"), ("comparison", comparison))


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Fact(Record):
    """A number (or its absence) with where it comes from.

    ``arm`` is an arm's id, "" for the whole trial; ``level`` that of the interval. ``basis`` says
    how a derived number was made. ``mrd`` marks a rate without measurable residual disease, with
    the ``threshold`` of the test and ``when`` it was made ("": not found); ``after`` one of what
    followed progression.
    """

    measure: str
    arm: ArmId = ""
    value: Number | None = None
    unit: Literal["%", "months", "years", "per patient-year", "points"] = "%"
    n: Whole | None = None
    denominator: Whole | None = None
    lower: Lower = None
    upper: Upper = None
    level: Level = 0.95
    low: Number | None = None  # of a range
    high: Number | None = None
    p: str = ""
    approximate: Flag = False
    follow_up_months: Positive | None = None
    basis: str = ""
    note: str = ""
    mrd: Flag = False
    threshold: str = ""
    when: str = ""
    after: Flag = False
    verification: Verification
    sources: SourceIds

    def __post_init__(self) -> None:
        if (self.threshold or self.when) and not self.mrd:
            raise wrong("is missing", "Write mrd: true, or leave threshold and when out.", "mrd")
        if self.unit == "%" and self.value is not None and not 0 <= self.value <= 100:
            raise wrong(f"is {self.value:g}", "Write a number from 0 to 100.", "value")
        check_limits(self.value, self.lower, self.upper)
        check_counts(self.n, self.denominator)
        if self.value is None and self.n is None and self.low is None and not self.note:
            raise wrong("has no number", "Give value, n or a range, or leave the row out.")


@dataclass(frozen=True, config=CONFIG)
class Conflict(Record):
    """Sources that disagree, and which of them is shown.

    ``endpoint`` is "" for the trial; ``about`` names the trial's numbers it is about: "patients",
    "eligibility", ids of endpoints, measures and terms (none: all of them).
    """

    title: str
    text: str
    sources: SourceIds
    endpoint: Annotated[str, MADE] = ""
    about: Annotated[Texts, known("numbers")] = ()


@dataclass(frozen=True, config=CONFIG)
class Note(Record):
    """A sentence with its sources; ``date`` where it happened on one."""

    text: str
    sources: SourceIds
    date: str = ""
    title: str = ""


def sources_of(raw: Any) -> dict[str, Any]:
    """What the records of a file may name: its sources."""
    return {"sources": by_id(raw, "sources")}
