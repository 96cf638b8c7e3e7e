"""Small ADaM tables for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from services.reading import build as reading_build
from services.reading.formats.read import read_table
from services.reading.formats.table import Table
from services.study.model import Study

ADSL = """USUBJID,TRT01P,TRT01PN,TRT01A,ITTFL,SAFFL,AGE,AGEU,SEX,BMPC,MPROT,FLCR
S1,Drug,1,Drug,Y,Y,64,YEARS,F,20,2,20
S2,Drug,1,,Y,N,65,YEARS,M,21,2,20
S3,Placebo,2,Drug,Y,Y,74,YEARS,,21,2.5,1
S4,Placebo,2,Placebo,N,Y,75,YEARS,F,21,,
S5,Screen Failure,,Screen Failure,N,N,50,YEARS,M,1,1,1
"""
ADTTE = """USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,EVNTDESC,CNSDTDSC
S1,PFS,Progression-Free Survival (Months),1,MONTHS,0,Progression: anemia (CRAB),
S2,PFS,Progression-Free Survival (Months),0,MONTHS,2,,Withdrew
S3,PFS,Progression-Free Survival (Months),3,MONTHS,0,DEATH,
S4,PFS,Progression-Free Survival (Months),3,MONTHS,0,DEATH,
S1,OS,Overall Survival (Months),40,MONTHS,1,Alive,
"""


def table(text: str, name: str = "t.csv") -> Table:
    return read_table(text.encode(), name)


def build(
    adtte: str = ADTTE, adsl: str | None = ADSL, adae: str | None = None, **meta: Any
) -> Study:
    return reading_build.build(
        table(adsl, "adsl.csv") if adsl else None,
        table(adtte, "adtte.csv"),
        table(adae, "adae.csv") if adae else None,
        id="test",
        meta=meta,
    )


def tte(rows: str, header: str = "USUBJID,TRTP,PARAMCD,PARAM,AVAL,AVALU,CNSR") -> str:
    return header + "\n" + rows.strip().replace(" ", "") + "\n"


def messages(study: Study, severity: str = "") -> str:
    return "\n".join(
        f"{f.message} [{f.count}]" for f in study.report.findings if severity in f.severity
    )


def write(folder: Path, adsl: str = "cADSL.CSV", adtte: str = "study_adtte.csv") -> None:
    """The two tables in a folder, under any names."""
    (folder / adsl).write_text(ADSL)
    (folder / adtte).write_text(ADTTE)
