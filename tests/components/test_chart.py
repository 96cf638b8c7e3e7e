"""What every time chart shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import chart
from components.survival.types_figure import type_color
from components.theme import INKS, line_color
from services.numbers import format_number
from services.text_width import text_width
from tests.components.figures import contrast


@pytest.mark.parametrize("types", [("CRAB", "SLiM", "Other", "More", "Fifth", "Sixth", "Death")])
def test_types_of_event_are_seen_on_either_page(types: tuple[str, ...]) -> None:
    for name in types:
        for scheme in ("light", "dark"):
            color = line_color(type_color(types, name), scheme)
            assert contrast(color, INKS[scheme].surface) >= (2 if scheme == "light" else 3)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Overall survival", "Overall survival"),
        (
            "Time to first dermatologic event of any grade",
            "Time to first dermatologic<br>event of any grade",
        ),
        ("x" * 40, "x" * 40),
    ],
)
def test_long_titles_break_near_their_middle(text: str, shown: str) -> None:
    assert chart.wrapped(text) == shown


def test_names_are_cut_to_fit() -> None:
    assert chart.short("Placebo") == "Placebo"
    assert chart.short("Xanomeline High Dose") == "Xanomeline H…"
    assert len(chart.short("x" * 100, 22)) == 22


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b & c", "a < b & c"),
        ("<i>x</i>", "&lt;i>x&lt;/i>"),
        ("%{customdata}", "&#37;{customdata}"),
        ("&lt;b>", "&#38;lt;b>"),
        ("5% of 10%", "5% of 10%"),
    ],
)
def test_a_studys_words_are_text(text: str, shown: str) -> None:
    assert chart.plain(text) == shown


def test_numbers_as_json_has_them() -> None:
    assert chart.listed(np.array([1, np.nan, np.inf])) == [1.0, None, None]
    assert chart.listed([2, None]) == [2.0, None]  # type: ignore[list-item]


def test_the_time_axis_has_the_ticks_it_is_given() -> None:
    axis = chart.time_axis("light", (0.0, 0.5, 12.0), 20, "years", "randomization", [0, 2])
    assert axis["tickvals"] == [0.0, 0.5, 12.0]
    assert axis["ticktext"] == ["0", "", "12"]
    assert axis["title"]["text"] == "Years from randomization"
    assert axis["range"][0] < 0 < 20 < axis["range"][1]
    assert axis["tickangle"] == 0


@given(st.integers(1, 120), st.floats(0.01, 50), st.floats(150, 900), st.integers(1, 5))
def test_numbers_under_ticks_never_touch(n: int, step: float, pixels: float, digits: int) -> None:
    """However many ticks and however long the numbers, by the widths they are drawn with."""
    ticks = [float(f"{i * step:.10g}") for i in range(n + 1)]
    column = ["8" * digits] * len(ticks)
    kept = chart.numbered_ticks(ticks, (0, ticks[-1]), pixels, [column])
    assert kept[0] == 0
    wide = [max(text_width(t, 12) for t in (format_number(ticks[i]), column[i])) for i in kept]
    at = [ticks[i] / ticks[-1] * pixels for i in kept]
    for a, b, u, v in zip(at, at[1:], wide, wide[1:], strict=False):
        assert b - a >= (u + v) / 2
    if n * (wide[0] + max(wide) + 7) < pixels and digits > 3:
        assert len(kept) == n + 1


def test_a_logarithmic_axis_keeps_what_fits() -> None:
    kept = chart.numbered_ticks(range(0, 61, 3), (2.0, 60.0), 300, logarithmic=True)
    assert kept[0] == 1, "0 has no place on it"
    assert kept == sorted(kept)
    assert len(kept) < 20


def test_names_from_right_to_left_are_kept_apart() -> None:
    assert chart.plain("עברית") == "\u2068עברית\u2069"
    assert "\u2068ايه\u2069: " in chart.hover_line("ايه", "#000000")
