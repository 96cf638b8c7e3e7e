"""ADaM columns: their standard names, labels and how to get at their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from services.coded import coded
from services.errors import UserError, few
from services.natural import natural_key
from services.reading.headers import adam_names
from services.study import SUBJECT
from services.tables import Table

LABELS = {
    "STUDYID": "Study identifier",
    "USUBJID": "Subject",
    "SUBJID": "Subject in the study",
    "SITEID": "Study site",
    "AGE": "Age",
    "AGEU": "Unit of age",
    "AGEGR1": "Age group",
    "SEX": "Sex",
    "RACE": "Race",
    "RACEGR1": "Race group",
    "ETHNIC": "Ethnicity",
    "COUNTRY": "Country",
    "REGION1": "Region",
    "ARM": "Planned arm",
    "ARMCD": "Planned arm code",
    "ACTARM": "Actual arm",
    "ACTARMCD": "Actual arm code",
    "TRT01P": "Planned treatment",
    "TRT01A": "Actual treatment",
    "TRTP": "Planned treatment",
    "TRTA": "Actual treatment",
    "ARM_PLANNED": "Planned arm",
    "ARM_ACTUAL": "Actual arm",
    "ITTFL": "Intention-to-treat population",
    "SAFFL": "Safety population",
    "FASFL": "Full analysis set",
    "PPROTFL": "Per-protocol population",
    "RANDDT": "Date of randomization",
    "TRTSDT": "First dose",
    "TRTEDT": "Last dose",
    "TRTSDTM": "First dose",
    "TRTEDTM": "Last dose",
    "TRTDURD": "Days on treatment",
    "STRATA1": "Stratification factor 1",
    "STRATA2": "Stratification factor 2",
    "STRATA3": "Stratification factor 3",
    "EOSSTT": "End of study status",
    "EOTSTT": "End of treatment status",
    "DCSREAS": "Reason for leaving the study",
    "DCTREAS": "Reason for stopping treatment",
    "DTHFL": "Died",
    "DTHDT": "Date of death",
    "DTHCAUS": "Cause of death",
    "ECOG": "ECOG performance status",
    "ECOGBL": "ECOG performance status",
    "BMIBL": "Body mass index",
    "HEIGHTBL": "Height",
    "WEIGHTBL": "Weight",
    "BMPC": "Marrow plasma cells",
    "MPROT": "M-protein",
    "FLCR": "Free light chain ratio",
    "MAYO2018": "Mayo 2018 risk",
}
UNITS = {"AGE": "years", "BMPC": "%", "MPROT": "g/dL"}

_ORDERS = (
    ("NONE", "VERY LOW", "LOW", "MEDIUM", "INTERMEDIATE", "MODERATE", "HIGH", "VERY HIGH"),
    ("NONE", "MILD", "MODERATE", "SEVERE"),
    ("NORMAL", "ABNORMAL"),
    ("NO", "YES"),
    ("N", "Y"),
)


def upper_columns(table: Table) -> Table:
    """The same table with ADaM's upper-case column names (``tables`` made sure they differ).

    A header that is CDISC's label of a column ("Analysis Value") becomes that column's name.
    """
    names = [str(c).strip().upper() for c in table.frame.columns]
    called = adam_names(names)
    plain = all(k == k.strip().upper() for k in table.labels)
    if names == list(table.frame.columns) and plain and not called:
        return table  # as it is: a copy of a million rows takes its time
    frame = table.frame.set_axis([called.get(name, name) for name in names], axis=1)
    headers = dict(zip(names, map(str, table.frame.columns), strict=True))
    labels = {name: headers[header] for header, name in called.items()}
    labels |= {k.strip().upper(): v for k, v in table.labels.items()}
    return replace(table, frame=frame, labels=labels)


def as_spelled(table: Table) -> dict[str, str]:
    """The table's headers as its file spells them, by the name ``upper_columns`` gives each."""
    headers = {str(c).strip().upper(): str(c).strip() for c in table.frame.columns}
    called = adam_names(list(headers))
    return {called.get(name, name): header for name, header in headers.items()}


def text(frame: pd.DataFrame, column: str, change: Callable[[str], str] | None = None) -> Any:
    """A column as text, "" where missing; all "" if there is no such column.

    ``change`` is applied to each distinct value: over a million rows of a few levels that is
    the difference between milliseconds and seconds.
    """
    if column in frame and change is None and frame[column].dtype == object:
        values = frame[column]
        missing = values.isna()
        return values.where(~missing, "") if missing.any() else values
    codes, texts = coded(frame, column, change)
    return pd.Series(texts[codes], index=frame.index)


def first_of(frame: pd.DataFrame, *names: str) -> str | None:
    """The first of these columns that holds anything."""
    for name in names:
        if name in frame and frame[name].notna().any():
            return name
    return None


def require(table: Table, *names: str, remedy: str = "") -> None:
    """Raise a UserError that names the columns a table lacks."""
    missing = [name for name in names if name not in table.frame]
    if missing:
        has = few(table.frame.columns)
        raise UserError(
            f"{table.name} has no column {' or '.join(missing)}.",
            remedy or f"Rename the column that holds it. The file has: {has}.",
        )


def natural_order(levels: list[str], frame: pd.DataFrame, name: str) -> tuple[str, ...]:
    """Levels in the order a reader expects.

    By the coded copy (``AGEGR1N`` beside ``AGEGR1``) if there is one, else a known scale (low to
    high), else as ``natural_key`` has it ("< 65" before "65-74", "Site 2" before "Site 10").
    """
    numbers = name + "N"
    if numbers in frame and frame[numbers].dtype == np.float64:
        first = frame[numbers].groupby(frame[name]).agg(["min", "max"])
        if bool((first["min"] == first["max"]).all()) and first["min"].is_unique:
            return tuple(first["min"].sort_values().index.map(str))
    upper = {level.upper() for level in levels}
    for order in _ORDERS:
        if upper <= set(order):
            return tuple(sorted(levels, key=lambda v: order.index(v.upper())))
    return tuple(sorted(levels, key=natural_key))


def duplicated_subjects(frame: pd.DataFrame) -> list[str]:
    """The subjects with more than one row."""
    twice = frame[SUBJECT].duplicated(keep="first")
    return list(dict.fromkeys(frame.loc[twice, SUBJECT]))
