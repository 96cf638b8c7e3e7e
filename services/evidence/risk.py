"""The untreated course and risk models as published: what their YAML files hold."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, cast

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.dataclasses import dataclass

from services.checked import (
    CONFIG,
    MADE,
    TEXTS_SCHEMA,
    Flag,
    Number,
    Percent,
    Positive,
    Record,
    Texts,
    changed,
    one_or_several,
    unique,
    unknown,
    wrong,
)
from services.evidence.facts import (
    Cited,
    Conflict,
    Fact,
    Ratio,
    Source,
    SourceIds,
    Sources,
    Verification,
    known,
    ratio_keys,
)

if TYPE_CHECKING:
    Pairs = tuple[tuple[str, str], ...]
else:
    Pairs = Annotated[
        dict[str, str], BeforeValidator(dict), AfterValidator(lambda found: tuple(found.items()))
    ]
Citation = Annotated[str, known("sources")]


@dataclass(frozen=True, config=CONFIG)
class Progression(Record):
    """Percent of a group that progressed within ``years``."""

    years: Number
    percent: Annotated[Percent, Field(validation_alias="pct")]
    verification: Verification = cast(Verification, "")  # left out: of what it belongs to
    sources: SourceIds = ()


@dataclass(frozen=True, config=CONFIG)
class RiskGroup(Record):
    """A group of a published risk model."""

    name: str
    rule: str = ""
    share_percent: Annotated[Percent | None, Field(validation_alias="share_pct")] = None
    ratio: Annotated[Ratio | None, ratio_keys("the group versus the lowest one")] = None
    median_months: Positive | None = None
    progression: tuple[Progression, ...] = ()


@dataclass(frozen=True, config=CONFIG)
class RiskFactor(Record):
    """One item of a risk model with its threshold."""

    name: str
    threshold: str = ""
    ratio: Annotated[Ratio | None, ratio_keys("with the factor versus without")] = None


def _filled(
    shares: tuple[Progression, ...], verification: Verification, sources: tuple[str, ...]
) -> tuple[Progression, ...]:
    """Shares with what they take over from the model or cohort they belong to."""
    return tuple(
        changed(
            share,
            verification=share.verification or verification,
            sources=share.sources or sources,
        )
        for share in shares
    )


def _groups(
    groups: tuple[RiskGroup, ...], verification: Verification, sources: tuple[str, ...]
) -> tuple[RiskGroup, ...]:
    return tuple(
        changed(group, progression=_filled(group.progression, verification, sources))
        for group in groups
    )


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class PublishedRiskModel(Record):
    """A risk model as published. ``code`` names its groups' column where we compute them."""

    id: str
    title: str
    where: str = ""
    code: str = ""
    cohort: Pairs = ()
    rule: str = ""
    same_rule_as: str = ""  # the id of the model whose rule this is, in another cohort
    factors: tuple[RiskFactor, ...] = ()
    groups: tuple[RiskGroup, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: Texts = ()
    verification: Verification
    citation: Citation = ""  # id of the source that is the paper itself, "" if it was not read
    sources: Annotated[
        tuple[Cited, ...],
        BeforeValidator(one_or_several),
        TEXTS_SCHEMA,
        Field(validation_alias="source", min_length=1),
    ]

    def __post_init__(self) -> None:
        ids = tuple(source.id for source in self.sources)
        object.__setattr__(self, "groups", _groups(self.groups, self.verification, ids))

    def source(self, source_id: str) -> Source:
        """The source of that id; KeyError if there is none."""
        return {source.id: source for source in self.sources}[source_id]

    def named(self) -> set[str]:
        """The ids of all sources that the model or a part of it names."""
        shares = [share for group in self.groups for share in group.progression]
        found = {self.citation, *(source.id for source in self.sources)}
        found.update(*(share.sources for share in shares))
        return found.union(*(conflict.sources for conflict in self.conflicts))


@dataclass(frozen=True, config=CONFIG)
class RiskModels(Record):
    """The file of risk models; each has all the sources that it or a part of it names."""

    models: Annotated[tuple[PublishedRiskModel, ...], unique("id")]
    sources: Sources

    def __post_init__(self) -> None:
        ids = tuple(model.id for model in self.models)
        for i, model in enumerate(self.models):
            if model.same_rule_as and model.same_rule_as not in ids:
                raise unknown(model.same_rule_as, "models", ids)
            if model.same_rule_as == model.id:
                raise wrong("names the model itself", "Name another.", "models", i, "same_rule_as")
        models = tuple(
            changed(model, sources=tuple(s for s in self.sources if s.id in model.named()))
            for model in self.models
        )
        object.__setattr__(self, "models", models)


@dataclass(frozen=True, config=CONFIG)
class Period(Record):
    """Percent of the starting cohort that progresses in each year of a period."""

    years_from: Number
    years_to: Number
    percent_per_year: Annotated[Percent, Field(validation_alias="pct_per_year")]
    approximate: Flag = False


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class NaturalHistory(Record):
    """The untreated course of a cohort."""

    id: str
    title: str
    where: Annotated[str, MADE] = ""
    cohort: Pairs = ()
    progression: str = ""
    periods: tuple[Period, ...] = ()
    cumulative: tuple[Progression, ...] = ()
    groups: tuple[RiskGroup, ...] = ()
    caution: str = ""
    conflicts: tuple[Conflict, ...] = ()
    screening: tuple[Fact, ...] = ()  # how common it is where a population was screened
    screened_groups: tuple[Fact, ...] = ()  # those found by it, by the groups of 20/2/20
    verification: Verification
    citation: Citation = ""
    sources: Sources

    def __post_init__(self) -> None:
        cited = tuple(s for s in self.sources if s.id == self.citation)
        ids = tuple(source.id for source in cited)
        for name, value in (
            ("where", cited[0].where if cited else ""),
            ("cumulative", _filled(self.cumulative, self.verification, ids)),
            ("groups", _groups(self.groups, self.verification, ids)),
        ):
            object.__setattr__(self, name, value)

    def source(self, source_id: str) -> Source:
        """The source of that id; KeyError if there is none."""
        return {source.id: source for source in self.sources}[source_id]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Course(NaturalHistory):
    """The file of the untreated course, with the diagnostic boundary where it ends."""

    boundary_source: Cited
    boundary: Pairs = ()

    def history(self) -> NaturalHistory:
        """The course alone."""
        names = [found.name for found in fields(NaturalHistory)]
        return NaturalHistory(**{name: getattr(self, name) for name in names})
