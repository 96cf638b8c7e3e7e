"""The studies an app shows: those it brings, and the folders it was started with."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from services.errors import UserError, short
from services.kept import kept
from services.reading.files import read_study
from services.reading.names import role_of
from services.reading.study_toml import read_meta
from services.study.model import SECRET_ID as UPLOADED
from services.study.model import Study, slug
from services.uploads.importer import Importer

BUNDLED = Path(__file__).resolve().parent.parent / "data" / "studies"


class Catalogue:
    """Studies by id. Bundled ones are read when first asked for, once; safe among threads.

    Parameters
    ----------
    folders : further studies (``--study``: folders or zips), read at once, so that what is wrong
        with them shows on the command line and not on a page
    bundled : folder of study folders

    Raises
    ------
    UserError : a folder that holds no study, or two studies of one id
    """

    # Uploaded studies are found by id and listed nowhere.
    uploads: Importer | None = None

    def __init__(self, folders: Sequence[Path] = (), bundled: Path = BUNDLED) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._folders: dict[str, Path] = {}
        self._titles: dict[str, str] = {}
        self._studies: dict[str, Study] = {}
        for folder in _study_folders(bundled):
            self._add(*_named(folder), folder)
        for folder in folders:
            study = read_study(Path(folder))
            self._add(study.id, study.title, Path(folder))
            self._studies[study.id] = study

    def _add(self, study_id: str, title: str, folder: Path) -> None:
        if study_id in self._folders:
            raise UserError(
                f"Two studies have the id “{study_id}”: {self._folders[study_id]} and {folder}.",
                "Give one of them another id in its study.toml.",
            )
        self._folders[study_id] = folder
        self._titles[study_id] = title
        self._locks[study_id] = threading.Lock()

    def ids(self) -> tuple[str, ...]:
        """The ids of all studies, bundled ones first."""
        return tuple(self._folders)

    def titles(self) -> tuple[tuple[str, str], ...]:
        """(id, title) of every study, in the order of ``ids``; reads no tables."""
        return tuple(self._titles.items())

    def importer(self) -> Importer:
        """What reads uploads; a server has one."""
        assert self.uploads is not None
        return self.uploads

    def check(self, study_id: str) -> None:
        """Raise the ``UserError`` (404) of ``get`` for a study that is not here; reads nothing."""
        if study_id in self._folders:
            return
        if self.uploads is not None and UPLOADED.fullmatch(study_id):
            self.uploads.store.entry(study_id)
            return
        raise UserError(
            f"There is no study “{short(study_id)}”.",
            "It may have been deleted, or the address may be incomplete. Choose a study.",
            status=404,
        )

    def get(self, study_id: str) -> Study:
        """The study of that id.

        Raises
        ------
        UserError : there is none (status 404), or its files cannot be read
        """
        if study_id not in self._folders:
            if self.uploads is not None and UPLOADED.fullmatch(study_id):
                return self.uploads.store.get(study_id)  # which asks the store once
            self.check(study_id)
        # A lock per study: reading a large one must not hold up the others.
        with self._locks[study_id]:
            found = self._studies.get(study_id)
            if found is None:
                folder = self._folders[study_id]
                ours = folder.parent == BUNDLED
                found = kept(folder, read_study) if ours else read_study(folder)
                with self._lock:
                    self._studies[study_id] = found
            return found


def _study_folders(bundled: Path) -> list[Path]:
    if not bundled.is_dir():
        return []
    return sorted(
        folder
        for folder in bundled.iterdir()
        if folder.is_dir()
        and any(f.name == "study.toml" or role_of(f.name) == "adtte" for f in folder.iterdir())
    )


def _named(folder: Path) -> tuple[str, str]:
    """The id and the title that a folder's study will have, without reading its tables."""
    toml = folder / "study.toml"
    meta = read_meta(toml) if toml.is_file() else None
    study_id = (meta and meta.id) or slug(folder.name)
    return study_id, (meta and meta.title) or study_id
