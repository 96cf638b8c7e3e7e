"""Uploads in a folder, among what is none of ours. Oracle: what is in the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.errors import UserError
from services.uploads.folder import Folder
from tests.bad_files import GOOD
from tests.uploads import importer, send


def test_what_is_none_of_ours_is_left_alone_and_stops_nobody(tmp_path: Path) -> None:
    reader = importer(tmp_path)
    folder = reader.store.folder
    folder.mkdir()
    (folder / ("a" * 32)).write_text("a file where a study would be")
    (folder / ("b" * 32)).symlink_to(folder / ("b" * 32))
    (folder / "notes.txt").write_text("mine")
    study_id = send(reader, {"adtte.csv": GOOD.encode()}).id
    reader.store.sweep()
    assert [found for found, _ in reader.store.home.studies()] == [study_id]
    with pytest.raises(UserError, match="no longer here"):
        reader.store.get("a" * 32)
    assert {p.name for p in folder.iterdir()} == {
        "a" * 32, "b" * 32, "notes.txt", study_id, ".lock",
    }  # fmt: skip


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write") as caught:
        Folder(tmp_path / "file").check()
    assert caught.value.status == 503
