"""What both homes of uploads do alike. Oracle: what was put there."""

from __future__ import annotations

import threading

import pytest

from services.uploads.home import Found, Home
from services.uploads.importer import Importer
from tests.bad_files import GOOD
from tests.uploads import importer, send


@pytest.fixture
def reader(home: Home) -> Importer:
    return importer(home)


def sent(reader: Importer) -> str:
    return send(reader, {"adtte.csv": GOOD.encode()}).id


def test_changes_at_the_same_time_are_all_kept(reader: Importer) -> None:
    home, study_id = reader.store.home, sent(reader)

    def change(letter: bytes) -> None:
        home.change(study_id, lambda text: text + letter)

    threads = [threading.Thread(target=change, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(home.read(study_id).text[-3:]) == sorted(b"abc")


def test_what_is_hidden_is_there_for_who_restores_it_only(reader: Importer) -> None:
    home, study_id = reader.store.home, sent(reader)
    text = home.read(study_id).text
    home.hide(study_id, 1000)
    assert home.read(study_id) == Found(text, 1000.0)
    assert [found for found, _ in home.studies()] == [study_id]
    for ask in (lambda: home.hide(study_id, 1001), lambda: home.change(study_id, bytes.upper)):
        with pytest.raises(FileNotFoundError):
            ask()
    assert not home.show(study_id, 1000.0)
    assert home.show(study_id, 999.0)
    assert home.read(study_id) == Found(text)


def test_a_home_that_nobody_used_yet_is_empty(home: Home) -> None:
    home.check()
    home.tidy()
    assert (list(home.studies()), home.used()) == ([], 0)
    with pytest.raises(FileNotFoundError):
        home.read("a" * 32)
