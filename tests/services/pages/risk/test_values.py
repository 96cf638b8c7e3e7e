"""What the calculator makes of typed values. Oracle: the units' own arithmetic."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.errors import UserError
from services.pages.risk.values import chains_words, read
from services.views.site import RiskView, decode_site, encode_site, read_typed


def test_grams_per_liter_are_a_tenth_of_grams_per_deciliter() -> None:
    assert read(RiskView(mprot=15, mprot_unit="g/L")).mprot == pytest.approx(1.5)
    assert read(RiskView(mprot=1.5)).mprot == 1.5


@pytest.mark.parametrize(
    ("view", "field", "said", "answer"),
    [
        (RiskView(mprot=15), "mprot", "15 g/L (1.5 g/dL)", RiskView(mprot=15, mprot_unit="g/L")),
        (RiskView(mprot=24), "mprot", "24 g/L (2.4 g/dL)", RiskView(mprot=24, mprot_unit="g/L")),
        (RiskView(mprot=2.5, mprot_unit="g/L"), "mprot", "2.5 g/dL", RiskView(mprot=2.5)),
        (RiskView(bmpc=0.22), "bmpc", "22%", RiskView(bmpc=22)),
    ],
)
def test_a_value_of_another_unit_waits_for_an_answer(
    view: RiskView, field: str, said: str, answer: RiskView
) -> None:
    found = read(view)
    (question,) = found.questions
    assert (question.field, found.asked) == (field, (field,))
    assert said in question.text
    assert getattr(found, field) is None
    assert question.accepted == answer
    assert read(answer).questions == ()
    # What was meant as typed counts as typed.
    assert question.kept is not None
    assert read(question.kept).questions == ()
    assert getattr(read(question.kept), field) is not None


@pytest.mark.parametrize("value", [0.5, 2.0, 8.0])
def test_usual_values_are_not_asked_about(value: float) -> None:
    assert read(RiskView(25, value, 12)).questions == ()


def test_a_ratio_below_one_is_told_and_turned() -> None:
    found = read(RiskView(flcr=0.03))
    assert found.flcr == pytest.approx(1 / 0.03)
    assert found.kappa_lambda == (0.03,)
    assert found.asked == ()
    assert found.questions[0].accepted == RiskView(flcr=33.3)
    assert read(RiskView(flcr=0)).flcr is None


def test_the_involved_chain_is_the_one_in_excess() -> None:
    light = RiskView(flc="chains", kappa_flc=5, lambda_flc=165)
    assert (read(light).flcr, read(light).involved) == (pytest.approx(33), 165)
    assert chains_words(light) == "Lambda is involved: lambda/kappa 33."
    heavy = replace(light, kappa_flc=165, lambda_flc=5)
    assert chains_words(heavy) == "Kappa is involved: kappa/lambda 33."
    assert "neither chain is in excess" in chains_words(replace(light, kappa_flc=10, lambda_flc=10))
    assert read(replace(light, kappa_flc=0)).flcr is None
    assert chains_words(RiskView(flcr=20)) == ""


def test_typed_text_is_read_and_never_rewritten() -> None:
    assert [read_typed("mprot", t) for t in ("2,5", " 2.5 ", "")] == [2.5, 2.5, None]
    assert read_typed("bmpc", "25 %") == 25
    for text in ("150", "-5", "much"):
        with pytest.raises(UserError):
            read_typed("bmpc", text)


def test_the_address_keeps_it_all() -> None:
    view = RiskView(
        22, 15, None, "yes", "g/L", "chains", 5, 165, 96, "2", "IgA", 12, ("bmpc", "mprot")
    )
    assert decode_site(RiskView, encode_site(view)) == view
