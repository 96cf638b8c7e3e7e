"""The study to download as a pattern for one's own."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path


def template_zip(folder: Path) -> bytes:
    """The files of a folder as a zip archive, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
