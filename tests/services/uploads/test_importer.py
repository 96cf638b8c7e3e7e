"""Uploads as a whole. Oracles: the same study in another format; the CDISC pilot and the random
ADaM study under ``../shared``; what is on the disk after a kill."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from services.errors import UserError
from services.reading.formats.read import read_table
from services.reading.formats.table import Table
from services.settings import ROOT
from services.study.model import Study
from services.uploads.importer import Canceled, Importer, Incoming
from services.uploads.store import Store
from tests.bad_files import GOOD
from tests.sas7bdat_writer import sas7bdat
from tests.uploads import importer, send

SHARED = ROOT.parent / "shared" / "data" / "adam"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared ADaM files are absent")
TEMPLATE = ROOT / "data" / "template"


def tables_of(folder: Path) -> dict[str, Table]:
    """The tables of a folder by role, with columns that every format can hold."""
    found = {}
    for file in sorted(folder.iterdir()):
        for role in ("adsl", "adtte", "adae"):
            if file.name.split(".")[0].endswith(role):
                table = read_table(file)
                # Version 5 transport has names of 8 characters, upper case.
                keep = [c for c in table.frame if len(c) <= 8 and c == c.upper()]
                small = role == "adsl" or (role == "adtte" and len(table.frame) < 400)
                rows = 400 if small else 100
                found[role] = Table(table.frame[keep].head(rows), table.labels, f"{role}.x")
    return found


def without_repeats(tables: dict[str, Table]) -> dict[str, Table]:
    """Less to write and read ten times: ADTTE and ADAE without the columns that ADSL has too."""
    known = set(tables["adsl"].frame) - {"STUDYID", "USUBJID", "ARM", "ACTARM"}
    return {
        role: t
        if role == "adsl"
        else Table(t.frame[[c for c in t.frame if c not in known]], t.labels, t.name)
        for role, t in tables.items()
    }


def as_csv(table: Table, folder: Path) -> bytes:
    return table.frame.to_csv(index=False).encode()


def as_semicolons(table: Table, folder: Path) -> bytes:
    return table.frame.to_csv(index=False, sep=";").encode("cp1252")


def as_parquet(table: Table, folder: Path) -> bytes:
    buffer = io.BytesIO()
    table.frame.to_parquet(buffer)
    return buffer.getvalue()


def as_xpt(version: int) -> Callable[[Table, Path], bytes]:
    def write(table: Table, folder: Path) -> bytes:
        path = folder / "x.xpt"
        frame, formats = sas_numbers(table.frame)
        pyreadstat.write_xport(frame, str(path), file_format_version=version,
                               variable_format=formats)  # fmt: skip
        return path.read_bytes()

    return write


def sas_numbers(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Dates as SAS counts them, with their formats; times of day kept."""
    made, formats = frame.copy(), {}
    for name in frame:
        if pd.api.types.is_datetime64_dtype(frame[name]):
            seconds = (frame[name] - pd.Timestamp("1960-01-01")).dt.total_seconds()
            whole = bool((seconds.dropna() % 86_400 == 0).all())
            made[name] = seconds / 86_400 if whole else seconds
            formats[str(name)] = "DATE9" if whole else "DATETIME20"
        elif frame[name].dtype == object:
            made[name] = frame[name].where(frame[name].notna(), None)
    return made, formats


def as_sas7bdat(table: Table, folder: Path) -> bytes:
    frame = table.frame.copy()
    for name in frame:
        if pd.api.types.is_datetime64_dtype(frame[name]):
            days = frame[name].dropna()
            if not bool((days == days.dt.normalize()).all()):  # the writer knows dates only
                iso = frame[name].dt.strftime("%Y-%m-%dT%H:%M:%S")
                frame[name] = iso.where(frame[name].notna(), np.nan).astype(object)
    return sas7bdat(frame, {k: v for k, v in table.labels.items() if k in frame})


def as_dataset_json(table: Table, folder: Path) -> bytes:
    columns, values = [], []
    for name in table.frame:
        series = table.frame[name]
        if pd.api.types.is_datetime64_dtype(series):
            kind = "datetime"
            cells = [None if pd.isna(v) else v.isoformat() for v in series]
        elif series.dtype == object:
            kind, cells = "string", [None if pd.isna(v) else v for v in series]
        else:
            kind, cells = "float", [None if np.isnan(v) else v for v in series]
        columns.append({"itemOID": name, "name": name, "label": table.labels.get(name, name),
                        "dataType": kind})  # fmt: skip
        values.append(cells)
    rows = [list(row) for row in zip(*values, strict=True)]
    head = {"datasetJSONVersion": "1.1.0", "name": table.name, "records": len(rows)}
    return json.dumps(head | {"columns": columns, "rows": rows}).encode()


