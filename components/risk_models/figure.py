"""Curves by level of two risk models: one chart each on the page, both in one image."""

from __future__ import annotations

from components.answer import stand_back
from components.chart import EMPTY_FIGURE, NARROW_PIXELS, Figure
from components.page import IMAGE_WIDTH
from components.panels import together
from components.studio.figure import USUAL, Canvas
from components.survival.figure import survival_figure
from components.theme import INKS
from services.pages.risk_models.records import RiskModelsPage

_WIDE_SIDE = 480  # pixels from which a side has the whole table under it
SIDE_PIXELS = 400  # of a chart where both stand beside each other


def side_figure(page: RiskModelsPage, index: int, scheme: str, compact: bool) -> Figure:
    """The curves of one model, with the numbers at risk under them."""
    if index >= len(page.sides) or page.sides[index].curves.result is None:
        return EMPTY_FIGURE
    pixels = 0 if compact else SIDE_PIXELS
    figure = survival_figure(page.sides[index].curves, scheme, compact, pixels)
    return stand_back(figure, page.made_up)


def both_figure(page: RiskModelsPage, canvas: Canvas = USUAL) -> Figure:
    """Both models' charts with their numbers at risk, for an image: beside each other, or, in a
    narrow one, one below the other."""
    sides = [side for side in page.sides if side.curves.result is not None]
    if not sides:
        return EMPTY_FIGURE
    whole = canvas.width or IMAGE_WIDTH
    below = whole < 2 * NARROW_PIXELS
    wide = whole if below else whole // 2
    figures = [survival_figure(s.curves, "light", wide < _WIDE_SIDE, wide, canvas) for s in sides]
    for figure in figures:
        figure["layout"]["width"] = wide
    words = [[(side.info.title, INKS["light"].text, True)] for side in sides]
    return together(figures, words, below)
