"""One application for the tests that only read from it."""

from __future__ import annotations

import pytest
from flask import Flask

from app import create_server
from services.settings import Settings


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The WSGI application with an empty store."""
    return create_server(Settings(browser=False, store_dir=tmp_path_factory.mktemp("store")))
