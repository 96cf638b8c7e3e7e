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
    written : for each the pixels down from the plot's top to its middle, the text as Plotly has
        it, and, where it does not move with the rows, how far its top is below that
    """

    share: float
    at: float
    anchor: str
    size: float
    color: str
    written: Sequence[tuple[float, str] | tuple[float, str, float]]

    @property
    def record(self) -> list[Any]:
        """For ``assets/forest_text.js``."""
        written = [[*text[:2], *(below + _ABOVE for below in text[2:])] for text in self.written]
        at = self.at + _BESIDE[self.anchor]
        return [self.share, at, self.anchor, self.size, self.color, written]

    @property
    def annotation(self) -> dict[str, Any]:
        """The one text under the plot as Plotly's annotation."""
        ((_, text, below),) = self.written  # type: ignore[misc]
        place = {"xanchor": self.anchor, "xshift": self.at, "yanchor": "top", "yshift": -below}
        more = place | {"align": self.anchor}
        return annotation(text, self.share, 0, self.size, self.color, **more)
