"""Which records of an endpoint are analyzed, and PARAMCD in two spellings as one endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from services.arrays import BoolArray
from services.errors import few
from services.names import join_and
from services.reading.report import Notes
from services.values import alike
from services.values.flags import flag, quoted
from services.values.frames import pooled, tally, with_columns

_OTHER = re.compile(r"ANL\d\dFL")


def other_flags(columns: Iterable[str]) -> tuple[str, ...]:
    """Flags of records for analyses that are not read, where ANL01FL is not there.

    >>> other_flags(["ANL02FL", "AVAL"]), other_flags(["ANL01FL", "ANL02FL"])
    (('ANL02FL',), ())
    """
    names = list(map(str, columns))
    return () if "ANL01FL" in names else tuple(n for n in names if _OTHER.fullmatch(n))


def analysis_records(frame: pd.DataFrame, notes: Notes, others: Sequence[str] = ()) -> pd.DataFrame:
    """The records that ANL01FL flags, of those parameters that use the flag.

    Parameters
    ----------
    others : flags of the table that are not read
    """
    if "ANL01FL" not in frame:
        if others:
            notes.note(
                f"{join_and(others)} {'is' if len(others) == 1 else 'are'} not used: only ANL01FL"
                " says which records are analyzed, and without it all of them are.",
                remedy="Call the flag of the records to analyze ANL01FL.",
            )
        return frame
    said = flag(frame, "ANL01FL")
    if said.odd:
        lost = "" if said.understood else "; the flag is not used, all records are analyzed"
        notes.warn(
            f"ANL01FL contains values that are not understood: {quoted(list(said.odd))}{lost}.",
            sum(said.odd.values()),
            "Write Y for the records to analyze.",
        )
        if not said.understood:
            return frame
    chosen = said.yes
    parameter = frame["PARAMCD"].cat.codes.to_numpy()
    # Only where a parameter uses the flag does its absence mean something.
    used = np.isin(parameter, parameter[chosen])
    left = used & ~chosen
    names = frame["PARAMCD"].cat.categories
    unflagged = few(names[np.unique(parameter[~used])]) if used.any() and not used.all() else ""
    notes.note(
        "ANL01FL is present: only records flagged Y are analyzed; the others are left out"
        + (
            f", but for {unflagged}, of which no record is flagged: all are analyzed."
            if unflagged
            else "."
        )
        if used.any()
        else "ANL01FL is present but flags no record: not used.",
        int(left.sum()),
    )
    return frame[~left] if left.any() else frame


def one_spelling(
    frame: pd.DataFrame, subject: str, preferred: Iterable[str], notes: Notes
) -> pd.DataFrame:
    """The records with each endpoint under one code.

    Parameters
    ----------
    frame : records with PARAMCD as categories without missing values
    subject : column of numbers, one for each subject
    preferred : codes that stand wherever they are: those of ``study.toml``
    notes : gets what became one, and what could not
    """
    codes = frame["PARAMCD"].cat.codes.to_numpy()
    names = list(map(str, frame["PARAMCD"].cat.categories))
    counts = tally(names, np.bincount(codes, minlength=len(names)))
    renamed: dict[str, str] = {}
    for group in alike.as_one(counts, preferred)[1]:
        members = [codes == names.index(name) for name in group]
        n = sum(counts[name] for name in group)
        what = f"PARAMCD {quoted(group)} differ only in {alike.difference(group)}"
        if _meet(frame[subject].to_numpy(), members):
            notes.warn(
                f"{what}, and patients have records of both: they are separate endpoints.",
                n,
                "Write PARAMCD the same way, or keep one record per patient and parameter.",
            )
            continue
        notes.warn(
            f"{what}: merged into one endpoint, “{group[0]}”.", n, "Write PARAMCD the same way."
        )
        renamed |= dict.fromkeys(group[1:], group[0])
    if not renamed:
        return frame
    spelled = np.array([renamed.get(name, name) for name in names], dtype=object)
    return with_columns(frame, PARAMCD=pooled(codes, spelled))


def _meet(subjects: np.ndarray, members: list[BoolArray]) -> bool:
    """Whether a subject has records under more than one of the codes."""
    each = [np.unique(subjects[rows]) for rows in members]
    return len(np.unique(np.concatenate(each))) < sum(map(len, each))
