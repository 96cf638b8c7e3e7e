"""A reader of uploads with a store of its own, and both homes of uploads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from services.uploads.folder import Folder
from services.uploads.home import Home
from services.uploads.importer import Importer
from services.uploads.objects import Objects
from services.uploads.store import Store
from tests.s3 import bucket, s3


@pytest.fixture
def real(tmp_path: Path) -> Importer:
    return Importer(Store(tmp_path / "store"))


@pytest.fixture(scope="session")
def s3_server() -> Iterator[Mapping[str, str]]:
    with s3() as leads:
        yield leads


@pytest.fixture
def url(s3_server: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket of its own, and the environment that leads to it."""
    for name, value in s3_server.items():
        monkeypatch.setenv(name, value)
    return bucket()


@pytest.fixture(params=["folder", "s3"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """Where uploads lie: every test that asks for it runs once with each."""
    if request.param == "folder":
        return Folder(tmp_path / "store")
    return Objects(request.getfixturevalue("url"), tmp_path / "scratch")
