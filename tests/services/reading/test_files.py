"""Studies in folders and zips, as ``--study`` names them. Oracle: the template's CSV files."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from services.errors import UserError
from services.reading import build as reading_build
from services.reading.files import File, Found, read_files, read_study
from services.reading.formats.read import read_table
from services.reading.names import ROLES
from services.reading.study_toml import read_meta
from services.settings import ROOT
from services.studies import Catalogue
from services.study.model import Study
from tests.bad_files import GOOD
from tests.study_writers import delimited, library, workbook

TEMPLATE = ROOT / "data" / "template"


@pytest.fixture(scope="module")
def template() -> Study:
    """Made of its tables one by one, without the reader of folders."""
    tables = [read_table(TEMPLATE / f"{role}.csv") for role in ROLES]
    meta = read_meta(TEMPLATE / "study.toml")
    return reading_build.build(
        *tables, id=meta.id or "template", meta=meta, kind=meta.kind or "real"
    )  # type: ignore[arg-type]


def equal(one: Study, other: Study) -> None:
    pd.testing.assert_frame_equal(one.subjects, other.subjects)
    pd.testing.assert_frame_equal(one.times, other.times)
    assert one.adverse_events is not None
    assert other.adverse_events is not None
    pd.testing.assert_frame_equal(one.adverse_events, other.adverse_events)
    assert (one.id, one.title, one.kind) == (other.id, other.title, other.kind)
    assert (one.arms, one.endpoints) == (other.arms, other.endpoints)


def dataset_json(file: Path) -> str:
    """A CSV file's cells as Dataset-JSON 1.1, all of them text."""
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    columns = [{"itemOID": c, "name": c, "label": c, "dataType": "string"} for c in frame]
    rows = frame.to_numpy().tolist()
    head = {"datasetJSONVersion": "1.1.0", "name": file.stem, "records": len(rows)}
    return json.dumps(head | {"columns": columns, "rows": rows})


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


CSV = {f.name: f.read_bytes() for f in sorted(TEMPLATE.iterdir())}


def test_a_folder(template: Study) -> None:
    equal(template, read_study(TEMPLATE))


def test_a_folder_of_dataset_json(template: Study, tmp_path: Path) -> None:
    folder = tmp_path / "template"
    folder.mkdir()
    shutil.copy(TEMPLATE / "study.toml", folder)
    for role in ROLES:
        (folder / f"c{role}.json").write_text(dataset_json(TEMPLATE / f"{role}.csv"))
    equal(template, read_study(folder))
    assert read_table(folder / "cadtte.json").format == "Dataset-JSON"


@pytest.mark.parametrize("where", ["itself", "in a folder"])
def test_a_zip(template: Study, where: str, tmp_path: Path) -> None:
    folder = tmp_path / "template"
    folder.mkdir()
    path = zipped(folder / "template.zip", {f"a/{name}": text for name, text in CSV.items()})
    equal(template, read_study(path if where == "itself" else folder))
    catalogue = Catalogue([path], tmp_path / "none")
    assert catalogue.ids() == (template.id,)
    equal(template, catalogue.get(template.id))


def test_names_come_from_the_zip_and_other_files_are_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "My trial.zip", {"adtte.csv": GOOD.encode(), "x.csv": b"a\n1\n"})
    study = read_study(path)
    assert (study.id, study.kind) == ("my-trial", "real")
    assert "x.csv is not ADSL" in study.report.findings[-1].message


def test_columns_tell_what_names_do_not(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text(GOOD)
    (tmp_path / "notes.txt").write_text("not a table")
    assert len(read_study(tmp_path).times) == 3
    assert len(read_study(tmp_path / "times.csv").times) == 3


def test_a_zip_beside_the_tables_is_no_second_study(tmp_path: Path) -> None:
    (tmp_path / "adtte.csv").write_text(GOOD)
    zipped(tmp_path / "backup.zip", {"adtte.csv": GOOD.encode()})
    assert len(read_study(tmp_path).times) == 3


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "contains no ADTTE file"),
        ({"adtte.csv": GOOD.encode(), "adtte.json": b"{}"}, "Two files are for ADTTE"),
        ({"study.zip": b"PK\x03\x04 broken"}, "damaged or truncated zip"),
        ({"adsl.csv": b"USUBJID,ARM\n1,A\n"}, "No file contains times to events"),
    ],
)
def test_what_makes_no_study(files: dict[str, bytes], words: str, tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=words):
        read_study(tmp_path)
    with pytest.raises(UserError, match="There is no folder"):
        read_study(tmp_path / "absent")


