"""One table of settings: each with its environment variable, default and help.

``python app.py --help`` and the README's table are made from it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from services.errors import UserError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One row of the table. ``parse`` turns the variable's text into the value."""

    name: str
    variable: str
    default: Any
    help: str
    parse: Callable[[str], Any]


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError("a port lies between 1 and 65535")
    return port


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("a whole number of at least 1 is needed")
    return number


def _switch(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False, "": False}
    if text.strip().lower() not in words:
        raise ValueError("write 1 or 0")
    return words[text.strip().lower()]


def _folders(text: str) -> tuple[Path, ...]:
    return tuple(Path(part) for part in text.split(os.pathsep) if part.strip())


TABLE: tuple[Setting, ...] = (
    Setting("host", "SMM_HOST", "127.0.0.1", "address the server listens on", str),
    Setting("port", "SMM_PORT", 8050, "port the server listens on", _port),
    Setting("browser", "SMM_BROWSER", True, "open a browser at start (1 or 0)", _switch),
    Setting(
        "studies",
        "SMM_STUDIES",
        (),
        f"further study folders or zips, separated by '{os.pathsep}'",
        _folders,
    ),
    Setting(
        "store_dir", "SMM_STORE_DIR", ROOT / "store", "folder that uploaded studies live in", Path
    ),
    Setting(
        "store_days", "SMM_STORE_DAYS", 30, "days until an uploaded study is deleted", _positive
    ),
    Setting("store_mb", "SMM_STORE_MB", 4096, "MB that all uploaded studies may take", _positive),
    Setting(
        "file_mb", "SMM_FILE_MB", 300, "MB that an uploaded file may have, unpacked", _positive
    ),
    Setting("import_mb", "SMM_IMPORT_MB", 6144, "MB of memory for reading one upload", _positive),
    Setting("threads", "SMM_THREADS", 8, "requests answered at the same time", _positive),
    Setting("cache_size", "SMM_CACHE_SIZE", 512, "page results kept in memory", _positive),
)


@dataclass(frozen=True)
class Settings:
    """The values in force. See ``TABLE`` for what each means."""

    host: str = "127.0.0.1"
    port: int = 8050
    browser: bool = True
    studies: tuple[Path, ...] = ()
    store_dir: Path = ROOT / "store"
    store_days: int = 30
    store_mb: int = 4096
    file_mb: int = 300
    import_mb: int = 6144
    threads: int = 8
    cache_size: int = 512


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from environment variables.

    Raises
    ------
    UserError : a variable holds what cannot be read; names it and the remedy

    >>> read({"SMM_PORT": "9000"}).port
    9000
    """
    values: dict[str, Any] = {}
    for setting in TABLE:
        text = environment.get(setting.variable)
        if text is None:
            continue
        try:
            values[setting.name] = setting.parse(text)
        except ValueError as problem:
            raise UserError(
                f"{setting.variable}={text!r} cannot be used: {problem}.",
                f"It is the {setting.help}; default {setting.default}.",
            ) from problem
    return Settings(**values)


assert [s.name for s in TABLE] == [f.name for f in fields(Settings)]
