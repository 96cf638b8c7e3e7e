"""Compress what every page loads, once: ``python -m tools.compress``, a part of ``make run``.

Brotli at its best takes ten seconds for these files and saves a sixth of what is sent.
"""

from __future__ import annotations

import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

from callbacks.dash_app import create_server
from callbacks.serving.static_files import COMPRESSED, compressed_form
from services.settings import Settings

# What Dash's scripts ask for when a page has such a part.
LATER = ("graph", "dropdown", "upload")

MADE = COMPRESSED / "made"  # for make


def addresses(index: str) -> list[str]:
    """What a page loads, from its HTML, and what its scripts may load later."""
    found = re.findall(r'<(?:script|link)[^>]*? (?:src|href)="(/[^"]+\.(?:js|css))"', index)
    return [*found, *(f"/_dash-component-suites/dash/dcc/async-{name}.js" for name in LATER)]


def main() -> None:
    """Write each file's compressed form; forget those of files that are no more."""
    with tempfile.TemporaryDirectory() as store:
        server = create_server(Settings(browser=False, store_dir=Path(store), log="none"))
        client = server.test_client()
        # A page that opens nothing loads what all do, and reads no study.
        index = client.get("/-").text
        contents = [client.get(address).data for address in addresses(index)]
    wanted = {compressed_form(content): content for content in contents}
    COMPRESSED.mkdir(parents=True, exist_ok=True)
    for old in set(COMPRESSED.glob("*.br")) - set(wanted):
        old.unlink()
    missing = [(path, content) for path, content in wanted.items() if not path.is_file()]
    with ThreadPoolExecutor() as pool:
        list(pool.map(_write, missing))
    MADE.touch()


def _write(file: tuple[Path, bytes]) -> None:
    path, content = file
    # Whole or not at all: a page may be served meanwhile.
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as out:
        out.write(brotli.compress(content, quality=11))
    Path(out.name).chmod(0o644)
    Path(out.name).replace(path)


if __name__ == "__main__":
    main()