def as_ndjson(table: Table, folder: Path) -> bytes:
    body = json.loads(as_dataset_json(table, folder))
    rows = body.pop("rows")
    return "\n".join(json.dumps(line) for line in [body, *rows]).encode()


FORMATS: dict[str, Callable[[Table, Path], bytes]] = {
    "csv": as_csv,
    "semicolons, Windows-1252": as_semicolons,
    "parquet": as_parquet,
    "xpt5": as_xpt(5),
    "xpt8": as_xpt(8),
    "sas7bdat": as_sas7bdat,
    "dataset-json": as_dataset_json,
    "ndjson": as_ndjson,
    "csv.gz": lambda t, f: gzip.compress(as_csv(t, f), 1),
    "parquet.gz": lambda t, f: gzip.compress(as_parquet(t, f), 1),
}


def equal(one: Study, other: Study) -> None:
    """Every value the pages use."""
    pd.testing.assert_frame_equal(one.subjects, other.subjects)
    pd.testing.assert_frame_equal(one.times, other.times)
    assert (one.adverse_events is None) == (other.adverse_events is None)
    if one.adverse_events is not None:
        pd.testing.assert_frame_equal(one.adverse_events, other.adverse_events)
    assert one.arms == other.arms
    assert [e.id for e in one.endpoints] == [e.id for e in other.endpoints]


@needs_shared
@pytest.mark.parametrize("study", ["cdiscpilot01", "random_cdisc_data"])
def test_the_same_study_in_every_format(study: str, tmp_path: Path) -> None:
    tables = tables_of(SHARED / study)
    if study == "random_cdisc_data":  # the pilot keeps its repeated columns
        tables = without_repeats(tables)
    reader = importer(tmp_path)
    studies = {}
    for name, write in FORMATS.items():
        files = {f"{role}.bin": write(table, tmp_path) for role, table in tables.items()}
        received = send(reader, files)
        assert received.study is not None, (name, received.problem)
        studies[name] = received.study
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for role, table in tables.items():
            archive.writestr(f"data/{role}.csv", as_csv(table, tmp_path))
    zipped = send(reader, {"study.zip": buffer.getvalue()})
    assert zipped.study is not None
    for other in (*studies.values(), zipped.study):
        equal(studies["csv"], other)
    assert len(studies["csv"].times) == {"cdiscpilot01": 254, "random_cdisc_data": 80}[study]


def test_a_stored_study_is_the_one_that_was_uploaded(tmp_path: Path) -> None:
    """After a restart it is built from the disk: the same values and the same report."""
    files = {f.name: f.read_bytes() for f in TEMPLATE.iterdir()}
    first = send(importer(tmp_path), files).study
    assert first is not None
    again = Store(tmp_path / "store").get(first.id)
    assert again is not first
    equal(first, again)
    assert again.report == first.report
    assert again.sha256 == first.sha256


# --- the reading process ---------------------------------------------------------------------


def test_a_canceled_upload_leaves_nothing(real: Importer) -> None:
    with real.store.staging() as folder:
        path = folder / "file-0"
        path.write_bytes(GOOD.encode())
        with pytest.raises(Canceled):
            real.receive([Incoming("adtte.csv", path)], folder, None, lambda: False)
    assert [p.name for p in real.store.folder.iterdir() if p.name != ".lock"] == []


OTHER = """
import sys
from pathlib import Path
from services.reading.mapping import Mapping
from services.uploads.store import Store
from tests.uploads import importer, send

folder, first, adtte = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
store = Store(folder / "store")
print(len(store.get(first).times))
store.set_mapping(first, Mapping(title="Said elsewhere", unit="months"))
for i in range(3):
    print(send(importer(folder), {"adtte.csv": adtte.encode()}).id)
"""


def test_two_processes_share_a_store(tmp_path: Path) -> None:
    mine = importer(tmp_path)
    first = send(mine, {"adtte.csv": GOOD.encode()})
    assert mine.store.get(first.id).title == "Uploaded study"
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(tmp_path), first.id, GOOD],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    ids = [send(mine, {"adtte.csv": GOOD.encode()}).id for _ in range(3)]
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    count, *others = out.split()
    assert count == "3"
    assert len({*ids, *others}) == 6
    for study_id in (*ids, *others):
        assert len(mine.store.get(study_id).times) == 3
    # What another process said of the columns is noticed.
    changed = mine.store.get(first.id)
    assert changed.title == "Said elsewhere"
    assert changed.times["TIME"].tolist() == [10 * 30.4375, 30 * 30.4375, 20 * 30.4375]


def test_too_many_at_once_are_asked_to_come_back(tmp_path: Path) -> None:
    reader = importer(tmp_path)
    reader._waiting = 3
    with pytest.raises(UserError, match="Several studies") as caught:
        send(reader, {"adtte.csv": GOOD.encode()})
    assert caught.value.status == 503
