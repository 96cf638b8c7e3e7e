"""Deleting and bringing back. Oracle: the folder, and the study as it was."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest

from services.errors import UserError
from services.reading.mapping import Mapping
from services.uploads.importer import Importer
from services.uploads.store import UNDO_SECONDS, Store
from tests.bad_files import GOOD, SHORT
from tests.uploads import importer, send


@pytest.fixture
def reader(tmp_path: Path) -> Importer:
    return importer(tmp_path)


def sent(reader: Importer, text: str = GOOD) -> str:
    return send(reader, {"adtte.csv": text.encode()}).id


def kept(store: Store) -> list[str]:
    return sorted(p.name for p in store.folder.iterdir() if p.name != ".lock")


def test_what_is_deleted_is_nowhere_and_comes_back_as_it_was(reader: Importer) -> None:
    store, study_id = reader.store, sent(reader)
    store.set_mapping(study_id, Mapping(title="Mine", unit="weeks"))
    before = store.get(study_id)
    until = store.delete(study_id)
    assert until is not None
    assert 0 < until - time.time() <= UNDO_SECONDS
    for ask in (store.get, store.entry, store.delete):
        with pytest.raises(UserError, match="no longer here"):
            ask(study_id)
    store.sweep()  # its time is not over
    # Another process, after a restart, brings it back.
    again = Store(store.folder)
    assert again.restore(study_id).mapping.title == "Mine"
    after = again.get(study_id)
    pd.testing.assert_frame_equal(before.times, after.times)
    assert (after.title, after.sha256) == (before.title, before.sha256)
    assert store.get(study_id).title == "Mine"
    assert kept(store) == [study_id]


def test_a_draft_comes_back_too(reader: Importer) -> None:
    study_id = sent(reader, SHORT)
    reader.store.delete(study_id)
    assert reader.store.restore(study_id).draft


def test_after_ten_minutes_it_is_gone(reader: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    store, study_id, other = reader.store, sent(reader), sent(reader)
    store.delete(study_id)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + UNDO_SECONDS + 1)
    with pytest.raises(UserError, match="cannot be restored") as caught:
        store.restore(study_id)
    assert caught.value.status == 404
    assert len(kept(store)) == 2
    store.sweep()
    assert kept(store) == [other]


def test_what_can_come_back_takes_its_room(tmp_path: Path) -> None:
    roomy = importer(tmp_path)
    study_id = sent(roomy)
    size = sum(f.stat().st_size for f in (roomy.store.folder / study_id).iterdir())
    tight = importer(tmp_path, total_bytes=int(1.5 * size))
    tight.store.delete(study_id)
    with pytest.raises(UserError, match="no space"):
        sent(tight)
    # Deleting it for good, also after the fact, gives the room back.
    assert tight.store.delete(study_id, undo=False) is None
    assert sent(tight)
    with pytest.raises(UserError, match="cannot be restored"):
        tight.store.restore(study_id)


def test_an_expired_study_does_not_come_back(
    reader: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, study_id = reader.store, sent(reader)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * 86_400)
    with pytest.raises(UserError, match="no longer here"):
        store.entry(study_id)
    assert kept(store) == []


@pytest.mark.parametrize("odd", ["", "*", "../x", "e3a06", "0" * 31, "0" * 32])
def test_only_an_id_of_something_deleted_can_be_restored(reader: Importer, odd: str) -> None:
    sent(reader)
    with pytest.raises(UserError, match="cannot be restored"):
        reader.store.restore(odd)
