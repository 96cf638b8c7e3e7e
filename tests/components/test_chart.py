"""What every time chart shares."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import chart
from components.theme import GRAPH_CONFIG, INKS, line_color, text_color, translucent
from services.study import PALETTE, Arm


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("color", PALETTE)
def test_arms_can_be_read_on_either_page(scheme: str, color: str) -> None:
    """WCAG 2.2: text 4.5:1. Lines are 3:1 but for the two palest, which have a dash and a label."""
    surface = INKS[scheme].surface
    assert contrast(text_color(color, scheme), surface) >= 4.5
    pale = scheme == "light" and color in ("#56B4E9", "#E69F00", "#CC79A7")
    assert contrast(line_color(color, scheme), surface) >= (2.2 if pale else 3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neutral_inks_can_be_read(scheme: str) -> None:
    ink = INKS[scheme]
    assert contrast(ink.text, ink.surface) >= 7
    assert contrast(ink.muted, ink.surface) >= 4.5


def test_no_graph_offers_to_send_itself_away() -> None:
    assert GRAPH_CONFIG["showSendToCloud"] is False
    assert GRAPH_CONFIG["plotlyServerURL"] == ""
    assert GRAPH_CONFIG["displaylogo"] is False


spots = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@given(spots)
def test_end_labels_keep_their_order_and_their_distance(values: list[float]) -> None:
    found = chart.end_labels(
        [(1.0, v, f"n{i}", "#000000") for i, v in enumerate(values)], 0.0, 1.02, 360
    )
    assert len(found) == len(values)
    ys = [label["y"] for label in found]
    gap = 17 / 360 * 1.02
    assert all(a - b >= gap * (1 - 1e-9) for a, b in itertools.pairwise(ys))
    order = [float(values[int(label["text"].strip("<b>/n"))]) for label in found]
    assert order == sorted(values, reverse=True)


def test_labels_with_room_stay_where_their_curves_end() -> None:
    found = chart.end_labels([(1, 0.2, "a", "#000000"), (2, 0.8, "b", "#000000")], 0, 1.02, 360)
    assert [(label["x"], label["y"]) for label in found] == [(2, 0.8), (1, 0.2)]


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
    assert chart.label_margin(["A"]) < chart.label_margin(["A long name of an arm"]) <= 190


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
    axis = chart.time_axis("light", (0.0, 0.5, 12.0), 20, "years")
    assert axis["tickvals"] == [0.0, 0.5, 12.0]
    assert axis["ticktext"] == ["0", "0.5", "12"]
    assert axis["title"]["text"] == "Years from start"
    assert axis["range"][0] < 0 < 20 < axis["range"][1]


def test_on_narrow_screens_names_take_as_many_lines_as_they_need() -> None:
    arms = [Arm(f"Treatment number {i}", "experimental", PALETTE[i]) for i in range(5)]
    (line,) = chart.legend_line(arms, "light")
    assert all(arm.name in line["text"] for arm in arms)
    rows = line["text"].split("<br>")
    assert 3 <= len(rows) <= 5
    (one,) = chart.legend_line(arms[:1], "dark")
    assert "<br>" not in one["text"]


def test_translucent() -> None:
    assert translucent("#0072B2", 0.16) == "rgba(0,114,178,0.16)"
