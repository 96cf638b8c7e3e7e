"""Reading one table of any format. Oracle: the frame that was written, and the CDISC pilot."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.errors import UserError
from services.reading.formats.read import read_table
from services.reading.formats.table import Table
from tests.sas7bdat_writer import sas7bdat
from tests.services.reading.formats.small import LABELS, as_csv, as_parquet, as_xport, small

PILOT = Path(__file__).parents[5] / "shared" / "data" / "adam" / "cdiscpilot01"


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", ["csv", "xpt5", "xpt8", "sas7bdat", "parquet"])
def test_every_format_reads_as_the_same_table(kind: str, packed: bool, tmp_path: Path) -> None:
    content = {
        "csv": lambda: as_csv(small()),
        "xpt5": lambda: as_xport(small(), tmp_path, 5),
        "xpt8": lambda: as_xport(small(), tmp_path, 8),
        "sas7bdat": lambda: sas7bdat(small(), LABELS),
        "parquet": lambda: as_parquet(small()),
    }[kind]()
    table = read_table(gzip.compress(content) if packed else content, "misnamed.pdf")
    pd.testing.assert_frame_equal(table.frame, small())
    if kind in ("xpt5", "xpt8", "sas7bdat"):
        assert table.labels == LABELS


def test_a_path_is_read_and_named_after_its_file(tmp_path: Path) -> None:
    path = tmp_path / "adsl.csv"
    path.write_bytes(as_csv(small()))
    table = read_table(path)
    assert (table.name, table.format, table.notes) == ("adsl.csv", "CSV", ())


def test_parquet_of_other_types() -> None:
    frame = pd.DataFrame(
        {
            "ITTFL": [True, False],
            "CNSR": [True, False],
            "SEX": pd.Categorical(["F", "M"]),
            "AGE": pd.array([61, None], dtype="Int64"),
            "ADTM": pd.to_datetime(["2020-01-01T10:00Z", "2020-01-02T10:00Z"]),
            "LIST": [[1], [2]],
        },
        index=["r1", "r2"],
    )
    table = read_table(as_parquet(frame), "t.parquet")
    assert list(table.frame.columns) == ["ITTFL", "CNSR", "SEX", "AGE", "ADTM"]
    assert table.frame["ITTFL"].tolist() == ["Y", "N"]
    assert table.frame["CNSR"].tolist() == [1.0, 0.0]
    assert table.frame["AGE"].isna().tolist() == [False, True]
    assert table.frame["ADTM"].iloc[0] == pd.Timestamp("2020-01-01T10:00")
    assert table.notes == ("LIST contains lists or records: left out.",)


BAD: list[tuple[str, bytes, str]] = [
    ("empty", b"", "is empty"),
    ("blank", b" \n\n ", "is empty"),
    ("header only", b"A,B\n", "no rows"),
    ("no names", b",,\n1,2,3\n", "no column names"),
    ("duplicate names", b"A,B,a\n1,2,3\n", "same column twice: A"),
    ("ragged", b"A,B\n1,2\n1,2,3\n", "a different number of values"),
    ("short record", b"A,B,C\n1,2,3\n1,2\n", "a different number of values"),
    ("many columns", b",".join(b"c%d" % i for i in range(6000)) + b"\n", "6,000 columns"),
    ("noise", bytes(range(256)) * 40, "not in a format that can be read here"),
    ("Shift-JIS", "A,B\n1,病院。\n".encode("shift-jis"), "neither UTF-8 nor Windows-1252"),
    ("late noise", b"A,B\n" + b"1,2\n" * 2000 + b"\x00\x01\n", "neither a text table"),
    ("zip", b"PK\x03\x04" + b"x" * 100, "zip archive"),
    ("xls", b"\xd0\xcf\x11\xe0" + b"x" * 100, "Excel"),
    ("pdf", b"%PDF-1.7", "a PDF"),
    ("encrypted parquet", b"PARE" + b"\x00" * 50, "encrypted"),
    ("cut gzip", gzip.compress(b"A,B\n1,2\n" * 500)[:-12], "truncated"),
    ("damaged gzip", b"\x1f\x8b\x08\x00" + b"\xff" * 60, "damaged or truncated gzip"),
    ("empty gzip", gzip.compress(b""), "is empty"),
    ("cut parquet", as_parquet(small())[:-3], "truncated"),
    ("damaged parquet", b"PAR1" + b"\xff" * 60 + b"PAR1", "damaged Parquet"),
    ("cut sas7bdat header", sas7bdat(small())[:20], "truncated"),
    ("cut sas7bdat", sas7bdat(small())[:-5000], "truncated SAS7BDAT"),
    ("damaged xport", b"HEADER RECORD*******LIBRARY HEADER" + b"x" * 400, "SAS transport"),
    ("cut xport start", b"HEADER RECORD*******L", "truncated"),
]


@pytest.mark.parametrize(("content", "words"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_bad_files_are_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_table(content, "the-file.csv")
    assert words in caught.value.message
    assert "the-file.csv" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("version", [5, 8])
def test_a_cut_transport_file_is_not_taken_for_a_shorter_one(version: int, tmp_path: Path) -> None:
    frame = pd.concat([small()] * 50, ignore_index=True)
    content = as_xport(frame, tmp_path, version)
    assert len(read_table(content, "t.xpt").frame) == 150
    for end in (len(content) - 8, len(content) - 80, len(content) - 800, 2400):
        with pytest.raises(UserError):
            read_table(content[:end], "t.xpt")


def test_a_gzip_bomb_is_stopped() -> None:
    with pytest.raises(UserError, match="larger than 1 MB"):
        read_table(gzip.compress(b"1,2\n" * 10_000_000), "t.csv.gz", max_bytes=1_000_000)


def test_files_too_large_or_absent(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"A\n" * 1000)
    with pytest.raises(UserError, match="larger than"):
        read_table(path, max_bytes=100)
    with pytest.raises(UserError, match="cannot be opened"):
        read_table(tmp_path / "absent.csv")


@pytest.mark.skipif(not PILOT.is_dir(), reason="shared CDISC pilot files are absent")
def test_the_cdisc_pilot() -> None:
    table = read_table(PILOT / "adsl.xpt")
    assert table.frame.shape == (254, 49)
    assert table.labels["TRT01P"] == "Planned Treatment for Period 01"
    assert table.frame["TRTSDT"].iloc[0] == pd.Timestamp("2014-01-02")
    assert table.frame["SITEID"].iloc[0] == "701"
    assert table.frame["AGE"].dtype == np.float64
    assert table.frame["DISCONFL"].isna().any()
    content = (PILOT / "adsl.xpt").read_bytes()
    for end in (20_000, len(content) - 100, len(content) - 80 * 12):
        with pytest.raises(UserError, match="truncated"):
            read_table(content[:end], "adsl.xpt")


names = st.lists(st.text("ABCXYZ", min_size=1, max_size=5), min_size=2, max_size=5, unique=True)
cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["C"]), min_size=0, max_size=8
) | st.integers(-(10**6), 10**6).map(str)


def columns_of(table: Table) -> list[list[object]]:
    return [
        table.frame[c].astype(object).where(table.frame[c].notna(), None).tolist()
        for c in table.frame
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_csv_round_trip(data: st.DataObject) -> None:
    header = data.draw(names)
    rows = data.draw(
        st.lists(
            st.lists(cells, min_size=len(header), max_size=len(header)), min_size=1, max_size=6
        )
    )
    written = pd.DataFrame(rows, columns=header)
    # A first column of text keeps every record from being a blank line.
    written.insert(0, "ID", [f"id {i}" for i in range(len(rows))])
    table = read_table(written.to_csv(index=False, quoting=1).encode(), "t.csv")
    again = read_table(table.frame.to_csv(index=False, quoting=1).encode(), "t.csv")
    assert list(table.frame.columns) == ["ID", *header]
    assert len(table.frame) == len(rows)
    for name, values in zip(header, columns_of(table)[1:], strict=True):
        for before, after in zip(written[name], values, strict=True):
            if isinstance(after, float):
                assert before.strip().upper() in ("TRUE", "FALSE") or float(before) == after
            elif isinstance(after, str):
                assert before.strip() == after
    pd.testing.assert_frame_equal(table.frame, again.frame)


def read_or_refused(content: bytes) -> bool:
    """Whether the reader gives a table with columns or refuses in words; other errors escape."""
    try:
        return len(read_table(content, "t").frame.columns) > 0
    except UserError as problem:
        return bool(problem.message and problem.hint)


@given(st.binary(max_size=400))
def test_random_bytes_never_break_the_reader(content: bytes) -> None:
    assert read_or_refused(content)


MAGIC = [
    b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  ",
    b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!000000000000000000000000000000  ",
    b"PAR1",
    b"\x1f\x8b\x08\x00",
    b"A,B\n",
    b"\xff\xfe",
    sas7bdat(small())[:1000],
]


@given(st.sampled_from(MAGIC), st.binary(max_size=400))
def test_random_bytes_after_a_known_start(start: bytes, rest: bytes) -> None:
    assert read_or_refused(start + rest)


def test_a_column_without_a_name_is_damage(tmp_path: Path) -> None:
    content = as_xport(small(), tmp_path, 5)
    at = content.index(b"SEX     ")
    with pytest.raises(UserError, match="damaged"):
        read_table(content[:at] + b"\0" + content[at + 1 :], "t.xpt")


@given(kind=st.sampled_from(["xpt5", "xpt8", "sas7bdat", "parquet"]), data=st.data())
def test_a_flipped_byte_is_read_or_refused(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tmp_path = tmp_path_factory.mktemp("flip")
    content = {
        "xpt5": lambda: as_xport(small(), tmp_path, 5),
        "xpt8": lambda: as_xport(small(), tmp_path, 8),
        "sas7bdat": lambda: sas7bdat(small()),
        "parquet": lambda: as_parquet(small()),
    }[kind]()
    at = data.draw(st.integers(0, min(len(content), 5000) - 1))
    changed = content[:at] + bytes([data.draw(st.integers(0, 255))]) + content[at + 1 :]
    assert read_or_refused(changed)
