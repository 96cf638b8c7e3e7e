"""A reader of uploads with a store of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.uploads.importer import Importer
from services.uploads.store import Store


@pytest.fixture
def real(tmp_path: Path) -> Importer:
    return Importer(Store(tmp_path / "store"))
