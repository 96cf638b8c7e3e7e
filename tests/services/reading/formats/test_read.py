"""Reading one table of any format. Oracle: the frame that was written, and the CDISC pilot."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.errors import UserError
from services.tables import Table, read_table
from services.tables_text import sniff_delimiter
from tests.services.sas7bdat_writer import sas7bdat

PILOT = Path(__file__).parents[3] / "shared" / "data" / "adam" / "cdiscpilot01"

LABELS = {"AGE": "Age, years", "ADT": "Analysis Date"}


def small() -> pd.DataFrame:
    """Text, a code that looks like a number, numbers, whole numbers, dates; each with a gap."""
    return pd.DataFrame(
        {
            "USUBJID": ["001", "002", "003"],
            "SEX": ["F", np.nan, "M"],
            "SITEID": ["701", "702", "703"],
            "AGE": [61.0, np.nan, 70.0],
            "BMI": [24.125, -0.1, 1e-7],
            "ADT": np.array(["2020-01-31", "NaT", "1959-12-31"], dtype="datetime64[us]"),
            "NOTE": ["a, b", 'say "x"', "Grüße"],
        }
    )


def as_csv(frame: pd.DataFrame, **options: object) -> bytes:
    return frame.to_csv(index=False, **options).encode()  # type: ignore[call-overload]


def as_xport(frame: pd.DataFrame, tmp_path: Path, version: int) -> bytes:
    path = tmp_path / "table.xpt"
    dates = frame.assign(ADT=[None if pd.isna(d) else d.date() for d in frame["ADT"]])
    pyreadstat.write_xport(
        dates.astype({"SEX": object}).where(dates.notna(), None),
        str(path), file_format_version=version, column_labels=LABELS,
    )  # fmt: skip
    return path.read_bytes()


def as_parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


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


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_in_any_sane_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    content = small().to_csv(index=False, sep=delimiter).encode(encoding)
    table = read_table(content, "t.csv")
    pd.testing.assert_frame_equal(table.frame, small())
    assert any("1252" in note for note in table.notes) == (encoding == "cp1252")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv_of_any_line_ending_with_newlines_in_values(newline: str) -> None:
    text = newline.join(["A,B", '1,"two', 'lines"', "2,x", ""])
    frame = read_table(text.encode(), "t.csv").frame
    assert frame["A"].tolist() == [1.0, 2.0]
    assert frame["B"].iloc[0].split() == ["two", "lines"]


def test_decimal_commas_with_semicolons() -> None:
    frame = read_table(b"A;B;C\n1,5;x,y;2\n2;z;0,25\n", "t.csv").frame
    assert frame["A"].tolist() == [1.5, 2.0]
    assert frame["B"].tolist() == ["x,y", "z"]
    assert frame["C"].tolist() == [2.0, 0.25]


@pytest.mark.parametrize("word", ["", "NA", " ", ".", "  NA "])
def test_missing_values_of_text_and_numbers(word: str) -> None:
    frame = read_table(
        f"K,T,X,E\n1,a,1,{word}\n2,{word},{word},{word}\n".encode(), "t.csv"
    ).frame.drop(columns="K")
    assert frame["T"].tolist()[0] == "a"
    assert frame["X"].dtype == frame["E"].dtype == np.float64
    assert frame.isna().sum().tolist() == [1, 1, 2]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["007", "8"], ["007", "8"]),  # a leading zero is a code
        (["12345678901234567", "1"], ["12345678901234567", "1"]),  # not exact as a number
        (["1e5", "2"], ["1e5", "2"]),  # an exponent needs its sign to be one
        (["1e-05", "2.5E+3"], [1e-5, 2500.0]),
        (["+1", "-.5"], [1.0, -0.5]),
        (["1,000", "2"], ["1,000", "2"]),
        (["TRUE", "false"], [1.0, 0.0]),
        (["inf", "1"], ["inf", "1"]),
        (["-", "1"], ["-", "1"]),
    ],
)
def test_what_is_a_number(values: list[str], expected: list[object]) -> None:
    content = "K,V\n" + "".join(f'{i},"{v}"\n' for i, v in enumerate(values))
    assert read_table(content.encode(), "t.csv").frame["V"].tolist() == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2020-11-04T04:08:58", "2020-11-04"], ["2020-11-04T04:08:58", "2020-11-04"]),
        (["2020-11-04 04:08", "NA"], ["2020-11-04T04:08", "NaT"]),
        (["02JAN2014", "3feb2014:01:02:03"], ["2014-01-02", "2014-02-03T01:02:03"]),
        (["9999-12-31", "0001-01-01"], ["9999-12-31", "0001-01-01"]),
    ],
)
def test_dates_written_as_text(values: list[str], expected: list[str]) -> None:
    frame = read_table(("K,ADT\n" + "".join(f"1,{v}\n" for v in values)).encode(), "t").frame
    assert frame["ADT"].to_numpy().tolist() == np.array(expected, "datetime64[us]").tolist()


@pytest.mark.parametrize("value", ["2021-02-30", "31FOO2014", "99JAN2014", "2020-1-1"])
def test_what_is_no_date_stays_text(value: str) -> None:
    frame = read_table(f"K,ADT\n1,{value}\n".encode(), "t").frame
    assert frame["ADT"].tolist() == [value]


def test_numbers_without_a_format_stay_numbers() -> None:
    """Which dates they are the whole study tells: ``reading.dates``."""
    frame = pd.DataFrame({"ADT": [19725.0, np.nan], "ADTM": [1.893467e9, 0.0]})
    table = read_table(as_parquet(frame), "t.parquet")
    pd.testing.assert_frame_equal(table.frame, frame)
    assert table.notes == table.findings == ()


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
    assert table.notes == ("LIST holds lists or records: left out.",)


def test_row_names_of_r_are_left_out() -> None:
    table = read_table(b'"","A"\n"1",5\n"2",6\n', "t.csv")
    assert list(table.frame.columns) == ["A"]
    assert table.notes == ("Column 1 has no name: left out.",)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("sep=;\r\nA;B\r\n1;x\r\n2;y\r\n", "semicolon"),
        ('"sep=|"\nA|B\n1|x\n2|y\n', "vertical bar"),
        ("A\tB\r1\tx\r2\ty\r", "tab"),
        ('"A", "B"\n"1", "x"\n"2", "y"\n', ""),
        ("A,B\n1,x,\n2,y,\n", "behind the last column"),
        ("A,B,\n1,x\n2,y\n", "behind the last column"),
        ('"A","B"\n"1",1,x\n"2",2,y\n', "Numbers of rows"),
        ("A,B\n1,x\nA,B\n2,y\n", "name the columns again left out: 1"),
        ("A,B\n1,x\n2,y\n,\n,\n", "Empty records left out: 2"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_dialects_of_text_are_one_table(text: str, note: str, encoding: str) -> None:
    table = read_table(text.encode(encoding), "t.csv")
    assert table.frame.to_dict("list") == {"A": [1.0, 2.0], "B": ["x", "y"]}
    assert any(note in told for told in table.notes) or not note


@pytest.mark.parametrize(
    "above",
    ["Listing 16.2\n", "Listing 16.2;;\n\n;;\n", "# exported 2021\n# by me\n", '"My study"\n'],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_titles_above_the_column_names_are_left_out(above: str, delimiter: str) -> None:
    records = "A;B;C\n1;x;3\n2;y;4\n".replace(";", delimiter)
    table = read_table((above.replace(";", delimiter) + records).encode(), "t.csv")
    assert table.frame.to_dict("list") == {"A": [1.0, 2.0], "B": ["x", "y"], "C": [3.0, 4.0]}
    n = above.count("\n") + 1
    assert f"Line {n} names the columns; what stands above is left out." in table.notes


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (["1.280", "755", "980"], True),
        (["1.280", "755", "980.5"], False),  # a decimal, so all are
        (["1.280", "2", "3"], False),
        (["0.512", "755"], False),
        (["755", "980"], False),
    ],
)
def test_points_that_may_separate_thousands_are_told(values: list[str], told: bool) -> None:
    table = read_table("\n".join(["AVAL,X", *(f"{v},y" for v in values)]).encode(), "t.csv")
    assert table.frame["AVAL"].tolist() == [float(v) for v in values]
    assert any("1.280 is read as 1.28, beside 755" in f.message for f in table.findings) == told


def test_records_longer_than_the_header_are_not_cut_where_they_hold_something() -> None:
    for text in ("A,B\n1,x,\n2,y,z\n", '"A","B"\n"1",1,x\n"7",2,y\n'):
        with pytest.raises(UserError, match="another number of values"):
            read_table(text.encode(), "t.csv")


BAD: list[tuple[str, bytes, str]] = [
    ("empty", b"", "is empty"),
    ("blank", b" \n\n ", "is empty"),
    ("header only", b"A,B\n", "no rows"),
    ("no names", b",,\n1,2,3\n", "no column names"),
    ("duplicate names", b"A,B,a\n1,2,3\n", "same column twice: A"),
    ("ragged", b"A,B\n1,2\n1,2,3\n", "another number of values"),
    ("short record", b"A,B,C\n1,2,3\n1,2\n", "another number of values"),
    ("many columns", b",".join(b"c%d" % i for i in range(6000)) + b"\n", "6,000 columns"),
    ("noise", bytes(range(256)) * 40, "no format read here"),
    ("late noise", b"A,B\n" + b"1,2\n" * 2000 + b"\x00\x01\n", "neither a table of text"),
    ("zip", b"PK\x03\x04" + b"x" * 100, "zip archive"),
    ("xls", b"\xd0\xcf\x11\xe0" + b"x" * 100, "Excel"),
    ("pdf", b"%PDF-1.7", "a PDF"),
    ("encrypted parquet", b"PARE" + b"\x00" * 50, "encrypted"),
    ("cut gzip", gzip.compress(b"A,B\n1,2\n" * 500)[:-12], "cut off"),
    ("damaged gzip", b"\x1f\x8b\x08\x00" + b"\xff" * 60, "damaged or cut-off gzip"),
    ("empty gzip", gzip.compress(b""), "is empty"),
    ("cut parquet", as_parquet(small())[:-3], "cut off"),
    ("damaged parquet", b"PAR1" + b"\xff" * 60 + b"PAR1", "damaged Parquet"),
    ("cut sas7bdat header", sas7bdat(small())[:20], "cut off"),
    ("cut sas7bdat", sas7bdat(small())[:-5000], "cut-off SAS7BDAT"),
    ("damaged xport", b"HEADER RECORD*******LIBRARY HEADER" + b"x" * 400, "SAS transport"),
    ("cut xport start", b"HEADER RECORD*******L", "cut off"),
]


@pytest.mark.parametrize(("content", "words"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_bad_files_are_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_table(content, "the-file.csv")
    assert words in caught.value.message
    assert "the-file.csv" in caught.value.message
    assert caught.value.hint


def test_the_ragged_records_are_named() -> None:
    with pytest.raises(UserError) as caught:
        read_table(b"A,B\n1,2\n1,2,3\n", "t.csv")
    assert caught.value.details == ("Record 3 has 3 values",)


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
        with pytest.raises(UserError, match="cut off"):
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


@settings(deadline=None, max_examples=100)
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


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(MAGIC), st.binary(max_size=400))
def test_random_bytes_after_a_known_start(start: bytes, rest: bytes) -> None:
    assert read_or_refused(start + rest)


@settings(deadline=None, max_examples=60)
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


def test_sniffing_prefers_what_splits_evenly() -> None:
    assert sniff_delimiter("a|b\n1,5|x, y, z\n") == "|"
    assert sniff_delimiter("only\none\n") == ","
