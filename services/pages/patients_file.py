"""The file of patients that a page's scripts read: columns of the page, then the study's own."""

from __future__ import annotations

import io

import pandas as pd

from services.csv_text import write_frame, write_notes
from services.study.model import SUBJECT, apart
from services.units import DAYS_PER_UNIT

OWN = ("USUBJID", "ARM", "TIME", "EVENT", "EVENT_TYPE", "STRATUM", "STRATUM_LABEL", "LEVEL")


def column_name(name: str) -> str:
    """What a column of the study is called in the file; never as one of ``OWN``.

    >>> column_name("SEX"), column_name("TIME")
    ('SEX', 'TIME_')
    """
    return apart(name, OWN)


def own_columns(records: pd.DataFrame, unit: str) -> pd.DataFrame:
    """What every page's file begins with: USUBJID, ARM, TIME in ``unit`` and EVENT.

    Parameters
    ----------
    records : USUBJID, ARM_PLANNED, TIME (days) and EVENT, a row per patient; missing as it may be
    """
    return pd.DataFrame(
        {
            "USUBJID": records[SUBJECT],
            "ARM": records["ARM_PLANNED"],
            "TIME": records["TIME"] / DAYS_PER_UNIT[unit],
            "EVENT": records["EVENT"].astype("Int64"),
        }
    )


def patients_file(out: io.StringIO, own: pd.DataFrame, covariates: pd.DataFrame) -> str:
    """CSV, one row per patient; lines starting with # say what the columns are.

    Parameters
    ----------
    out : the file's head, as ``export.csv_head`` makes it
    own : columns of the page, all of them among ``OWN``
    covariates : the same rows, columns of the study by their names
    """
    names = [column_name(str(name)) for name in covariates.columns]
    renamed = [
        f"{name} holds the study's column {was}"
        for was, name in zip(map(str, covariates.columns), names, strict=True)
        if was != name
    ]
    write_notes(out, [("Names", "; ".join(renamed))] if renamed else [])
    beside = covariates.set_axis(names, axis=1).set_axis(own.index, axis=0)
    return write_frame(out, pd.concat([own, beside], axis=1))
