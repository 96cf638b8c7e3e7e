"""Where uploaded studies lie: what a folder and an object store are asked for.

A study is a few files under an id that cannot be guessed. It is there from the moment its
``entry.json`` is, and that file alone is ever changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from services.errors import UserError

ENTRY = "entry.json"
STAGING_HOURS = 2.0  # what is older and belongs to no study was left by a crash


@dataclass(frozen=True)
class Found:
    """A study's ``entry.json``, and since when it is hidden, in seconds since 1970."""

    text: bytes
    hidden: float | None = None


class Home(Protocol):
    """Uploaded studies, shared by as many processes as can reach them.

    A study that is not there is a ``FileNotFoundError``; a home that cannot be used a
    ``UserError`` (503, or 507 where it is full).
    """

    @property
    def scratch(self) -> Path:
        """A folder of this machine, for what is being read and is no study yet."""

    def check(self) -> None:
        """Raise the ``UserError`` of a home that cannot be used now."""

    def studies(self) -> Iterator[tuple[str, str]]:
        """(id, version) of each, hidden ones too; another entry has another version."""

    def read(self, study_id: str) -> Found:
        """A study's entry, of a hidden one too."""

    def open(self, study_id: str, name: str) -> IO[bytes]:
        """Another of its files."""

    def put(self, study_id: str, folder: Path, most: int) -> bool:
        """Take in the files of a folder, all or none; False if all together exceed ``most``."""

    def change(self, study_id: str, make: Callable[[bytes], bytes]) -> None:
        """Replace an entry by what ``make`` makes of it, unless it changes meanwhile."""

    def hide(self, study_id: str, now: int) -> None:
        """Take a study from all who read, in one step."""

    def show(self, study_id: str, after: float) -> bool:
        """Bring back a study hidden later than ``after``; whether it was."""

    def end(self, study_id: str, hidden: float | None = None) -> None:
        """Remove a study; with ``hidden``, only if it still is since then."""

    def used(self) -> int:
        """Bytes of all studies, hidden ones too."""

    def tidy(self) -> None:
        """Remove what crashes left behind."""


def unusable(hint: str) -> UserError:
    """That nothing can be stored or read just now."""
    return UserError("The server cannot reach its store, so nothing was changed.", hint, status=503)
