"""Helpers of the upload tests: a store in a temporary folder, files read in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from services.errors import UserError
from services.reading.files import File
from services.reading.mapping import Mapping
from services.uploads.home import Home
from services.uploads.importer import Importer, Incoming, Received
from services.uploads.store import Store
from services.uploads.worker import work


class Here(Importer):
    """An importer that reads in this process: many files in little time."""

    def warm(self) -> None:
        """Nothing to start."""

    def _read(
        self, files: Sequence[Incoming], folder: Path, out: Path, wanted: Callable[[], bool]
    ) -> dict[str, Any]:
        scratch = folder / "scratch"
        scratch.mkdir()
        asked = [File(f.name, f.path, f.role) for f in files]
        try:
            answer = work(asked, out, scratch, self.max_bytes)
        except UserError as problem:
            answer = problem.to_json()
            error: dict[str, Any] = answer["error"]
            raise UserError(error["message"], error["hint"], tuple(error["details"])) from None
        return dict(json.loads(json.dumps(answer)))


def send(importer: Importer, files: dict[str, bytes], mapping: Mapping | None = None) -> Received:
    """Files by name through an importer."""
    with importer.store.staging() as folder:
        incoming = []
        for i, (name, content) in enumerate(files.items()):
            path = folder / f"file-{i}"
            path.write_bytes(content)
            incoming.append(Incoming(name, path))
        return importer.receive(incoming, folder, mapping)


def importer(home: Home | Path, **options: Any) -> Importer:
    """An importer reading in this process into a store at ``home``, or beside it in a folder."""
    where = home / "store" if isinstance(home, Path) else home
    return Here(Store(where, **options), max_bytes=8 << 20)


PLAIN = "patient,weeks,status,group,Age\nP1,10,Dead,A,60\nP2,20,Alive,B,70\nP3,5,Dead,B,65\n"


def rows(status: list[str], name: str = "status") -> bytes:
    lines = [f"{i},{i + 0.5},{word},{'AB'[i % 2]}" for i, word in enumerate(status)]
    return "\n".join([f"id,months,{name},group", *lines, ""]).encode()
