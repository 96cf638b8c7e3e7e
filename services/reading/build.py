"""ADaM tables in, a ``Study`` out, with a report of what was read, taken and left out.

Accepted are ADSL (subjects), ADTTE (times to events) and ADAE (adverse events), in any format
``formats`` reads, and a ``study.toml`` with what tables cannot say. ADTTE is enough if it holds an
arm.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from services.checked import changed
from services.errors import UserError, few
from services.format import counted
from services.reading import arms as reading_arms
from services.reading import entry, starts
from services.reading import subjects as reading_subjects
from services.reading import times as reading_times
from services.reading.cells.stand_ins import settle
from services.reading.checks import doctor
from services.reading.checks.contradictions import late_entry
from services.reading.columns import upper_columns
from services.reading.events import take_events
from services.reading.formats.table import Table
from services.reading.report import Notes
from services.reading.study_toml import Meta, parse_meta
from services.study.model import (
    ARMS_OF_SUBJECTS,
    SUBJECT,
    Endpoint,
    Kind,
    Metadata,
    Provenance,
    Study,
    apart,
    content_hash,
)
from services.study.population import MOST_FILTERS, filter_columns
from services.study.states import NONE
from services.values.flags import flag, written_alike
from services.values.frames import decode, decoded, encode, first_of, text, with_columns


def build(
    adsl: Table | None,
    adtte: Table,
    adae: Table | None,
    *,
    id: str,
    meta: Mapping[str, Any] | Meta | None = None,
    kind: Kind = "real",
    used: Collection[str] = (),
) -> Study:
    """Make a study of its tables.

    Parameters
    ----------
    adsl : one row per subject; without it, what ADTTE says of each subject is used
    adtte : one row per subject and parameter: USUBJID, PARAMCD, AVAL, CNSR
    adae : one row per adverse event
    id : for addresses
    meta : content of ``study.toml``
    kind : what the study is
    used : columns that were told to be outcome, time, subject or arm: no characteristics

    Returns
    -------
    Study ; ``report`` says what was taken from where and what was left out

    Raises
    ------
    UserError : the tables make no study; names file, column and remedy
    """
    meta = _apart(meta if isinstance(meta, Meta) else parse_meta(meta or {}))
    notes = Notes()
    for table in (adsl, adtte, adae):
        if table is not None:
            notes.file(table)
    given = {"adsl": adsl, "adtte": adtte, "adae": adae}
    tables, told = settle(
        {role: _flags(upper_columns(table)) for role, table in given.items() if table is not None},
        meta.values,
    )
    notes.findings += told
    adsl, adae = tables.get("adsl"), tables.get("adae")
    adtte = reading_times.check_columns(tables["adtte"])
    adtte = replace(adtte, frame=encode(adtte.frame, SUBJECT, "PARAMCD"))
    entered = entry.column_of(adtte, meta.entry, meta.source)
    used = {*used, entered}
    subjects, left_out = _subjects(adsl, adtte, meta, notes, used)
    arms = reading_arms.make_arms(subjects, adtte.frame, meta, notes)
    reading_subjects.tell_flags(subjects, notes)
    times, endpoints, records = reading_times.build_times(adtte, subjects, meta, notes)
    events = None
    if adae is not None:
        events = take_events(adae, subjects, left_out, arms, notes)
    days = starts.days_between(records, subjects)
    if kind != "simulated":  # whose study.toml says what is odd about them
        notes.findings += doctor.examine(doctor.Tables(subjects, times, records, days, events))
        others = adtte.frame.drop(columns=[c for c in (entered,) if c])
        notes.findings += late_entry(others, adtte.frame["AVAL"])
    for role, named in (("adtte", adtte.frame), ("adae", events)):
        if named is not None:
            reading_subjects.check_named(role, named.columns, meta)
    subjects, derived = reading_subjects.derive(subjects, notes)
    labels = {name: name for name in ARMS_OF_SUBJECTS} | dict((adsl or adtte).labels)
    labels = {apart(name, ARMS_OF_SUBJECTS): label for name, label in labels.items()}
    # Nothing about simulated patients was observed.
    default: Provenance = "illustrative" if kind == "simulated" else "observed"
    columns = reading_subjects.describe(subjects, labels, derived, meta, default, used)
    reading_subjects.check_stratification(subjects, meta)
    title = meta.title or id
    if not meta.title:
        notes.note(f"No title given: “{title}” is used.", remedy="Set title in study.toml.")
    metadata = Metadata(
        short_title=meta.short_title or title,
        summary=meta.summary,
        design=meta.design,
        data_cut=meta.data_cut,
        time_origin=meta.time_origin,
        kind_note=meta.kind_note,
        citation=dict(meta.citation),
        figures=meta.figures,
        conflicts=meta.conflicts,
        stratification=meta.stratification or reading_subjects.strata_of(subjects, notes),
        calibrated=meta.calibrated,
    )
    # Words too: what is cached on this hash shows them.
    words = repr((id, title, kind, arms, endpoints, columns, metadata))
    states = _states(meta, endpoints)
    words += repr(states) if states else ""
    made = Study(
        id=id,
        title=title,
        kind=kind,
        subjects=subjects,
        times=decode(times),
        adverse_events=None if events is None else decode(events),
        arms=arms,
        endpoints=endpoints,
        columns=columns,
        metadata=metadata,
        report=notes.report(),
        states=states,
        sha256=content_hash(
            {"subjects": subjects, "times": times, "adverse_events": events}, words
        ),
    )
    if len(filter_columns(made)) < MOST_FILTERS:
        return made
    notes.note(
        f"Patients can be grouped and filtered by the first {MOST_FILTERS} columns that can be used"
        " for it; the others are not offered.",
        remedy="Send only the columns that are needed, or name those in study.toml: [[columns]],"
        " filter = true.",
    )
    return replace(made, report=notes.report())


def _states(meta: Meta, endpoints: Collection[Endpoint]) -> tuple[tuple[str, str], ...]:
    """What was said of the model of states, its endpoints being there."""
    ids = [e.id for e in endpoints]
    for role, endpoint in meta.states.said:
        if endpoint not in ids and not (role == "treatment" and endpoint == NONE):
            raise UserError(
                f"{meta.source}: states.{role}: the study has no endpoint {endpoint!r}.",
                f"Use one of: {few(ids)}.",
            )
    told = [endpoint for _, endpoint in meta.states.said]
    twice = next((endpoint for endpoint in told if told.count(endpoint) > 1), None)
    if twice is not None:
        raise UserError(
            f"{meta.source}: states names the endpoint {twice!r} twice.",
            "Each state is told by an endpoint of its own.",
        )
    return meta.states.said


def _flags(table: Table) -> Table:
    """The table with its flags as ADaM writes them: a study is the same in any spelling."""
    frame = written_alike(table.frame)
    return table if frame is table.frame else replace(table, frame=frame)


def _apart(meta: Meta) -> Meta:
    """The words on columns, by the names these have among the subjects."""
    return changed(
        meta,
        columns=tuple(
            changed(spec, name=apart(spec.name, ARMS_OF_SUBJECTS)) if spec.file == "adsl" else spec
            for spec in meta.columns
        ),
        stratification=tuple(apart(name, ARMS_OF_SUBJECTS) for name in meta.stratification),
    )


def _subjects(
    adsl: Table | None, adtte: Table, meta: Meta, notes: Notes, used: Collection[str]
) -> tuple[pd.DataFrame, list[str]]:
    """The subjects with an arm, and the ids of those without."""
    from_times = None
    if adsl is None:
        subjects, source = reading_subjects.from_adtte(adtte), adtte.name
        notes.map("Subjects", f"{adtte.name} (no ADSL): its columns with one value per subject")
        _arm_varies(adtte, subjects)
    else:
        subjects, source = reading_subjects.from_adsl(adsl, notes), adsl.name
        notes.map("Subjects", adsl.name)
        if first_of(subjects, *reading_arms.PLANNED, *reading_arms.ACTUAL) is None:
            from_times = reading_subjects.from_adtte(adtte)
            _arm_varies(adtte, from_times)
    planned, actual = reading_arms.assign(subjects, source, from_times, notes)
    flagged = flag(subjects, "ITTFL").yes
    planned, actual = reading_arms.without_arm(
        planned, actual, flagged, lambda: _has_time(adtte, subjects.index), notes
    )
    planned, actual = reading_arms.alike_arms(planned, actual, meta, notes)
    spent = reading_subjects.no_characteristics(subjects, used)
    kept = [c for c in map(str, subjects.columns) if c not in spent]
    named = {apart(c, ARMS_OF_SUBJECTS): subjects[c] for c in kept}
    named |= {"ARM_PLANNED": planned, "ARM_ACTUAL": actual}
    subjects = pd.DataFrame(named, index=subjects.index, copy=False)
    none = ((planned == "") & (actual == "")).to_numpy()
    left_out = list(map(str, subjects.index[none]))
    if none.any():
        subjects = subjects[~none]
    if subjects.empty:
        raise UserError(f"{source} has no subject with an arm.", "Check TRT01P and TRT01A.")
    inside = reading_subjects.efficacy(subjects, notes)
    if not inside.all():
        # Nobody counts whom the efficacy population leaves out: its arm is none.
        subjects = with_columns(subjects, ARM_PLANNED=subjects["ARM_PLANNED"].where(inside, ""))
        notes.note("Subjects outside the efficacy population (ITTFL).", int((~inside).sum()))
    if adsl is not None:
        _same_arm(adtte, subjects, notes)
    return subjects, left_out


def _has_time(adtte: Table, ids: pd.Index) -> Any:
    """Which of these subjects have a time in ADTTE."""
    codes = adtte.frame[SUBJECT].cat.codes.to_numpy()
    timed = np.zeros(len(adtte.frame[SUBJECT].cat.categories) + 1, dtype=bool)
    timed[codes[adtte.frame["AVAL"].notna().to_numpy()]] = True
    return ids.isin(adtte.frame[SUBJECT].cat.categories[timed[:-1]])


def _arm_varies(adtte: Table, constant: pd.DataFrame) -> None:
    """Without an ADSL arm, a subject with two arms in ADTTE is an error."""
    if first_of(constant, *reading_arms.PLANNED, *reading_arms.ACTUAL):
        return
    name = first_of(adtte.frame, *reading_arms.PLANNED, *reading_arms.ACTUAL)
    if name is None:
        return
    said = pd.Series(decoded(adtte.frame[name]))
    arms = said.groupby(decoded(adtte.frame[SUBJECT]), sort=False).nunique(dropna=False)
    several = list(arms.index[arms > 1])
    raise UserError(
        f"{adtte.name}: {counted(len(several), 'subject has', 'subjects have')} more than one"
        f" {name}: {few(several)}.",
        "Give each subject one arm, or add an ADSL.",
    )


def _same_arm(adtte: Table, subjects: pd.DataFrame, notes: Notes) -> None:
    name = first_of(adtte.frame, *reading_arms.PLANNED)
    if name is None:
        return
    rows = reading_times.subject_rows(adtte.frame, subjects)
    other = reading_arms.says_otherwise(adtte.frame, name, subjects, "ARM_PLANNED", rows)
    if other.any():
        who = text(adtte.frame, SUBJECT)[other].unique()
        notes.warn(
            f"{name} of {adtte.name} is not ADSL's planned arm, which is used: {few(who)}.",
            len(who),
        )
