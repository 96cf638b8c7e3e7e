"""Fetch plotly.js' basic bundle, a third of the full one's size, into ``assets/vendor/``.

``python -m tools.fetch_plotly`` asks npm for the very version that plotly for Python carries.
Dash serves it with the other assets, and its graphs then leave the full bundle alone. It is a
convenience: without npm or a network the app works with the full one, so this never fails.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "plotly.js-basic-dist-min"
VENDOR = Path(__file__).resolve().parent.parent / "assets" / "vendor"
BUNDLE = VENDOR / "plotly-basic.min.js"
LICENSE = VENDOR / "plotly-LICENSE.txt"
KEPT = {"package/plotly-basic.min.js": BUNDLE, "package/LICENSE": LICENSE}
# npm would try an unreachable network for minutes.
IMPATIENT = ("--fetch-retries=0", "--fetch-timeout=30000")


class UnavailableError(Exception):
    """Why there is no bundle."""


def bundled_version(bundle: Path = BUNDLE) -> str | None:
    """The version in the banner of a fetched bundle; ``None`` if there is none."""
    if not bundle.is_file():
        return None
    with bundle.open(encoding="utf-8") as lines:
        banner = re.search(r"\bv(\d+\.\d+\.\d+\S*)", lines.read(400))
    return banner[1] if banner else None


def npm(*arguments: str, cwd: Path) -> str:
    """Run npm and return what it prints."""
    program = shutil.which("npm")
    if program is None:
        raise UnavailableError("npm is not installed")
    try:
        done = subprocess.run(
            [program, *arguments, *IMPATIENT],
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise UnavailableError("npm did not answer") from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise UnavailableError(f"npm {arguments[0]} failed (offline?)") from error
    return done.stdout


def fetch(version: str, folder: Path) -> dict[Path, bytes]:
    """The files worth keeping of that version, by where they go; its integrity is checked."""
    wanted = f"{PACKAGE}@{version}"
    integrity = npm("view", wanted, "dist.integrity", cwd=folder).strip()
    packed = folder / json.loads(npm("pack", "--json", wanted, cwd=folder))[0]["filename"]
    digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    if integrity != f"sha512-{digest}":
        raise UnavailableError(f"{packed.name} is not what the registry says it is")
    files = {}
    with tarfile.open(packed) as archive:
        for name, target in KEPT.items():
            member = archive.extractfile(name)
            if member is None:
                raise UnavailableError(f"{packed.name} holds no {name}")
            files[target] = member.read()
    return files


def main() -> None:
    """Fetch the bundle unless the right one is there."""
    import plotly.offline

    version = plotly.offline.get_plotlyjs_version()
    if bundled_version() == version:
        return
    # One of another version is worse than none: figures are written for this one.
    BUNDLE.unlink(missing_ok=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            files = fetch(version, Path(folder))
        VENDOR.mkdir(parents=True, exist_ok=True)
        for target, content in files.items():
            partial = target.with_suffix(".part")
            partial.write_bytes(content)
            partial.replace(target)
    except (UnavailableError, OSError, KeyError, ValueError, tarfile.TarError) as error:
        print(f"Small Plotly bundle skipped ({error}); the app serves the full one.")
    else:
        print(f"Fetched the basic Plotly bundle {version} into assets/vendor/")


if __name__ == "__main__":
    main()
