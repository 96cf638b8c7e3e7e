"""Shares of several arms in a sentence: one by one, or, of many, the lowest and the highest."""

from __future__ import annotations

from collections.abc import Sequence

from services import format as fmt
from services import names

MOST = 5  # arms that a sentence lists one by one; the table has them all


def few(parts: Sequence[tuple[float, str]]) -> str:
    """Shares with their arms, the reference last; of many arms the lowest and the highest.

    >>> few([(0.5, "50% on A"), (0.9, "90% on B"), (0.7, "70% on C")])
    '50% on A, 90% on B and 70% on C'
    """
    if len(parts) <= MOST:
        return names.join_and([text for _, text in parts])
    *others, (_, reference) = parts
    low, high = min(others)[1], max(others)[1]
    return (
        f"{reference} and, of the other {len(others)} arms (all in the table), from {low} to {high}"
    )


def span(shares: Sequence[float]) -> str:
    """Shares in the order of the arms; of many the lowest and the highest."""
    if len(shares) <= MOST:
        return names.join_and([fmt.percent(share) for share in shares])
    return f"from {fmt.percent(min(shares))} to {fmt.percent(max(shares))}"
