"""A corpus of files that make no study, each with words its refusal must hold.

Made here, never stored: ``CASES`` are (name, files, words).
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import Any

import numpy as np
import pandas as pd

from tests.sas7bdat_writer import sas7bdat

Files = dict[str, bytes]

HEADER = "USUBJID,TRTP,PARAMCD,AVAL,AVALU,CNSR"
GOOD = f"{HEADER}\nS1,Drug,OS,10,DAYS,0\nS2,Drug,OS,30,DAYS,1\nS3,Placebo,OS,20,DAYS,0\n"
ADSL = "USUBJID,TRT01P\nS1,Drug\nS2,Drug\nS3,Placebo\n"
SHORT = "USUBJID,PARAMCD,AVAL,AVALU,CNSR\nS1,OS,10,DAYS,0\nS2,OS,30,DAYS,1\nS3,OS,20,DAYS,0\n"
XPORT = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  "


def tte(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def parquet(frame: pd.DataFrame, **options: Any) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, **options)
    return buffer.getvalue()


def good_frame() -> pd.DataFrame:
    return pd.read_csv(io.StringIO(GOOD))


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def encrypted_zip() -> bytes:
    """A zip whose only member says that it is encrypted."""
    content = bytearray(packed({"adtte.csv": GOOD.encode()}))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def dataset_json(**changes: Any) -> bytes:
    body: dict[str, Any] = {
        "datasetJSONCreationDateTime": "2026-01-01T00:00:00",
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": "IG.ADTTE",
        "records": 3,
        "name": "ADTTE",
        "label": "Times",
        "columns": [
            {"itemOID": "a", "name": "USUBJID", "label": "Subject", "dataType": "string"},
            {"itemOID": "b", "name": "TRTP", "label": "Arm", "dataType": "string"},
            {"itemOID": "c", "name": "PARAMCD", "label": "Code", "dataType": "string"},
            {"itemOID": "d", "name": "AVAL", "label": "Time", "dataType": "float"},
            {"itemOID": "e", "name": "AVALU", "label": "Unit", "dataType": "string"},
            {"itemOID": "f", "name": "CNSR", "label": "Censor", "dataType": "integer"},
        ],
        "rows": [
            ["S1", "Drug", "OS", 10, "DAYS", 0],
            ["S2", "Drug", "OS", 30.5, "DAYS", 1],
            ["S3", "Placebo", "OS", 20, "DAYS", 0],
        ],
    }
    return json.dumps(body | changes).encode()


def mixed_encodings() -> bytes:
    """UTF-8 in one row, a byte that no code page has in another."""
    return GOOD.encode() + "S4,Grün,OS,1,DAYS,0\n".encode() + b"S5,\x81\x8d,OS,1,DAYS,0\n"


def columns_of(n: int) -> bytes:
    return (",".join(f"C{i}" for i in range(n)) + "\n" + ",".join("1" * n) + "\n").encode()


def _one(content: bytes | str, name: str = "adtte.csv") -> Files:
    return {name: content.encode() if isinstance(content, str) else content}


def _with_adsl(adsl: str, adtte: str = SHORT) -> Files:
    return {"adsl.csv": adsl.encode(), "adtte.csv": adtte.encode()}


CASES: list[tuple[str, Files, str]] = [
    # Nothing, or not a table
    ("empty", _one(b""), "adtte.csv is empty"),
    ("blank", _one(" \n\n \n"), "is empty"),
    ("header only", _one(HEADER + "\n"), "no rows"),
    ("nul bytes", _one(b"\x00" * 5000), "not in a format that can be read here"),
    ("no header", _one(GOOD.partition("\n")[2]), "plain table"),
    ("one column", _one("A\n1\n2\n"), "only one column"),
    ("binary noise", _one(bytes(range(256)) * 40), "not in a format that can be read here"),
    ("noise behind a header", _one(GOOD.encode() * 200 + b"\x00\x01\x02"), "neither a text table"),
    ("a picture", _one(b"\x89PNG\r\n\x1a\n" + b"\x00" * 200), "a picture (PNG), not a table"),
    ("a program", _one(b"\x7fELF\x02\x01\x01" + b"\x00" * 200), "a program, not a table"),
    ("a PDF", _one(b"%PDF-1.7\n%..."), "a PDF, not a table"),
    ("a PDF by its name", _one(b"%PDF-1.7\n%...", "report.pdf"), "report.pdf is a PDF, not"),
    ("a text document", _one(packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b""}),
        "report.docx"), "report.docx is a text document (Word), not a table"),
    ("a web page", _one("<!DOCTYPE html>\n<html><body>Sorry</body></html>\n"), "web page"),
    ("an old Excel file", _one(b"\xd0\xcf\x11\xe0" + b"x" * 600), "Excel workbook"),
    ("an Excel file", _one(packed({"[Content_Types].xml": b"<x/>", "xl/a.xml": b""})), "Office"),
    ("an SPSS file", _one(b"$FL2@(#) SPSS" + b"\x00" * 100), "SPSS"),
    ("an R file", _one(b"RDX3\nX\n" + b"\x00" * 50), "R data"),
    ("a CPORT file", _one(b"**COMPRESSED** **COMPRESSED**" + b" " * 80), "CPORT"),
    ("bzip2", _one(b"BZh91AY&SY" + b"x" * 50), "bzip2"),
    ("xz", _one(b"\xfd7zXZ\x00" + b"x" * 50), "xz"),
    # Cut off or damaged
    ("cut gzip", _one(gzip.compress(GOOD.encode() * 50)[:-9], "adtte.csv.gz"), "truncated"),
    ("damaged gzip", _one(b"\x1f\x8b\x08\x00" + b"\xff" * 60), "truncated gzip"),
    ("empty gzip", _one(gzip.compress(b"")), "is empty"),
    ("cut parquet", _one(parquet(good_frame())[:-6], "adtte.parquet"), "truncated"),
    ("damaged parquet", _one(b"PAR1" + b"\xff" * 90 + b"PAR1"), "damaged Parquet"),
    ("encrypted parquet", _one(b"PARE" + b"\x00" * 90), "encrypted"),
    ("parquet without rows", _one(parquet(good_frame().head(0))), "no rows"),
    ("cut transport file", _one(XPORT[:22]), "truncated"),
    ("damaged transport file", _one(XPORT + b"x" * 800), "SAS transport"),
    ("cut sas7bdat", _one(sas7bdat(good_frame())[:-4000]), "SAS7BDAT"),
    ("cut sas7bdat header", _one(sas7bdat(good_frame())[:24]), "truncated"),
    ("open quotation mark", _one(GOOD + 'S4,"Drug,OS,1,DAYS,0\n' * 3), "adtte.csv"),
    ("ragged rows", _one(GOOD + "S4,Drug,OS,1,DAYS,0,9,9\n"), "a different number of values"),
    ("short rows", _one(GOOD + "S4,Drug\n"), "a different number of values"),
    ("mixed encodings", _one(mixed_encodings()), "an encoding that cannot be told"),
    ("UTF-16 cut in two", _one(GOOD.encode("utf-16")[:-1]), "neither a text table"),
    # Archives
    ("cut zip", _one(packed({"adtte.csv": GOOD.encode()})[:-30], "a.zip"), "damaged or truncated"),
    ("empty zip", _one(packed({}), "a.zip"), "contains no files"),
    ("encrypted zip", _one(encrypted_zip(), "a.zip"), "is encrypted"),
    ("zip bomb", _one(packed({"adtte.csv": b"0" * 40_000_000}), "a.zip"), "when unpacked"),
    ("zip slip", _one(packed({"../../adtte.csv": GOOD.encode()}), "a.zip"), "leads outside"),
    ("zip slip, absolute", _one(packed({"/etc/adtte.csv": b"1"}), "a.zip"), "leads outside"),
    ("zip slip, Windows", _one(packed({"..\\adtte.csv": b"1"}), "a.zip"), "leads outside"),
    ("zip in a zip", _one(packed({"b.zip": packed({"adtte.csv": b"1"})}), "a.zip"), "archive"),
    ("zip of 300 files", _one(packed({f"f{i}": b"1" for i in range(300)}), "a.zip"), "300 files"),
    ("zip of texts", _one(packed({"read.md": b"hello"}), "a.zip"), "No file contains times"),
    ("gzip bomb", _one(gzip.compress(b"1,2\n" * 10_000_000), "adtte.csv.gz"), "larger than"),
    ("parquet bomb", _one(parquet(pd.DataFrame({"A": np.zeros(21_000_000, np.int8)}))), "At most"),
    ("too large", _one(GOOD.encode() + b"#" * 9_000_000), "larger than"),
    # Dataset-JSON
    ("cut JSON", _one(dataset_json()[:-40], "adtte.json"), "truncated JSON"),
    ("other JSON", _one('{"a": [1, 2]}', "adtte.json"), "list per column"),
    ("JSON of something else", _one('{"a": 1}', "adtte.json"), "no “columns”"),
    ("JSON of lists", _one("[[1, 2], [3, 4]]", "adtte.json"), "not records"),
    ("JSON of no records", _one("[]", "adtte.json"), "no rows"),
    ("Dataset-JSON 1.0", _one('{"clinicalData": {}}', "adtte.json"), "1.0"),
    ("Dataset-JSON 2", _one(dataset_json(datasetJSONVersion="2.0.0")), "Dataset-JSON 2.0.0"),
    ("fewer records than said", _one(dataset_json(records=4)), "should contain 4 records"),
    ("ragged JSON", _one(dataset_json(rows=[["S1"]], records=1)), "a different number of values"),
    ("rows that are none", _one(dataset_json(rows="x")), "not a list"),
    ("deep JSON", _one('{"a":' + "[" * 200_000, "adtte.json"), "truncated JSON"),
    ("odd data type", _one(dataset_json(columns=[{"name": "A", "dataType": "blob"}])), "blob"),
    # Columns
    ("10,000 columns", _one(columns_of(10_000)), "10,000 columns"),
    ("no column names", _one(",,,\n1,2,3,4\n"), "no column names"),
    ("duplicate column names", _one(GOOD.replace("AVALU", "aval")), "same column twice: AVAL"),
    ("no USUBJID", _one(GOOD.replace("USUBJID", "WHO")), "no column USUBJID"),
    ("no PARAMCD but two records", _one(tte("S1,D,1,DAYS,0", "S1,D,2,DAYS,0",
        header="USUBJID,TRTP,AVAL,AVALU,CNSR")), "more than one record"),
    ("no CNSR", _one(GOOD.replace("CNSR", "STATUS")), "not ADTTE"),
    ("no arm", _one(SHORT), "has no arm"),
    ("25 arms", _one(tte(*(f"S{i},A{i},OS,1,DAYS,0" for i in range(25)))), "25 planned arms"),
    # Values
    ("times that are words", _one(GOOD.replace(",10,", ",ten,")), "not numbers: 'ten'"),
    ("formulas as times", _one(GOOD.replace(",10,", ",=1+1,")), "not numbers: '=1+1'"),
    ("events that are words", _one(GOOD.replace("DAYS,0", "DAYS,dead")), "not numbers: 'dead'"),
    ("no unit", _one(GOOD.replace("DAYS", "")), "the unit of the times"),
    ("counts only", _one(GOOD.replace("DAYS", "COUNT")), "no time-to-event parameter"),
    ("no usable time", _one(GOOD.replace(",10,", ",-1,").replace(",30,", ",-3,")
        .replace(",20,", ",,")), "both a time and CNSR"),
    ("all subjects blank", _one(GOOD.replace("S1", "").replace("S2", "").replace("S3", "NA")),
        "USUBJID is empty"),
    ("a subject twice", _one(GOOD + "S1,Drug,OS,11,DAYS,0\n"), "more than one record"),
    ("a subject in two arms", _one(GOOD + "S1,Placebo,PFS,11,DAYS,0\n"), "more than one TRTP"),
    ("300 parameters", _one(tte(*(f"S1,D,P{i},1,DAYS,0" for i in range(300)))), "300 different"),
    # Several files
    ("two ADTTE", {"adtte.csv": GOOD.encode(), "x_adtte.csv": GOOD.encode()}, "Two files"),
    ("ADSL alone", {"adsl.csv": ADSL.encode()}, "No file contains times"),
    ("ADAE alone", {"adae.csv": b"USUBJID,AEDECOD\nS1,Cough\n"}, "No file contains times"),
    ("a subject twice in ADSL", _with_adsl(ADSL + "S1,Placebo\n"), "more than one row"),
    ("ADSL without subjects", _with_adsl("ID,TRT01P\nS1,Drug\n"), "no column USUBJID"),
    ("ADSL of others", _with_adsl("USUBJID,TRT01P\nX1,A\nX2,B\n"), "belongs to a subject"),
    ("nobody randomized", _with_adsl("USUBJID,TRT01P\nS1,Screen Failure\n"), "with an arm"),
    ("ITTFL of nobody", _with_adsl("USUBJID,TRT01P,ITTFL\nS1,A,N\nS2,A,N\n"), "ITTFL is not Y"),
    ("bad study.toml", _one(GOOD) | {"study.toml": b"title = "}, "not valid TOML"),
    ("unknown key of study.toml", _one(GOOD) | {"study.toml": b'titel = "x"'}, "unknown key"),
    ("two unnamed tables", {"a.csv": b"x,y\n1,2\n", "b.csv": b"x,y\n1,2\n"}, "None of a.csv"),
    ("study.toml of other arms", _one(GOOD) | {"study.toml": b'[[arms]]\nname = "X"'},
        "do not match those in the data"),
]  # fmt: skip
