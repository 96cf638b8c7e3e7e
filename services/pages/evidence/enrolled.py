"""Whom a trial enrolled: one that took several risk groups is found under each of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

GROUPS = ("high", "intermediate", "low", "not stated")
# A population as the trials' files name it: the risk groups in it.
_OF = {
    "high": ("high",),
    "intermediate": ("intermediate",),
    "intermediate or high": ("high", "intermediate"),
    "low": ("low",),
    "any": ("high", "intermediate", "low"),
    "not stated": ("not stated",),
}


def groups(population: str) -> tuple[str, ...]:
    """The risk groups of a population as a trial's file names it.

    >>> groups("intermediate or high"), groups("any")
    (('high', 'intermediate'), ('high', 'intermediate', 'low'))
    """
    return _OF[population]


def known(population: str) -> bool:
    """Whether a link may ask for it: a risk group, or a population as the files name it."""
    return population in _OF


def wanted(populations: Iterable[str]) -> tuple[str, ...]:
    """The risk groups asked for; a link to "intermediate or high" asks for both.

    >>> wanted(["intermediate or high"])
    ('high', 'intermediate')
    """
    asked = {group for population in populations for group in groups(population)}
    return tuple(group for group in GROUPS if group in asked)


def takes(population: str, asked: Collection[str]) -> bool:
    """Whether such a trial enrolled one of the groups asked for; none asked for: every trial."""
    return not asked or any(group in asked for group in groups(population))


def others(population: str, asked: Collection[str]) -> tuple[str, ...]:
    """The groups it enrolled beside those asked for; none unless it has one of these.

    >>> others("any", ["high"]), others("high", ["high"]), others("any", [])
    (('intermediate', 'low'), (), ())
    """
    if not asked or not takes(population, asked):
        return ()
    return tuple(group for group in groups(population) if group not in asked)


def others_words(population: str, asked: Collection[str]) -> str:
    """The same for a row: "enrolled intermediate and low risk too"; "" if there are none.

    >>> others_words("any", ["high"])
    'enrolled intermediate and low risk too'
    """
    found = others(population, asked)
    return f"enrolled {' and '.join(found)} risk too" if found else ""
