"""Studies in folders and zips, as ``--study`` names them. Oracle: the template's CSV files."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from services import adam
from services.catalogue import Catalogue
from services.errors import UserError
from services.settings import ROOT
from services.study import Study
from services.study_files import read_study
from services.tables import read_table
from tests.bad_files import GOOD

TEMPLATE = ROOT / "data" / "template"


@pytest.fixture(scope="module")
def template() -> Study:
    return adam.read_folder(TEMPLATE)


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
    for role in adam.ROLES:
        (folder / f"c{role}.json").write_text(dataset_json(TEMPLATE / f"{role}.csv"))
    equal(template, read_study(folder))
    equal(template, adam.read_folder(folder))
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
    assert "x.csv is none of ADSL" in study.report.findings[-1].message


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
        ({}, "holds no ADTTE file"),
        ({"adtte.csv": GOOD.encode(), "adtte.json": b"{}"}, "Two files are for ADTTE"),
        ({"study.zip": b"PK\x03\x04 broken"}, "damaged or cut-off zip"),
        ({"adsl.csv": b"USUBJID,ARM\n1,A\n"}, "No file holds times to events"),
    ],
)
def test_what_makes_no_study(files: dict[str, bytes], words: str, tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=words):
        read_study(tmp_path)
    with pytest.raises(UserError, match="There is no folder"):
        read_study(tmp_path / "absent")
