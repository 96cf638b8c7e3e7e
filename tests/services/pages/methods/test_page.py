"""The methods page. Oracle: what the engine does, asked here for each claim that can be."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from components.island import to_html
from components.methods import layout as component
from services import format as fmt
from services import survival
from services.adverse_events.coded import AFTER_LAST_DOSE
from services.pages.caution import FEW_AT_RISK
from services.pages.methods.page import DEPARTURES, MAKERS, METHODS, methods_json
from services.pages.methods.records import Maker
from services.statistics.competing.incidence import cumulative_incidence
from services.statistics.steps import crossing
from services.statistics.times import TIME_TOLERANCE
from services.units import DAYS_PER_UNIT
from services.views.study import View


def test_the_list_is_whole_and_every_entry_says_both_sides() -> None:
    assert len(DEPARTURES) == 19
    assert len({d.title for d in DEPARTURES}) == 19
    assert all(d.here.endswith(".") and d.r.endswith(".") for d in DEPARTURES)
    assert methods_json()["departures"][0]["title"] == DEPARTURES[0].title
    assert DEPARTURES[-1].title in to_html(component.departures(DEPARTURES))


def test_no_method_is_told_twice() -> None:
    assert len({method.title for method in METHODS}) == len(METHODS)


ROOT = next(p for p in Path(__file__).parents if (p / "pyproject.toml").is_file())


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.estimate)
def test_what_computes_an_estimate_is_told_with_a_test_that_exists(maker: Maker) -> None:
    sources = [file.read_text("utf-8") for file in (ROOT / "tests" / "services").rglob("test_*.py")]
    assert sum(f"def {maker.test}(" in text for text in sources) == 1
    row = f"| {maker.estimate} | {maker.by} | {maker.why or 'it does'} | {maker.test} |"
    assert row in (ROOT / "docs" / "design.md").read_text("utf-8")
    assert maker.by in to_html(component.makers(MAKERS))
    assert maker.estimate in [m["estimate"] for m in methods_json()["makers"]]


def test_nothing_is_promised_that_no_page_shows() -> None:
    words = " ".join(f"{m.words} {m.reference}" for m in METHODS)
    assert "under observation from time 0" in words
    assert "1e-9" not in words


def test_the_tolerance_is_the_one_that_is_said() -> None:
    assert pytest.approx(1.5e-8, rel=0.01) == TIME_TOLERANCE


def test_every_number_said_is_one_of_the_code() -> None:
    """Oracle: the constants that compute, here under the words that name them."""
    number = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e-\d+)?(?![\w])")
    known = {
        f"{TIME_TOLERANCE:.1e}".replace("e-0", "e-"): "the mean time",
        f"{DAYS_PER_UNIT['weeks']:g}": "days / ",
        str(DAYS_PER_UNIT["months"]): "days / |month is ",
        str(DAYS_PER_UNIT["years"]): "days / ",
        str(AFTER_LAST_DOSE): "days after the last",
        str(FEW_AT_RISK): "at risk in every arm",
        f"{norm.ppf(0.975):.2f}": "",
        f"{View().level:.0%}".rstrip("%"): "limits",
        fmt.p_value(0.0): "p with 3",
    }
    plain = {"0", "1", "2", "3", "100"}  # shares, ratios, decimals; quartiles are R's type 7
    for words in [m.words for m in METHODS] + [d.here for d in DEPARTURES]:
        for said in set(number.findall(words)) - plain:
            where = known.get(said, known.get(f"<{said}"))
            assert where is not None, (said, words)
            assert re.search(where, words) or "type 7" in words, (said, words)
    assert fmt.ratio(0.4567) == "0.46"
    assert fmt.p_value(0.04567) == "0.046"
    assert fmt.percent(0.4567) == "45.7%"
    assert (fmt.time(4.567, "months"), fmt.time(4.567, "years")) == ("4.6", "4.57")


def test_quantiles_on_a_flat_stretch_are_as_said() -> None:
    """S = 0.5 from time 3: until a drop at 7 the middle, 5; without one the first time, 3."""
    falls = crossing(np.array([3.0, 7.0]), np.array([0.5, 0.2]), 0.5)
    stays = crossing(np.array([3.0, 7.0]), np.array([0.5, 0.5]), 0.5)
    assert (falls, stays) == (5.0, 3.0)


def test_a_landmark_before_the_first_event_has_no_interval() -> None:
    result = survival.analyse([5.0, 6.0], [True, True], ["A", "A"], arms=("A",), landmarks=(1.0,))
    mark = result.curves[0].landmarks[0]
    assert (mark.survival, mark.lower, mark.upper) == (1.0, None, None)


def test_beyond_the_last_time_nothing_is_estimated() -> None:
    curve = cumulative_incidence([1, 2], [1, 0], causes=["event"], landmarks=[3])
    assert curve.causes[0].landmarks[0].incidence is None
