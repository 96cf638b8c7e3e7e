"""Fetch the scripts from npm that make pages smaller and quicker, into ``assets/vendor/``.

``python -m tools.fetch_scripts`` asks for plotly.js' basic bundle, a third of the full one's size,
in the very version that plotly for Python carries, and for the one part of Dash's polyfills that
Dash itself needs in today's browsers. It is a convenience: without npm or a network the app works
with what the Python packages carry, so this never fails.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "assets" / "vendor"
# npm would try an unreachable network for minutes.
IMPATIENT = ("--fetch-retries=0", "--fetch-timeout=30000")


@dataclass(frozen=True)
class Script:
    """A package of npm, and which of its files is the script."""

    package: str
    version: str
    member: str
    instead: str  # what is served without it

    @property
    def path(self) -> Path:
        """Where the script is kept; its license lies beside it, and its version."""
        return VENDOR / f"{self.package}.js"

    @property
    def is_there(self) -> bool:
        """Whether it was fetched, in this version."""
        told = self.path.with_suffix(".version")
        return self.path.is_file() and told.is_file() and told.read_text() == self.version


def scripts() -> tuple[Script, ...]:
    """All that is fetched."""
    import plotly.offline

    plotly_js = plotly.offline.get_plotlyjs_version()
    return (
        Script("plotly.js-basic-dist-min", plotly_js, "plotly-basic.min.js", "the full Plotly"),
        Script("regenerator-runtime", "0.14.1", "runtime.js", "all of Dash's polyfills"),
    )


class UnavailableError(Exception):
    """Why there is no bundle."""


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


def fetch(script: Script, folder: Path) -> dict[Path, bytes]:
    """The files worth keeping, by where they go; the package's integrity is checked."""
    wanted = f"{script.package}@{script.version}"
    integrity = npm("view", wanted, "dist.integrity", cwd=folder).strip()
    packed = folder / json.loads(npm("pack", "--json", wanted, cwd=folder))[0]["filename"]
    digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    if integrity != f"sha512-{digest}":
        raise UnavailableError(f"{packed.name} is not what the registry says it is")
    files = {}
    with tarfile.open(packed) as archive:
        for name, ending in ((script.member, ".js"), ("LICENSE", ".LICENSE.txt")):
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise UnavailableError(f"{packed.name} holds no {name}")
            files[script.path.with_suffix(ending)] = member.read()
    return {**files, script.path.with_suffix(".version"): script.version.encode()}


def main() -> None:
    """Fetch each script unless the right one is there."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for script in scripts():
        if script.is_there:
            continue
        # One of another version is worse than none: figures are written for this one.
        script.path.unlink(missing_ok=True)
        try:
            with tempfile.TemporaryDirectory() as folder:
                files = fetch(script, Path(folder))
            for target, content in files.items():
                partial = target.with_suffix(".part")
                partial.write_bytes(content)
                partial.replace(target)
        except (UnavailableError, OSError, KeyError, ValueError, tarfile.TarError) as error:
            print(f"{script.package} skipped ({error}); the app serves {script.instead}.")
        else:
            print(f"Fetched {script.package} {script.version} into assets/vendor/")


if __name__ == "__main__":
    main()
