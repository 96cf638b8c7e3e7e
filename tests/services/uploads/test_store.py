"""What a store promises, in each of its homes. Oracle: what lies there, and the study as it was."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest

from services.errors import UserError
from services.reading.mapping import Mapping
from services.uploads import store as store_module
from services.uploads.home import Home
from services.uploads.importer import Importer
from services.uploads.store import UNDO_SECONDS, Store
from tests.bad_files import GOOD, SHORT
from tests.uploads import importer, send


@pytest.fixture
def reader(home: Home) -> Importer:
    return importer(home)


def sent(reader: Importer, text: str = GOOD) -> str:
    return send(reader, {"adtte.csv": text.encode()}).id


def kept(store: Store) -> list[str]:
    return sorted(study_id for study_id, _ in store.home.studies())


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
    again = Store(store.home)
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


def test_what_can_come_back_takes_its_room(home: Home) -> None:
    study_id = sent(importer(home))
    tight = importer(home, total_bytes=int(1.5 * home.used()))
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


def test_a_mapping_is_remembered_and_changes_nothing_else(reader: Importer) -> None:
    study = send(reader, {"adtte.csv": GOOD.encode()}).study
    assert study is not None
    with pytest.raises(UserError, match="no column NOPE"):
        reader.store.set_mapping(study.id, Mapping(adtte={"AVAL": "NOPE"}))
    assert reader.store.get(study.id) is study
    reader.store.set_mapping(study.id, Mapping(reference="Drug"))
    again = Store(reader.store.home).get(study.id)
    assert again.reference_arm == "Drug"
    pd.testing.assert_frame_equal(again.times, study.times)


def test_a_full_store_says_so(reader: Importer) -> None:
    home = reader.store.home
    sent(reader)
    reader.store.total_bytes = int(2.5 * home.used())
    sent(reader)
    before = home.used()
    with pytest.raises(UserError, match="no space") as caught:
        sent(reader)
    assert caught.value.status == 507
    assert (home.used(), len(kept(reader.store))) == (before, 2)
    assert list(home.scratch.glob(".staging-*")) == []


def test_times_run_out(home: Home) -> None:
    reader = importer(home, days=0.0)
    received = send(reader, {"adtte.csv": GOOD.encode()})
    with pytest.raises(UserError, match="no longer here"):
        reader.store.get(received.id)
    kept = importer(home, days=None)
    received = send(kept, {"adtte.csv": GOOD.encode()})
    assert kept.store.expires(kept.store.entry(received.id)) is None
    draft = send(kept, {"adtte.csv": SHORT.encode()})
    assert draft.study is None
    end = kept.store.expires(kept.store.entry(draft.id))
    assert end is not None
    assert end - time.time() < 86_401


def test_what_one_process_does_the_others_see_at_their_next_request(home: Home) -> None:
    dropped: list[str] = []
    gone: list[str] = []
    here = importer(home)
    there = importer(home, on_drop=lambda study: dropped.append(study.id))
    study_id, draft = sent(here), sent(here, SHORT)
    assert there.store.get(study_id).title == "Uploaded study"
    here.store.set_mapping(study_id, Mapping(title="Said here"))
    assert there.store.get(study_id).title == "Said here"
    there.store.set_mapping(draft, Mapping(adtte={"TRTP": "USUBJID"}))
    assert not here.store.entry(draft).draft
    dropped.clear()
    there.store.on_gone = gone.append
    here.store.delete(study_id)
    there.store.sweep()
    # Out of the other's memory, though nobody asked for it there.
    assert (dropped, gone) == ([study_id], [study_id])
    with pytest.raises(UserError, match="no longer here"):
        there.store.get(study_id)
    assert there.store.restore(study_id).mapping.title == "Said here"
    assert here.store.get(study_id).title == "Said here"
    here.store.delete(study_id, undo=False)
    for ask in (there.store.get, there.store.restore):
        with pytest.raises(UserError):
            ask(study_id)


def test_a_damaged_study_is_named_and_the_others_go_on(
    reader: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, damaged, other = reader.store, sent(reader), sent(reader)
    store.home.change(damaged, lambda _text: b"{")
    with pytest.raises(UserError, match="damaged"):
        store.get(damaged)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * 86_400)
    assert store.sweep() == 1
    assert kept(store) == [damaged]
    assert store.get(sent(reader)) is not None
    store.delete(damaged)
    with pytest.raises(UserError, match="no longer here"):
        store.get(damaged)
    assert other not in kept(store)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("adtte.parquet", b""), ("adtte.parquet", b"PAR1" + b"\xff" * 99 + b"PAR1"),
        ("study.toml", b"\xff\xfe"), ("study.toml", b"title ="),
    ],
)  # fmt: skip
def test_a_damaged_file_of_a_study_is_told_in_words(
    tmp_path: Path, file: str, content: bytes
) -> None:
    study_id = sent(importer(tmp_path))
    store = Store(tmp_path / "store")  # as in another process
    (store.folder / study_id / file).write_bytes(content)
    with pytest.raises(UserError, match="damaged") as told:
        store.get(study_id)
    assert told.value.status == 410


def test_studies_in_memory_are_bounded_by_what_they_take(
    reader: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[str] = []
    reader.store._on_drop = lambda study: dropped.append(study.id)
    first, second = sent(reader), sent(reader)
    assert dropped == []
    half = store_module.KEPT_BYTES // 2 + 1
    monkeypatch.setattr(store_module, "share", lambda _study: half)
    third = sent(reader)
    assert dropped == [first, second][: len(dropped)]
    fourth = sent(reader)
    assert third in dropped
    assert fourth not in dropped
    assert reader.store.get(first).id == first  # read again
