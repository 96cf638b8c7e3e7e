"""Whether a column is one of dates, and whose. Oracle: SAS counts from 1960."""

from __future__ import annotations

import numpy as np
import pandas as pd

from services.reading.cells.rules import ValueRules
from services.reading.cells.stand_ins import settle
from services.reading.formats.table import Table
from tests.services.reading.cells.written import read


def test_a_column_named_as_a_date_that_holds_none_is_told() -> None:
    frame, findings = read({"PREVADT": ["Y", "N"], "ADT": ["0", "1"]})
    assert frame["PREVADT"].tolist() == ["Y", "N"]
    assert frame["ADT"].tolist() == [0.0, 1.0]
    assert [f.severity for f in findings] == ["note", "warning"]
    assert all("named like a date, but its values are not dates" in f.message for f in findings)


def test_a_file_of_sas_counts_as_sas() -> None:
    frame = pd.DataFrame({"USUBJID": ["a", "b"], "ADT": [19725.0, np.nan]})
    tables, findings = settle({"adtte": Table(frame, {}, "t.xpt", "SAS transport")}, ValueRules())
    assert tables["adtte"].frame["ADT"].iloc[0] == pd.Timestamp("2014-01-02")
    assert len(findings) == 1
