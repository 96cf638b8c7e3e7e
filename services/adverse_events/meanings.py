"""What the values of adverse events mean: severity, seriousness, relation, action, outcome.

ADaM's analysis variables come before the collected ones, row by row: ATOXGR before AETOXGR, ASEV
before AESEV, AREL before AEREL. A column of which nothing is understood gives a reason and no
number; a part that is not understood is a remark beside the number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from services.adverse_events import consequences, grades, relation
from services.adverse_events.records import Reading, Severity
from services.arrays import BoolArray, IntArray
from services.names import count
from services.study.labels import level_label
from services.values.flags import Answers, Meaning, answers, flag, not_understood, quoted
from services.values.frames import coded, first_of, tally

GRADED = ("ATOXGR", "ATOXGRN", "AETOXGR", "AETOXGRN")
WORDED = ("ASEV", "ASEVN", "AESEV", "AESEVN")
RELATED = ("AREL", "AEREL", "RELGR1")
CRITERIA = ("AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE")
NOT_UNDERSTOOD = "not understood"


@dataclass(eq=False)
class EventValues:
    """The meaning of each row's values.

    Attributes
    ----------
    severity, grade : the scale, and the index into its levels (-1 without)
    severe, serious, related, emergent, stopped, changed, fatal : (rows,) whether
    unknown : why something is not recorded, or not understood, at all, by name ("serious", ...)
    partly : by name, what part of a count's values was not understood
    readings : every value of the columns that decide a count, and what it was taken for
    taken : for the report: what was taken from which column
    """

    rows: int
    severity: Severity | None = None
    grade: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    flags: dict[str, BoolArray] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    partly: dict[str, str] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)

    def lost(self, *names: str, reason: str) -> None:
        """What cannot be told, and why."""
        for name in names:
            self.unknown[name] = reason
            self.flags[name] = np.zeros(self.rows, dtype=bool)

    def told(self, *names: str, reason: str) -> None:
        """What was not understood of something that can be told."""
        for name in names:
            known = self.partly.get(name)
            self.partly[name] = f"{known}; {reason}" if known else reason

    def read(
        self, column: str, question: str, counts: Mapping[str, int], mean: Callable[[str], str]
    ) -> None:
        """Every value of a column, for whoever wants to check."""
        for value in sorted(counts):
            self.readings.append(
                Reading(column, question, value or "(blank)", mean(value), counts[value])
            )

    def answered(self, said: Answers, question: str, yes: str, no: str, blank: str) -> Answers:
        """Every value of a column of yes and no, in these words, for whoever wants to check."""
        words: dict[Meaning, str] = {"yes": yes, "no": no, "blank": blank}
        meant = {text: words.get(meaning, NOT_UNDERSTOOD) for text, meaning, _ in said.values}
        self.read(said.column, question, {text: n for text, _, n in said.values}, meant.__getitem__)
        return said

    def odd(self, *names: str, column: str, values: Mapping[str, int], taken: str) -> None:
        """What of a column was not understood, if anything, and what its rows are counted as."""
        n = sum(values.values())
        rows = f"{n:,} event" + ("" if n == 1 else "s")
        if n:
            what = f"{column} of {rows} was not understood ({quoted(list(values))})"
            self.told(*names, reason=f"{what}, counted as {taken}")


def event_values(frame: pd.DataFrame) -> EventValues:
    """The values of a table of adverse events, by their distinct values."""
    made = EventValues(len(frame))
    _severity(frame, made)
    _serious(frame, made)
    _related(frame, made)
    _action(frame, made)
    _fatal(frame, made)
    _emergent(frame, made)
    return made


def _counts(frame: pd.DataFrame, column: str) -> tuple[Any, Any, dict[str, int]]:
    """Codes and texts of a column, and how many rows hold each text."""
    codes, texts = coded(frame, column, str.strip)
    codes = codes % len(texts)
    return codes, texts, tally(texts, np.bincount(codes, minlength=len(texts)))


# --- severity ---------------------------------------------------------------------------------


def _severity(frame: pd.DataFrame, made: EventValues) -> None:
    """CTCAE grades if there are any, else severity in the study's own words."""
    present = [c for c in (*GRADED, *WORDED) if c in frame and frame[c].notna().any()]
    held = {c: _counts(frame, c)[2] for c in present}
    graded = [c for c in present if c in GRADED or grades.says_grade(list(held[c]))]
    worded = [c for c in present if c not in graded]
    if _take(frame, made, graded, held, grades.grades_of, _GRADE):
        _severe_without_grade(frame, made, worded, held)
        return
    # Words in a column for grades: mild, moderate, severe.
    if _take(frame, made, [*worded, *graded], held, grades.severities_of, _WORDS):
        return
    made.grade = np.full(len(frame), -1, dtype=np.int64)
    if present:
        column = present[0]
        odd = {v: n for v, n in held[column].items() if not grades.unstated(v)}
        made.read(
            column, "Grade", held[column],
            lambda value: "no grade" if grades.unstated(value) else NOT_UNDERSTOOD,
        )  # fmt: skip
        made.lost(
            "severe",
            reason=f"severity or grade is recorded but not understood: {column} contains"
            f" {quoted(list(odd or held[column]))}",
        )
    else:
        made.lost("severe", reason="no severity or grade is recorded (AETOXGR, AESEV)")


