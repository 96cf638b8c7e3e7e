"""A table as every format gives it, and what is said of files that give none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from services.errors import UserError
from services.study.model import Finding

NOT_UTF8 = (
    "Not UTF-8: read as Windows-1252 (Western European). If letters look wrong, save it as UTF-8."
)


@dataclass(frozen=True, eq=False)
class Table:
    """A table as read. ``labels`` are the file's own variable labels, by column name;
    ``notes`` say what was assumed of the file, ``findings`` what was assumed of its values."""

    frame: pd.DataFrame
    labels: Mapping[str, str]
    name: str
    format: str = ""
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def megabytes(count: int) -> str:
    """A limit as SMM_FILE_MB says it.

    >>> megabytes(300 << 20)
    '300 MB'
    """
    return f"{round(count / (1 << 20)):,} MB"


def too_large(name: str, max_bytes: int) -> UserError:
    """A file beyond the limit."""
    return UserError(
        f"{name} is larger than {megabytes(max_bytes)}.",
        "Keep only the columns and parameters that are needed, or save the table as Parquet.",
    )


def truncated(name: str) -> UserError:
    """A file whose end is missing."""
    return UserError(f"{name} is truncated: its end is missing.", "Copy or export it again.")


def damaged(name: str, what: str) -> UserError:
    """A file that is not what it claims to be; ``what`` such as "SAS transport file"."""
    return UserError(f"{name} is a damaged or truncated {what}.", "Copy or export it again.")


def no_rows(name: str) -> UserError:
    """A table of nothing but column names."""
    return UserError(f"{name} has columns but no rows.", "Export it again, with its records.")
