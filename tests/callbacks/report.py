"""Reports asked for over HTTP, for tests."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

from flask import Flask

Item = Mapping[str, str]


def post(
    server: Flask, kind: str, *items: Item | str, images: Mapping[str, bytes] | None = None,
    title: str = "Smoldering myeloma", path: str = "/report",
) -> Any:  # fmt: skip
    """The answer; with ``images`` (part -> bytes) as a browser asks."""
    listed = [{"address": item} if isinstance(item, str) else item for item in items]
    body = {"format": kind, "title": title, "items": listed}
    client = server.test_client()
    if images is None:
        return client.post(path, json=body)
    parts = {name: (io.BytesIO(data), name) for name, data in images.items()}
    return client.post(path, data={"request": json.dumps(body), **parts})
