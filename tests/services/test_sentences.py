"""Every number a page says in its answer is in that view's record: all studies, pages and views."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import cycle, product
from typing import Any

import pytest

from services import (
    benefit_risk_export,
    export,
    risk_models_export,
    safety_export,
    subgroups_export,
)
from services import format as fmt
from services.analysis import survival_page
from services.benefit_risk import benefit_risk_page
from services.page_records import StudyPage
from services.pages import caution
from services.population import filter_columns
from services.risk_models import risk_models_page
from services.safety import safety_page
from services.study import Study
from services.subgroups_page import subgroups_page
from services.view import decode, format_number
from tests.studies import bundled

_RATIO = re.compile(r"HR ([<\d.]+)[ ,(]+[\d.]+% CI ([<\d.]+) to ([<\d.]+)")
STUDIES = ("e3a06", "e3a06-run-in", "aquila", "quiredex", "mgus2")
_NUMBER = re.compile(r"(?<![\w.])[<>]?[+−-]?\d+(?:\.\d+)?(?![\w])%?")


def scalars(value: Any) -> Iterator[float]:
    """Single numbers of a record; arrays (curves) hold too many to prove anything."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, (int, float)):
        yield float(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from scalars(item)
    elif isinstance(value, list) and not all(isinstance(v, (int, float)) for v in value[:1]):
        for item in value:
            yield from scalars(item)
    elif isinstance(value, list) and len(value) <= 12:
        yield from (float(v) for v in value if isinstance(v, (int, float)))


@cache
def printed(value: float) -> frozenset[str]:
    """A number in every way the pages print one."""
    forms = {format_number(value), fmt.ratio(value), fmt.time(value, "months")}
    forms |= {fmt.signed(value), fmt.rate(value), fmt.time(value, "years")}
    if -1 <= value <= 1:
        forms |= {fmt.points(value, d) for d in (0, 1)}
        forms |= {f"{value:.0%}"}
    if 0 <= value <= 1:
        for share, digits in product((value, 1 - value), (0, 1)):
            forms |= {fmt.percent(share, digits), fmt.share(share, digits)}
        forms.add(fmt.p_value(value))
    elif value <= 100:  # the safety page counts in percent
        forms |= {fmt.percent(value / 100, d) for d in (0, 1)}
    return frozenset(forms)


def said(page: StudyPage, text: str) -> list[str]:
    """The numbers of a sentence, without those that belong to a name."""
    study = page.study
    names = [c.label for c in study.columns.values()] + [a.name for a in study.arms]
    names += [w for e in study.endpoints for w in (e.label, e.event, e.happened, e.short)]
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(re.escape(name), "", text, flags=re.IGNORECASE)
    text = re.sub(r"(Mayo|IMWG|PETHEMA)[^:.;(]*|grade \d(?: or \d)?", "", text)
    return _NUMBER.findall(text.replace("p < ", "p <").replace("p > ", "p >"))


def missing(page: Any, record: Mapping[str, Any], also: Iterator[float] | list[float]) -> list[str]:
    known: set[str] = {"0.05"}  # the bound of a p that is talked of
    for value in [*scalars(record), caution.FEW_AT_RISK, *also]:
        known |= printed(value)
    return [n for n in said(page, f"{page.answer} {page.answer_detail}") if n not in known]


def filters(study: Study) -> list[str]:
    """No filter, and the first level of the first two variables."""
    columns = [c for c in filter_columns(study) if c.kind == "categorical"][:2]
    return ["", *(f"&f.{column.name}={column.levels[0]}" for column in columns)]


def strata(study: Study) -> list[str]:
    names = [c.name for c in filter_columns(study) if c.kind == "categorical"]
    return ["", f"&strata={names[0]}", f"&facet={names[1]}", f"&strata={names[0]},{names[1]}"]


def events_of(record: Any) -> list[float]:
    """Counts that are added up over arms before they are said."""
    curves = record.get("curves", [])
    return [sum(c["events"] for c in curves), len(curves)]


@pytest.mark.parametrize("study_id", STUDIES)
def test_survival(study_id: str) -> None:
    study = bundled(study_id)
    rests = cycle(("", "&level=0.9&at=1,6", "&plot=types", "&unit=years", "&plot=hazards"))
    for endpoint, held, chosen in product(study.endpoints, strata(study), filters(study)):
        query = f"?endpoint={endpoint.id}{held}{chosen}{next(rests)}"
        page = survival_page(study, decode(query))
        assert page.result is not None
        record = export.survival_json(replace(page, extra=None))
        assert missing(page, record, events_of(record)) == [], (query, page.answer)
        for ratio in _RATIO.findall(page.answer):
            lead = page.result.comparisons[0].lead_hazard_ratio
            assert lead is not None
            assert ratio == tuple(map(fmt.ratio, (lead.estimate, lead.lower, lead.upper)))


@pytest.mark.parametrize("study_id", STUDIES)
def test_forests_and_risk_models(study_id: str) -> None:
    study = bundled(study_id)
    held = cycle(strata(study))
    for endpoint, chosen in product(study.endpoints, filters(study)[:2]):
        query = f"?endpoint={endpoint.id}{next(held)}{chosen}"
        forest = subgroups_page(study, decode(query))
        record = subgroups_export.subgroups_json(forest)
        assert missing(forest, record, _sums(forest.forest)) == [], (query, forest.answer)
        models = risk_models_page(study, decode(query))
        record = risk_models_export.risk_models_json(models)
        groups = [side.group for side in models.sides if side.group]
        table = models.table
        also = [float(caution.events_of(g)) for g in groups]
        if table is not None:
            also += [table.higher + table.lower, (table.higher + table.lower) / max(table.both, 1)]
        assert missing(models, record, also) == [], (query, models.answer, models.answer_detail)


def _sums(forest: Any) -> list[float]:
    """Sums and corrections a forest's sentences make of its numbers."""
    if forest is None:
        return []
    tests = forest.tests
    smallest = [g.interaction.p for g in forest.groups if g.interaction]
    found = [sum(forest.overall.events.values()), 1 - 0.95**tests]
    found += [min(1.0, p * tests) for p in smallest]
    found += [len(caution.tested(forest)), *map(caution.events_of, forest.groups)]
    return found


@pytest.mark.parametrize("study_id", STUDIES)
def test_safety_and_benefit_risk(study_id: str) -> None:
    study = bundled(study_id)
    for chosen, rest in zip(filters(study), ("", "&grade=severe", "&emergent=no"), strict=False):
        query = f"?{chosen}{rest}".replace("?&", "?")
        safety = safety_page(study, decode(query))
        record = safety_export.safety_json(safety)
        assert missing(safety, record, []) == [], (query, safety.answer, safety.answer_detail)
        both = benefit_risk_page(study, decode(query))
        record = benefit_risk_export.benefit_risk_json(both)
        # "Of 100 patients like these".
        assert missing(both, record, [100.0]) == [], (query, both.answer, both.answer_detail)


def test_a_number_that_is_in_no_record_is_found() -> None:
    page = survival_page(bundled(), decode(""))
    record = export.survival_json(page)
    record["comparisons"] = []
    assert missing(page, record, events_of(record))[:2] == ["0.28", "0.12"]
