"""Every number a page says in its answer is in that view's record: all studies, pages and views.

Numbers of the evidence page are held to its files in ``evidence/test_page.py``, those of a patient
to the record in ``patient/test_page.py``, those of the methods to the code in ``methods``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from services import format as fmt
from services.errors import UserError
from services.numbers import format_number
from services.pages import caution
from services.pages.benefit_risk import export as benefit_risk_export
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.catalogue.page import catalogue_page
from services.pages.evidence.export import evidence_json
from services.pages.overview.export import overview_json
from services.pages.overview.page import overview_page
from services.pages.records import PageRecord
from services.pages.risk.export import risk_json
from services.pages.risk_models import export as risk_models_export
from services.pages.risk_models.page import available, risk_models_page
from services.pages.safety import export as safety_export
from services.pages.safety.page import safety_page
from services.pages.subgroups import export as subgroups_export
from services.pages.subgroups.page import subgroups_page
from services.pages.survival import export
from services.pages.survival.page import first_look, survival_page
from services.study.model import Column, Endpoint, Study
from services.study.population import filter_columns
from services.views.site import CatalogueView, EvidenceView, RiskView, decode_site
from services.views.study import decode
from tests.studies import bundled, make_study

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
        forms |= {fmt.points(abs(value), d).lstrip("+") for d in (0, 1)}  # "25 fewer"
        forms |= {f"{value:.0%}"}
    if 0 <= value <= 1:
        for share, digits in product((value, 1 - value), (0, 1)):
            forms |= {fmt.percent(share, digits), fmt.share(share, digits)}
        forms.add(fmt.p_value(value))
    elif value <= 100:  # the safety page counts in percent
        forms |= {fmt.percent(value / 100, d) for d in (0, 1)}
    return frozenset(forms)


def reasons(value: Any) -> Iterator[str]:
    """Why something cannot be given: "follow-up ends at 75.3"."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from [str(item)] if key == "reason" else reasons(item)
    elif isinstance(value, list):
        for item in value:
            yield from reasons(item)


def said(page: PageRecord, text: str) -> list[str]:
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
    for text in reasons(record):
        known |= set(_NUMBER.findall(text))
    return [n for n in said(page, f"{page.answer} {page.answer_detail}") if n not in known]


def events_of(record: Any) -> list[float]:
    """Counts that are added up over arms before they are said."""
    curves = record.get("curves", [])
    return [sum(c["events"] for c in curves), len(curves)]


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


def one_at_a_time(study: Study) -> list[str]:
    """Each switch of the pages of a study by itself, and the filters, as parts of a query."""
    columns = filter_columns(study)
    groups = [c.name for c in columns if c.kind == "categorical"]
    held = [f"strata={g}" for g in groups[:2]] + [f"strata={','.join(groups[:2])}"]
    chosen = [f"f.{c.name}={c.levels[-1]}" for c in columns if c.kind == "categorical"][:4]
    chosen += [f"f.{c.name}={c.low:g}..{(c.low + c.high) / 2:g}" for c in columns
               if c.kind == "numeric" and c.low is not None and c.high is not None][:1]  # fmt: skip
    reverse = ",".join(a.name for a in study.arms)
    first = study.arms[0].name
    shared = ["", "level=0.9", "ci=plain", "unit=years", "unit=weeks"]
    return [*shared, *held, *chosen, f"arms={reverse}", f"arms={first}"]


OF_SURVIVAL = (
    *("plot=curves", "plot=types", "plot=hazards", "plot=means", "scale=incidence"),
    *("scale=hazard", "scale=log-log", "at=1,6,200", "tau=12", "xmax=10", "ci=log"),
)
OF_FOREST = ("per_arm=landmark", "diff=12", "min_events=10", "sort=interaction", "by=SEX")
OF_SAFETY = (
    *("section=grades", "section=time", "section=events", "emergent=no", "grade=severe"),
    *("only=serious", "only=related", "only=serious,related", "effect=ratio", "effect=odds"),
    *("order=name", "order=difference", "least=5", "q=an", "timeplot=prevalence&section=time"),
)
OF_BOTH = ("diff=6", "diff=60", "diff=200", "emergent=no", "at=12", "ci=log")


