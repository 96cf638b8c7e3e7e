"""Adverse events into a study: what is taken, what is left out, and how each value is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from services.adverse_events.meanings import NOT_UNDERSTOOD, event_values
from services.adverse_events.terms import event_terms, no_events
from services.errors import UserError, few
from services.reading import arms as reading_arms
from services.reading.columns import require
from services.reading.formats.table import Table
from services.reading.report import Notes
from services.study.model import SUBJECT, Arm
from services.values import alike
from services.values.flags import flag, quoted
from services.values.frames import coded, encode, first_of

SHOWN = 12  # values of a column listed in the report
REMEDY = "Write the values as in ADaM."


def take_events(
    adae: Table,
    subjects: pd.DataFrame,
    left_out: Iterable[str],
    arms: tuple[Arm, ...],
    notes: Notes,
) -> pd.DataFrame:
    """The adverse events of the study's subjects; texts as categoricals, where they came so.

    Parameters
    ----------
    subjects : indexed by subject, with ``ARM_ACTUAL``
    left_out : subjects that are known and have no arm
    arms : of the study
    notes : gets what was left out, and how the values were read

    Raises
    ------
    UserError : no USUBJID, or events of nobody in the study
    """
    require(adae, SUBJECT)
    notes.map("Adverse events", adae.name)
    frame = encode(adae.frame, SUBJECT)
    nothing = no_events(frame)
    if nothing.any():
        notes.note(
            f"{adae.name}: rows without an event (patients who had none) left out.",
            int(nothing.sum()),
        )
        frame = frame[~nothing]
    known = _known(adae, frame, subjects, set(left_out), notes)
    if len(known) < len(adae.frame):  # else uncopied
        known = known.reset_index(drop=True)
    _tell_values(known, notes)
    _tell_uncounted(adae, known, subjects, arms, notes)
    return known


def _known(
    adae: Table, frame: pd.DataFrame, subjects: pd.DataFrame, left_out: set[str], notes: Notes
) -> pd.DataFrame:
    codes, texts = coded(frame, SUBJECT)
    inside = subjects.index.get_indexer(pd.Index(texts)) >= 0
    without_arm = np.array([t in left_out for t in texts], dtype=bool)
    nobody = ~(inside | without_arm)
    known, unknown = inside[codes], nobody[codes]
    if len(frame) and unknown.all():
        raise UserError(
            f"No adverse event of {adae.name} belongs to a patient of the study. USUBJID is "
            f"{_examples(texts[np.unique(codes)])} there, {_examples(subjects.index)} here.",
            "Write USUBJID the same way in every table."
            f" {alike.otherwise_written(texts[nobody], map(str, subjects.index))}".rstrip(),
        )
    of = f"{adae.name}: adverse events of"
    remedy = (
        f"Patient identifiers in the study look like {_examples(subjects.index)}; write USUBJID the"
        f" same way. {alike.otherwise_written(texts[nobody], map(str, subjects.index))}"
    )
    _tell(notes, frame, unknown, f"{of} subjects not in the study left out", remedy.strip())
    _tell(notes, frame, without_arm[codes], f"{of} patients without an arm left out")
    return frame if known.all() else frame[known]


def _tell(notes: Notes, frame: pd.DataFrame, rows: Any, message: str, remedy: str = "") -> None:
    """A warning that names the patients of these events, if there are any."""
    if rows.any():
        codes, texts = coded(frame, SUBJECT)
        who = (name or "(no USUBJID)" for name in dict.fromkeys(texts[codes[rows]]))
        notes.warn(f"{message}: {few(who, 3)}.", int(rows.sum()), remedy)


def _examples(ids: Iterable[Any]) -> str:
    return quoted([str(i) for i in dict.fromkeys(ids) if i != ""]) or "blank"


def _tell_values(frame: pd.DataFrame, notes: Notes) -> None:
    """How each value of the deciding columns was read, and what was not understood."""
    named, values = event_terms(frame), event_values(frame)
    for meaning, rule in (*named.taken, *values.taken):
        notes.map(meaning, rule)
    for group in named.merged:
        notes.warn(
            f"Adverse events written in several ways are counted as one: {quoted(group)}.",
            remedy=f"They differ only in {alike.difference(group)}.",
        )
    lists: dict[tuple[str, str], list[str]] = {}
    for reading in sorted(values.readings, key=lambda r: r.meaning != NOT_UNDERSTOOD):
        line = f"{reading.value}: {reading.meaning} ({reading.events:,})"
        lists.setdefault((reading.question, reading.column), []).append(line)
    for (question, column), lines in lists.items():
        more = f"; and {len(lines) - SHOWN:,} more values" if len(lines) > SHOWN else ""
        notes.map(f"{question}, by {column}", "; ".join(lines[:SHOWN]) + more)
    for reason in dict.fromkeys(values.unknown.values()):
        if "understood" in reason:
            notes.warn(f"Adverse events: {reason}. It is not used in any count.", remedy=REMEDY)
    for reason in dict.fromkeys(values.partly.values()):
        notes.warn(f"Adverse events: {reason}.", remedy=REMEDY)


def _tell_uncounted(
    adae: Table, frame: pd.DataFrame, subjects: pd.DataFrame, arms: tuple[Arm, ...], notes: Notes
) -> None:
    """Events of patients whom the safety pages do not count, and arms that say otherwise."""
    codes, texts = coded(frame, SUBJECT)
    rows = np.append(subjects.index.get_indexer(pd.Index(texts[:-1])), -1)[codes]
    treated = subjects["ARM_ACTUAL"].isin([a.name for a in arms]).to_numpy()
    said = flag(subjects, "SAFFL")
    outside = treated & ~said.yes if said.understood else np.zeros(len(subjects), dtype=bool)
    for those, who in (
        (~treated, "patients without one of the study's arms as the actual arm"),
        (outside, "patients outside the safety population (SAFFL)"),
    ):
        hit = those[rows] if len(rows) else np.zeros(0, dtype=bool)
        _tell(notes, frame, hit, f"{adae.name}: adverse events of {who} are not counted")
    name = first_of(frame, *reading_arms.ACTUAL)
    if name is None:
        return
    other = reading_arms.says_otherwise(frame, name, subjects, "ARM_ACTUAL", rows)
    message = f"{name} of {adae.name} is not the patient's actual arm, which is used"
    _tell(notes, frame, other, message)
