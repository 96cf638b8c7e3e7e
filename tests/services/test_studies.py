"""The catalog: what is listed, read once, and refused."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from services import studies as module
from services.errors import UserError
from services.reading.files import read_study
from services.studies import BUNDLED, Catalogue
from services.study.model import Study

ADTTE = """USUBJID,TRTP,PARAMCD,AVAL,AVALU,CNSR
S1,A,OS,1,DAYS,0
S2,B,OS,2,DAYS,1
"""


def make(folder: Path, study_id: str = "", adtte: str = ADTTE) -> Path:
    folder.mkdir(parents=True)
    (folder / "adtte.csv").write_text(adtte)
    if study_id:
        (folder / "study.toml").write_text(f'id = "{study_id}"\ntitle = "T {study_id}"\n')
    return folder


def test_ids_and_studies(tmp_path: Path) -> None:
    make(tmp_path / "bundled" / "b", "second")
    make(tmp_path / "bundled" / "A one")
    (tmp_path / "bundled" / "__pycache__").mkdir()
    (tmp_path / "bundled" / "README.md").write_text("about")
    catalogue = Catalogue([make(tmp_path / "extra", "mine")], tmp_path / "bundled")
    assert catalogue.ids() == ("a-one", "second", "mine")
    assert catalogue.get("second").title == "T second"
    assert catalogue.get("second") is catalogue.get("second")
    second = catalogue.get("second")
    assert (len(second.subjects), [arm.name for arm in second.arms]) == (2, ["B", "A"])
    assert second.adverse_events is None


def test_an_unknown_id(tmp_path: Path) -> None:
    catalogue = Catalogue([make(tmp_path / "x", "mine")], tmp_path / "none")
    with pytest.raises(UserError, match=r"no study “other”") as caught:
        catalogue.get("other")
    assert caught.value.status == 404


def test_two_studies_of_one_id(tmp_path: Path) -> None:
    make(tmp_path / "bundled" / "one", "same")
    with pytest.raises(UserError, match="Two studies have the id “same”"):
        Catalogue([make(tmp_path / "two", "same")], tmp_path / "bundled")


def test_extra_folders_are_read_at_once_and_bundled_ones_when_asked_for(tmp_path: Path) -> None:
    bad = ADTTE.replace("DAYS", "")
    make(tmp_path / "bundled" / "b", "bad", bad)
    catalogue = Catalogue([], tmp_path / "bundled")
    with pytest.raises(UserError, match="the unit of the times"):
        catalogue.get("bad")
    with pytest.raises(UserError, match="the unit of the times"):
        Catalogue([make(tmp_path / "extra", "mine", bad)], tmp_path / "none")
    with pytest.raises(UserError, match="There is no folder"):
        Catalogue([tmp_path / "absent"], tmp_path / "none")


def test_a_study_is_read_once_among_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "bundled" / "b", "one")
    reads: list[Path] = []
    gate = threading.Barrier(8)

    def counted(folder: Path) -> Study:
        reads.append(folder)
        return read_study(folder)

    monkeypatch.setattr(module, "read_study", counted)
    catalogue = Catalogue([], tmp_path / "bundled")
    found: list[Study] = []

    def ask() -> None:
        gate.wait()
        found.append(catalogue.get("one"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reads) == 1
    assert len({id(study) for study in found}) == 1


def test_the_bundled_studies_can_be_read() -> None:
    catalogue = Catalogue()
    assert BUNDLED.is_dir()
    for study in map(catalogue.get, catalogue.ids()):
        assert study.kind == ("real" if study.id == "mgus2" else "simulated")
        assert len(study.subjects)
        assert study.metadata.kind_note
