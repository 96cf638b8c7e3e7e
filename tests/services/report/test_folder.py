"""The folder. Oracle: zipfile and hashlib."""

from __future__ import annotations

import hashlib
import io
import zipfile

from services.report.folder import folder
from tests.services.report.sample import a_report, an_item


def test_a_folder_has_every_file_and_says_how_each_was_made() -> None:
    item = an_item(title="../A: b", left_out=("py: There is nothing to recompute.",))
    archive = zipfile.ZipFile(io.BytesIO(folder(a_report(item, item))))
    names = archive.namelist()
    own = {name for name in names if name.startswith("01-a-b/")}
    assert own == {f"01-a-b/{name}" for name in ("t.json", "t.csv", "figure.svg", "figure.png")}
    assert {"report.html", "tables.xlsx", "README.txt", "02-a-b/t.csv"} <= {*names}
    readme = archive.read("README.txt").decode()
    for part in ("Our trial: It was deleted.", "Population: 10 of 10", "0" * 64, "Methods: Cox.",
                 "t.csv: the numbers", "In the simulated patients: ", "to recompute"):  # fmt: skip
        assert part in readme
    sums = dict(line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
    assert {*sums} == {*names} - {"SHA256SUMS"}
    for name, found in sums.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == found


def test_each_file_is_called_what_it_holds() -> None:
    names = ("t.json", "t-5e264e.csv", "t-patients-5e264e.csv", "t-patients.csv", "t-events.csv")
    item = an_item(files=dict.fromkeys(names, "x,y\n1,2\n") | {"t.json": "{}"})
    readme = zipfile.ZipFile(io.BytesIO(folder(a_report(item)))).read("README.txt").decode()
    said = dict(line[2:].split(": ", 1) for line in readme.splitlines() if line.startswith("- t"))
    assert said["t-5e264e.csv"].startswith("the numbers of the view as a table")
    assert said["t-patients-5e264e.csv"] == said["t-patients.csv"]
    assert said["t-patients.csv"].startswith("the patients behind the numbers")
    assert said["t-events.csv"].startswith("every adverse event")
