"""Course and risk. Oracles: the YAML files; the rules of the models as published."""

from __future__ import annotations

import pytest

from services.evidence.load import evidence
from services.pages.risk.export import risk_json
from services.pages.risk.page import CALCULATED, course, risk_page
from services.risk import models as risk_models
from services.views.site import RiskView


def groups(view: RiskView) -> list[str | None]:
    return [r.group.name if r.group else None for r in risk_page(view).results]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        # At the limits of 20/2/20 nothing scores; the point score has 2 + 3 + 2 there.
        # The last is Mayo 2008: 10% or more, 3 g/dL or more, 8 or more.
        (RiskView(20, 2.0, 20, "no"), ["Low", "Low", "Low", "Low-intermediate", "Intermediate"]),
        (RiskView(21, 2.0, 20, "no"), ["Intermediate", "Intermediate", "Low-intermediate",
                                       "Low-intermediate", "Intermediate"]),
        (RiskView(21, 2.1, 20, "yes"), ["High", "High", "High", "High-intermediate",
                                        "Intermediate"]),
        (RiskView(41, 3.1, 41, "yes"), ["High", "High", "High", "High", "High"]),
        (RiskView(5, 1.0, 5, "no"), ["Low", "Low", "Low", "Low", None]),
        # Two factors are high risk, whatever the third is.
        (RiskView(25, 2.5, None, "unknown"), ["High", "High", None, None, None]),
        (RiskView(None, None, 30, "unknown"), [None, None, None, None, None]),
    ],
)  # fmt: skip
def test_groups_follow_the_published_rules(view: RiskView, expected: list[str | None]) -> None:
    assert groups(view) == expected


def test_a_conflict_opens_from_the_numbers_of_its_model() -> None:
    page = risk_page(RiskView())
    (history,) = {c for row in page.groups for _, _, number in row.risks for c in number.conflicts}
    assert history.title == "How long 3% a year lasts"
    models = [m for m in page.models if m.conflicts]
    assert len(models) >= 4
    for model in models:
        numbers = [n for g in model.groups for _, _, n in g.risks]
        numbers += [n for g in model.groups for n in (g.median, g.share) if n]
        assert all(n.conflicts == model.conflicts for n in numbers), model.id


def test_nothing_typed_gives_no_answer() -> None:
    assert risk_page(RiskView()).results == ()


def test_warnings_outside_smoldering() -> None:
    assert "multiple myeloma" in risk_page(RiskView(bmpc=60)).warnings[0]
    assert "multiple myeloma" in risk_page(RiskView(flcr=100)).warnings[0]
    assert "not those of smoldering" in risk_page(RiskView(bmpc=9, mprot=2.9)).warnings[0]
    assert risk_page(RiskView(59, 3, 99, "no")).warnings == ()


def test_the_engine_and_the_files_name_the_same_risks() -> None:
    """``services.risk.models`` prints risks beside a study's groups: they are those of the YAML."""
    published = {m.code: m for m in evidence().risk_models if m.code}
    assert set(CALCULATED) <= {m.id for m in published.values()}
    compared = 0
    for code, model in published.items():
        engine = risk_models.model(code)
        assert tuple(g.name for g in model.groups) == engine.levels
        for level, known in engine.published.items():
            (group,) = (g for g in model.groups if g.name == level)
            assert known.percent in [p.percent for p in group.progression if p.years == known.years]
            compared += 1
    assert compared >= 15


def test_the_course_adds_up() -> None:
    """5 x 10, 5 x 3 and 5 x 1 points: 70% at 15 years, beside the published 73%."""
    points = {p.years: p.percent for p in course(evidence().natural_history)}
    assert points == {0: 0, 5: 50, 10: 65, 15: 70, 20: 75}
    assert [(p.years, p.percent) for p, _ in risk_page(RiskView()).cumulative] == [(15, 73)]


def test_a_lambda_patients_ratio_is_asked_about_and_counts_by_its_inverse() -> None:
    """0.03 is 33:1; with 25% of marrow two factors of 20/2/20."""
    body = risk_json(RiskView(25, 1, 0.03))
    assert body["results"][0]["group"] == "High"
    assert "kappa/lambda" in body["warnings"][0]
    assert body["questions"][0]["accept"] == "?bmpc=25&mprot=1&flcr=33.3"
    assert [r.group.name for r in risk_page(RiskView(25, 1, 0.125)).results if r.group][-1] == (
        "Intermediate"
    )


def test_pethema_where_its_inputs_are_given() -> None:
    (result,) = risk_page(RiskView(aberrant=96, reduced="1")).results
    assert (result.model.id, result.group.name if result.group else None) == ("pethema2007", "High")
    assert [p for _, p, _ in result.group.risks] == [50, 72]  # type: ignore[union-attr]


def test_two_cohorts_of_one_rule_name_each_other() -> None:
    """Oracle: 50% within 2 years in Mayo 2018 (a review), 44% in IMWG 2020 (its abstract)."""
    found = {r.model.id: r.group for r in risk_page(RiskView(25, 2.5, None, "unknown")).results}
    mayo, imwg = found["mayo2018"], found["imwg2020"]
    assert mayo is not None
    assert imwg is not None
    told = [(title, years, c.text) for title, years, c in mayo.elsewhere]
    assert told == [("IMWG 2020, three factors", 2.0, "44%")]
    assert ("Mayo 2018 (20/2/20)", 2.0, "50%") in [(t, y, c.text) for t, y, c in imwg.elsewhere]
    results = risk_json(RiskView(25, 2.5, None, "unknown"))["results"]
    assert results[0]["same_rule"] == [
        {"model": "IMWG 2020, three factors", "years": 2.0, "percent": "44%"}
    ]
    others = [t for t in risk_page(RiskView()).models if t.id not in ("mayo2018", "imwg2020")]
    assert not [g for t in others for g in t.groups if g.elsewhere]


def test_screening_stands_beside_a_clinic_s_cohort() -> None:
    """Oracle: Nat Med 2023;29:467, a report of iStopMM at ASH 2021, Blood Cancer J 2020;10:102."""
    page = risk_page(RiskView())
    assert [c.text for _, c in page.screening] == [
        "0.53% (0.49 to 0.57)",
        "0.67% (0.62 to 0.73)",
        "0.39% (0.35 to 0.43)",
    ]
    assert [(name, screened.text, clinics.text) for name, screened, clinics in page.split] == [
        ("Low", "64%", "38%"),
        ("Intermediate", "26%", "33%"),
        ("High", "10%", "29%"),
    ]
    assert all(c.sources for _, *numbers in page.split for c in numbers)
    assert all(c.sources for _, c in page.screening)
