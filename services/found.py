"""Whether what is kept was found when it was asked for: told to who counts it, if anybody does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Kind = Literal["page", "answer"]
_counts: Callable[[Kind, bool], object] | None = None


def on_asked(counts: Callable[[Kind, bool], object]) -> None:
    """Have it told, each time a page or an answer is asked for, whether it was kept."""
    global _counts
    _counts = counts


def tell(kind: Kind, found: bool) -> None:
    """One was asked for."""
    if _counts is not None:
        _counts(kind, found)
