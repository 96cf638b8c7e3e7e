"""Which of a study's tables a file is, by its name; and what its columns can be said to be."""

from __future__ import annotations

from pathlib import Path

from services.study.model import SUBJECT

ROLES = ("adsl", "adtte", "adae")
OTHER = "table-"  # roles of tables that may be the one with the times
EVERYONE = "*"  # in place of a column for the arm: one group
# What can be said of each table: ADaM's name, what it is called on the page.
ADTTE_TARGETS = {
    SUBJECT: "Patient",
    "AVAL": "Time",
    "CNSR": "Who had the event",
    "TRTP": "Treatment arm",
    "PARAMCD": "Endpoint",
}
ADSL_TARGETS = {
    SUBJECT: "Patient",
    "TRT01P": "Planned arm (efficacy)",
    "TRT01A": "Actual arm (safety)",
}
NOT_TABLES = (
    ".toml", ".md", ".rst", ".yaml", ".yml", ".html", ".htm", ".pdf", ".xml", ".log", ".py", ".r",
    ".sas", ".doc", ".docx", ".ppt", ".pptx", ".rtf", ".png", ".jpg", ".jpeg", ".svg",
)  # fmt: skip


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
