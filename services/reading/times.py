"""ADTTE in: which parameters are times, in days, with what happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from services import lists, names
from services.errors import SHOWN, UserError, checked_name, few, short
from services.format import counted
from services.reading import entry, starts
from services.reading.columns import require
from services.reading.formats.table import Table
from services.reading.parameters import analysis_records, one_spelling, other_flags
from services.reading.report import Notes
from services.reading.starts import ROW
from services.reading.study_toml import EndpointSpec, Meta
from services.reading.units import Unit, find_unit, strip_unit
from services.study import dates
from services.study.model import SUBJECT, Endpoint
from services.values import alike
from services.values.event_words import event_is_good
from services.values.flags import quoted
from services.values.frames import (
    coded,
    combinations,
    decode,
    pooled,
    repeated,
    rows_of,
    text,
    with_columns,
)

MAX_PARAMETERS = 200
SAID, LONGEST_EVENT = 6, 200  # kinds of event in a sentence, and characters of each
_USED = (SUBJECT, "PARAMCD", "PARAM", "AVAL", "AVALU", "CNSR", "EVNTDESC", "CNSDTDSC", "EVNTTYPE",
         "ANL01FL")  # fmt: skip

_LISTS = lists.beside(__file__)
_FIRST = lists.words(_LISTS["first"])
_HAPPENED: dict[str, str] = _LISTS["happened"]
_SHORT: dict[str, str] = _LISTS["without"]


def check_columns(adtte: Table) -> Table:
    """ADTTE with the columns it must have; ``PARAM`` stands in for ``PARAMCD``."""
    frame = adtte.frame
    require(adtte, SUBJECT)
    if "PARAM" in frame and ("PARAMCD" not in frame or frame["PARAMCD"].isna().all()):
        frame = with_columns(frame, PARAMCD=frame["PARAM"])
    require(replace(adtte, frame=frame), "PARAMCD", "AVAL")
    require(adtte, "CNSR", remedy="Add CNSR: 0 for an event, 1 or more for censored.")
    if frame[SUBJECT].isna().all():
        raise UserError(f"{adtte.name}: USUBJID is empty.", "Enter the subject of each record.")
    return replace(adtte, frame=frame)


def build_times(
    adtte: Table, subjects: pd.DataFrame, meta: Meta, notes: Notes
) -> tuple[pd.DataFrame, tuple[Endpoint, ...], pd.DataFrame]:
    """The times of a study, its endpoints, and the ADTTE records behind the times.

    Parameters
    ----------
    adtte : as ``check_columns`` returns it
    subjects : indexed by subject, with ``ARM_PLANNED`` ("" outside the efficacy population)
    meta : endpoints and unit, where ``study.toml`` says
    notes : gets every record left out, counted by reason

    Raises
    ------
    UserError : no unit, no times, or a subject twice in a parameter
    """
    # A million records are copied several times below: only what is used.
    entered = entry.column_of(adtte, meta.entry, meta.source)
    used = {
        *_USED,
        *dates.ORIGIN,
        *starts.ENDS,
        entered,
        *(spec.type_column for spec in meta.endpoints),
    }
    flags = other_flags(adtte.frame.columns)
    narrow = pd.DataFrame({c: adtte.frame[c] for c in adtte.frame if c in used}, copy=False)
    adtte = replace(adtte, frame=narrow)
    frame = _known_subjects(adtte, subjects, notes)
    blank = (frame["PARAMCD"].cat.codes < 0).to_numpy()
    if blank.any():
        notes.warn("ADTTE records without PARAMCD left out.", int(blank.sum()))
        frame = frame[~blank]
    parameters = _parameters(frame)
    if len(parameters) > MAX_PARAMETERS:
        raise UserError(
            f"{adtte.name}: PARAMCD has {len(parameters):,} different values.",
            f"At most {MAX_PARAMETERS} are read; is PARAMCD the parameter's code?",
        )
    frame = analysis_records(frame, notes, flags)
    frame = one_spelling(frame, ROW, [spec.id for spec in meta.endpoints], notes)
    firsts = frame.iloc[[rows[0] for rows in rows_of(frame["PARAMCD"]).values()]]
    labels = dict(zip(text(firsts, "PARAMCD"), text(firsts, "PARAM"), strict=True))
    factor = _factors(adtte, frame, labels, subjects, meta, notes)
    with np.errstate(over="ignore"):  # what overflows is left out below, as no time
        frame = with_columns(frame, TIME=frame["AVAL"].to_numpy() * factor)
        if entered:
            begun = starts.starts(frame, subjects)
            found = entry.days(adtte, frame, entered, factor, begun)
            frame = with_columns(frame, **{entry.DAYS: found})
    frame = _only(frame, np.isfinite(factor))
    frame = _usable(adtte, frame, notes)
    if entered:
        frame = entry.checked(adtte, frame, entered, notes)
    _no_duplicates(adtte, frame, flags)
    specs = {spec.id: spec for spec in meta.endpoints}
    kept = _parameters(frame)
    unknown = [i for i in specs if i not in kept]
    if unknown:
        raise UserError(
            f"{meta.source}: endpoint {few(unknown)} has no usable records in {adtte.name}.",
            f"PARAMCD with times: {few(kept)}.",
        )
    times = _as_times(frame, specs)
    first_days, begun = starts.clocks(frame, subjects)
    if begun is not None:
        times = with_columns(times, START=begun.astype("datetime64[s]"))
    happened = combinations(times[times["EVENT"].to_numpy()], "PARAMCD", "EVENT_TEXT", "EVENT_TYPE")
    endpoints = tuple(
        replace(
            _endpoint(code, labels.get(code) or code, specs.get(code), happened),
            first_day=first_days.get(code),
        )
        for code in _in_order(kept, list(specs))
    )
    if "ENTRY" in times:
        endpoints = entry.without_competing(endpoints, times, notes)
    return times, endpoints, frame


def _only(frame: pd.DataFrame, keep: Any) -> pd.DataFrame:
    """The rows to keep; the frame itself, uncopied, if those are all."""
    kept: pd.DataFrame = frame if keep.all() else frame[keep]
    return kept


def _parameters(frame: pd.DataFrame) -> list[str]:
    """The values of PARAMCD in order of appearance."""
    return list(frame["PARAMCD"].unique())


def subject_rows(frame: pd.DataFrame, subjects: pd.DataFrame) -> Any:
    """The row of ``subjects`` that each record belongs to; -1 for none."""
    found = subjects.index.get_indexer(frame[SUBJECT].cat.categories)
    return np.append(found, -1)[frame[SUBJECT].cat.codes.to_numpy()]


def _known_subjects(adtte: Table, subjects: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    frame = adtte.frame
    row = subject_rows(frame, subjects)
    unknown = row < 0
    if unknown.any():
        names = text(frame, SUBJECT)[unknown].unique()
        notes.warn(
            f"ADTTE records of subjects not in the study left out: "
            f"{few(n or '(no USUBJID)' for n in names)}.",
            int(unknown.sum()),
            alike.otherwise_written(names, map(str, subjects.index)),
        )
    planned = subjects["ARM_PLANNED"].to_numpy() != ""
    outside = ~unknown & ~planned[row]
    if outside.any():
        notes.note(
            "ADTTE records of subjects outside the efficacy population left out.",
            int(outside.sum()),
        )
    if (unknown | outside).all():
        there, here = list(frame[SUBJECT].cat.categories), list(map(str, subjects.index))
        raise UserError(
            f"No record of {adtte.name} belongs to a subject of the efficacy population. USUBJID is"
            f" {quoted(there)} there, {quoted(here)} among the subjects.",
            "Check that USUBJID is written the same way in ADSL and ADTTE."
            f" {alike.otherwise_written(there, here)}".rstrip(),
        )
    return _only(with_columns(frame, **{ROW: row}), ~(unknown | outside))


def _factors(
    adtte: Table,
    frame: pd.DataFrame,
    labels: dict[str, str],
    subjects: pd.DataFrame,
    meta: Meta,
    notes: Notes,
) -> Any:
    """Days per unit of AVAL for each record; NaN where the parameter is no time."""
    days = starts.days_between(frame, subjects)
    factor = np.full(len(frame), np.nan)
    unknown, apart = [], []
    narrow = frame[[c for c in ("AVAL", "AVALU", "CNSR") if c in frame]]
    for code, rows in rows_of(frame["PARAMCD"]).items():
        part = narrow.iloc[rows]
        if part["CNSR"].isna().all():
            unit = Unit(apart="it has no CNSR", unlike=True)
        else:
            aval = part["AVAL"].to_numpy()
            unit = find_unit(
                part,
                aval,
                labels.get(code, ""),
                None if days is None else days[rows],
                meta.time_unit,
            )
        if unit.apart:
            say = notes.warn if unit.unlike else notes.note
            apart.append(f"Parameter {code} set apart: {unit.apart}.")
            say(apart[-1], len(rows))
        elif unit.factor is None:
            unknown.append(code)
        else:
            factor[rows] = unit.factor
            odd = np.isnan(unit.factor)
            if odd.any():
                units = few(u or "empty" for u in text(part, "AVALU")[odd].unique())
                notes.warn(f"{code}: records left out whose AVALU is {units}.", int(odd.sum()))
            notes.map(f"Time of {code}", f"AVAL {unit.source}")
            if unit.note:
                notes.note(f"{code}: {unit.note}")
            if unit.doubt:
                notes.warn(f"{code}: {unit.doubt}", remedy="Check AVALU of these records.")
    if unknown:
        raise UserError(
            f"{adtte.name} does not give the unit of the times of {few(unknown)}.",
            "Add a column AVALU (DAYS, WEEKS, MONTHS or YEARS), choose the time unit where "
            'the columns are identified, or write time_unit = "days" in study.toml.',
            asks="unit",
        )
    if not np.isfinite(factor).any():
        raise UserError(
            f"{adtte.name} contains no time-to-event parameter.",
            "Check PARAMCD, AVALU and CNSR; if AVAL contains times, choose their unit on the page "
            "where the columns are identified.",
            tuple(apart[:SHOWN]),
        )
    return factor


def _usable(adtte: Table, frame: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    time, cnsr = frame["TIME"].to_numpy(), frame["CNSR"].to_numpy()
    known = np.isfinite(cnsr)
    reasons = (
        (np.isnan(time), "without AVAL"),
        (np.isinf(time), "with an infinite time"),
        (time < 0, "with a time below 0"),
        (~known, "without CNSR"),
        (
            known & ((cnsr < 0) | (cnsr != np.round(cnsr))),
            "whose CNSR is not a whole number of 0 or more",
        ),
    )
    left = np.zeros(len(frame), dtype=bool)
    for bad, reason in reasons:
        new = bad & ~left
        if not new.any():
            continue
        those = frame[new]
        for code, rows in text(those, SUBJECT).groupby(text(those, "PARAMCD"), sort=False):
            notes.warn(f"{code}: records {reason} left out: {few(rows)}.", len(rows))
        left |= new
    if left.all():
        raise UserError(
            f"No record of {adtte.name} has both a time and CNSR.",
            "Check AVAL (0 or more) and CNSR (0 for an event, 1 or more for censored).",
            adtte.notes,  # such as formulas that were never calculated
        )
    return _only(frame, ~left)


def _no_duplicates(adtte: Table, frame: pd.DataFrame, flags: tuple[str, ...]) -> None:
    row, parameter = frame[ROW].to_numpy(), frame["PARAMCD"].cat.codes.to_numpy()
    key = row * (int(parameter.max()) + 1) + parameter
    twice = repeated(key)
    if twice.any():
        pairs = decode(frame.loc[twice, [SUBJECT, "PARAMCD"]]).drop_duplicates()
        raise UserError(
            f"{adtte.name} has {counted(len(pairs), 'subject', 'subjects')} with more than one"
            " record of a parameter.",
            "Keep one record per USUBJID and PARAMCD, or flag it with ANL01FL = Y"
            + (f"; {few(flags)} is not used in its place." if flags else "."),
            tuple(f"{short(s)}: {short(p)}" for s, p in pairs.head(SHOWN).itertuples(index=False)),
        )


def _as_times(frame: pd.DataFrame, specs: dict[str, EndpointSpec]) -> pd.DataFrame:
    """The times; texts as categoricals."""
    event = frame["CNSR"].to_numpy() == 0
    described, texts = coded(frame, "EVNTDESC")
    reason, reasons = coded(frame, "CNSDTDSC")
    code = frame["PARAMCD"].cat.codes.to_numpy()
    numbers = {name: i for i, name in enumerate(frame["PARAMCD"].cat.categories)}
    kinds, kind_texts = coded(frame, "EVNTTYPE")
    nothing = len(kind_texts) - 1
    kinds = np.where(kinds < 0, nothing, kinds)
    for spec in specs.values():
        if spec.type_column and spec.type_column != "EVNTTYPE":
            if spec.type_column not in frame:
                raise UserError(
                    f"Endpoint {spec.id}: ADTTE has no column {spec.type_column}.",
                    "Correct type_column in study.toml.",
                )
            rows = code == numbers[spec.id]
            others, other_texts = coded(frame, spec.type_column)
            kinds[rows] = others[rows] % len(other_texts) + len(kind_texts)
            kind_texts = np.concatenate([kind_texts, other_texts])
    competes = np.zeros(len(frame), dtype=bool)
    for spec in specs.values():
        for value, name in spec.competing:
            rows = (code == numbers[spec.id]) & (frame["CNSR"].to_numpy() == value)
            kinds[rows], competes[rows] = len(kind_texts), True
            kind_texts = np.append(kind_texts, name)
    # Where nobody enters late there are no entry times.
    entered = entry.DAYS in frame and bool((frame[entry.DAYS] > 0).any())
    late = {"ENTRY": frame[entry.DAYS].to_numpy()} if entered else {}
    return pd.DataFrame(
        late
        | {
            SUBJECT: frame[SUBJECT].array,
            "PARAMCD": frame["PARAMCD"].array,
            "TIME": frame["TIME"].to_numpy(),
            "EVENT": event,
            "EVENT_TEXT": pooled(
                np.where(
                    event | (reasons == "")[reason],
                    described % len(texts),
                    reason % len(reasons) + len(texts),
                ),
                np.concatenate([texts, reasons]),
            ),
            "EVENT_TYPE": pooled(np.where(event | competes, kinds, nothing), kind_texts),
            "CNSR": frame["CNSR"].to_numpy(dtype=float),
        },
        copy=False,
    )


def _in_order(codes: list[str], named: list[str]) -> list[str]:
    first = [*named, *_FIRST]
    return sorted(codes, key=lambda c: first.index(c) if c in first else len(first))


def _endpoint(code: str, label: str, spec: EndpointSpec | None, events: pd.DataFrame) -> Endpoint:
    """An endpoint; ``events`` holds the distinct kinds of event of every endpoint."""
    spec = spec or EndpointSpec(code)
    rows = events[(events["PARAMCD"] == code).to_numpy()]
    # "Progression: anemia (CRAB)" and its like are one kind of event in a title.
    kinds = {_in_sentence(t.partition(":")[0].strip()) for t in rows["EVENT_TEXT"].unique()}
    happened = sorted(kinds - {""})
    label = spec.label or strip_unit(label)
    type_column = spec.type_column or ("EVNTTYPE" if (rows["EVENT_TYPE"] != "").any() else None)
    good = event_is_good(code, label, happened) if spec.good is None else spec.good
    known = _HAPPENED.get(code.upper(), "") if good is (code.upper() == "TTR") else ""
    return Endpoint(
        id=checked_name(code, "An endpoint (PARAMCD)"),
        label=checked_name(label, f"The endpoint {short(code)} (PARAM)"),
        short=spec.short or _SHORT.get(code.upper(), "without the event" if good else "event-free"),
        event=spec.event or (_any_of(happened) if happened else label),
        landmarks=spec.landmarks,
        type_column=type_column,
        competing=tuple(name for _, name in spec.competing),
        good=good,
        happened=spec.happened or known,
    )


def _any_of(happened: list[str]) -> str:
    """What counts as the event, in a sentence: any of a few things, else some of them."""
    if len(happened) > SAID:
        return few(happened, SAID, longest=LONGEST_EVENT)
    return names.join_or([short(words, LONGEST_EVENT) for words in happened])


def _in_sentence(words: str) -> str:
    """Lower case but for abbreviations.

    >>> _in_sentence("Disease Progression on MRI"), _in_sentence("DEATH")
    ('disease progression on MRI', 'death')
    """
    if words.isupper():
        return words.lower()
    return " ".join(w if w.isupper() else w.lower() for w in words.split())
