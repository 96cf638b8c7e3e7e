"""Write the simulated studies: ``python -m data.generate`` (or ``--check`` to compare only).

The real cohort is not made here: its tables come from R (``data/fetch_mgus2.py``), are committed,
and are only compared with their recorded SHA-256.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from data.simulate import aquila, quiredex
from data.simulate.e3a06 import run_in
from data.simulate.e3a06 import study as e3a06
from data.simulate.tables import Tables, to_csv

STUDIES = Path(__file__).parent / "studies"
SEEDS = {"e3a06": 7, "e3a06-run-in": 11, "aquila": 1, "quiredex": 2}
MAKERS: dict[str, Callable[[int], Tables]] = {
    "e3a06": e3a06.simulate,
    "e3a06-run-in": run_in.simulate,
    "aquila": aquila.simulate,
    "quiredex": quiredex.simulate,
}
FILES = ("adsl", "adtte", "adae")
SUMS = "SHA256SUMS"


def write(folder: Path, studies: Sequence[str] = tuple(SEEDS)) -> list[Path]:
    """Simulate ``studies`` into ``folder/<study>/{adsl,adtte,adae}.csv``; same bytes every time."""
    out = []
    for study in studies:
        made = MAKERS[study](SEEDS[study])
        (folder / study).mkdir(parents=True, exist_ok=True)
        for name in FILES:
            path = folder / study / f"{name}.csv"
            path.write_text(to_csv(getattr(made, name)), encoding="utf-8", newline="\n")
            out.append(path)
    return out


def differences(folder: Path, studies: Sequence[str] = tuple(SEEDS)) -> list[str]:
    """The generated files of ``folder`` that a fresh run would write otherwise, or that lack."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = write(Path(scratch), studies)
        return [
            name
            for path in fresh
            if not (folder / (name := path.relative_to(scratch).as_posix())).is_file()
            or (folder / name).read_bytes() != path.read_bytes()
        ]


def altered(folder: Path) -> list[str]:
    """The fetched files of ``folder`` whose SHA-256 is not the recorded one, or that lack."""
    out = []
    for sums in sorted(folder.glob(f"*/{SUMS}")):
        for line in sums.read_text("utf-8").splitlines():
            digest, name = line.split("  ", 1)
            path = sums.parent / name
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                out.append(path.relative_to(folder).as_posix())
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line: 0 when written (or, with ``--check``, when nothing differs)."""
    parser = argparse.ArgumentParser(prog="data.generate", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="compare with what is there, write nothing"
    )
    if parser.parse_args(arguments).check:
        for name in (found := differences(STUDIES)):
            print(f"differs from a fresh run: data/studies/{name}", file=sys.stderr)
    else:
        found = []
        for path in write(STUDIES):
            print(path.relative_to(STUDIES.parent.parent))
    for name in (changed := altered(STUDIES)):
        print(f"is not as it was fetched: data/studies/{name}", file=sys.stderr)
    return 1 if found or changed else 0


if __name__ == "__main__":
    sys.exit(main())
