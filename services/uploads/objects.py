"""Uploaded studies in an object store: S3, Google Cloud Storage or Azure, by ``obstore``.

A study's tables are written first and its entry last, if there is none yet; entries change only if
nobody changed them meanwhile. Deleting marks the entry, so that every reader sees it at once.
"""

from __future__ import annotations

import io
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING

from services.errors import UserError
from services.study.model import SECRET_ID
from services.uploads.folder import tidy
from services.uploads.home import ENTRY, STAGING_HOURS, Found, unusable

if TYPE_CHECKING:
    from obstore import ObjectMeta, UpdateVersion

RETRIES = 3  # of a request that the store does not answer
SHORT_SECONDS = 5.0  # for what every request needs, entries and lists
LONG_SECONDS = 60.0  # for tables
AWAY_SECONDS = 5.0  # for which a store that did not answer is not asked again
TRIES = 10  # others that change the same entry at the same time
_HIDDEN = re.compile(rb"deleted (\d{1,12})\n")
_ENDED = b"gone\n"
_KEY = re.compile(rf"(?P<id>{SECRET_ID.pattern})/(?P<name>[^/]+)")
_HINT = "Try again in a minute. Whoever runs the server can check SMM_STORE."
log = logging.getLogger("smm")


class Objects:
    """Studies under a prefix of a bucket; see ``Home``.

    Parameters
    ----------
    url : ``s3://bucket/prefix``, ``gs://bucket/prefix`` or ``az://container/prefix``; who may
        use it, and where it is, say the provider's own environment variables
    scratch : folder of this machine for what is being read

    Raises
    ------
    UserError : the address cannot be used, or the package obstore is not installed
    """

    def __init__(self, url: str, scratch: Path) -> None:
        self.scratch = Path(scratch)
        try:
            import obstore
            from obstore import exceptions, store
        except ImportError as problem:
            raise UserError(
                "SMM_STORE names an object store, and the package obstore is not installed.",
                "Install the packages of requirements-deploy.lock.",
            ) from problem
        self._obstore, self._errors = obstore, exceptions
        self._away_until = 0.0

        def reached(seconds: float) -> store.ObjectStore:
            # A reader waits for this: better an answer in words than one after minutes.
            return store.from_url(
                url,
                retry_config={
                    "max_retries": RETRIES,
                    "retry_timeout": timedelta(seconds=seconds / 2),
                },
                client_options={
                    "connect_timeout": "3s",
                    "timeout": timedelta(seconds=seconds),
                    "allow_http": True,
                },
            )

        try:
            self._store, self._tables = reached(SHORT_SECONDS), reached(LONG_SECONDS)
        except (exceptions.BaseError, ValueError, TypeError) as problem:
            raise UserError(
                f"SMM_STORE cannot be used: {str(problem).splitlines()[0]}",
                "It is the address of a bucket, for example s3://bucket/prefix.",
            ) from problem

    def check(self) -> None:
        """Raise the ``UserError`` of a store that does not answer."""
        with self._reaching():
            for _ in self._obstore.list(self._store, chunk_size=1):
                return

    def studies(self) -> Iterator[tuple[str, str]]:
        """(id, version) of each, hidden ones too."""
        for study_id, name, meta in self._listed():
            if name == ENTRY:
                yield study_id, f"{meta['e_tag']} {meta['version']} {meta['last_modified']}"

    def read(self, study_id: str) -> Found:
        """A study's entry, of a hidden one too."""
        return self._entry(study_id)[0]

    def open(self, study_id: str, name: str) -> IO[bytes]:
        """Another of its files."""
        with self._reaching():
            found = self._obstore.get(self._tables, f"{study_id}/{name}")
            return io.BytesIO(found.bytes())

    def put(self, study_id: str, folder: Path, most: int) -> bool:
        """Take in the files of a folder; False if all together exceed ``most``.

        What others are writing at the same time counts too: the limit is never exceeded.
        """
        written = False
        entry = (folder / ENTRY).read_bytes()
        try:
            with self._reaching():
                for file in folder.iterdir():
                    if file.name != ENTRY:
                        self._obstore.put(self._tables, f"{study_id}/{file.name}", file)
                if self.used() + len(entry) <= most:
                    self._obstore.put(self._store, f"{study_id}/{ENTRY}", entry, mode="create")
                    written = True
        finally:
            if not written:
                with suppress(UserError):
                    self._discard(study_id)
        return written

    def change(self, study_id: str, make: Callable[[bytes], bytes]) -> None:
        """Replace an entry by what ``make`` makes of it."""
        self._swap(study_id, lambda found: None if found.hidden else make(found.text))

    def hide(self, study_id: str, now: int) -> None:
        """Mark the entry."""
        self._swap(
            study_id,
            lambda found: None if found.hidden else b"deleted %d\n" % now + found.text,
        )

    def show(self, study_id: str, after: float) -> bool:
        """Bring back a study hidden later than ``after``; whether it was."""
        with suppress(FileNotFoundError):
            self._swap(
                study_id,
                lambda found: found.text if found.hidden and found.hidden > after else None,
            )
            return True
        return False

    def end(self, study_id: str, hidden: float | None = None) -> None:
        """Remove a study; with ``hidden``, only if it still is since then."""
        self._swap(study_id, lambda found: _ENDED if hidden in (None, found.hidden) else None)
        self._discard(study_id)

    def used(self) -> int:
        """Bytes of all studies, hidden ones too."""
        return sum(meta["size"] for _, _, meta in self._listed())

    def tidy(self) -> None:
        """Remove what crashes left behind, here and in ``scratch``."""
        tidy(self.scratch)
        whole, ended, newest = set[str](), set[str](), dict[str, datetime]()
        for study_id, name, meta in self._listed():
            newest[study_id] = max(
                newest.get(study_id, meta["last_modified"]), meta["last_modified"]
            )
            if name == ENTRY:
                (ended if meta["size"] == len(_ENDED) else whole).add(study_id)
        before = datetime.now(UTC) - timedelta(hours=STAGING_HOURS)
        for study_id, last in newest.items():
            if study_id in ended or (study_id not in whole and last < before):
                self._discard(study_id)

    # --- objects ----------------------------------------------------------------------------

    def _listed(self, prefix: str | None = None) -> Iterator[tuple[str, str, ObjectMeta]]:
        """(id, file, what is known of it) of all that is ours."""
        with self._reaching():
            for some in self._obstore.list(self._store, prefix):
                for meta in some:
                    key = _KEY.fullmatch(meta["path"])
                    if key:
                        yield key["id"], key["name"], meta

    def _entry(self, study_id: str) -> tuple[Found, UpdateVersion]:
        with self._reaching():
            answer = self._obstore.get(self._store, f"{study_id}/{ENTRY}")
            text = bytes(answer.bytes())
            version: UpdateVersion = {}
            if answer.meta["e_tag"]:
                version["e_tag"] = answer.meta["e_tag"]
            if answer.meta["version"]:
                version["version"] = answer.meta["version"]
        if text == _ENDED:
            raise FileNotFoundError(ENTRY)
        hidden = _HIDDEN.match(text)
        found = Found(text[hidden.end() :], float(hidden[1])) if hidden else Found(text)
        return found, version

    def _swap(self, study_id: str, make: Callable[[Found], bytes | None]) -> None:
        """Replace an entry if nobody did meanwhile; ``None`` means that it is not there."""
        for _ in range(TRIES):
            found, version = self._entry(study_id)
            text = make(found)
            if text is None:
                raise FileNotFoundError(ENTRY)
            try:
                with self._reaching():
                    self._obstore.put(self._store, f"{study_id}/{ENTRY}", text, mode=version)
                return
            except _Changed:
                continue
        raise unusable("Others change the same study. Try again in a minute.")

    def _discard(self, study_id: str) -> None:
        """Remove all objects of a study, its entry last: what is left over would stay unknown."""
        names = [name for _, name, _ in self._listed(study_id)]
        with self._reaching():
            for name in sorted(names, key=lambda name: name == ENTRY):
                with suppress(FileNotFoundError):
                    self._obstore.delete(self._store, f"{study_id}/{name}")

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Say in words that the store does not answer; at once while it was away just now.

        Whoever waits for it holds a thread that others need.
        """
        if time.monotonic() < self._away_until:
            raise unusable(_HINT)
        try:
            yield
        except self._errors.PreconditionError as problem:
            raise _Changed from problem
        except self._errors.BaseError as problem:
            told = SECRET_ID.sub("(upload)", str(problem).splitlines()[0])
            log.warning("the object store: %s", told)
            if isinstance(problem, self._errors.GenericError):
                self._away_until = time.monotonic() + AWAY_SECONDS
            raise unusable(_HINT) from problem


class _Changed(Exception):  # noqa: N818
    """Somebody else was quicker."""
