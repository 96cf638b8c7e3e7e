"""The table of a second opinion says each number once, and why any differ."""

from __future__ import annotations

import pytest

from components.second_opinion.layout import _theirs, opinion_part
from services.pages.second_opinion.page import second_opinion
from services.pages.second_opinion.records import Compared, Key, Theirs
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.studies import bundled


def test_ours_theirs_and_why_they_differ() -> None:
    found = second_opinion(survival_page(bundled("mgus2"), decode("?at=120&ci=plain")), False)
    text = opinion_part(found, "/study/mgus2/survival/second-opinion")
    median = next(n for n in found.numbers if n.key.part == "estimate")
    assert f"{median.ours:.6g}<" in text
    assert ">same<" in text
    assert text.count(f"{median.ours:.6g}<") == 3  # here and by two programs
    assert ">same, limits not compared [1]<" in text
    assert '<ol class="hint"><li>lifelines has log-log intervals only' in text
    assert "SMM_SECOND_OPINION_R is 0" in text
    assert 'href="/study/mgus2/survival/second-opinion.csv?ci=plain&amp;at=120"' in text


@pytest.mark.parametrize(
    ("ours", "theirs", "same", "shown"),
    [
        (0.4883124, 0.4883126, True, "0.48831"),  # 0.488312 and 0.488313 are not called the same
        (0.4883121, 0.4883122, True, "0.488312"),
        (0.9999998, 1.0000001, True, "1"),
        (41.5277, 41.5291, False, "41.5291"),
        (3e-14, 0.0, True, "<1e-10"),
        (None, None, True, "NE"),
    ],
)
def test_the_same_number_reads_the_same(
    ours: float | None, theirs: float | None, same: bool, shown: str
) -> None:
    number = Compared(Key(("", ""), "log-rank", "", None, "p"), ours, {})
    assert _theirs(number, Theirs(theirs, None, same)) == shown
