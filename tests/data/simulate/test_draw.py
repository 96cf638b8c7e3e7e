"""Draws and the search: shares by definition, failure by name."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from data.simulate.draw import Band, Draw, climb


def test_keys_come_in_proportion_to_their_weights() -> None:
    draw = Draw(1)
    counts = Counter(draw.weighted({"a": 6, "b": 3, "c": 1, "d": 0}) for _ in range(20_000))
    assert {k: n / 20_000 for k, n in counts.items()} == pytest.approx(
        {"a": 0.6, "b": 0.3, "c": 0.1}, abs=0.015
    )


def test_a_sample_holds_each_item_once() -> None:
    found = Draw(1).sample("abcdef", 6, [1, 2, 3, 4, 5, 6])
    assert sorted(found) == list("abcdef")
    with pytest.raises(ValueError, match="cannot draw 3 of 2"):
        Draw(1).sample("ab", 3)


def test_one_of_is_where_the_mask_is_true() -> None:
    draw, mask = Draw(1), np.array([False, True, False, True])
    assert {draw.one_of(mask) for _ in range(50)} == {1, 3}


def test_band_is_what_prints_so() -> None:
    band = Band.printed(0.28, 2)
    assert (band.low, band.high) == pytest.approx((0.275, 0.285))
    assert band.loss(0.28) == band.loss(0.2838) == 0
    assert band.loss(0.2849) > 0
    assert band.loss(float("nan")) == 1e3


def test_search_meets_its_target_or_names_what_it_missed() -> None:
    draw = Draw(1)

    def step(x: int) -> int | None:
        return x + draw.integer(-3, 3)

    assert climb(0, step, lambda x: abs(x - 40), draw, 5_000, "forty") == 40
    with pytest.raises(RuntimeError, match="never: targets not met after 50 steps"):
        climb(0, step, lambda x: 1.0, draw, 50, "never")