def asked(study: Study, own: Iterable[str], each: int = 1, step: int = 0) -> Iterator[str]:
    """A query for each switch, beside the first endpoint; every ``step``-th beside the others.

    Parameters
    ----------
    each : only every so manieth of the switches all pages share
    """
    switches = [*one_at_a_time(study)[::each], *own]
    for i, endpoint in enumerate(study.endpoints):
        for switch in switches if i == 0 else switches[i::step] if step else ():
            yield "?" + "&".join(filter(None, (f"endpoint={endpoint.id}", switch)))


def pages(
    study: Study, make: Any, own: Iterable[str], each: int = 1, step: int = 0
) -> Iterator[tuple[str, Any]]:
    """What each query shows. What a study does not have is refused in words."""
    for query in asked(study, own, each, step):
        try:
            yield query, make(study, decode(query))
        except UserError as refused:  # the study has no such column or flag
            if "cannot be used" not in str(refused):
                raise


def competing_study() -> Study:
    """Three arms, death competing with relapse, an arm of few and a column with a gap."""
    random = np.random.default_rng(4)
    n = 130
    time = np.round(random.exponential(20, n) + 0.1, 1)
    kind = random.choice(["", "Death", "Relapse"], n, p=[0.3, 0.2, 0.5])
    endpoint = Endpoint(
        "TTR", "Time to relapse", "relapse-free", "relapse", competing=("Death",),
        happened="had relapsed",
    )  # fmt: skip
    return make_study(
        ["A"] * 60 + ["B"] * 60 + ["C"] * 10,
        time.tolist(),
        (kind == "Relapse").tolist(),
        {"SEX": ["F", "M"] * 65, "STAGE": ["I", "II", "", "III", "I"] * 26},
        event_type=kind.tolist(),
        endpoint=endpoint,
        known={"SEX": Column("SEX", "Sex"), "STAGE": Column("STAGE", "Stage")},
    )


def own() -> Study:
    return replace(competing_study(), kind="uploaded", sha256="competing, uploaded")


def a_study(study_id: str) -> Study:
    return own() if study_id == "own" else bundled(study_id)


WALKED = (*STUDIES, "own")


@pytest.mark.parametrize("study_id", WALKED)
def test_survival(study_id: str) -> None:
    study = a_study(study_id)
    column = next(c.name for c in filter_columns(study) if c.kind == "categorical")
    walked = 0
    # The simulated trials are of one make: every switch in one of them, every other in the rest.
    each = 2 if study_id in ("aquila", "quiredex") else 1
    own_switches = (*OF_SURVIVAL, f"facet={column}")[study_id == "aquila" :: each]
    for query, page in pages(study, survival_page, own_switches, each, step=5):
        walked += 1
        record = export.survival_json(replace(page, extra=None))
        assert missing(page, record, events_of(record)) == [], (query, page.answer)
        for ratio in _RATIO.findall(page.answer):
            lead = page.result.comparisons[0].lead_hazard_ratio
            assert lead is not None
            assert ratio == tuple(map(fmt.ratio, (lead.estimate, lead.lower, lead.upper)))
    assert walked > 10, "the walk went somewhere"


@pytest.mark.parametrize("study_id", WALKED)
def test_forests(study_id: str) -> None:
    for query, page in pages(a_study(study_id), subgroups_page, OF_FOREST, 2, 6):
        record = subgroups_export.subgroups_json(page)
        assert missing(page, record, _sums(page.forest)) == [], (query, page.answer)


@pytest.mark.parametrize("study_id", WALKED)
def test_risk_models(study_id: str) -> None:
    study = a_study(study_id)
    ids = [m.id for m in available(study)]
    others = [f"models={a},{b}" for a, b in pairwise(ids)]
    for query, page in pages(study, risk_models_page, (*others[:2], "of=all"), 5):
        record = risk_models_export.risk_models_json(page)
        also = [float(caution.events_of(s.group)) for s in page.sides if s.group]
        table = page.table
        if table is not None:
            also += [table.higher + table.lower, (table.higher + table.lower) / max(table.both, 1)]
        assert missing(page, record, also) == [], (query, page.answer, page.answer_detail)


@pytest.mark.parametrize("study_id", WALKED)
def test_safety(study_id: str) -> None:
    for query, page in pages(a_study(study_id), safety_page, OF_SAFETY, 2):
        record = safety_export.safety_json(page)
        assert missing(page, record, []) == [], (query, page.answer, page.answer_detail)
        serious = "only=" in query and page.answer and page.made_up is None
        assert not serious or page.answer.lower().startswith(page.view.only[0]), page.answer