def files(folder: Path, **contents: bytes) -> Found:
    """What files, named ``role__stem_end`` or ``_stem_end``, hold."""
    sent = []
    for key, content in contents.items():
        role, _, name = key.rpartition("__")
        path = folder / name.replace("_", ".")
        path.write_bytes(content)
        sent.append(File(path.name, path, role))
    return read_files(sent, folder, 1 << 30)


ADTTE = pd.read_csv(io.StringIO(GOOD))
ADSL = pd.DataFrame({"USUBJID": ["S1", "S2", "S3"], "TRT01P": ["Drug", "Drug", "Placebo"]})
PLAIN = pd.DataFrame({"id": ["a", "b"], "time": [1.0, 2.0], "event": [1.0, 0.0], "arm": ["A", "B"]})
NOTES = pd.DataFrame({"REMARK": ["one", "two"]})


def library_of(tables: dict[str, pd.DataFrame]) -> bytes:
    return library(tables)


def workbook_of(tables: dict[str, pd.DataFrame]) -> bytes:
    return workbook({name.upper(): frame for name, frame in tables.items()})


HOLDS_SEVERAL = pytest.mark.parametrize(
    ("write", "end"), [(library_of, "xpt"), (workbook_of, "xlsx")], ids=["xpt", "xlsx"]
)
Write = Callable[[dict[str, pd.DataFrame]], bytes]


@HOLDS_SEVERAL
def test_tables_of_one_file_have_the_roles_of_their_names(
    write: Write, end: str, tmp_path: Path
) -> None:
    content = write({"notes": NOTES, "adsl": ADSL, "adtte": ADTTE})
    for key in (f"study_{end}", f"adtte__study_{end}", f"adsl__study_{end}"):
        found = files(tmp_path, **{key: content})
        assert {r: t.name for r, t in found.tables.items()} == {
            "adsl": f"study.{end} (ADSL)", "adtte": f"study.{end} (ADTTE)",
        }  # fmt: skip
        assert found.left == (f"study.{end} (NOTES)",)


@HOLDS_SEVERAL
def test_a_file_for_one_role_lends_what_nobody_else_brings(
    write: Write, end: str, tmp_path: Path
) -> None:
    content = write({"adsl": ADSL, "adtte": ADTTE})
    own = delimited(ADSL.assign(SEX="F"))
    found = files(tmp_path, **{f"adtte__study_{end}": content, "adsl__own_csv": own})
    assert found.tables["adsl"].name == "own.csv"
    assert found.left == (f"study.{end} (ADSL)",)


@HOLDS_SEVERAL
def test_the_first_table_that_fits_is_taken(write: Write, end: str, tmp_path: Path) -> None:
    content = write({"notes": NOTES, "data1": ADTTE, "data2": ADSL})
    for key in (f"study_{end}", f"adtte__study_{end}", f"adtte_{end}"):
        found = files(tmp_path, **{key: content})
        assert found.tables["adtte"].name.endswith("(DATA1)")


@HOLDS_SEVERAL
def test_plain_tables_of_one_file_are_offered_the_likeliest_first(
    write: Write, end: str, tmp_path: Path
) -> None:
    content = write({"notes": NOTES, "trial": PLAIN, "more": PLAIN})
    found = files(tmp_path, **{f"study_{end}": content})
    assert [t.name for t in found.tables.values()] == [
        f"study.{end} ({name})" for name in ("TRIAL", "MORE", "NOTES")
    ]
    assert list(found.tables) == ["adtte", "table-2", "table-3"]
    path = tmp_path / f"study.{end}"
    with pytest.raises(UserError, match="has the columns of ADTTE"):
        read_study(path)


def test_a_sheet_that_is_no_table_does_not_stop_the_others(tmp_path: Path) -> None:
    content = workbook({"Readme": [["All of it is mine."], [1, 2]], "Empty": [], "Times": ADTTE})
    found = files(tmp_path, study_xlsx=content)
    assert found.tables["adtte"].name == "study.xlsx (Times)"
    assert found.left == ("study.xlsx (Readme)", "study.xlsx (Empty)")
