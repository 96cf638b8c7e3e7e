"""Uploaded studies: written whole or not at all, found by whoever has the link, deleted.

A study is the plain tables as Parquet, what the reader said about them (``entry.json``) and perhaps
a ``study.toml``, under an unguessable id. Where these lie is a ``Home``; several processes, and
machines, may share one. What one of them changes the others see at their next request.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pandas as pd
from cachetools import LRUCache

from services.errors import UserError
from services.reading.formats.table import Table
from services.reading.mapping import Mapping
from services.study.memory import KEPT_BYTES, share
from services.study.model import SECRET_ID, Finding, Study
from services.uploads.assemble import assemble
from services.uploads.disk import held, read_plain, storing, write_file
from services.uploads.entry import Entry, check_key, corrected, read_entry, undamaged, write_entry
from services.uploads.folder import STAGING, Folder
from services.uploads.home import ENTRY, Home

DAY = 86_400
DRAFT_DAYS = 1.0  # tables that make no study yet wait this long for their mapping
SWEEP_SECONDS = 60
UNDO_SECONDS = 600  # a deleted study can be brought back for this long
log = logging.getLogger("smm")


class Store:
    """The uploaded studies of a home.

    Parameters
    ----------
    home : where they lie; a path is that of a folder
    days : how long a study is kept; ``None`` for ever
    total_bytes : of all studies together
    on_drop : called with a study that is no longer kept in memory
    """

    def __init__(
        self,
        home: Home | Path,
        days: float | None = 30,
        total_bytes: int = 4 << 30,
        on_drop: Callable[[Study], object] = lambda _study: None,
    ) -> None:
        self.home: Home = Folder(home) if isinstance(home, Path) else home
        self.days = days
        self.total_bytes = total_bytes
        self._on_drop = on_drop
        # Called with the id of a study that nobody may see any more, whoever kept it in memory.
        self.on_gone: Callable[[str], object] = lambda _study_id: None
        self._lock = threading.Lock()
        self._building: dict[str, threading.Lock] = {}
        # With the mapping each was made with: another process may have changed it since.
        self._studies = LRUCache[str, tuple[Mapping, Study]](KEPT_BYTES, lambda k: share(k[1]))
        self._opened: set[str] = set()  # what was made here, kept in memory or not
        self._swept = 0.0
        # Of each study the version of its entry that was swept over last, and when it goes.
        self._ends: dict[str, tuple[str, float]] = {}

    @property
    def folder(self) -> Path:
        """The folder of this machine in which uploads are read, if not kept."""
        return self.home.scratch

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
            folder = self.folder / f"{STAGING}{secrets.token_hex(8)}"
            folder.mkdir(mode=0o700)
            try:
                with held(folder):
                    yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def commit(self, folder: Path, entry: Entry) -> None:
        """Take a finished folder of tables in, under the entry's id, in one step.

        Raises
        ------
        UserError : the store is full (status 507)
        """
        write_file(folder / ENTRY, write_entry(entry))
        if not self.home.put(entry.id, folder, self.total_bytes):
            raise UserError(
                "There is no space left for another study.",
                "Delete one of yours and try again in ten minutes, when its files are gone"
                + (f"; studies are deleted after {self.days:g} days." if self.days else "."),
                status=507,
            )

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
            self._drop(study_id)  # deleted by another process, perhaps
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
            self._opened.add(study.id)
            dropped = [s for i, s in before.items() if self._studies.get(i) is not s]
        for _, old in dropped:
            self._on_drop(old)

    def tables(self, study_id: str, entry: Entry) -> dict[str, Table]:
        """The plain tables by role, as they were read."""
        try:
            with undamaged():
                return read_tables(lambda name: self.home.open(study_id, name), entry)
        except FileNotFoundError as problem:  # deleted a moment ago, by another process
            raise _gone() from problem

    def toml(self, study_id: str) -> str:
        """The text of the study's own ``study.toml``, or ""."""
        try:
            with undamaged(), self.home.open(study_id, "study.toml") as file:
                text = file.read().decode("utf-8-sig")
                tomllib.loads(text)
                return text
        except FileNotFoundError:
            return ""

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
        try:
            check_key(self.home.read(study_id).text, key)
        except FileNotFoundError as problem:
            raise _gone() from problem

    def set_mapping(self, study_id: str, mapping: Mapping, edition: str = "") -> Study:
        """Remember what a reader said of the tables, if they make a study that way.

        Parameters
        ----------
        edition : of the entry that the reader saw; not asked if left out

        Raises
        ------
        UserError : they do not, or something else was said meanwhile (409); the mapping stays
        """
        entry = self.entry(study_id)
        study = assemble(
            study_id, self.tables(study_id, entry), mapping, self.toml(study_id), entry.left,
            entry.keyed,
        )  # fmt: skip
        try:
            self.home.change(study_id, lambda text: corrected(study_id, text, mapping, edition))
        except FileNotFoundError as problem:
            raise _gone() from problem
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
        now = int(time.time())
        try:
            if undo:
                self.home.hide(study_id, now)
            else:
                self.home.end(study_id)
        except FileNotFoundError as problem:
            raise _gone() from problem
        finally:
            self._drop(study_id)
        self.on_gone(study_id)
        return float(now + UNDO_SECONDS) if undo else None

    def restore(self, study_id: str) -> Entry:
        """Bring a study back that was deleted less than ten minutes ago, as it was.

        Raises
        ------
        UserError : it was not, or its time is over (404)
        """
        if SECRET_ID.fullmatch(study_id) and self.home.show(study_id, time.time() - UNDO_SECONDS):
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
        ends: dict[str, tuple[str, float]] = {}
        for study_id, version in self.home.studies():
            known = self._ends.get(study_id, ("", 0.0))
            with suppress(OSError, UserError):  # another process was quicker, or it is damaged
                end = known[1] if known[0] == version else self._end(study_id)
                ends[study_id] = version, end
                if time.time() >= end:
                    gone += self._finish(study_id)
        self._ends = ends
        with self._lock:
            left = self._opened - ends.keys()  # deleted by other processes
        for study_id in left:
            self._drop(study_id)
        self.home.tidy()
        return gone

    def keep_sweeping(self) -> None:
        """Sweep now and every few minutes, in a thread of its own, while the process lives."""

        def run() -> None:
            while True:
                self._sweep_quietly()
                time.sleep(SWEEP_SECONDS)

        threading.Thread(target=run, name="store-sweep", daemon=True).start()

    def _sweep_quietly(self) -> None:
        try:
            self.sweep()
        except (OSError, UserError) as problem:  # out of reach for now; the next one may succeed
            log.warning("the store was not swept: %s", type(problem).__name__)

    def _end(self, study_id: str) -> float:
        """When a study is to go, or a deleted one for good; never, if its entry is damaged."""
        found = self.home.read(study_id)
        if found.hidden is not None:
            self._drop(study_id)
            return found.hidden + UNDO_SECONDS
        try:
            end = self.expires(read_entry(study_id, found.text))
        except UserError:  # logged; who deletes it says so
            end = None
        return float("inf") if end is None else end

    def _finish(self, study_id: str) -> bool:
        """Remove what is past its time; whether it was a study until now."""
        found = self.home.read(study_id)
        self.home.end(study_id, found.hidden)
        self._drop(study_id)
        self.on_gone(study_id)
        return found.hidden is None

    def _drop(self, study_id: str) -> None:
        """Keep nothing of a study in memory."""
        with self._lock:
            found = self._studies.pop(study_id, None)
            self._building.pop(study_id, None)
            opened = study_id in self._opened
            self._opened.discard(study_id)
        if found:
            self._on_drop(found[1])
        if opened:
            self.on_gone(study_id)

    def _sweep_if_due(self) -> None:
        if time.monotonic() - self._swept > SWEEP_SECONDS:
            self._swept = time.monotonic()
            threading.Thread(target=self._sweep_quietly, daemon=True).start()

    def _stored(self, study_id: str) -> Entry:
        """What is stored of a study, as far as it is not deleted.

        Raises
        ------
        FileNotFoundError : it is not here
        UserError : what is there is none of ours
        """
        found = self.home.read(study_id)
        if found.hidden is not None:
            raise FileNotFoundError(study_id)
        return read_entry(study_id, found.text)


def read_tables(opened: Callable[[str], IO[bytes]], entry: Entry) -> dict[str, Table]:
    """The plain tables of a study by role; ``opened`` opens one of its files."""

    def plain(role: str) -> pd.DataFrame:
        with opened(f"{role}.parquet") as file:
            return read_plain(file)

    return {
        role: Table(
            plain(role), said["labels"], said["name"], said["format"], tuple(said["notes"]),
            tuple(Finding(**found) for found in said.get("findings", ())),
        )
        for role, said in entry.tables.items()
    }  # fmt: skip


def _gone() -> UserError:
    return UserError(
        "This uploaded study does not exist or is no longer here.",
        "It was deleted, or its storage time has expired. Upload it again.",
        status=404,
    )
