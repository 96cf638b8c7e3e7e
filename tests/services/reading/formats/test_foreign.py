"""Files that are no tables. Oracle: the signatures of their formats."""

from __future__ import annotations

import pytest

from services.errors import UserError
from services.reading.formats.read import read_table
from tests.study_writers import zipped

OLE = b"\xd0\xcf\x11\xe0" + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n", "is a PDF, not a table"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 90, "a picture (JPEG), not a table"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "a picture (PNG), not a table"),
        (b"{\\rtf1 a,b\n1,2}", "a text document (RTF), not a table"),
        (b"\n<!-- x --><!DOCTYPE html><html>", "a web page (HTML), not a table"),
        (b"\xef\xbb\xbf<html><table>", "a web page (HTML), not a table"),
        (b"<?xml version='1.0'?><svg>", "a picture (SVG), not a table"),
        (b"<?xml version='1.0'?><ODM>", "XML, not a table"),
        (OLE + "Workbook".encode("utf-16-le"), "an old Excel workbook (.xls)"),
        (OLE + "WordDocument".encode("utf-16-le"), "an Office document, not a table"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password-protected"),
        (zipped({"[Content_Types].xml": b"", "word/a.xml": b""}), "(Word), not a table"),
        (zipped({"[Content_Types].xml": b"", "ppt/a.xml": b""}), "a presentation, not a table"),
        (zipped({"xl/workbook.bin": b""}), "a binary Excel workbook (.xlsb)"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument"),
        (b"ARROW1\0\0" + b"\0" * 90, "Feather"),
        (b"RDX3\nX\n", "an R data file"),
    ],
)
def test_a_file_is_named_for_what_it_is(content: bytes, words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_table(content, "report.csv")
    assert caught.value.message.startswith("report.csv is ")
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("header", ["ORCID,A", "<5,A", "BM,A", "x^2,A", "[A],B", "PARENT,A"])
def test_a_header_that_begins_like_one_is_a_table(header: str) -> None:
    assert len(read_table(f"{header}\n1,2\n".encode(), "t.csv").frame) == 1
