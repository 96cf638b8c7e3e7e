"""How a page of this site posts an upload."""

from __future__ import annotations

from typing import Any

HEADERS: dict[str, Any] = {"headers": {"Sec-Fetch-Site": "same-origin"}}


def with_key(body: dict[str, Any]) -> dict[str, Any]:
    """How the uploader corrects or deletes, given the answer to the upload or its draft."""
    return {"headers": HEADERS["headers"] | {"Study-Key": body["key"]}}


def post(client: Any, files: dict[str, bytes], field: str = "files", **form: str) -> Any:
    # Written by hand: werkzeug's own encoder leaves a temporary file open.
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode()
        + content
        for name, content in files.items()
    ]
    parts += [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in form.items()
    ]
    body = b"\r\n".join([*parts, b"--x--\r\n"])
    kind = "multipart/form-data; boundary=x"
    return client.post("/study", data=body, content_type=kind, **HEADERS)
