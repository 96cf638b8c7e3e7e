"""What looks wrong in a study that could be read: told, never mended.

Each check is a function of the tables that yields findings; a study with warnings is shown all
the same. What makes a study impossible is a ``UserError`` of the readers, not a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from services.errors import few
from services.reading import arms as reading_arms
from services.reading.checks.contradictions import (
    CODING,
    censored_deaths,
    event_words,
    near_levels,
    text_columns,
)
from services.reading.checks.dates_apart import far_dates
from services.reading.starts import ROW
from services.reading.units import DAYS_PER
from services.study.model import SUBJECT, Finding
from services.study.risk_inputs import doubts
from services.values.flags import flag as read_flag
from services.values.frames import coded, first_of, rows_of, text

ENOUGH = 20  # patients, for a share to mean something
MANY_EVENTS = 0.9
MAX_YEARS = 60
SHORT_DAYS = 14
TOLERANCE_DAYS = 1.0
# One unit taken for another: their ratio, in words.
_RATIOS = (
    (DAYS_PER["months"], "months", "days"),
    (DAYS_PER["years"], "years", "days"),
    (DAYS_PER["weeks"], "weeks", "days"),
    (12.0, "years", "months"),
)


@dataclass(frozen=True, eq=False)
class Tables:
    """What is examined. ``times``, and ``records``, the ADTTE rows behind them in the same order,
    are as ``build_times`` returns them: texts as categoricals, with the row of ``subjects`` each
    belongs to. ``days`` are those between the dates of each record, or ``None``."""

    subjects: pd.DataFrame
    times: pd.DataFrame
    records: pd.DataFrame
    days: Any
    events: pd.DataFrame | None

    @cached_property
    def endpoint_rows(self) -> dict[str, Any]:
        """Row numbers of ``times`` by endpoint."""
        return rows_of(self.times["PARAMCD"])

    @cached_property
    def subject_rows(self) -> Any:
        """The row of ``subjects`` for each of ``times``."""
        return self.records[ROW].to_numpy()

    @cached_property
    def time(self) -> Any:
        """Days, as an array."""
        return self.times["TIME"].to_numpy()

    @cached_property
    def event(self) -> Any:
        """Whether each of ``times`` is an event."""
        return self.times["EVENT"].to_numpy()

    def who(self, rows: Any) -> Any:
        """Subjects of rows of ``times``."""
        subjects = self.times[SUBJECT].cat
        return subjects.categories[subjects.codes.to_numpy()[rows]]


def examine(tables: Tables) -> tuple[Finding, ...]:
    """Every finding of every check, in the order of ``CHECKS``."""
    return tuple(finding for check in CHECKS for finding in check(tables))


def _warn(message: str, count: int | None = None, remedy: str = "") -> Finding:
    return Finding("warning", message, remedy, count)


def _named(message: str, who: Any, remedy: str = "") -> Finding:
    """A warning that names the first of the patients."""
    return _warn(f"{message}: {few(who)}.", len(who), remedy)


def event_share(tables: Tables) -> Iterator[Finding]:
    """Nearly everyone, or no one, with an event: CNSR may be coded backwards."""
    for code, rows in tables.endpoint_rows.items():
        n, events = len(rows), int(tables.event[rows].sum())
        if n >= ENOUGH and events >= MANY_EVENTS * n:
            yield _warn(
                f"{code}: {events:,} of {n:,} patients had the event ({events / n:.0%}). Is the "
                "event coded in reverse?",
                events,
                CODING,
            )
        elif n >= ENOUGH and events == 0:
            yield _warn(
                f"{code}: nobody had the event.",
                remedy="If that is impossible, CNSR is coded in reverse: 0 is the event.",
            )


def reasons(tables: Tables) -> Iterator[Finding]:
    """Reasons of censoring that stand beside events."""
    if "CNSDTDSC" not in tables.records:
        return
    reason, texts = coded(tables.records, "CNSDTDSC")
    given = (texts != "")[reason]
    wrong = int((given & tables.event).sum())
    if wrong > 0.5 * int(given.sum()) and wrong >= 5:
        yield _warn(
            "Records with a reason for censoring (CNSDTDSC) count as events: the event appears to "
            "be coded in reverse.",
            wrong,
            CODING,
        )


def deaths_censored(tables: Tables) -> Iterator[Finding]:
    """Deaths that censor an endpoint, though nobody said that they compete with its event."""
    said, texts = coded(tables.times, "EVENT_TEXT")
    kind, kinds = coded(tables.times, "EVENT_TYPE")
    untold = ~tables.event & (kinds == "")[kind]
    values = tables.records["CNSR"].to_numpy()
    for code, rows in tables.endpoint_rows.items():
        own = rows[untold[rows]]
        yield from censored_deaths(code, texts[said[own]], values[own])


def deaths(tables: Tables) -> Iterator[Finding]:
    """Deaths of the subjects table that are no event of OS, and the reverse."""
    rows = tables.endpoint_rows.get("OS")
    flag = first_of(tables.subjects, "DTHFL", "DTHDT", "DTHDTM")
    if rows is None or flag is None:
        return
    if flag == "DTHFL":
        died = read_flag(tables.subjects, flag).yes
    else:
        died = tables.subjects[flag].notna().to_numpy(dtype=bool)
    dead = died[tables.subject_rows[rows]]
    event = tables.event[rows]
    who = tables.who(rows)
    missed, extra = dead & ~event, event & ~dead
    if missed.any() and int(missed.sum()) > int((dead & event).sum()):
        yield _warn(
            f"OS: most patients who died ({flag}) are censored: the event appears to be coded in "
            "reverse.",
            int(missed.sum()),
            CODING,
        )
    elif missed.any():
        remedy = "Correct CNSR or the flag, unless they died after the data cut-off."
        yield _named(f"OS: patients who died by {flag} are censored", who[missed], remedy)
    if extra.any():
        yield _named(f"OS: patients with an event are not dead by {flag}", who[extra])


def progression_after_death(tables: Tables) -> Iterator[Finding]:
    """Progression-free survival that outlasts overall survival."""
    overall = tables.endpoint_rows.get("OS")
    if overall is None:
        return
    end = tables.time
    if "START" in tables.times:  # of another date in some: ends are compared as dates
        end = end + _days_of(tables.times["START"])
    longest = np.full(len(tables.subjects), np.inf)
    longest[tables.subject_rows[overall]] = end[overall]
    for code in ("PFS", "TTP", "EFS"):
        rows = tables.endpoint_rows.get(code)
        if rows is None:
            continue
        late = end[rows] > longest[tables.subject_rows[rows]] + TOLERANCE_DAYS
        if late.any():
            remedy = "A patient cannot be progression-free for longer than alive."
            yield _named(f"{code} is later than OS", tables.who(rows[late]), remedy)


def _days_of(dates: pd.Series[Any]) -> Any:
    days = dates.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.int64))


def long_or_short(tables: Tables) -> Iterator[Finding]:
    """Times no study has, and endpoints whose times differ by the ratio of two units."""
    medians = {}
    for code, rows in tables.endpoint_rows.items():
        time = tables.time[rows]
        longest, n = float(time.max()), len(rows)
        if longest > MAX_YEARS * DAYS_PER["years"]:
            years = longest / DAYS_PER["years"]
            told = f"{years:,.0f}" if years < 1e6 else "more than a million"
            yield _warn(
                f"{code}: times reach {told} years. Is the unit correct?",
                remedy="Days read as months are 30 times too long. Correct the unit.",
            )
        elif n >= ENOUGH and 0 < longest < SHORT_DAYS:
            yield _warn(
                f"{code}: no time is longer than {longest:,.1f} days. Is the unit correct?",
                remedy="Months read as days are 30 times too short. Correct the unit.",
            )
        if n >= ENOUGH and longest == float(time.min()):
            yield _warn(f"{code}: all {n:,} times are the same, {longest:,.7g} days.")
        if n >= ENOUGH:
            medians[code] = float(np.median(time))
    codes = list(medians)
    for i, a in enumerate(codes):
        for b in codes[i + 1 :]:
            if {a, b} <= {"PFS", "OS", "EFS", "TTP", "DFS"}:
                yield from _unlike(a, b, medians)


def _unlike(a: str, b: str, medians: dict[str, float]) -> Iterator[Finding]:
    low, high = sorted((a, b), key=lambda code: medians[code])
    if medians[low] > 0 and medians[high] / medians[low] > 20:
        yield _warn(
            f"Times of {high} are {medians[high] / medians[low]:,.0f} times those of {low}: are "
            "they in the same unit?",
            remedy="State each parameter's unit in AVALU.",
        )


def dates(tables: Tables) -> Iterator[Finding]:
    """Times that are not what lies between the dates."""
    if tables.days is None:
        return
    times = tables.time
    usable = np.isfinite(tables.days) & (times > 0)
    for name, all_rows in tables.endpoint_rows.items():
        rows = all_rows[usable[all_rows]]
        n = len(rows)
        if n < 5:
            continue
        spans = tables.days[rows]
        ratio = float(np.median(times[rows] / np.maximum(spans + 1, 1)))
        mistaken = [(long, short) for r, long, short in _RATIOS if abs(ratio / r - 1) < 0.05]
        mistaken += [(short, long) for r, long, short in _RATIOS if abs(ratio * r - 1) < 0.05]
        if mistaken:
            said, meant = mistaken[0]
            yield _warn(
                f"{name}: by their dates the times are {meant}, but they were read as {said}.",
                n,
                "Correct the unit.",
            )
            continue
        off = np.minimum(abs(times[rows] - spans), abs(times[rows] - spans - 1)) > 1.5
        # Months rounded to one decimal are off by a day and a half at most.
        if off.sum() > 0.02 * n:
            message = f"{name}: times do not match their dates"
            remedy = "The times are used; the dates are not."
            yield _named(message, tables.who(rows[off]), remedy)


def lone_arms(tables: Tables) -> Iterator[Finding]:
    """Arms of one patient."""
    sizes = text(tables.subjects, "ARM_PLANNED").value_counts()
    for arm, n in sizes.items():
        if arm and n == 1:
            yield _warn(f"Arm “{arm}” has one patient.", 1, "Is its name spelled like the others?")


def without_record(tables: Tables) -> Iterator[Finding]:
    """Patients of the efficacy population whom no endpoint knows."""
    known = np.zeros(len(tables.subjects), dtype=bool)
    known[tables.subject_rows] = True
    absent = tables.subjects.index[~known & (tables.subjects["ARM_PLANNED"] != "").to_numpy()]
    if len(absent):
        yield _named("Patients without any time to an event", absent)


def at_the_start(tables: Tables) -> Iterator[Finding]:
    """Times of 0: valid, but worth a look where there are many."""
    for code, rows in tables.endpoint_rows.items():
        zero = rows[tables.time[rows] == 0]
        if len(zero) > 0.05 * len(rows):
            yield _named(f"{code}: times of 0", tables.who(zero))


def early_events(tables: Tables) -> Iterator[Finding]:
    """Adverse events before consent, and treatment-emergent ones before treatment."""
    if tables.events is None:
        return
    start = _start_of(tables.events)
    if start is None:
        return
    who, names = coded(tables.events, SUBJECT)
    rows = tables.subjects.index.get_indexer(pd.Index(names))[who]
    for column, words in (
        (("RFICDT", "RFICDTM", "RFICDTC"), "before consent"),
        (("TRTSDT", "TRTSDTM", "TRT01SDT"), "treatment-emergent (TRTEMFL), but before treatment"),
    ):
        name = first_of(tables.subjects, *column)
        if name is None or not pd.api.types.is_datetime64_dtype(tables.subjects[name]):
            continue
        first = np.append(tables.subjects[name].to_numpy(), np.datetime64("NaT"))[rows]
        early = start < first.astype("datetime64[D]")
        if "TRTEMFL" in words:
            early &= read_flag(tables.events, "TRTEMFL").yes
        if early.any():
            yield _warn(
                f"Adverse events {words} ({name}): {few(dict.fromkeys(names[who[early]]))}.",
                int(early.sum()),
            )


def _start_of(events: pd.DataFrame) -> Any:
    name = first_of(events, "ASTDT", "ASTDTM", "AESTDTC", "AESTDT")
    if name is None or not pd.api.types.is_datetime64_dtype(events[name]):
        return None
    return events[name].to_numpy().astype("datetime64[D]")


def repeated_events(tables: Tables) -> Iterator[Finding]:
    """Rows of the adverse events that are there twice."""
    if tables.events is None:
        return
    compared = [c for c in tables.events if c not in ("AESEQ", "ASEQ")]
    twice = int(tables.events.duplicated(compared).sum())
    if twice:
        yield _warn("Adverse events that appear twice, word for word; all are counted.", twice)


def levels_alike(tables: Tables) -> Iterator[Finding]:
    """Levels of the subjects, and kinds of event, that are one thing in two spellings."""
    arms = (*reading_arms.PLANNED, *reading_arms.ACTUAL)
    yield from near_levels(tables.subjects, text_columns(tables.subjects, arms))
    yield from near_levels(tables.times, {"EVENT_TYPE": "kinds of event"})


CHECKS: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    event_share,
    reasons,
    lambda tables: event_words(tables.records, tables.event),
    deaths_censored,
    deaths,
    progression_after_death,
    long_or_short,
    dates,
    lone_arms,
    without_record,
    at_the_start,
    early_events,
    lambda tables: far_dates(tables.subjects, tables.events),
    repeated_events,
    lambda tables: iter(doubts(tables.subjects)),
    levels_alike,
)
