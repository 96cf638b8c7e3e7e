"""What a study's words say against its codes, and levels that are one thing in two spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from services import lists
from services.reading.formats.plain import keeps_text
from services.study.model import ARMS_OF_SUBJECTS, SUBJECT, Finding
from services.values import alike
from services.values.flags import quoted
from services.values.frames import coded

MAX_LEVELS = 50
CODING = "In ADaM CNSR = 0 is the event and 1 or more is censored."  # the remedy of a wrong one
# Words nobody uses for an event; those for a death, and for what is none; names of entry times.
_CENSORED, _DIED, _NOT_DIED, _ENTRY = (
    re.compile(lists.either(pattern), re.IGNORECASE) for pattern in lists.beside(__file__).values()
)
_MOST = 0.9  # an entry comes before the end: dates, codes and times of day do not
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def event_words(records: pd.DataFrame, event: Any) -> Iterator[Finding]:
    """EVNTDESC that says "censored" beside events.

    Parameters
    ----------
    records : ADTTE records
    event : (records,) whether each counts as an event
    """
    if "EVNTDESC" not in records:
        return
    said, texts = coded(records, "EVNTDESC")
    censored = np.array([bool(_CENSORED.search(t)) for t in texts], dtype=bool)
    wrong = censored[said] & event
    n = int(wrong.sum())
    if not n:
        return
    words = quoted(list(dict.fromkeys(texts[said[wrong]])))
    described = int(((texts != "")[said] & event).sum())
    turned = n > 0.5 * described and n >= 0.5 * int(censored[said].sum())
    yield Finding(
        "warning",
        f"EVNTDESC says {words} for records that count as events"
        + (": the event appears to be coded in reverse." if turned else "."),
        CODING,
        n,
    )


def censored_deaths(code: str, said: Iterable[str], values: Any) -> Iterator[Finding]:
    """Censored records whose words say that the patient died, of one endpoint.

    Parameters
    ----------
    code : PARAMCD
    said : words of each censored record that no competing event was told of
    values : CNSR of the same records
    """
    found = np.array([bool(_DIED.search(t)) and not _NOT_DIED.search(t) for t in said], dtype=bool)
    if not found.any():
        return
    words = quoted(list(dict.fromkeys(t for t, dead in zip(said, found, strict=True) if dead)))
    if code == "OS":
        told, remedy = (
            "In OS, death is the event.",
            "Set CNSR = 0 for them, or correct the description.",
        )
    else:
        of_deaths = sorted(set(values[found]) - set(values[~found]))
        value = f"{of_deaths[0]:g}" if len(of_deaths) == 1 else "2"
        told = "The Kaplan-Meier curve shows what would happen if nobody died."
        remedy = f'Set competing = {{ {value} = "Death" }} of the endpoint in study.toml' + (
            ": the cumulative incidence is then computed with death as a competing event."
            if of_deaths
            else f", and use that CNSR value ({value}) for deaths only."
        )
    n = int(found.sum())
    yield Finding("warning", f"{code}: censored records say {words}. {told}", remedy, n)


def near_levels(frame: pd.DataFrame, columns: dict[str, str]) -> Iterator[Finding]:
    """Levels of a column that differ only in case, spaces or Unicode form.

    Parameters
    ----------
    frame : the subjects, or the times with categories
    columns : those to look at, with what their levels are used for
    """
    for name, use in columns.items():
        codes, texts = coded(frame, name)
        if len(texts) > MAX_LEVELS:
            continue
        groups = (*alike.spellings(texts), *_same_number(name, texts))
        if not groups:  # as nearly always: nothing is counted
            continue
        counts = np.bincount(codes % len(texts), minlength=len(texts))
        levels = {t: int(n) for t, n in zip(texts, counts, strict=True) if t}
        for group in groups:
            if min(levels[t] for t in group) == 0:  # a category that no row holds
                continue
            rest = sorted(group, key=lambda t: -levels[t])[1:]
            what = alike.difference(group) if alike.key(group[0]) == alike.key(group[1]) else "form"
            yield Finding(
                "warning",
                f"{name}: {quoted(group)} differ only in {what} and are separate {use}.",
                "Write them the same way.",
                sum(levels[t] for t in rest),
            )


def _same_number(name: str, levels: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Levels that are one number: 1, 1.0 and 01; not in columns of codes."""
    if keeps_text(name):
        return
    groups: dict[float, list[str]] = {}
    for text in levels:
        if _PLAIN_NUMBER.fullmatch(text):
            groups.setdefault(float(text), []).append(text)
    yield from (tuple(group) for group in groups.values() if len(group) > 1)


def text_columns(subjects: pd.DataFrame, arms: tuple[str, ...]) -> dict[str, str]:
    """The subjects' columns of text but their ids and arms."""
    apart = {SUBJECT, "SUBJID", "STUDYID", *ARMS_OF_SUBJECTS, *arms}
    return {
        str(c): "levels" for c in subjects if subjects[c].dtype == object and str(c) not in apart
    }


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
            "If patients did enter observation later, the curves here are too high: name the column"
            " where the columns are identified, call it ENTRY, or write entry ="
            f' "{column}" in study.toml.',
            int(late.sum()),
        )
