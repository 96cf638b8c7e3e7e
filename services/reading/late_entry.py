"""Columns that look like times at which patients came under watch: no page takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from services import lists
from services.study.model import Finding

_ENTRY = re.compile(lists.either(lists.beside(__file__)["entry"]))
_MOST = 0.9  # an entry comes before the end: dates, codes and times of day do not


def late_entry(records: pd.DataFrame, times: pd.Series) -> Iterator[Finding]:
    """Entry times of ADTTE, each told once: everyone is taken as under observation from time 0.

    Parameters
    ----------
    records : ADTTE records with their own columns
    times : AVAL of the same records, in the unit of the file
    """
    end = times.to_numpy(dtype=float)
    for column in map(str, records.columns):
        if not _ENTRY.fullmatch(re.sub(r"[^a-z0-9]", "", column.lower())):
            continue
        entry = pd.to_numeric(records[column], errors="coerce").to_numpy(dtype=float)
        late = entry > 0
        if not late.any() or np.mean(entry[late] < end[late]) < _MOST:
            continue
        yield Finding(
            "warning",
            f"{column} looks like a time of entry into observation. It is not used: all patients "
            "are assumed to be under observation from time 0.",
            "If patients did enter observation later, the curves here are too high: use"
            " Surv(entry, time, event) in R.",
            int(late.sum()),
        )
