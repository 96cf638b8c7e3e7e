"""The first records of an upload as the file has them, beside what is understood of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from services.pages.mapping.records import ModelPreview, Preview, Readings
from services.reading.formats.table import Table
from services.reading.mapping import column_values
from services.reading.units import DAYS_PER, strip_unit
from services.statistics.states.rows import rows_of
from services.study.model import SUBJECT, Study
from services.study.states import courses, left_out, model_of
from services.values import alike
from services.values.event_words import matched
from services.values.frames import coded, number_text, text

ROWS = 8


def readings(table: Table, column: str, events: Sequence[str]) -> Readings | None:
    """How many rows each value of the status column has; ``None`` for too many values.

    Parameters
    ----------
    table : of times, with columns in capitals
    events : the values chosen as the event
    """
    if column not in table.frame:
        return None
    levels = column_values(table.frame[column])
    if not levels:
        return None
    codes, texts = coded(table.frame, column)
    tally = np.bincount(codes[codes >= 0], minlength=len(texts))
    rows = dict(zip(map(str, texts), tally.tolist(), strict=True))
    found, _ = matched(events, levels)
    if column == "CNSR" and not events:
        found = tuple(level for level in levels if level == "0")
    return Readings(column, tuple((level, int(rows.get(level, 0))) for level in levels), found)


def preview(study: Study, mapped: Table, raw: Table, status: str, note: str) -> Preview:
    """What the choices make of the table.

    Parameters
    ----------
    mapped, raw : the table of times as it is understood and as it came, row by row the same
    status : the column of ``raw`` that says event or censoring
    note : what is to be known of the counts
    """
    times = study.times
    labels = {e.id: strip_unit(e.label) for e in study.endpoints}
    grouped = times.groupby("PARAMCD", sort=False)["EVENT"].agg(["size", "sum"])
    counts = tuple(
        (labels.get(str(code), str(code)), int(size), int(events), int(size - events))
        for code, size, events in grouped.itertuples()
    )
    planned = text(study.subjects, "ARM_PLANNED").value_counts()
    arms = tuple((a.name, int(planned.get(a.name, 0))) for a in study.arms)
    return Preview(_rows(study, mapped, raw, status, labels), counts, arms, note)


def model_preview(study: Study) -> ModelPreview | None:
    """What the endpoints say of where patients are; ``None`` where they say nothing."""
    model = model_of(study)
    if model is None:
        return None
    found = courses(study, model, np.ones(len(study.subjects), dtype=bool))
    rows = rows_of(found.entered, found.end)
    arm = study.subjects["ARM_PLANNED"].to_numpy()[found.rows][rows.subject]
    last = len(model.states) - 1
    moves = {
        (a, b): tuple(
            int(((rows.state == a) & (rows.to == b) & (arm == one.name)).sum())
            for one in study.arms
        )
        for a in range(last)
        for b in range(a + 1, last + 1)
    }
    labels = {e.id: strip_unit(e.label) for e in study.endpoints}
    return ModelPreview(
        states=model.states,
        told=tuple(zip(model.states[1:], (labels[e] for e in model.endpoints), strict=True)),
        arms=tuple((one.name, one.color) for one in study.arms),
        moves=moves,
        left_out=left_out(found),
    )


def _rows(
    study: Study, mapped: Table, raw: Table, status: str, labels: Mapping[str, str]
) -> tuple[tuple[str, str, str, str, str, str], ...]:
    head = mapped.frame.head(ROWS)
    subjects = text(head, SUBJECT).tolist()
    codes = text(head, "PARAMCD" if "PARAMCD" in head else "PARAM").tolist()
    said = text(raw.frame.head(ROWS), status).tolist()
    some = study.times[study.times[SUBJECT].isin(subjects)]
    known = {
        (str(who), str(code)): (float(time), bool(event))
        for who, code, time, event in zip(
            some[SUBJECT], some["PARAMCD"], some["TIME"], some["EVENT"], strict=True
        )
    }
    # Codes that differ in case alone may be one endpoint, under one of their spellings.
    one = {alike.key(code): code for code in labels}
    arm = study.subjects["ARM_PLANNED"]
    rows = []
    for who, code, value, word in zip(subjects, codes, head["AVAL"], said, strict=True):
        code = code if code in labels else one.get(alike.key(code), code)
        found = known.get((who, code))
        days, event = found if found else (np.nan, False)
        rows.append(
            (
                who,
                labels.get(code, code),
                str(arm.get(who, "")),
                _time(value, days),
                word,
                ("Event" if event else "Censored") if found else "Left out",
            )
        )
    return tuple(rows)


def _time(value: Any, days: float) -> str:
    """A time as the file has it, with the unit it is understood in: "24.2 months"."""
    if not isinstance(value, (float, int, np.number)):
        return str(value)
    if np.isnan(value):
        return ""
    written = number_text(float(value))
    if value == 0 or np.isnan(days):
        return written
    unit, factor = min(DAYS_PER.items(), key=lambda u: abs(np.log(max(days / value / u[1], 1e-9))))
    close = abs(days / value / factor - 1) < 1e-6
    return f"{written} {unit.removesuffix('s') if value == 1 else unit}" if close else written
