"""What befalls a store: kills, full and read-only disks, clocks.

Oracle: the studies that were there before are served, whole, and what is left behind goes.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.errors import UserError
from services.reading.mapping import Mapping
from services.settings import ROOT
from services.uploads import folder
from services.uploads.folder import STAGING, STARTING_SECONDS
from services.uploads.store import DAY, UNDO_SECONDS, Store
from tests.bad_files import GOOD
from tests.uploads import importer, send

posix = pytest.mark.skipif(os.name != "posix", reason="kills and mounts as POSIX has them")

# One process that has imported everything makes a child for each step, which kills itself there.
KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from tests.uploads import importer, send

root, text = Path(sys.argv[1]), sys.argv[2]
TOUCH = {"open", "os.mkdir", "os.rename", "os.chmod", "os.remove", "os.rmdir", "shutil.rmtree"}
for step in range(200):
    shutil.copytree(root / "before", root / str(step), symlinks=True)
    child = os.fork()
    if child == 0:
        done = 0
        def count(event, args):
            global done
            reads = event == "open" and not args[2] & (os.O_WRONLY | os.O_RDWR)
            if event in TOUCH and not reads and str(root / str(step)) in str(args[0]):
                if done == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                done += 1
        reader = importer(root / str(step))
        sys.addaudithook(count)
        send(reader, {"adtte.csv": text.encode()})
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
print(step)
"""


def sent(folder: Path, text: str = GOOD) -> str:
    return send(importer(folder), {"adtte.csv": text.encode()}).id


def left(store: Store) -> set[str]:
    """What lies in a store beside its lock."""
    return {p.name for p in store.folder.iterdir()} - {".lock"}


@posix
def test_a_kill_at_any_step_of_an_upload_loses_nothing(tmp_path: Path) -> None:
    study = sent(tmp_path / "before")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), GOOD],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    steps = int(done.stdout)
    assert steps > 10
    whole = Store(tmp_path / "before" / "store").get(study).times
    taken_in = 0
    for step in range(steps + 1):
        store = Store(tmp_path / str(step) / "store")
        for path in store.folder.glob(f"{STAGING}*"):
            old = time.time() - STARTING_SECONDS - 1
            os.utime(path, (old, old))
        store.sweep()
        kept = left(store)
        assert study in kept
        assert len(kept) <= 2, f"killed at step {step}: {kept}"
        taken_in += len(kept) == 2
        for name in kept:
            assert store.get(name).times.equals(whole)
    assert taken_in >= 1
    assert sent(tmp_path / str(steps // 2)), "no lock is left behind"


def test_an_upload_that_is_being_read_is_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.staging() as folder:
        old = time.time() - STARTING_SECONDS - 1
        os.utime(folder, (old, old))
        store.sweep()
        assert folder.is_dir()
    assert left(store) == set()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 kB; it needs the right to mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)],
        capture_output=True, text=True, check=False,
    ) if sys.platform == "linux" else None  # fmt: skip
    if made is None or made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr if made else sys.platform}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def refused(status: int, act: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as caught:
        act()
    assert caught.value.status == status, caught.value
    return caught.value


def test_a_full_disk_loses_nothing_and_has_room_again(disk: Path) -> None:
    study = sent(disk)
    store = Store(disk / "store")
    large = GOOD + "".join(f"T{i},Drug,OS,{i}.{i},DAYS,{i % 2}\n" for i in range(20_000))
    assert "disk is full" in str(refused(507, lambda: sent(disk, large)))
    assert left(store) == {study}
    (disk / "rest").write_bytes(b"x" * (os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize))
    refused(507, lambda: sent(disk))
    assert len(store.get(study).times)
    assert left(store) == {study}
    assert store.delete(study, undo=False) is None, "deleting works on a full disk"
    (disk / "rest").unlink()
    assert left(store) == set()
    assert sent(disk)


def test_a_read_only_disk_still_serves(disk: Path) -> None:
    study = sent(disk)
    store = Store(disk / "store")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for act in (lambda: sent(disk), lambda: store.delete(study)):
        assert "cannot write" in str(refused(503, act))
    store.sweep()
    assert len(Store(store.folder).get(study).times)
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert left(store) == {study}
    assert sent(disk)


def test_a_store_that_is_taken_away_comes_back_empty(tmp_path: Path) -> None:
    study = sent(tmp_path)
    store = Store(tmp_path / "store")
    store.folder.rename(tmp_path / "elsewhere")
    refused(404, lambda: store.get(study))
    refused(404, lambda: store.delete(study))
    store.sweep()
    new = sent(tmp_path)
    assert left(store) == {new}
    store.delete(new, undo=False)
    (tmp_path / "elsewhere" / study).rename(store.folder / study)
    assert len(store.get(study).times), "and what was put back is served"


def test_a_correction_that_is_cut_off_changes_nothing_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = sent(tmp_path)
    store = Store(tmp_path / "store")
    files = {p.name for p in (store.folder / study).iterdir()}

    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[:9])
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(folder, "write_file", full)
        refused(507, lambda: store.set_mapping(study, Mapping(title="Mine")))
    assert {p.name for p in (store.folder / study).iterdir()} == files
    (store.folder / study / folder.TEMPORARY).write_bytes(b"{")  # as a kill leaves it
    store.sweep()
    assert {p.name for p in (store.folder / study).iterdir()} == files
    assert store.get(study).title == "Uploaded study"


@pytest.mark.parametrize("days", [-20, 20])
def test_a_clock_that_is_set_otherwise_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """Back and forward by less than a study is kept."""
    study, gone = sent(tmp_path), sent(tmp_path)
    store = Store(tmp_path / "store")
    store.delete(gone)
    (store.folder / f"{STAGING}left").mkdir()
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + days * DAY)
    store.sweep()
    new = sent(tmp_path)
    assert {study, new} <= left(store)
    assert not any(name.startswith(STAGING) for name in left(store))
    assert len(store.get(study).times)
    assert store.delete(new) is not None
    assert store.restore(new).id == new
    monkeypatch.undo()
    store.sweep()
    assert {study, new} <= left(store)
    monkeypatch.setattr(time, "time", lambda: now() + UNDO_SECONDS + 1)
    store.sweep()
    assert left(store) == {study, new}, "what was deleted went in its time"


def test_two_uploads_and_a_deletion_at_once(tmp_path: Path) -> None:
    doomed, kept = sent(tmp_path), sent(tmp_path)
    reader = importer(tmp_path)
    found: list[str] = []
    acts = [
        lambda: found.append(send(reader, {"adtte.csv": GOOD.encode()}).id),
        lambda: found.append(send(reader, {"adtte.csv": GOOD.encode()}).id),
        lambda: reader.store.delete(doomed, undo=False),
    ]
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert left(reader.store) == {kept, *found}
    assert len(found) == 2
    for study in (kept, *found):
        assert len(reader.store.get(study).times)
    refused(404, lambda: reader.store.get(doomed))
