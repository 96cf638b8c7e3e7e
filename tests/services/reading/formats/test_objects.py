"""Columns of values of any kind."""

from __future__ import annotations

import json

import pytest

from services.reading.formats.read import read_table
from tests.bad_files import dataset_json


def test_numbers_beyond_a_double_are_missing() -> None:
    columns = [{"name": "X", "dataType": "integer"}]
    table = read_table(dataset_json(columns=columns, rows=[[10**400], [1]], records=2), "t.json")
    assert table.frame["X"].isna().tolist() == [True, False]


RECORDS = [{"USUBJID": "S1", "AVAL": 10, "FL": True}, {"USUBJID": "S2", "NOTE": "é"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("lines", [False, True])
def test_a_list_of_records_is_a_table(encoding: str, lines: bool) -> None:
    rows = [json.dumps(row, ensure_ascii=False) for row in RECORDS]
    text = "\n".join(rows) if lines else f"[{', '.join(rows)}]"
    table = read_table(text.encode(encoding), "t.json")
    assert table.format == "JSON"
    assert list(table.frame) == ["USUBJID", "AVAL", "FL", "NOTE"]
    assert table.frame["AVAL"].tolist()[0] == 10.0
    assert table.frame.isna().sum().tolist() == [0, 1, 1, 1]
    assert table.frame["NOTE"].tolist()[1] == "é"


def test_nested_values_of_records_are_left_out_and_told() -> None:
    table = read_table(b'[{"A": 1, "B": [1]}, {"A": 2, "B": {"c": 1}}]', "t.json")
    assert list(table.frame) == ["A"]
    assert table.notes == ("B contains lists or records: left out.",)
