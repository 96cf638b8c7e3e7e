"""Texts of the forest that stand so many pixels from a point of its plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.chart import annotation

_ABOVE, _BESIDE = 1, {"left": 2, "center": 0, "right": -2}  # pixels that Plotly leaves


@dataclass(frozen=True)
class Texts:
    """Texts under each other.

    Parameters
    ----------
    share : of the plot's width from which they stand, ``at`` pixels further
    anchor : "left", "center" or "right"
    size : of the letters in pixels
    written : for each the pixels down from the plot's top to its middle, and the text as Plotly
        has it
    below : where texts do not move with the rows, how far their tops are below that
    """

    share: float
    at: float
    anchor: str
    size: float
    color: str
    written: Sequence[tuple[float, str]]
    below: float | None = None

    @property
    def record(self) -> list[Any]:
        """For ``assets/chart_text.js``."""
        more = [] if self.below is None else [self.below + _ABOVE]
        written = [[*text, *more] for text in self.written]
        at = self.at + _BESIDE[self.anchor]
        return [self.share, at, self.anchor, self.size, self.color, written]

    @property
    def annotation(self) -> dict[str, Any]:
        """The one text under the plot as Plotly's annotation."""
        ((_, text),) = self.written
        more = {
            "xanchor": self.anchor,
            "xshift": self.at,
            "yanchor": "top",
            "yshift": -(self.below or 0),
            "align": self.anchor,
        }
        return annotation(text, self.share, 0, self.size, self.color, **more)
