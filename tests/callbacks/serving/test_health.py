"""Whether the server can do its work. Oracle: a store that can, and one that cannot, be used."""

from __future__ import annotations

from pathlib import Path

import flask
import pytest

from callbacks.serving import health
from callbacks.site.upload import importer_for
from services.errors import UserError
from services.settings import Settings


def answer(store: Path, **more: object) -> tuple[int, dict[str, object]]:
    server = flask.Flask("health")
    importer = importer_for(Settings(store_dir=store), lambda _study: None)
    checks = {"store": importer.store.home.check} | more
    health.register(server, checks)  # type: ignore[arg-type]
    client = server.test_client()
    assert client.get("/healthz").text == "OK"  # whatever else cannot be used
    found = client.get("/readyz")
    return found.status_code, found.get_json()


def test_a_store_that_can_be_used(tmp_path: Path) -> None:
    assert answer(tmp_path / "new") == (200, {"ready": True, "store": "ready"})


def test_what_cannot_be_used_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")

    def away() -> None:
        raise UserError("Redis does not answer.")

    status, body = answer(file, redis=away)
    assert (status, body["ready"]) == (503, False)
    assert "cannot write to its store" in str(body["store"])
    assert body["redis"] == "Redis does not answer."
    assert str(file) not in str(body)
    assert answer(tmp_path, redis=lambda: None)[1] == {
        "ready": True, "store": "ready", "redis": "ready",
    }  # fmt: skip
    assert caplog.text == ""
