"""Colors that every chart shares. Oracles: WCAG 2.2, the CIE 1976 difference."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from components.theme import GRAPH_CONFIG, INKS, line_color, text_color, translucent
from services.study.model import NEUTRAL, PALETTE
from tests.components.figures import contrast, lab


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("color", [*PALETTE, NEUTRAL])
def test_arms_can_be_read_on_either_page(scheme: str, color: str) -> None:
    """WCAG 2.2: text 4.5:1. Lines are 3:1 but for the two palest, which have a dash and a label."""
    surface = INKS[scheme].surface
    assert contrast(text_color(color, scheme), surface) >= 4.5
    pale = scheme == "light" and color in ("#E69F00", "#CC79A7")
    assert contrast(line_color(color, scheme), surface) >= (2.2 if pale else 3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neutral_inks_can_be_read(scheme: str) -> None:
    ink = INKS[scheme]
    assert contrast(ink.text, ink.surface) >= 7
    assert contrast(ink.muted, ink.surface) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("paint", [line_color, text_color])
def test_arms_stay_apart_in_color(scheme: str, paint: Callable[[str, str], str]) -> None:
    """CIE 1976 difference of any two arms, as lines and as text: 15 is seen at a glance."""
    shown = [lab(paint(color, scheme)) for color in (*PALETTE, NEUTRAL)]
    for i, one in enumerate(shown):
        for other in shown[:i]:
            assert np.linalg.norm(np.subtract(one, other)) > 15


def test_no_graph_offers_to_send_itself_away() -> None:
    assert GRAPH_CONFIG["showSendToCloud"] is False
    assert GRAPH_CONFIG["plotlyServerURL"] == ""
    assert GRAPH_CONFIG["displaylogo"] is False


def test_translucent() -> None:
    assert translucent("#0072B2", 0.16) == "rgba(0,114,178,0.16)"
