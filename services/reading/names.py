"""Which of a study's tables a file is, by its name; and what its columns can be said to be."""

from __future__ import annotations

from pathlib import Path

from services import lists

ROLES = ("adsl", "adtte", "adae")
OTHER = "table-"  # roles of tables that may be the one with the times
EVERYONE = "*"  # in place of a column for the arm: one group
_LISTS = lists.beside(__file__)
NOT_TABLES, TABLES = (lists.words(_LISTS[ends]) for ends in ("not_tables", "tables"))
# What can be said of each table: ADaM's name, what it is called on the page.
ADTTE_TARGETS: dict[str, str] = _LISTS["adtte"]
ADSL_TARGETS: dict[str, str] = _LISTS["adsl"]


def role_of(filename: str) -> str | None:
    """Which table a file name stands for, or ``None``.

    >>> role_of("cADSL.csv.gz"), role_of("study1_adtte.json"), role_of("adtte.md")
    ('adsl', 'adtte', None)
    """
    name = filename.lower()
    if name.startswith(".") or Path(name).suffix in NOT_TABLES:
        return None
    return named_role(name) or None


def named_role(name: str) -> str:
    """Which table the name of a table stands for, whatever follows its first point; or ""."""
    stem = name.lower().split(".")[0]
    return next((role for role in ROLES if stem.endswith(role)), "")
