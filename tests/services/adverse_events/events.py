"""Studies of six patients with events of given values, for tests."""

from __future__ import annotations

from typing import Any

import pandas as pd

from services.pages.safety.page import safety_page
from services.pages.safety.records import SafetyPage
from services.reading import build as reading_build
from services.reading.formats.read import read_table
from services.study.model import Study
from services.views.study import decode

Rows = list[dict[str, Any]]

WHO = [f"P{i}" for i in range(1, 7)]


def event(who: int, **values: str) -> dict[str, str]:
    base = {"AEBODSYS": "Skin", "AEDECOD": "Rash", "AETOXGR": "3", "AESER": "Y", "AEREL": "Y",
            "AEACN": "DRUG WITHDRAWN", "AEOUT": "FATAL", "TRTEMFL": "Y"}  # fmt: skip
    return {"USUBJID": f"P{who}"} | base | values


def build(rows: Rows, adsl: Rows | None = None) -> Study:
    subjects = adsl or [{"USUBJID": w, "TRT01P": "DDDPPP"[i]} for i, w in enumerate(WHO)]
    times = [{"USUBJID": w, "PARAMCD": "OS", "AVAL": 9, "AVALU": "DAYS", "CNSR": 0} for w in WHO]
    tables = (
        read_table(pd.DataFrame(rows).to_csv(index=False).encode(), name)
        for name, rows in (("adsl.csv", subjects), ("adtte.csv", times), ("adae.csv", rows))
    )
    return reading_build.build(*tables, id="events")


def three(**values: str) -> Study:
    """Two patients on D and one on P with an event of these values."""
    return build([event(i, **values) for i in (1, 2, 4)])


def page(study: Study, query: str = "") -> SafetyPage:
    return safety_page(study, decode(query))


def counted(study: Study, row: str) -> dict[str, int] | str:
    """Patients by arm, or the reason why there is not a number."""
    found = next(r for r in page(study).overview if r.id == row)
    return found.reason or {a: c.subjects for a, c in found.arms.items()}


def told(study: Study) -> str:
    report = study.report
    return "\n".join([f.message for f in report.findings] + [" = ".join(m) for m in report.mapped])
