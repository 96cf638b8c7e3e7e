"""Values on one line. A break inside a name would divide it differently in each file it goes to."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from services.format import counted
from services.reading.formats.table import Table
from services.study.model import Finding
from services.values.frames import is_coded, pooled, with_columns

_BREAK = re.compile(r"\s*[\r\n]\s*|\x00+")


def one_line(value: str) -> str:
    """A text without line breaks, each a blank, and without zero characters.

    >>> one_line("Len\\r\\n dex"), one_line("A\\x00")
    ('Len dex', 'A')
    """
    return _BREAK.sub(lambda found: " " if found[0].strip("\x00") else "", value).strip()


def on_one_line(table: Table) -> Table:
    """The table with every value and column name on one line, and how many were not."""
    frame = table.frame
    made: dict[str, Any] = {}
    said: list[Finding] = []
    for column in frame.columns:
        if not is_coded(frame[column]):
            continue
        codes, texts = (
            frame[column].cat.codes.to_numpy(),
            list(map(str, frame[column].cat.categories)),
        )
        broken = [bool(_BREAK.search(text)) for text in texts]
        if not any(broken):
            continue
        lines = [one_line(text) if odd else text for text, odd in zip(texts, broken, strict=True)]
        empty = np.array([*(not line for line in lines), True])
        made[column] = pooled(np.where(empty[codes], -1, codes), np.array(lines, dtype=object))
        n = int(np.append(broken, False)[codes].sum())
        values = counted(n, "value", "values")
        said.append(Finding("note", f"{column}: line breaks inside {values} read as blanks."))
    if made:
        frame = with_columns(frame, **made)
    names = {name: one_line(str(name)) for name in frame.columns if _BREAK.search(str(name))}
    names = {old: new for old, new in names.items() if new not in frame.columns}
    if not made and not names:
        return table
    if names:
        frame = frame.rename(columns=names)
    labels = {names.get(name, name): label for name, label in table.labels.items()}
    return replace(table, frame=frame, labels=labels, findings=(*table.findings, *said))
