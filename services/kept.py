"""Studies as they were read, kept beside the checkout: reading one again takes a tenth of a second.

A kept study is found under the sum of its files, of all code and word lists in ``services/``, and
of the versions it was made with: one that no longer fits is not found.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import numpy as np
import pandas as pd

from services.settings import ROOT
from services.study.model import Study

KEPT = ROOT / ".cache" / "studies"
_SOURCE = (".py", ".toml", ".yaml")
_SERVICES = Path(__file__).resolve().parent
_SUM = hashlib.sha256().digest_size
log = logging.getLogger("smm")


def kept(folder: Path, make: Callable[[Path], Study], where: Path = KEPT) -> Study:
    """What ``make`` reads from a folder of our own; from ``where`` if it was read before.

    Not for data of others: what is kept is a pickle, and as trusted as the code beside it.

    Raises
    ------
    UserError : of ``make``
    """
    path = where / f"{folder.name}-{_sum(folder)}.pickle"
    if path.is_file():
        whole, text = _checked(path)
        if whole:
            found: Study = pickle.loads(text)
            return found
        log.warning("%s cannot be used and is made again.", path)
    study = make(folder)
    try:
        _keep(study, path)
    except OSError as problem:
        log.info("%s is not kept: %s", folder.name, problem)
    return study


def _sum(folder: Path) -> str:
    found = hashlib.sha256(_code())
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.update(repr((str(path.relative_to(folder)), path.stat().st_size)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()


@cache
def _code() -> bytes:
    return _sum_of((sys.version, np.__version__, pd.__version__), _SERVICES)


@cache
def program_sum() -> bytes:
    """The sum of all that an answer depends on beside what is asked: code, facts, packages."""
    packages = sorted((p.name, p.version) for p in distributions())
    folders = [ROOT / name for name in ("services", "components", "callbacks", "data")]
    return _sum_of((sys.version, packages), *folders)


def _sum_of(versions: object, *folders: Path) -> bytes:
    found = hashlib.sha256(repr(versions).encode())
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.suffix in _SOURCE):
            found.update(path.read_bytes())
    return found.digest()


def _checked(path: Path) -> tuple[bool, bytes]:
    """Whether a kept file holds what was written, and its pickle: it follows its own sum."""
    try:
        content = path.read_bytes()
    except OSError:
        return False, b""
    text = content[_SUM:]
    return hashlib.sha256(text).digest() == content[:_SUM], text


def _keep(study: Study, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    stem = path.name.rpartition("-")[0]
    old = [
        p for p in path.parent.glob("*.pickle") if p.name.rpartition("-")[0] == stem and p != path
    ]
    text = pickle.dumps(study, protocol=5)
    # Whole or not at all: another process may be reading.
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as out:
        out.write(hashlib.sha256(text).digest() + text)
    Path(out.name).chmod(0o644)
    os.replace(out.name, path)
    for gone in old:
        gone.unlink(missing_ok=True)
