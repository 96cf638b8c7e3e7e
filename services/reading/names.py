"""Which of a study's tables a file is, by its name."""

from __future__ import annotations

from pathlib import Path

ROLES = ("adsl", "adtte", "adae")
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
    stem = name.split(".")[0]
    return next((role for role in ROLES if stem.endswith(role)), None)
