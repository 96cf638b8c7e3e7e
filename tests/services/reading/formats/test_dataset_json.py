"""Dataset-JSON and zip archives by properties. Oracle: the rows and files that were written."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import UserError
from services.reading.formats.archive import unpack
from services.reading.formats.read import read_table
from tests.bad_files import dataset_json, packed


def in_words(problem: UserError, name: str) -> None:
    assert name in problem.message
    assert problem.hint


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9)


@settings(deadline=None, max_examples=60)
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


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["columns", "rows", "records", "datasetJSONVersion", "name"]), JSON)
def test_any_json_is_read_or_refused_in_words(key: str, value: Any) -> None:
    try:
        table = read_table(dataset_json(**{key: value}), "t.json")
    except UserError as problem:
        in_words(problem, "t.json")
    else:
        assert len(table.frame)


@settings(deadline=None, max_examples=60)
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


def test_numbers_beyond_a_double_are_missing() -> None:
    columns = [{"name": "X", "dataType": "integer"}]
    table = read_table(dataset_json(columns=columns, rows=[[10**400], [1]], records=2), "t.json")
    assert table.frame["X"].isna().tolist() == [True, False]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_archive_is_unpacked_or_refused_in_words(data: st.DataObject) -> None:
    content = bytearray(packed({"adtte.csv": b"A,B\n1,2\n" * 20, "adsl.csv": b"C\n1\n"}))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.zip").write_bytes(content)
        (folder / "into").mkdir()
        try:
            members = unpack(folder / "a.zip", "a.zip", folder / "into", 10_000)
        except UserError as problem:
            in_words(problem, "a.zip")
        else:
            assert all(member.path.parent == folder / "into" for member in members)
        assert {p.name for p in folder.iterdir()} == {"a.zip", "into"}


@pytest.mark.parametrize("claimed", [1, 10_000])
def test_what_is_unpacked_is_counted_whatever_the_archive_claims(
    claimed: int, tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("adtte.csv", b"0" * 1_000_000)
    content = buffer.getvalue().replace((1_000_000).to_bytes(4, "little"),
                                        claimed.to_bytes(4, "little"))  # fmt: skip
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(UserError):
        unpack(path, "a.zip", tmp_path, 5_000)
    assert sum(f.stat().st_size for f in tmp_path.glob("member-*")) <= 5_000


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


@pytest.mark.parametrize("pack", [zlib.compress, gzip.compress, lambda content: content])
def test_compressed_dataset_json_is_zlib_or_gzip(pack: Callable[[bytes], bytes]) -> None:
    whole = json.loads(dataset_json())
    head = {k: v for k, v in whole.items() if k != "rows"}
    lines = "\r\n".join(map(json.dumps, [head, *whole["rows"]])).encode()
    table = read_table(pack(lines), "adtte.dsjc")
    pd.testing.assert_frame_equal(table.frame, read_table(dataset_json(), "t.json").frame)


def test_nested_values_of_records_are_left_out_and_told() -> None:
    table = read_table(b'[{"A": 1, "B": [1]}, {"A": 2, "B": {"c": 1}}]', "t.json")
    assert list(table.frame) == ["A"]
    assert table.notes == ("B holds lists or records: left out.",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[{"A": 1}, 2]', "1 of its 2 elements are no records"),
        ("[]", "no rows"),
        ('{"A": [1, 2], "B": [3, 4]}', "a list for each column"),
        ('{"A": 1}', "no “columns”"),
        ('[{"A": 1}, {"A"', "damaged or cut-off JSON"),
    ],
)
def test_json_that_is_no_table_is_refused_without_its_values(content: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_table(content.encode(), "t.json")
