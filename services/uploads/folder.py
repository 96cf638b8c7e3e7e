"""Uploaded studies in a folder: a study appears, goes and comes back by one rename."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from services.study.model import SECRET_ID
from services.uploads.disk import is_held, lock_file, size, storing, sync, write_file
from services.uploads.home import ENTRY, STAGING_HOURS, Found

STAGING = ".staging-"
TEMPORARY = "entry.tmp"  # what an entry is about to be
STARTING_SECONDS = 60  # in which a process has taken hold of the folder that it made
_DELETED = re.compile(r"\.deleted-(?P<id>[0-9a-f]{32})-(?P<time>\d{1,12})")


class Folder:
    """A folder of studies, each a folder named by its id; see ``Home``.

    Parameters
    ----------
    folder : created when first needed, readable by this user only
    """

    def __init__(self, folder: Path) -> None:
        self.scratch = Path(folder)
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raise the ``UserError`` of a folder that cannot be written."""
        with storing():
            self.scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.scratch / ".lock").open("a").close()

    def studies(self) -> Iterator[tuple[str, str]]:
        """(id, version) of each, hidden ones too."""
        if not self.scratch.is_dir():
            return
        for path in self.scratch.iterdir():
            deleted = _DELETED.fullmatch(path.name)
            if deleted:
                yield deleted["id"], path.name
            elif SECRET_ID.fullmatch(path.name):
                with suppress(OSError):  # another process was quicker, or it is none of ours
                    yield path.name, str((path / ENTRY).stat().st_mtime_ns)

    def read(self, study_id: str) -> Found:
        """A study's entry, of a hidden one too."""
        try:
            return Found((self.scratch / study_id / ENTRY).read_bytes())
        except (FileNotFoundError, NotADirectoryError) as problem:
            for path, since in self._hidden(study_id):
                return Found((path / ENTRY).read_bytes(), since)
            raise FileNotFoundError(ENTRY) from problem

    def open(self, study_id: str, name: str) -> IO[bytes]:
        """Another of its files."""
        return (self.scratch / study_id / name).open("rb")

    def put(self, study_id: str, folder: Path, most: int) -> bool:
        """Take in a folder of ``scratch``; False if all together exceed ``most``."""
        for file in folder.iterdir():
            file.chmod(0o600)
        more = size(folder)
        with self._among_processes():
            if self.used() + more > most:
                return False
            folder.rename(self.scratch / study_id)
            sync(self.scratch)
        return True

    def change(self, study_id: str, make: Callable[[bytes], bytes]) -> None:
        """Replace an entry by what ``make`` makes of it."""
        path = self.scratch / study_id / ENTRY
        with storing(), self._among_processes():
            changed = make(path.read_bytes())
            temporary = path.with_name(TEMPORARY)  # one at a time: the lock is held
            try:
                write_file(temporary, changed)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)

    def hide(self, study_id: str, now: int) -> None:
        """One rename: out of sight, whoever is reading, and whole for coming back."""
        with storing():
            (self.scratch / study_id).rename(self.scratch / f".deleted-{study_id}-{now}")

    def show(self, study_id: str, after: float) -> bool:
        """Bring back a study hidden later than ``after``; whether it was."""
        for path, since in self._hidden(study_id):
            if since > after:
                with suppress(FileNotFoundError):  # another process was quicker
                    path.rename(self.scratch / study_id)
                return True
        return False

    def end(self, study_id: str, hidden: float | None = None) -> None:
        """Remove a study; with ``hidden``, only if it still is since then."""
        found = [path for path, since in self._hidden(study_id) if hidden in (None, since)]
        if hidden is None and not found:
            found = [self.scratch / study_id]
        for path in found:
            # Out of reach first: half of a study must never come back.
            doomed = self.scratch / f"{STAGING}gone-{secrets.token_hex(8)}"
            with storing():
                path.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)

    def used(self) -> int:
        """Bytes of all studies, hidden ones too."""
        if not self.scratch.is_dir():
            return 0
        return sum(
            size(path)
            for path in self.scratch.iterdir()
            if SECRET_ID.fullmatch(path.name) or _DELETED.fullmatch(path.name)
        )

    def tidy(self) -> None:
        """Remove what crashes left behind."""
        tidy(self.scratch)
        if left := list(self.scratch.glob(f"*/{TEMPORARY}")):
            with suppress(OSError), self._among_processes():  # nobody is writing one now
                for path in left:
                    path.unlink(missing_ok=True)

    def _hidden(self, study_id: str) -> list[tuple[Path, float]]:
        found = (
            (p, _DELETED.fullmatch(p.name)) for p in self.scratch.glob(f".deleted-{study_id}-*")
        )
        return [(path, float(name["time"])) for path, name in found if name]

    @contextmanager
    def _among_processes(self) -> Iterator[None]:
        with (self.scratch / ".lock").open("a") as lock, self._lock:
            lock_file(lock)
            yield  # closing the file gives the lock back


def tidy(scratch: Path) -> None:
    """Remove the folders of uploads whose process has gone, or that nobody can be at any more."""
    for path in scratch.glob(f"{STAGING}*"):
        with suppress(OSError):  # another process was quicker
            # Of a time to come, if the clock was set back.
            age = abs(time.time() - path.stat().st_mtime)
            left = age > STARTING_SECONDS and not is_held(path)
            if left or age > STAGING_HOURS * 3600 or "gone-" in path.name:
                shutil.rmtree(path, ignore_errors=True)
