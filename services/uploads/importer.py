"""Files from a reader into a stored study: read by a process of their own, checked, kept."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.errors import UserError, few
from services.reading.formats.table import Table
from services.reading.guess import choose, guess
from services.reading.mapping import Mapping, is_plain
from services.settings import ROOT
from services.study.model import Study
from services.uploads.assemble import assemble
from services.uploads.entry import Entry, hashed, new_key
from services.uploads.store import Store, read_tables

AT_ONCE = 2  # uploads read at the same time; memory is bounded by this
WAITING = 3  # more than these are asked to come back
SECONDS = 600
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Incoming:
    """A file as it came: what it is called, where it lies, and its role if the sender said."""

    name: str
    path: Path
    role: str = ""


@dataclass(frozen=True)
class Received:
    """What became of an upload. ``problem`` says why a draft is no study yet.

    ``key`` corrects and deletes it; nobody but its uploader is told.
    """

    id: str
    key: str
    study: Study | None
    problem: UserError | None = None


class Canceled(Exception):  # noqa: N818
    """The sender went away."""


class Importer:
    """Reads uploads into a store.

    Parameters
    ----------
    max_bytes : that a file may have, unpacked
    memory : bytes the reading process may take
    """

    def __init__(self, store: Store, max_bytes: int = 300 << 20, memory: int = 6 << 30) -> None:
        self.store = store
        self.max_bytes = max_bytes
        self.memory = memory
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._waiting = 0
        self._spare: subprocess.Popen[str] | None = None

    def __del__(self) -> None:
        """End the process that waits for files, if there is one."""
        spare: subprocess.Popen[str] | None = getattr(self, "_spare", None)
        if spare is not None:
            spare.kill()
            spare.communicate()  # closes what leads there, and waits for its end

    def receive(
        self,
        files: Sequence[Incoming],
        folder: Path,
        mapping: Mapping | None = None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> Received:
        """Read files, make the study, store it.

        Parameters
        ----------
        files : lying in ``folder``, which is a staging folder of the store
        mapping : what the sender said; guessed for a plain table if nothing was said
        wanted : asked now and then; False ends it all

        Raises
        ------
        UserError : files that cannot be read. Tables that can be read but make no study are
            kept as a draft, for the mapping to be said
        Canceled : nobody wants it any more
        """
        if not files:
            raise UserError(
                "No file was received.", "Choose ADTTE, and ADSL and ADAE if available."
            )
        out = folder / "study"
        out.mkdir(mode=0o700)
        with self._slot():
            answer = self._read(files, folder, out, wanted)
            key = new_key()
            entry = Entry(
                id=self.store.new_id(),
                created=time.time(),
                draft=False,
                tables=answer["tables"],
                left=tuple(answer["left"]),
                mapping=mapping or Mapping(),
                key_sha256=hashed(key),
            )
            study, problem = self._make(entry, out, mapping is None, wanted)
            return Received(entry.id, key, study, problem)

    def _make(
        self, entry: Entry, out: Path, may_guess: bool, wanted: Callable[[], bool]
    ) -> tuple[Study | None, UserError | None]:
        tables = read_tables(lambda name: (out / name).open("rb"), entry)
        toml = out / "study.toml"
        text = toml.read_text("utf-8-sig") if toml.is_file() else ""
        study: Study | None = None
        problem: UserError | None = None
        if may_guess and is_plain(tables["adtte"]):
            problem = _unmapped(tables)
        else:
            try:
                study = assemble(entry.id, tables, entry.mapping, text, entry.left, entry.keyed)
            except UserError as found:
                problem = found
        if study is None:
            said = guess(tables["adtte"], "adtte") if may_guess else entry.mapping
            entry = replace(entry, draft=True, mapping=said)
        if not wanted():
            raise Canceled
        self.store.commit(out, entry)
        if study is not None:
            self.store.remember(study, entry.mapping)
        return study, problem

    def warm(self) -> None:
        """Start the next reading process, so that its imports are done when files come."""
        with self._lock:
            if self._spare is None or self._spare.poll() is not None:
                self._spare = _start()

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """One of the places for reading; a UserError (503) when too many wait for one."""
        with self._lock:
            if self._waiting >= WAITING:
                raise UserError(
                    "Several studies are being read right now.",
                    "Try again in a minute.",
                    status=503,
                )
            self._waiting += 1
        try:
            self._slots.acquire()
        finally:
            with self._lock:
                self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    def _read(
        self, files: Sequence[Incoming], folder: Path, out: Path, wanted: Callable[[], bool]
    ) -> dict[str, Any]:
        scratch = folder / "scratch"
        scratch.mkdir(mode=0o700)
        job = json.dumps(
            {
                "files": [{"name": f.name, "path": str(f.path), "role": f.role} for f in files],
                "out": str(out),
                "scratch": str(scratch),
                "max_bytes": self.max_bytes,
                "memory": self.memory,
            }
        )
        process = self._take()
        answer: list[str] = []
        reader = threading.Thread(
            target=lambda: answer.append(_ask(process, job)), name="upload-reader", daemon=True
        )
        reader.start()
        end = time.monotonic() + SECONDS
        while reader.is_alive():
            reader.join(_POLL_SECONDS)
            if not wanted() or time.monotonic() > end:
                process.kill()
                reader.join()
                process.wait()
                if not wanted():
                    raise Canceled
                raise UserError(
                    f"Reading these files takes longer than {SECONDS // 60} minutes.",
                    "Keep only the columns and parameters that are needed, or save them as "
                    "Parquet.",
                )
        process.wait()
        if process.returncode or not answer or not answer[0]:
            raise UserError(
                f"Reading {few(f.name for f in files)} was stopped: the file is damaged, or needs "
                "more memory than one upload may use here.",
                "Export it again with only the columns that are needed, preferably as Parquet.",
            )
        result: dict[str, Any] = json.loads(answer[0])
        if "error" in result:
            error = result["error"]
            raise UserError(error["message"], error["hint"], tuple(error["details"]))
        return result

    def _take(self) -> subprocess.Popen[str]:
        with self._lock:
            spare, self._spare = self._spare, None
        return spare if spare is not None and spare.poll() is None else _start()


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "services.uploads.worker"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ask(process: subprocess.Popen[str], job: str) -> str:
    """Give the job, take the answer; "" if the process ends before it."""
    assert process.stdin is not None and process.stdout is not None
    answer = ""
    with suppress(BrokenPipeError):
        process.stdin.write(job + "\n")
        process.stdin.close()
        answer = process.stdout.read()
    process.stdout.close()
    return answer


def _unmapped(tables: dict[str, Table]) -> UserError:
    _, among = choose(Mapping(), tables)
    if among:
        return UserError(
            f"None of {few(among)} has the columns of ADTTE.",
            "Specify which of them contains the times, and which of its columns are the time, the "
            "event and the arm.",
        )
    table = tables["adtte"]
    columns = table.frame.columns
    if len(columns) == 1:
        return UserError(
            f"{table.name} has only one column: nothing separates its values.",
            "Put a comma, a semicolon or a tab between them.",
        )
    return UserError(
        f"{table.name} is not ADTTE but a plain table: it has no AVAL and CNSR columns.",
        "Specify which of its columns contain the time, the event and the arm.",
        (f"Its columns are: {few(columns)}",),
    )


def template_zip(folder: Path) -> bytes:
    """The files of a folder as a zip archive, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
