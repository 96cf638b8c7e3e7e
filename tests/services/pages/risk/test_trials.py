"""Entry criteria held against values. Oracle: the criteria as published, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from services.evidence.load import evidence
from services.pages.risk.page import risk_page
from services.pages.risk.records import TrialMatch
from services.pages.risk.trials import matches
from services.pages.risk.values import read
from services.risk import models as risk_rules
from services.views.site import RiskView


def found(view: RiskView) -> dict[str, TrialMatch]:
    return {match.id: match for match in risk_page(view).trials}


@pytest.mark.parametrize(
    ("view", "states"),
    [
        # FLC 31 is 8 to 100; two years since diagnosis.
        (RiskView(22, 1.5, 31, months=24), {"aquila": "met", "siltuximab": "not met"}),
        # No further factor: neither protein, ratio, IgA, immunoparesis nor marrow above 50%.
        (RiskView(22, 1.5, 5, isotype="IgG", reduced="1", months=24), {"aquila": "not met"}),
        (RiskView(22, 1.5, 5, months=24), {"aquila": "open"}),
        (RiskView(22, 1.5, 31, months=72), {"aquila": "not met", "e3a06": "not met"}),
        (RiskView(9, 4, 31), {"aquila": "not met", "siltuximab": "not met"}),
        # DETER-SMM: two of marrow, protein and a ratio whose chain is 100 mg/L or more.
        (RiskView(22, 2.5, 5, months=6), {"deter_smm": "met"}),
        (RiskView(15, 2.5, flc="chains", kappa_flc=5, lambda_flc=165, months=6),
         {"deter_smm": "met"}),
        (RiskView(15, 2.5, flc="chains", kappa_flc=1, lambda_flc=33, months=6),
         {"deter_smm": "open"}),
        (RiskView(22, 2.5, 31, months=6), {"ithaca": "met"}),
        # E3A06 asks for an abnormal kappa/lambda ratio: 1.5 and its inverse are both normal.
        (RiskView(22, 2.5, 1.5), {"e3a06": "not met"}),
    ],
)  # fmt: skip
def test_trials(view: RiskView, states: dict[str, str]) -> None:
    assert {name: found(view)[name].state for name in states} == states


def test_quiredex_by_either_way_in() -> None:
    """Marrow and IgG of 3 g/dL; or one of the two with aberrant cells and immunoparesis."""
    first = RiskView(12, 3.0, isotype="IgG", months=6)
    second = RiskView(12, 1.0, isotype="IgG", aberrant=96, reduced="1", months=6)
    assert [found(v)["quiredex"].state for v in (first, second)] == ["met", "met"]


def test_the_entry_criteria_agree_with_the_model_of_the_same_name() -> None:
    """AQUILA's criteria are told twice: as rules of the evidence file and as a risk model."""
    for view in (RiskView(10, 3, 1, isotype="IgG", reduced="0"), RiskView(50, 2, 1, isotype="IgA"),
                 RiskView(10, 2, 100, isotype="IgG", reduced="0"),
                 RiskView(51, 2, 1, isotype="IgG", reduced="0")):  # fmt: skip
        columns = [view.bmpc, view.mprot, view.flcr, view.isotype,
                   "N" if view.reduced == "0" else None, None]  # fmt: skip
        level = risk_rules.aquila(*(pd.Series([v]) for v in columns)).iloc[0]
        states = [state for _, state in found(view)["aquila"].criteria[1:]]
        assert (level == "Meets") == (states == ["met", "met"]), view


def test_the_result_in_the_patients_own_group() -> None:
    """Published for E3A06 at high risk by Mayo 2018: 0.09 (0.02 to 0.44)."""
    high = found(RiskView(22, 2.5, 31))["e3a06"]
    assert high.group_result is not None
    assert high.group_result.text == "HR 0.09 (0.02 to 0.44)"
    assert high.studies[0].href == "/study/e3a06/survival?f.MAYO2018=High"
    low = found(RiskView(15, 1.5, 5))["e3a06"]
    assert low.group_result is None
    assert low.studies[0].href == "/study/e3a06/survival?f.MAYO2018=Low"
    assert found(RiskView(months=3))["e3a06"].studies[0].href == "/study/e3a06/survival"


def test_every_trial_with_criteria_is_listed_once() -> None:
    rows = matches(evidence(), read(RiskView(22, 2.5, 31)), "High")
    assert len({r.id for r in rows}) == len(rows) == 8
    order = ["met", "open", "not met"]
    places = [order.index(r.state) for r in rows]
    assert places == sorted(places)
