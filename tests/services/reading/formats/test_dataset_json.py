"""Dataset-JSON and zip archives by properties. Oracle: the rows and files that were written."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import UserError
from services.reading.formats.read import read_table
from tests.bad_files import dataset_json
from tests.services.reading.formats.small import in_words

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9)


@given(st.lists(st.tuples(TEXTS, st.none() | NUMBERS), min_size=1, max_size=6))
def test_values_come_back(rows: list[tuple[str, Any]]) -> None:
    columns = [{"name": "PARAM", "dataType": "string"}, {"name": "AVAL", "dataType": "double"}]
    content = dataset_json(columns=columns, rows=[list(r) for r in rows], records=len(rows))
    table = read_table(content, "t.json")
    assert table.format == "Dataset-JSON"
    expected = [np.nan if v is None else float(v) for _, v in rows]
    np.testing.assert_array_equal(table.frame["AVAL"].to_numpy(), expected)
    for (written, _), read in zip(rows, table.frame["PARAM"], strict=True):
        assert read != read or read == written.strip()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@given(st.sampled_from(["columns", "rows", "records", "datasetJSONVersion", "name"]), JSON)
def test_any_json_is_read_or_refused_in_words(key: str, value: Any) -> None:
    try:
        table = read_table(dataset_json(**{key: value}), "t.json")
    except UserError as problem:
        in_words(problem, "t.json")
    else:
        assert len(table.frame)


@given(st.data())
def test_a_damaged_file_is_read_or_refused_in_words(data: st.DataObject) -> None:
    content = dataset_json()
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255))
    try:
        read_table(content[:at] + bytes([byte]) + content[at + 1 :], "t.json")
    except UserError as problem:
        in_words(problem, "t.json")


def test_dates_labels_and_missing_values() -> None:
    columns = [
        {"name": "ADT", "label": "Date", "dataType": "date", "targetDataType": "integer"},
        {"name": "ADTM", "label": "", "dataType": "datetime"},
        {"name": "X", "dataType": "decimal"},
        {"name": "ITTFL", "dataType": "boolean"},
    ]
    rows = [["2024-01-31", "2024-01-31T10:00:00", "1.5", True], [None, None, "", None]]
    table = read_table(dataset_json(columns=columns, rows=rows, records=2), "t.json")
    assert str(table.frame["ADT"].iloc[0]) == "2024-01-31 00:00:00"
    assert str(table.frame["ADTM"].iloc[0]) == "2024-01-31 10:00:00"
    assert table.frame["X"].iloc[0] == 1.5
    assert table.frame["ITTFL"].iloc[0] == "Y"
    assert bool(table.frame.iloc[1].isna().all())
    assert table.labels == {"ADT": "Date"}


@pytest.mark.parametrize("pack", [zlib.compress, gzip.compress, lambda content: content])
def test_compressed_dataset_json_is_zlib_or_gzip(pack: Callable[[bytes], bytes]) -> None:
    whole = json.loads(dataset_json())
    head = {k: v for k, v in whole.items() if k != "rows"}
    lines = "\r\n".join(map(json.dumps, [head, *whole["rows"]])).encode()
    table = read_table(pack(lines), "adtte.dsjc")
    pd.testing.assert_frame_equal(table.frame, read_table(dataset_json(), "t.json").frame)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[{"A": 1}, 2]', "1 of its 2 elements is not a record"),
        ("[]", "no rows"),
        ('{"A": [1, 2], "B": [3, 4]}', "one list per column"),
        ('{"A": 1}', "no “columns”"),
        ('[{"A": 1}, {"A"', "damaged or truncated JSON"),
    ],
)
def test_json_that_is_no_table_is_refused_without_its_values(content: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_table(content.encode(), "t.json")
