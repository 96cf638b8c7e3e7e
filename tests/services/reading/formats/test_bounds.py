"""What a table may be. Oracle: the documented limits, and the time of hostile files."""

from __future__ import annotations

import gzip
import io
import json
import time
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from services.errors import UserError
from services.reading.formats.bounds import MAX_ROWS, MAX_TEXT, bounded, check_cells
from services.reading.formats.read import read_table

HEAD = "USUBJID,PARAMCD,AVAL,CNSR,TRTP,REMARK\n"


def test_long_texts_are_left_out_or_refused_by_row() -> None:
    long = "x" * (MAX_TEXT + 1)
    table = read_table((HEAD + f"S1,OS,3,0,A,ok\nS2,OS,4,1,B,{long}\n").encode(), "t.csv")
    assert "REMARK" not in table.frame
    assert list(table.frame["AVAL"]) == [3.0, 4.0]
    assert [f.message for f in table.findings] == [
        "REMARK holds texts of up to 1,001 characters: left out."
    ]
    fits = read_table((HEAD + f"S1,OS,3,0,A,{long[1:]}\nS2,OS,4,1,B,y\n").encode(), "t.csv")
    assert "REMARK" in fits.frame
    for column in range(4):
        row = ["S2", "OS", "4", "1", "B", "ok"]
        at = [0, 1, 4, 4][column]
        row[at] = long
        with pytest.raises(UserError, match="row 2 of the data has a text of 1,001") as caught:
            read_table((HEAD + "S1,OS,3,0,A,ok\n" + ",".join(row) + "\n").encode(), "t.csv")
        assert HEAD.split(",")[at] in caught.value.message
        assert len(caught.value.message) < 300


def test_a_long_name_of_a_column_is_refused() -> None:
    with pytest.raises(UserError, match=r"A column of t\.csv has a name of 201 characters"):
        read_table(f"USUBJID,{'c' * 201}\nS1,1\nS2,2\n".encode(), "t.csv")


def test_a_label_is_cut() -> None:
    out = io.BytesIO()
    field = pa.field("AGE", pa.int64(), metadata={"label": "l" * 5000})
    pq.write_table(pa.table([pa.array([1, 2])], schema=pa.schema([field])), out)
    assert len(read_table(out.getvalue(), "t.parquet").labels["AGE"]) == 200


def test_a_small_file_of_very_many_rows_is_refused_before_it_is_read() -> None:
    n = MAX_ROWS + 1
    out = io.BytesIO()
    pq.write_table(pa.table({"AVAL": pa.repeat(1.0, n)}), out)
    assert len(out.getvalue()) < 10_000
    start = time.perf_counter()
    with pytest.raises(UserError, match="2,000,001 rows of 1 column"):
        read_table(out.getvalue(), "t.parquet")
    assert time.perf_counter() - start < 0.5
    with pytest.raises(UserError, match="values are read"):
        check_cells(1_000_000, 51, "t")


def test_many_empty_members_of_gzip_cost_what_they_weigh() -> None:
    empty = gzip.compress(b"")
    content = empty * ((2 << 20) // len(empty)) + gzip.compress(b"a,b\n1,2\n")
    start = time.process_time()
    table = read_table(content, "t.csv.gz")
    assert time.process_time() - start < 2
    assert table.frame.to_dict("list") == {"a": [1.0], "b": [2.0]}


def test_members_of_gzip_and_what_follows_them() -> None:
    rows = b"".join(b"%d,%d\n" % (i, i * i) for i in range(60_000))
    content = gzip.compress(b"a,b\n") + gzip.compress(rows) + b"\0" * 512
    frame = read_table(content, "t.csv.gz").frame
    assert len(frame) == 60_000
    assert float(frame["b"].iloc[-1]) == 59_999.0**2
    with pytest.raises(UserError, match="truncated"):
        read_table(gzip.compress(rows)[:-9], "t.csv.gz")


def test_numbers_are_not_measured() -> None:
    table = read_table(b"a\n1\n2\n", "t.csv")
    assert bounded(table).frame is table.frame


def as_parquet(names: list[str]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({name: [1.0, 2.0] for name in names}), out)
    return out.getvalue()


def as_json(names: list[str]) -> bytes:
    return json.dumps([dict.fromkeys(names, value) for value in (1.0, 2.0)]).encode()


@pytest.mark.parametrize("write", [as_parquet, as_json])
def test_names_that_differ_by_spaces_are_one(write: Callable[[list[str]], bytes]) -> None:
    """They are read without them, whatever the format."""
    for twice in (["AVAL", "AVAL "], ["aval\n", "AVAL"]):
        with pytest.raises(UserError, match=r"the same column twice: (aval and )?AVAL"):
            read_table(write(twice), "t")
    table = read_table(write(["AVAL", "", " "]), "t")
    assert [*table.frame] == ["AVAL"]
    assert any("without a name" in f.message for f in table.findings)


def test_half_a_surrogate_pair_in_a_name_is_read_as_what_cannot_be_shown() -> None:
    assert [*read_table(as_json(["A\ud800"]), "t").frame] == ["A�"]