def _severe_without_grade(
    frame: pd.DataFrame, made: EventValues, worded: Sequence[str], held: Mapping[str, Any]
) -> None:
    """Events without a grade that are severe in words are told: the two scales are not one."""
    for column in worded[:1]:
        meant = grades.severities_of(list(held[column]))
        codes, texts, _ = _counts(frame, column)
        severe = np.array([meant.get(t, grades.UNGRADED) >= 3 for t in texts])[codes]
        n = int((severe & (made.grade < 0)).sum())
        if n:
            what = f"{n:,} {'event is' if n == 1 else 'events are'} severe by {column} and"
            made.told("severe", reason=f"{what} without a grade, counted as not severe")


_GRADE, _WORDS = "Grade", "Severity"


def _take(
    frame: pd.DataFrame,
    made: EventValues,
    columns: Sequence[str],
    held: Mapping[str, Mapping[str, int]],
    reader: Callable[[Sequence[str]], Mapping[str, int]],
    question: str,
) -> bool:
    """Take the severity from these columns, row by row the next where one is blank."""
    meant = {c: reader(list(held[c])) for c in columns}
    used = [c for c in columns if any(place > 0 for place in meant[c].values())]
    if not used:
        return False
    place = np.full(len(frame), grades.UNGRADED, dtype=np.int64)
    blank = np.ones(len(frame), dtype=bool)
    odd: list[str] = []
    for column in used:
        codes, texts, _ = _counts(frame, column)
        mine = np.array([meant[column].get(t, grades.UNGRADED) for t in texts])[codes]
        filled = blank & (texts != "")[codes]
        if not filled.any():
            continue
        place = np.where(filled, mine, place)
        blank &= ~filled
        odd += sorted(texts[codes[filled & (mine == grades.UNKNOWN)]])
        shown = np.bincount(codes[filled], minlength=len(texts))
        if column == used[0]:
            shown[-1] += int((codes == len(texts) - 1).sum())
        made.read(column, question, tally(texts, shown), _place_words(meant[column], question))
        made.taken.append(_taken(question, column, used, int(filled.sum())))
    place = np.maximum(place, -1)
    if question == _GRADE:
        made.severity = Severity(
            used[0], ("1", "2", "3", "4", "5"), tuple(f"Grade {i}" for i in range(1, 6)),
            ("3", "4", "5"), "CTCAE grade", "Grade 3 or higher", "Grade ≥ 3",
        )  # fmt: skip
        made.grade = np.where(place > 0, place - 1, -1)
    else:
        there = sorted({int(p) for p in np.unique(place) if p > 0})
        levels = tuple(grades.SEVERITIES[p - 1] for p in there)
        made.severity = Severity(
            used[0], levels, tuple(map(level_label, levels)),
            tuple(grades.SEVERITIES[p - 1] for p in there if p >= 3),
            "Severity (no CTCAE grades recorded)", "Severe", "Severe",
        )  # fmt: skip
        index = np.full(len(grades.SEVERITIES) + 2, -1, dtype=np.int64)
        for i, p in enumerate(there):
            index[p] = i
        made.grade = index[place]
    made.flags["severe"] = place >= 3
    made.odd("severe", column=" or ".join(used), values=Counter(odd), taken="not severe")
    return True


def _place_words(meant: Mapping[str, int], question: str) -> Callable[[str], str]:
    def mean(value: str) -> str:
        place = meant.get(value, grades.UNGRADED)
        if place == grades.UNKNOWN:
            return NOT_UNDERSTOOD
        if question == _GRADE:
            return f"grade {place}" if place > 0 else "no grade"
        return level_label(grades.SEVERITIES[place - 1]).lower() if place > 0 else "no severity"

    return mean


def _taken(question: str, column: str, used: Sequence[str], n: int) -> tuple[str, str]:
    rule = (
        column if column == used[0] else f"{column} where {used[0]} is blank ({count(n, 'event')})"
    )
    return f"{question} of an adverse event", rule


# --- yes or no --------------------------------------------------------------------------------


def _serious(frame: pd.DataFrame, made: EventValues) -> None:
    said = flag(frame, "AESER")
    if said.recorded:
        blank = "not stated, counted as not serious"
        made.answered(said, "Serious", "serious", "not serious", blank)
    if said.understood:
        made.flags["serious"] = said.yes
        made.odd("serious", column="AESER", values=said.odd, taken="not serious")
        made.taken.append(("Serious adverse events", "AESER"))
        return
    no = "not serious by this"
    criteria = [c for c in CRITERIA if c in frame and frame[c].notna().any()]
    found = [made.answered(flag(frame, c), "Serious", "serious", no, no) for c in criteria]
    understood = [one for one in found if one.understood]
    for one in understood:
        made.odd("serious", column=one.column, values=one.odd, taken=no)
    if understood:
        made.flags["serious"] = np.any([one.yes for one in found], axis=0)
        made.taken.append(("Serious adverse events", f"any of {', '.join(criteria)}"))
        if said.recorded:
            made.told("serious", reason=f"by {', '.join(criteria)}; AESER was not understood")
    elif said.recorded or found:
        lost = said if said.recorded else found[0]
        made.lost("serious", reason=f"seriousness is {not_understood(lost)}")
    else:
        made.lost("serious", reason="seriousness is not recorded (AESER)")


