"""The generator writes the same bytes; a changed file is named, simulated or fetched."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from data import generate
from tests.data.studies import FOLDER

SIMULATE = Path(generate.__file__).parent / "simulate"


def test_every_file_is_what_the_program_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr() == ("", "")


def test_check_names_a_changed_file(tmp_path: Path) -> None:
    one = ("e3a06-run-in",)
    for path in generate.write(tmp_path, one):
        assert path.read_bytes().endswith(b"\n")
    changed = tmp_path / "e3a06-run-in" / "adae.csv"
    changed.write_bytes(changed.read_bytes().replace(b"Fatigue", b"fatigue"))
    assert generate.differences(tmp_path, one) == ["e3a06-run-in/adae.csv"]
    (tmp_path / "e3a06-run-in" / "adsl.csv").unlink()
    assert generate.differences(tmp_path, one) == [
        "e3a06-run-in/adsl.csv",
        "e3a06-run-in/adae.csv",
    ]


def test_check_names_a_changed_fetched_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(FOLDER / "mgus2", tmp_path / "mgus2")
    assert generate.altered(tmp_path) == []
    adsl = tmp_path / "mgus2" / "adsl.csv"
    adsl.write_bytes(adsl.read_bytes().replace(b",88,YEARS", b",89,YEARS", 1))
    assert generate.altered(tmp_path) == ["mgus2/adsl.csv"]
    (tmp_path / "mgus2" / "adtte.csv").unlink()
    monkeypatch.setattr(generate, "STUDIES", tmp_path)
    monkeypatch.setattr(generate, "differences", lambda folder: [])
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "is not as it was fetched: data/studies/mgus2/adsl.csv",
        "is not as it was fetched: data/studies/mgus2/adtte.csv",
    ]


def test_every_study_is_generated_or_has_its_hashes() -> None:
    folders = {f.name for f in FOLDER.iterdir() if f.is_dir()}
    fetched = {f.parent.name for f in FOLDER.glob(f"*/{generate.SUMS}")}
    assert set(generate.SEEDS) == set(generate.MAKERS) == folders - fetched
    for sums in FOLDER.glob(f"*/{generate.SUMS}"):
        listed = {line.split("  ", 1)[1] for line in sums.read_text("utf-8").splitlines()}
        assert listed == {f.name for f in sums.parent.glob("*.csv")}


def test_no_trial_imports_another() -> None:
    """What two trials need stands in ``data/simulate/`` itself."""
    trials = {f.parent.name for f in SIMULATE.glob("*/__init__.py")}
    assert {"aquila", "e3a06", "quiredex"} <= trials
    for path in SIMULATE.rglob("*.py"):
        own = path.parent.name
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{a.name}" for a in node.names]
            found = {n.split(".")[2] for n in names if n.startswith("data.simulate.")} & trials
            assert found <= {own}, path
