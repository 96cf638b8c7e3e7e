"""Studies with adverse events, for tests: six patients by hand, and two arms of any size."""

from __future__ import annotations

from functools import cache

import pandas as pd

from services.pages.safety.page import safety_page
from services.pages.safety.records import SafetyPage
from services.reading import build as reading_build
from services.reading.formats.read import read_table
from services.reading.formats.table import Table
from services.study.model import Study
from services.views.study import decode

# Six treated patients, one never treated, one outside the safety population.
ADSL = """USUBJID,TRT01P,TRT01A,SAFFL,SEX,TRTSDT,TRTEDT,LSTALVDT,DTHFL,DTHDT,EOTSTT
S1,Drug,Drug,Y,F,2020-01-01,2020-12-31,2021-12-31,,,COMPLETED
S2,Drug,Drug,Y,M,2020-01-01,2020-03-31,2020-04-10,Y,2020-04-10,DISCONTINUED
S3,Drug,Drug,Y,F,2020-01-01,2020-06-30,2020-06-30,,,ONGOING
S4,Placebo,Placebo,Y,F,2020-01-01,2020-12-31,2021-12-31,,,COMPLETED
S5,Placebo,Drug,Y,M,2020-01-01,2020-12-31,2021-12-31,,,COMPLETED
S6,Placebo,Placebo,Y,M,2020-01-01,2020-12-31,2021-12-31,,,COMPLETED
S7,Drug,,N,M,,,2020-02-01,,,
S8,Placebo,Placebo,N,F,2020-01-01,2020-12-31,2021-12-31,,,COMPLETED
"""
ADTTE = "USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR\n" + "".join(
    f"S{i},OS,Overall Survival,{100 * i},DAYS,{0 if i == 2 else 1}\n" for i in range(1, 9)
)
ADAE = """USUBJID,AESOC,AEDECOD,AETOXGR,AESER,AEREL,AEACN,AEOUT,TRTEMFL,ASTDT,AENDT
S1,Blood,Anemia,1,N,RELATED,DOSE NOT CHANGED,RECOVERED/RESOLVED,Y,2020-01-11,2020-01-20
S1,Blood,Anemia,3,N,RELATED,DOSE REDUCED,RECOVERED/RESOLVED,Y,2020-02-01,2020-02-10
S1,Blood,Neutropenia,2,N,NOT RELATED,DOSE NOT CHANGED,RECOVERED/RESOLVED,Y,2020-02-01,
S2,Blood,Neutropenia,4,Y,PROBABLE,DRUG WITHDRAWN,RECOVERED/RESOLVED,Y,2020-01-31,2020-03-31
S2,Heart,Arrest,5,Y,REMOTE,NOT APPLICABLE,FATAL,Y,2020-04-10,2020-04-10
S3,Gut,Nausea,,N,,DOSE NOT CHANGED,RECOVERED/RESOLVED,Y,2020-01-02,2020-01-03
S4,Gut,Nausea,1,N,NONE,DOSE NOT CHANGED,RECOVERED/RESOLVED,Y,2020-03-01,2020-03-02
S5,Blood,Anemia,2,N,POSSIBLE,DOSE NOT CHANGED,RECOVERED/RESOLVED,Y,2020-03-01,2020-03-02
S6,Gut,Nausea,2,N,NONE,DOSE NOT CHANGED,RECOVERED/RESOLVED,N,2019-12-30,2019-12-31
S8,Gut,Nausea,3,N,NONE,DOSE NOT CHANGED,RECOVERED/RESOLVED,Y,2020-03-01,2020-03-02
"""


def table(text: str, name: str) -> Table:
    return read_table(text.encode(), name)


@cache
def tiny(adae: str = ADAE, adsl: str = ADSL) -> Study:
    return reading_build.build(
        table(adsl, "adsl.csv"), table(ADTTE, "adtte.csv"), table(adae, "adae.csv"), id="tiny"
    )


def page(study: Study, query: str = "") -> SafetyPage:
    return safety_page(study, decode(query))


def synthetic(events: tuple[int, int], sizes: tuple[int, int]) -> Study:
    """Two arms of these sizes, of whom so many had the one event there is."""
    ids = [f"{arm}{i}" for arm, n in zip("AB", sizes, strict=True) for i in range(n)]
    adsl = pd.DataFrame({"USUBJID": ids, "TRT01P": [i[0] for i in ids]})
    adtte = pd.DataFrame({"USUBJID": ids, "PARAMCD": "OS", "PARAM": "Overall Survival",
                          "AVAL": 10.0, "AVALU": "DAYS", "CNSR": 1.0})  # fmt: skip
    had = [i for i in ids if int(i[1:]) < events["AB".index(i[0])]]
    adae = pd.DataFrame({"USUBJID": had, "AESOC": "Class", "AEDECOD": "Term"})
    tables = [Table(f, {}, n, "csv", ()) for f, n in
              ((adsl, "adsl"), (adtte, "adtte"), (adae, "adae"))]  # fmt: skip
    return reading_build.build(*tables, id="synthetic", meta={"reference_arm": "B"})


def overview(found: SafetyPage) -> dict[str, dict[str, tuple[int, int]]]:
    return {
        row.id: {arm: (c.subjects, c.events) for arm, c in row.arms.items()}
        for row in found.overview
    }


def terms(found: SafetyPage) -> dict[str, dict[str, int]]:
    return {row.name: {a: c.subjects for a, c in row.arms.items()} for row in found.leading}