@pytest.mark.parametrize("study_id", WALKED)
def test_benefit_and_risk(study_id: str) -> None:
    for query, page in pages(a_study(study_id), benefit_risk_page, OF_BOTH, 2):
        record = benefit_risk_export.benefit_risk_json(page)
        # "Of 100 patients like these".
        assert missing(page, record, [100.0]) == [], (query, page.answer, page.answer_detail)


@pytest.mark.parametrize("study_id", STUDIES)
def test_overview_and_catalogue(study_id: str) -> None:
    """What these patients give beside a published figure is in the record of its own page."""
    study = bundled(study_id)
    page = overview_page(study, decode(""))
    values = [*scalars(overview_json(page))]
    for endpoint, ci in product(study.endpoints, ("log-log", "log")):
        shown = survival_page(study, decode(f"?endpoint={endpoint.id}&ci={ci}&at=24,36,60,240"))
        record = export.survival_json(shown)
        times = shown.records["TIME"] / 365.25
        years, events = float(times.sum()), events_of(record)
        values += [*scalars(record), *events, round(years), events[0] / years]
        values += [float(times.min()), float(times.max())]  # "its range"
    known: set[str] = set().union(*map(printed, values), (f"{v:.0f}" for v in values))
    known |= {"<0.0001"} if min(map(abs, values)) < 0.0001 else set()
    assert page.figures
    for row in page.figures:
        told = [n for n in _NUMBER.findall(row.reproduced.replace(",", "")) if n not in known]
        asked_for = set(_NUMBER.findall(row.label))  # "by 36 months"
        assert [n for n in told if n.rstrip("%") not in asked_for] == [], row
    (card,) = catalogue_page([study], CatalogueView(), first_look).entries
    assert sum(n for _, n in card.arms) == card.n == overview_json(page)["baseline"]["n"][-1]
    assert {f"{card.months:g}", f"{card.months:.0f}"} & set(_NUMBER.findall(card.follow_up))


@pytest.mark.parametrize("study_id", [s for s in STUDIES if s != "mgus2"])
def test_published_results(study_id: str) -> None:
    """A published result in words is made of the numbers of its own trial's file."""
    trials = evidence_json(decode_site(EvidenceView, "?reports=all"))["trials"]
    (trial,) = [t for t in trials if study_id in [s["study"] for s in t["studies"]]]
    known = set().union(*(printed(v) | {f"{v:g}", f"{v:.1f}%"} for v in scalars(trial)))
    (card,) = catalogue_page([bundled(study_id)], CatalogueView(), first_look).entries
    assert card.headlines
    for headline in card.headlines:
        told = _NUMBER.findall(headline.cited.text)
        assert told
        assert [n for n in told if n not in known and n.rstrip("%") not in known] == [], headline


@pytest.mark.parametrize(
    "query",
    [
        "bmpc=25&mprot=2.5&flcr=30",
        "bmpc=25&mprot=35&mprot_unit=g/L&flcr=0.03",
        "bmpc=9&mprot=35&kappa_flc=3&lambda_flc=99&flc=chains&fish=yes",
        "bmpc=61&mprot=1&flcr=0",
    ],
)
def test_the_calculator(query: str) -> None:
    """Its warnings and questions say what was typed, the unit changed, or the rule's own bounds."""
    record = risk_json(decode_site(RiskView, f"?{query}"))
    typed = [float(v) for v in re.findall(r"(?<==)[\d.]+", query)]
    known = {f"{v:.3g}" for t in typed for v in (t, t / 10, t * 10, 1 / t if t else 0, 33)}
    bounds = {"0", "1", "10", "60", "100", "0.26", "1.65", "8", "20"}
    for text in [*record["warnings"], *(q["text"] for q in record["questions"])]:
        told = [n.rstrip("%") for n in _NUMBER.findall(text)]
        assert [n for n in told if n not in known | bounds] == [], text


def test_a_number_that_is_in_no_record_is_found() -> None:
    page = survival_page(bundled(), decode(""))
    record = export.survival_json(page)
    record["comparisons"] = []
    assert missing(page, record, events_of(record))[:2] == ["0.28", "0.12"]
