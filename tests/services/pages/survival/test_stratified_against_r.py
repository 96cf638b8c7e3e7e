"""What leads with strata, against R (``tests/oracles/make_stratified.R``)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.pages.survival.page import survival_page
from services.pages.survival.records import HazardsOverTime, SurvivalPage
from services.statistics.results import Comparison
from services.views.study import decode
from tests.studies import bundled

R: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "oracles" / "stratified.json").read_text()
)


@cache
def page(code: str, query: str = "") -> SurvivalPage:
    return survival_page(bundled("aquila"), decode(f"?endpoint={code}&strata=SEX,ECOGBL{query}"))


def comparison(code: str) -> Comparison:
    result = page(code).result
    assert result is not None
    return result.comparisons[0]


@pytest.mark.parametrize("code", R)
def test_the_leading_ratio_and_tests_are_the_stratified(code: str) -> None:
    ours, r = comparison(code), R[code]
    assert ours.leading == "stratified"
    for ratio, theirs in (
        (ours.lead_hazard_ratio, r["stratified"]),
        (ours.hazard_ratio, r["unstratified"]),
    ):
        assert ratio is not None
        assert_allclose([ratio.estimate, ratio.lower, ratio.upper], theirs, rtol=1e-6)
    test, zph = ours.lead_log_rank, ours.lead_proportional_hazards
    assert test is not None
    assert zph is not None
    assert_allclose([test.chi2, test.p], r["log_rank"], rtol=1e-6)
    assert_allclose([zph.chi2, zph.p], r["zph"], rtol=1e-6)
    assert ours.proportional_hazards is not None
    assert_allclose(ours.proportional_hazards.chi2, r["zph_unstratified"][0], rtol=1e-6)


@pytest.mark.parametrize("code", R)
def test_the_hazard_ratio_over_time_is_that_of_the_stratified_model(code: str) -> None:
    extra, r = page(code, "&plot=hazards").extra, R[code]
    assert isinstance(extra, tuple)
    (item,) = extra
    assert isinstance(item, HazardsOverTime)
    found = item.residuals
    assert found is not None
    assert_allclose(found.log_hazard_ratio, r["log_hazard_ratio"], rtol=1e-6)
    order = np.lexsort((found.residual, found.time))
    assert_allclose(found.time[order], r["residual_time"], rtol=1e-9)
    assert_allclose(found.residual[order], r["residual"], rtol=1e-6, atol=1e-8)


def test_the_band_over_time_has_the_level_asked_for() -> None:
    """Half widths are normal quantiles times one standard error: 1.6449 and 2.5758."""

    def half(level: str) -> np.ndarray:
        extra = page("PFS", f"&plot=hazards&level={level}").extra
        assert isinstance(extra, tuple)
        assert isinstance(extra[0], HazardsOverTime)
        found = extra[0].residuals
        assert found is not None
        return np.asarray(found.smooth_upper - found.smooth)

    assert_allclose(half("0.99") / half("0.9"), 2.5758293035489 / 1.6448536269515, rtol=1e-9)


def test_without_strata_the_plain_comparison_leads() -> None:
    result = survival.analyse(
        [1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], list("aaaabbbb"), arms=["a", "b"]
    )
    (found,) = result.comparisons
    assert (found.leading, result.leading) == ("unstratified", "unstratified")
    assert found.lead_hazard_ratio is found.hazard_ratio
    assert found.lead_proportional_hazards is found.proportional_hazards
