"""The subjects table: from ADSL, or from what ADTTE says of each subject."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import pandas as pd

from services import lists
from services.errors import SHOWN, UserError, few, short
from services.format import counted
from services.reading.arms import ACTUAL, PLANNED
from services.reading.columns import duplicated_subjects, natural_order, require
from services.reading.formats.table import Table
from services.reading.report import Notes
from services.reading.study_toml import ColumnSpec, Meta
from services.risk.models import MODELS, YES_OR_NO, has_input
from services.study.labels import LABELS, UNITS
from services.study.model import SUBJECT, Column, Provenance
from services.values.flags import flag, not_understood, quoted
from services.values.frames import by_appearance, decode, decoded, encode, is_coded, text

MAX_LEVELS = 50  # of a text column whose levels are put in order
AGE_BANDS = ("< 65", "65-74", ">= 75")

_STRATUM = re.compile(r"STRATA\d+|STRAT\d+R|STRATAR")

_LISTS = lists.beside(__file__)
_OF_EVENTS = frozenset(lists.words(_LISTS["of_events"]))


def from_adsl(adsl: Table, notes: Notes) -> pd.DataFrame:
    """ADSL indexed by subject.

    Raises
    ------
    UserError : no USUBJID, or a subject with more than one row
    """
    require(adsl, SUBJECT)
    frame = decode(adsl.frame)
    frame = frame.assign(**{SUBJECT: text(frame, SUBJECT)})
    unnamed = frame[SUBJECT] == ""
    if unnamed.any():
        notes.warn(f"{adsl.name}: rows without USUBJID left out.", int(unnamed.sum()))
        frame = frame[~unnamed]
    twice = duplicated_subjects(frame)
    if twice:
        raise UserError(
            f"{adsl.name} has more than one row for {counted(len(twice), 'subject', 'subjects')}.",
            "ADSL has one row per subject; remove the others.",
            tuple(map(short, twice[:SHOWN])),
        )
    return frame.set_index(SUBJECT)


def from_adtte(adtte: Table) -> pd.DataFrame:
    """One row per subject with the columns that do not vary within one."""
    frame = encode(adtte.frame, SUBJECT)
    named = (frame[SUBJECT].cat.codes >= 0).to_numpy()
    if not named.all():  # else uncopied
        frame = frame[named]
    codes, subjects = frame[SUBJECT].cat.codes.to_numpy(), frame[SUBJECT].cat.categories
    present, first = by_appearance(codes, len(subjects))
    if not np.array_equal(present, np.arange(len(subjects))):
        number = np.full(len(subjects), -1)
        number[present] = np.arange(len(present))
        codes, subjects = number[codes], subjects[present]
    columns = {}
    for name in map(str, frame.columns):
        if name == SUBJECT or name in _OF_EVENTS:
            continue
        values = frame[name]
        plain = values.cat.codes.to_numpy() if is_coded(values) else values.to_numpy()
        firsts = plain[first]
        repeated = firsts[codes]
        same = plain == repeated
        if not same.all():  # NaN differs from itself
            same |= pd.isna(plain) & pd.isna(repeated)
        if bool(same.all()):
            columns[name] = decoded(values.iloc[first])
    return pd.DataFrame(columns, index=subjects.rename(SUBJECT), copy=False)


def no_characteristics(subjects: pd.DataFrame, used: Collection[str]) -> list[str]:
    """The columns among ``used`` that say nothing else of a subject: arms, dates and flags stay."""
    arms = {*PLANNED, *ACTUAL}
    return [
        name
        for name in map(str, subjects.columns)
        if name in used and name not in arms and not name.endswith(("DT", "DTM", "FL"))
    ]


def efficacy(subjects: pd.DataFrame, notes: Notes) -> Any:
    """Who is in the efficacy population: those flagged by ``ITTFL``, or everyone without a flag."""
    said = flag(subjects, "ITTFL")
    if not said.recorded:
        notes.map("Efficacy population", "all subjects with a planned arm (no ITTFL)")
        return np.ones(len(subjects), dtype=bool)
    if said.lost:
        raise UserError(
            f"The efficacy population cannot be determined: ITTFL is {not_understood(said)}.",
            "Write Y and N, or leave the column out.",
        )
    inside = said.yes
    if not inside.any():
        raise UserError(
            "ITTFL is not Y for any subject; it contains "
            f"{quoted([v for v, _, _ in said.values if v])}.",
            "Write Y for subjects of the intention-to-treat population, or leave the column out.",
        )
    notes.map("Efficacy population", f"ITTFL = Y ({int(inside.sum()):,} of {len(subjects):,})")
    return inside


_FLAGS: dict[str, tuple[str, str]] = _LISTS["flags"]


def tell_flags(subjects: pd.DataFrame, notes: Notes) -> None:
    """Say how the flags of the subjects were read, and what in them was not understood."""
    for name, (meaning, otherwise) in _FLAGS.items():
        said = flag(subjects, name)
        if said.lost:
            notes.warn(
                f"{name} ({meaning}) is {not_understood(said)}. It is not used for any patient.",
                sum(said.odd.values()),
                "Write Y and N, or leave the column out.",
            )
        elif said.odd:
            notes.warn(
                f"{name} ({meaning}) contains values that are not understood; {otherwise}: "
                f"{quoted(list(said.odd))}.",
                sum(said.odd.values()),
                "Write Y and N.",
            )
    said = flag(subjects, "SAFFL")
    if said.understood and not said.yes.any():
        notes.warn("SAFFL is not Y for any patient: the safety population is empty.", len(subjects))
    if said.understood:
        actual = said.yes & (subjects["ARM_ACTUAL"] != "").to_numpy()
        notes.map("Safety population", f"SAFFL = Y ({int(actual.sum()):,} of {len(subjects):,})")
    elif not said.recorded:
        notes.map("Safety population", "all subjects with an actual arm (no SAFFL)")


def derive(subjects: pd.DataFrame, notes: Notes) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Add age bands and risk groups where their inputs are there and they are not."""
    added: dict[str, Any] = {}
    columns = {}
    if "AGEGR1" not in subjects and _in_years(subjects):
        age = subjects["AGE"].to_numpy()
        bands = np.array([*AGE_BANDS, np.nan], dtype=object)
        added["AGEGR1"] = bands[np.where(np.isnan(age), 3, (age >= 65) * 1 + (age >= 75) * 1)]
        columns["AGEGR1"] = Column(
            "AGEGR1", LABELS["AGEGR1"], provenance="derived", derived_from=("AGE",),
            note="Grouped here from AGE.", levels=AGE_BANDS,
        )  # fmt: skip
        notes.map("Age group", "AGEGR1, grouped here from AGE")
    for model in MODELS:
        if model.id in subjects or not all(has_input(subjects, c) for c in model.inputs):
            continue
        added[model.id] = model.groups(*(subjects[c] for c in model.inputs))
        columns[model.id] = Column(
            model.id, model.title, provenance="derived", derived_from=model.inputs,
            note=f"{model.rule[0].upper()}{model.rule[1:]}. {model.reference}.",
            levels=model.levels,
        )  # fmt: skip
        notes.map(model.title, f"{model.id}, computed here from {', '.join(model.inputs)}")
    for name in YES_OR_NO:
        said = flag(subjects, name)
        if said.odd:
            notes.warn(
                f"{name} (risk models): values not understood count as not known: "
                f"{quoted(list(said.odd))}.",
                sum(said.odd.values()),
                "Write Y or N.",
            )
    return subjects.assign(**added), columns


