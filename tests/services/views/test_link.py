"""Links with faults: what can be used is shown, the rest is told, value by value."""

from __future__ import annotations

from functools import partial

import pytest

from services.errors import UserError
from services.pages.risk_models.page import risk_models_page
from services.pages.survival.page import survival_page
from services.views.link import site_link, study_link
from services.views.site import RiskView, decode_site
from services.views.study import View, decode
from tests.studies import bundled


@pytest.mark.parametrize(
    ("query", "left", "told"),
    [
        ("?at=abc", "", ["times “abc”, which are not numbers: the study's own times are shown"]),
        ("?endpoint=XX", "", ["the endpoint “XX”, which cannot be used here: the study's first"]),
        ("?tau=-1", "", ["the time limit of the mean “-1”, which is not above 0: "]),
        ("?arms=Nobody", "", ["the arm “Nobody”"]),
        ("?f.AGE=abc", "", ["the filter Age “abc”, which is not a range"]),
        ("?f.NOPE=1&f.SEX=F", "?f.SEX=F", ["the filter NOPE “1”"]),
        (
            "?f.SEX=F&f.SEX=Z",
            "?f.SEX=F",
            ["the filter Sex “Z”, which is not one of its values (Female"],
        ),
        ("?strata=SEX,NOPE", "?strata=SEX", ["strata “NOPE”, which cannot be used here: it is"]),
        (
            "?strata=NOPE,SEX&by=NOPE&endpoint=OS",
            "?strata=SEX&endpoint=OS",
            ["strata “NOPE”, which cannot be used here: "],
        ),
        ("?endpiont=OS&endpoint=OS", "?endpoint=OS", ["“endpiont”, which this page does not know"]),
        ("?at=abc&endpoint=XX&arms=Nobody&unit=years", "?unit=years", ["times", "endpoint", "arm"]),
        ("?endpoint=OS&utm_source=mail", "?endpoint=OS", []),
        ("?cut=AGE:70/60&by=AGE:70/60", "?cut=AGE:60/70&by=AGE:60/70", []),
    ],
)
def test_what_can_be_used_stays_and_the_rest_is_named(
    query: str, left: str, told: list[str]
) -> None:
    link = study_link(query, partial(survival_page, bundled()))
    assert link.view == decode(left)
    assert link.query == query
    assert len(link.problems) == len(told)
    for said, part in zip(link.problems, told, strict=True):
        assert said.startswith("The link asked for ")
        assert part in said


def test_two_models_of_which_one_is_unknown_become_the_default_pair() -> None:
    link = study_link("?models=XX,imwg2020", partial(risk_models_page, bundled()))
    assert link.view == View()
    assert len(link.problems) == 1


def test_hundreds_of_wrong_filters_take_no_longer_than_some() -> None:
    made = 0

    def count(view: View) -> object:
        nonlocal made
        made += 1
        return survival_page(bundled(), view)

    link = study_link("?endpoint=OS&" + "&".join(f"f.X{i}=1" for i in range(500)), count)
    assert made < 800
    assert link.view == View()
    assert len(link.problems) == 21
    assert "left out as a whole" in link.problems[-1]


def test_what_no_view_mends_is_an_error() -> None:
    def never(_view: View) -> None:
        raise UserError("There is no such table.")

    with pytest.raises(UserError, match="no such table"):
        study_link("?unit=years&at=12", never)


def test_a_link_to_a_page_without_a_study() -> None:
    link = site_link(RiskView, "?bmpc=150&mprot=2", lambda view: view)
    assert link.view == decode_site(RiskView, "?mprot=2")
    assert link.problems == (
        "The link asked for plasma cells of “150”, which are not a number from 0 to 100:"
        " the field is left empty.",
    )