def _related(frame: pd.DataFrame, made: EventValues) -> None:
    names = [c for c in RELATED if c in frame and frame[c].notna().any()]
    if not names:
        made.lost("related", reason="relation to treatment is not recorded (AEREL)")
        return
    found = [answers(frame, name, relation.relation_meanings) for name in names]
    used = [said for said in found if said.understood]
    for said in found:
        blank = "not stated, counted as not related"
        made.answered(said, "Related", "related", "not related", blank)
    if not used:
        made.lost("related", reason=f"relation to treatment is {not_understood(found[0])}")
        return
    related, open_ = np.zeros(len(frame), dtype=bool), np.ones(len(frame), dtype=bool)
    for said in used:
        codes, texts, _ = _counts(frame, said.column)
        filled = open_ & (texts != "")[codes]
        related |= filled & said.yes
        open_ &= ~filled
        if filled.any():
            rule = _taken("Relation", said.column, [s.column for s in used], int(filled.sum()))
            made.taken.append(rule)
            here = set(texts[np.unique(codes[filled])])
            odd = {v: n for v, n in said.odd.items() if v in here}
            made.odd("related", column=said.column, values=odd, taken="not related")
    made.flags["related"] = related


def _action(frame: pd.DataFrame, made: EventValues) -> None:
    column = first_of(frame, "AEACN")
    if column is None:
        made.lost("stopped", "changed", reason="action taken is not recorded (AEACN)")
        return
    codes, texts, counts = _counts(frame, column)
    meant = {v: consequences.action_of(v) for v in texts}
    words = {
        "stopped": "treatment stopped",
        "changed": "dose changed or interrupted",
        "unchanged": "treatment unchanged",
        "blank": "not stated, counted as unchanged",
        "odd": NOT_UNDERSTOOD,
    }
    made.read(column, "Action taken", counts, lambda v: words[meant[v]])
    odd = {v: n for v, n in counts.items() if meant[v] == "odd"}
    if not any(meant[v] in ("stopped", "changed", "unchanged") for v in counts):
        texts_ = quoted([v for v in (odd or counts) if v])
        reason = f"action taken is recorded but not understood: {column} contains {texts_}"
        made.lost("stopped", "changed", reason=reason)
        return
    for name in ("stopped", "changed"):
        made.flags[name] = np.array([meant[t] == name for t in texts], dtype=bool)[codes]
    made.odd("stopped", "changed", column=column, values=odd, taken="unchanged")


def _fatal(frame: pd.DataFrame, made: EventValues) -> None:
    """Grade 5, fatal by its own flag, or fatal by its outcome: any of the three."""
    found = []
    if first_of(frame, "AESDTH"):
        no = "not fatal"
        found.append(made.answered(flag(frame, "AESDTH"), "Fatal", "fatal", no, no))
    if first_of(frame, "AEOUT"):
        said = answers(frame, "AEOUT", consequences.fatal_meanings)
        found.append(made.answered(said, "Outcome", "fatal", "not fatal", "not fatal"))
    fatal = [said.yes for said in found if not said.lost]
    if made.severity is not None and made.severity.levels[-1] in ("5", "FATAL"):
        fatal.append(made.grade == len(made.severity.levels) - 1)
    if fatal:
        made.flags["fatal"] = np.any(fatal, axis=0)
        for said in sorted(found, key=lambda said: said.lost):
            made.odd("fatal", column=said.column, values=said.odd, taken="not fatal")
    elif found:
        made.lost("fatal", reason=f"fatal outcome is {not_understood(found[0])}")
    else:
        made.lost("fatal", reason="fatal outcome is not recorded (AESDTH, AEOUT, grade 5)")


def _emergent(frame: pd.DataFrame, made: EventValues) -> None:
    said = flag(frame, "TRTEMFL")
    yes, no = "treatment-emergent", "not treatment-emergent"
    if said.recorded:
        blank = no if said.understood else "counted"
        made.answered(said, "Treatment-emergent", yes, no, blank)
    if said.understood:
        made.flags["emergent"] = said.yes
        made.odd("emergent", column="TRTEMFL", values=said.odd, taken=no)
        return
    reason = "no event is flagged as treatment-emergent (TRTEMFL)"
    if said.recorded:
        reason = f"what is treatment-emergent is {not_understood(said)}"
    made.unknown["emergent"] = reason
    made.flags["emergent"] = np.ones(len(frame), dtype=bool)