def _in_years(subjects: pd.DataFrame) -> bool:
    if "AGE" not in subjects or subjects["AGE"].dtype != np.float64:
        return False
    units = set(text(subjects, "AGEU", str.upper).unique()) - {""}
    return units <= {"YEARS", "YEAR"} and bool(subjects["AGE"].notna().any())


def describe(
    subjects: pd.DataFrame,
    labels: dict[str, str],
    derived: dict[str, Column],
    meta: Meta,
    default: Provenance,
    used: Collection[str] = (),
) -> dict[str, Column]:
    """What is known of each column; ``study.toml`` first, then the file, then ADaM's own labels.

    ``default`` is the provenance of a column ``study.toml`` does not speak of. Of columns that were
    ``used`` for something else it may speak; they are no characteristics all the same.
    """
    check_named("adsl", [SUBJECT, *subjects.columns, *used], meta)
    named = [s.name for s in meta.columns if s.file == "adsl" and s.name in subjects]
    order = dict.fromkeys([*named, *map(str, subjects.columns)])
    return {
        name: _describe(
            name,
            subjects,
            derived.get(name)
            or Column(name, labels.get(name) or LABELS.get(name) or name, provenance=default),
            meta.column(name) or ColumnSpec(name),
        )
        for name in order
    }


def check_named(file: str, columns: Iterable[str], meta: Meta) -> None:
    """Raise a UserError if ``study.toml`` names a column the file does not have."""
    has = set(columns)
    unknown = [spec.name for spec in meta.columns if spec.file == file and spec.name not in has]
    if unknown:
        raise UserError(
            f"{meta.source}: [[columns]] names {few(unknown)}, which {file.upper()} does not have.",
            "Correct the name, or specify its file with file.",
        )


def strata_of(subjects: pd.DataFrame, notes: Notes) -> tuple[str, ...]:
    """The stratification factors by their usual names: STRATA1, STRAT1R, STRATAR."""
    names = tuple(n for n in map(str, subjects.columns) if _STRATUM.fullmatch(n))
    if names:
        notes.map("Stratification factors", f"{', '.join(names)}, by their names")
    return names


def check_stratification(subjects: pd.DataFrame, meta: Meta) -> None:
    """Raise a UserError if the stratification factors are not columns of the subjects."""
    unknown = [name for name in meta.stratification if name not in subjects]
    if unknown:
        raise UserError(
            f"{meta.source}: stratification names {few(unknown)}, which ADSL does not have.",
            "Name columns of ADSL.",
        )


def _describe(name: str, subjects: pd.DataFrame, base: Column, spec: ColumnSpec) -> Column:
    provenance: Provenance = spec.provenance or base.provenance
    values = subjects[name]
    levels = spec.levels or base.levels
    if values.dtype == object:
        present = [str(v) for v in pd.Series(values.unique()).dropna() if v != ""]
        rest = [v for v in present if v not in levels]
        if len(rest) <= MAX_LEVELS:
            levels = (*levels, *natural_order(rest, subjects, name)) if rest else levels
    return Column(
        name=name,
        label=spec.label or base.label,
        unit=spec.unit or UNITS.get(name, ""),
        provenance=provenance,
        filter=spec.filter,
        derived_from=base.derived_from,
        note=spec.note or base.note,
        levels=tuple(levels),
    )
