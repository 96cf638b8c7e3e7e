"""Delimited text. Oracle: the table that was written."""

from __future__ import annotations

import pandas as pd
import pytest

from services.errors import UserError
from services.reading.formats.delimited import sniff_delimiter
from services.reading.formats.read import read_table
from tests.services.reading.formats.small import small


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
        ("A,B\n1,x,\n2,y,\n", "after the last column"),
        ("A,B,\n1,x\n2,y\n", "after the last column"),
        ('"A","B"\n"1",1,x\n"2",2,y\n', "Row numbers"),
        ("A,B\n1,x\nA,B\n2,y\n", "header lines left out: 1"),
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
    assert f"Line {n} contains the column names; the lines above it are left out." in table.notes


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
        with pytest.raises(UserError, match="a different number of values"):
            read_table(text.encode(), "t.csv")


def test_the_ragged_records_are_named() -> None:
    with pytest.raises(UserError) as caught:
        read_table(b"A,B\n1,2\n1,2,3\n", "t.csv")
    assert caught.value.details == ("Record 3 has 3 values",)


def test_sniffing_prefers_what_splits_evenly() -> None:
    assert sniff_delimiter("a|b\n1,5|x, y, z\n") == "|"
    assert sniff_delimiter("only\none\n") == ","


@pytest.mark.parametrize("padding", [b"\x1a", b"\x00" * 100, b"\r\n\x1a\x00\x00"])
@pytest.mark.parametrize("rows", [2, 2000])
def test_what_dos_and_fixed_lengths_put_after_the_end_is_no_record(
    padding: bytes, rows: int
) -> None:
    content = b"USUBJID,AVAL\n" + b"".join(b"P%d,%d\n" % (i, i) for i in range(rows))
    plain = read_table(content, "a.csv").frame
    pd.testing.assert_frame_equal(read_table(content + padding, "a.csv").frame, plain)
