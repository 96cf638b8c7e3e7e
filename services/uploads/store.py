"""Uploaded studies on disk: written whole or not at all, found by whoever has the link, deleted.

A study is a folder named by an unguessable id. It holds the plain tables as Parquet, what the
reader said about them (``entry.json``) and perhaps a ``study.toml``. Several processes may share
the store: a folder appears, goes and comes back by one rename, and changes by replacing one file.
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from cachetools import LRUCache

from services.errors import UserError
from services.reading.formats.table import Table
from services.reading.mapping import Mapping
from services.study.model import SECRET_ID, Finding, Study
from services.uploads.assemble import assemble
from services.uploads.disk import lock_file, read_plain, size, storing, sync, write_json
from services.uploads.entry import Entry, check_key, read_entry, to_json

DAY = 86_400
DRAFT_DAYS = 1.0  # tables that make no study yet wait this long for their mapping
STAGING_HOURS = 2.0
SWEEP_SECONDS = 60
UNDO_SECONDS = 600  # a deleted study can be brought back for this long
KEPT_IN_MEMORY = 8
_STAGING = ".staging-"
_DELETED = re.compile(r"\.deleted-(?P<id>[0-9a-f]{32})-(?P<time>\d{1,12})")


class Store:
    """The uploaded studies of a folder.

    Parameters
    ----------
    folder : created when first needed, readable by this user only
    days : how long a study is kept; ``None`` for ever
    total_bytes : of all studies together
    on_drop : called with a study that is no longer kept in memory
    """

    def __init__(
        self,
        folder: Path,
        days: float | None = 30,
        total_bytes: int = 4 << 30,
        on_drop: Callable[[Study], object] = lambda _study: None,
    ) -> None:
        self.folder = Path(folder)
        self.days = days
        self.total_bytes = total_bytes
        self._on_drop = on_drop
        self._lock = threading.Lock()
        self._building: dict[str, threading.Lock] = {}
        # With the mapping each was made with: another process may have changed it since.
        self._studies: LRUCache[str, tuple[Mapping, Study]] = LRUCache(KEPT_IN_MEMORY)
        self._swept = 0.0

    # --- coming in --------------------------------------------------------------------------

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A private folder inside the store, gone afterward; a crash leaves it to ``sweep``.

        Raises
        ------
        UserError : there is no room (507), or nothing can be stored (503)
        """
        with storing():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            self.sweep()
            folder = self.folder / f"{_STAGING}{secrets.token_hex(8)}"
            folder.mkdir(mode=0o700)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def commit(self, folder: Path, entry: Entry) -> None:
        """Take a finished folder of tables in, under the entry's id, in one step.

        Raises
        ------
        UserError : the store is full (status 507)
        """
        write_json(folder / "entry.json", to_json(entry))
        for file in folder.iterdir():
            file.chmod(0o600)
        more = size(folder)
        with self._among_processes():
            if self._total() + more > self.total_bytes:
                raise UserError(
                    "There is no space left for another study.",
                    "Delete one of yours and try again in ten minutes, when its files are gone"
                    + (f"; studies are deleted after {self.days:g} days." if self.days else "."),
                    status=507,
                )
            folder.rename(self.folder / entry.id)
            sync(self.folder)

    def new_id(self) -> str:
        """128 random bits: whoever knows the id has the study."""
        return secrets.token_hex(16)

    # --- going out --------------------------------------------------------------------------

    def entry(self, study_id: str) -> Entry:
        """What is known of a study; UserError (404) if it is not here, or no longer."""
        try:
            if not SECRET_ID.fullmatch(study_id):
                raise _gone()
            entry = self._stored(study_id)
        except FileNotFoundError as problem:
            raise _gone() from problem
        if self.is_expired(entry):
            self.delete(study_id, undo=False)
            raise _gone()
        return entry

    def get(self, study_id: str) -> Study:
        """The study of that id, as its mapping has it now.

        Raises
        ------
        UserError : it is not here (404), or its tables make no study yet
        """
        entry = self.entry(study_id)
        if entry.draft:  # what is guessed of its columns is for a person to confirm
            raise UserError(
                "The columns of this upload have not been identified yet.",
                f"Identify them at /upload/{study_id}.",
            )
        with self._lock:
            self._sweep_if_due()
            lock = self._building.setdefault(study_id, threading.Lock())
        with lock:
            with self._lock:
                found = self._studies.get(study_id)
            if found and found[0] == entry.mapping:
                return found[1]
            study = assemble(
                study_id, self.tables(study_id, entry), entry.mapping, self.toml(study_id),
                entry.left, entry.keyed,
            )  # fmt: skip
            self.remember(study, entry.mapping)
            return study

    def remember(self, study: Study, mapping: Mapping) -> None:
        """Keep a study in memory, for the request that follows its upload."""
        with self._lock:
            before = dict(self._studies)
            self._studies[study.id] = (mapping, study)
            dropped = [s for i, s in before.items() if self._studies.get(i) is not s]
        for _, old in dropped:
            self._on_drop(old)

    def tables(self, study_id: str, entry: Entry) -> dict[str, Table]:
        """The plain tables by role, as they were read."""
        try:
            return read_tables(self.folder / study_id, entry)
        except FileNotFoundError as problem:  # deleted a moment ago, by another process
            raise _gone() from problem

    def toml(self, study_id: str) -> str:
        """The text of the study's own ``study.toml``, or ""."""
        path = self.folder / study_id / "study.toml"
        return path.read_text("utf-8-sig") if path.is_file() else ""

    def expires(self, entry: Entry) -> float | None:
        """When a study goes, in seconds since 1970; ``None`` for never."""
        if entry.draft:
            return entry.created + DRAFT_DAYS * DAY
        return None if self.days is None else entry.created + self.days * DAY

    def is_expired(self, entry: Entry) -> bool:
        """Whether its time is over."""
        end = self.expires(entry)
        return end is not None and time.time() >= end

    # --- changing and going -----------------------------------------------------------------

    def check_key(self, study_id: str, key: str) -> None:
        """Refuse who may not correct, delete or restore a study: its link alone does not allow it.

        Raises
        ------
        UserError : it is not here, deleted just now included (404); the key is not its key (403)
        """
        if not SECRET_ID.fullmatch(study_id):
            raise _gone()
        for folder in (self.folder / study_id, *self.folder.glob(f".deleted-{study_id}-*")):
            with suppress(FileNotFoundError):
                check_key((folder / "entry.json").read_bytes(), key)
                return
        raise _gone()

    def set_mapping(self, study_id: str, mapping: Mapping) -> Study:
        """Remember what a reader said of the tables, if they make a study that way.

        Raises
        ------
        UserError : they do not; the mapping stays as it was
        """
        entry = self.entry(study_id)
        changed = replace(entry, mapping=mapping, draft=False)
        study = assemble(
            study_id, self.tables(study_id, entry), mapping, self.toml(study_id), entry.left,
            entry.keyed,
        )  # fmt: skip
        with storing(), self._among_processes():
            path = self._entry_path(study_id)
            if not path.is_file():
                raise _gone()
            temporary = path.with_name(f"entry-{secrets.token_hex(4)}.tmp")
            write_json(temporary, to_json(changed))
            temporary.replace(path)
        self.remember(study, mapping)
        return study

    def delete(self, study_id: str, undo: bool = True) -> float | None:
        """Take a study, and all that belongs to it, from every address at once.

        Parameters
        ----------
        undo : keep its files ten minutes longer, for ``restore``

        Returns
        -------
        until when it can be restored, in seconds since 1970; ``None`` if it cannot

        Raises
        ------
        UserError : it is not here (404)
        """
        if not SECRET_ID.fullmatch(study_id):
            raise _gone()
        if not undo and self._end(f".deleted-{study_id}-*"):
            return None
        now = int(time.time())
        kept = self.folder / f".deleted-{study_id}-{now}"
        doomed = self.folder / f"{_STAGING}gone-{secrets.token_hex(8)}"
        try:
            # One rename: out of sight, whoever is reading, and whole for coming back.
            with storing():
                (self.folder / study_id).rename(kept if undo else doomed)
        except FileNotFoundError as problem:
            raise _gone() from problem
        finally:
            with self._lock:
                found = self._studies.pop(study_id, None)
                self._building.pop(study_id, None)
            if found:
                self._on_drop(found[1])
        if undo:
            return float(now + UNDO_SECONDS)
        shutil.rmtree(doomed, ignore_errors=True)
        return None

    def restore(self, study_id: str) -> Entry:
        """Bring a study back that was deleted less than ten minutes ago, as it was.

        Raises
        ------
        UserError : it was not, or its time is over (404)
        """
        known = SECRET_ID.fullmatch(study_id) is not None
        for path in self.folder.glob(f".deleted-{study_id}-*") if known else ():
            if not _undo_is_over(path.name):
                with suppress(FileNotFoundError):  # another process was quicker
                    path.rename(self.folder / study_id)
                return self.entry(study_id)
        raise UserError(
            "This study cannot be restored.",
            f"A deleted study is kept for {UNDO_SECONDS // 60} minutes. Upload it again.",
            status=404,
        )

    def sweep(self) -> int:
        """Delete what is past its time, and what crashes left behind; how many studies went."""
        gone = 0
        self._swept = time.monotonic()
        if not self.folder.is_dir():
            return 0
        for path in self.folder.iterdir():
            with suppress(OSError, UserError):  # another process was quicker, or it is damaged
                if path.name.startswith(_STAGING):
                    old = time.time() - path.stat().st_mtime > STAGING_HOURS * 3600
                    if old or "gone-" in path.name:
                        shutil.rmtree(path, ignore_errors=True)
                elif _undo_is_over(path.name):
                    self._end(path.name)
                elif SECRET_ID.fullmatch(path.name) and self.is_expired(self._stored(path.name)):
                    self.delete(path.name, undo=False)
                    gone += 1
        return gone

    def keep_sweeping(self) -> None:
        """Sweep now and every few minutes, in a thread of its own, while the process lives."""

        def run() -> None:
            while True:
                self.sweep()
                time.sleep(SWEEP_SECONDS)

        threading.Thread(target=run, name="store-sweep", daemon=True).start()

    def _end(self, pattern: str) -> bool:
        """Remove deleted studies; whether there were any."""
        found = list(self.folder.glob(pattern))
        for path in found:
            # Out of reach first: half of a study must never come back.
            doomed = self.folder / f"{_STAGING}gone-{secrets.token_hex(8)}"
            with suppress(FileNotFoundError):
                path.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)
        return bool(found)

    def _sweep_if_due(self) -> None:
        if time.monotonic() - self._swept > SWEEP_SECONDS:
            self._swept = time.monotonic()
            threading.Thread(target=self.sweep, daemon=True).start()

    # --- files ------------------------------------------------------------------------------

    def _stored(self, study_id: str) -> Entry:
        """What a study's folder says of it.

        Raises
        ------
        OSError : it is not here
        UserError : what is there is none of ours
        """
        return read_entry(study_id, self._entry_path(study_id).read_bytes())

    def _entry_path(self, study_id: str) -> Path:
        return self.folder / study_id / "entry.json"

    def _total(self) -> int:
        return sum(
            size(path)
            for path in self.folder.iterdir()
            if SECRET_ID.fullmatch(path.name) or _DELETED.fullmatch(path.name)
        )

    @contextmanager
    def _among_processes(self) -> Iterator[None]:
        with (self.folder / ".lock").open("a") as lock, self._lock:
            lock_file(lock)
            yield  # closing the file gives the lock back


def read_tables(folder: Path, entry: Entry) -> dict[str, Table]:
    """The plain tables of a study's folder by role."""
    return {
        role: Table(
            read_plain(folder / f"{role}.parquet"),
            said["labels"],
            said["name"],
            said["format"],
            tuple(said["notes"]),
            # Studies stored by an earlier version have none.
            tuple(Finding(**found) for found in said.get("findings", ())),
        )
        for role, said in entry.tables.items()
    }


def _undo_is_over(name: str) -> bool:
    """Whether a folder holds a deleted study whose time for coming back is over."""
    found = _DELETED.fullmatch(name)
    return found is not None and time.time() >= int(found["time"]) + UNDO_SECONDS


def _gone() -> UserError:
    return UserError(
        "This uploaded study does not exist or is no longer here.",
        "It was deleted, or its storage time has expired. Upload it again.",
        status=404,
    )
