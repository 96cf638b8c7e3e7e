"""Uploads in an object store, spoken to as S3. Oracle: the objects that are in the bucket."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import obstore
import pytest

from services.errors import UserError
from services.uploads import objects
from services.uploads.objects import Objects
from tests.bad_files import GOOD
from tests.s3 import bucket, s3
from tests.uploads import importer, send


@pytest.fixture
def home(url: str, tmp_path: Path) -> Objects:
    return Objects(url, tmp_path / "scratch")


def sent(home: Objects) -> str:
    return send(importer(home), {"adtte.csv": GOOD.encode()}).id


def names(home: Objects) -> list[str]:
    return sorted(meta["path"] for some in obstore.list(home._store) for meta in some)


def test_a_study_is_its_objects_and_nothing_stays_elsewhere(home: Objects) -> None:
    study_id = sent(home)
    assert names(home) == [f"{study_id}/adtte.parquet", f"{study_id}/entry.json"]
    assert list(home.scratch.iterdir()) == []
    importer(home).store.delete(study_id, undo=False)
    assert names(home) == []


def test_what_crashes_left_goes_and_what_is_not_ours_stays(
    home: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    study_id = sent(home)
    half, ended = "a" * 32, "b" * 32
    for key in (f"{half}/adtte.parquet", f"{ended}/adtte.parquet", "notes/mine.txt", "readme"):
        obstore.put(home._store, key, b"x")
    obstore.put(home._store, f"{ended}/entry.json", objects._ENDED)
    whole = [f"{study_id}/adtte.parquet", f"{study_id}/entry.json"]
    with pytest.raises(FileNotFoundError):
        home.read(ended)
    home.tidy()  # an upload may still be writing its tables
    assert names(home) == sorted([*whole, f"{half}/adtte.parquet", "notes/mine.txt", "readme"])
    monkeypatch.setattr(objects, "STAGING_HOURS", -1.0)
    home.tidy()
    assert names(home) == sorted([*whole, "notes/mine.txt", "readme"])


def test_an_upload_that_breaks_off_leaves_nothing(
    home: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Objects, "used", broken)  # its tables are there, its entry is not
    with pytest.raises(KeyboardInterrupt):
        sent(home)
    assert names(home) == []


def test_who_changes_an_entry_that_changed_meanwhile_tries_again(home: Objects) -> None:
    study_id, calls = sent(home), []

    def make(text: bytes) -> bytes:
        calls.append(text)
        if len(calls) == 1:
            home.change(study_id, lambda before: before + b"1")
        return text + b"2"

    home.change(study_id, make)
    assert len(calls) == 2
    assert home.read(study_id).text.endswith(b"12")


def test_what_came_back_is_not_ended(home: Objects) -> None:
    """Two machines whose clocks differ: one restores what the other takes for over."""
    study_id = sent(home)
    home.hide(study_id, 1000)
    assert home.show(study_id, 999)
    with pytest.raises(FileNotFoundError):
        home.end(study_id, 1000.0)
    assert home.read(study_id).hidden is None


def test_a_store_that_goes_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "RETRIES", 0)
    with s3() as leads:
        for name, value in leads.items():
            monkeypatch.setenv(name, value)
        home = Objects(bucket(), tmp_path / "scratch")
        study_id = sent(home)
        port = int(leads["AWS_ENDPOINT_URL"].rpartition(":")[2])
    for ask in (home.check, lambda: sent(home), lambda: importer(home).store.get(study_id)):
        with pytest.raises(UserError, match="cannot reach its store") as caught:
            ask()
        assert caught.value.status == 503
    assert list(home.scratch.glob(".staging-*")) == []
    with s3(port):
        with pytest.raises(UserError, match="cannot reach its store"):
            home.check()  # nobody waits for it again and again
        monkeypatch.setattr(home, "_away_until", 0.0)
        assert importer(home).store.get(study_id).title == "Uploaded study"


def test_a_store_that_takes_a_question_and_never_answers_holds_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "SHORT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        home = Objects("s3://bucket/prefix", tmp_path)
        begun = time.monotonic()
        for _ in range(3):
            with pytest.raises(UserError, match="cannot reach its store"):
                home.read("a" * 32)
        assert time.monotonic() - begun < 3


@pytest.mark.parametrize("wrong", ["s3://", "ftp://bucket/x", "nonsense"])
def test_an_address_that_is_none_is_refused_at_the_start(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="SMM_STORE"):
        Objects(wrong, tmp_path)
