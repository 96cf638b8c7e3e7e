"""Write the simulated studies: ``python -m data.generate`` (or ``--check`` to compare only)."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from data.simulate import e3a06, e3a06_run_in
from data.simulate.tables import to_csv

STUDIES = Path(__file__).parent / "studies"
SEEDS = {"e3a06": 7, "e3a06-run-in": 11}
FILES = ("adsl", "adtte", "adae")


def write(folder: Path) -> list[Path]:
    """Simulate every study into ``folder/<study>/{adsl,adtte,adae}.csv``; same bytes every time."""
    tables = {
        "e3a06": e3a06.simulate(SEEDS["e3a06"]),
        "e3a06-run-in": e3a06_run_in.simulate(SEEDS["e3a06-run-in"]),
    }
    out = []
    for study, made in tables.items():
        (folder / study).mkdir(parents=True, exist_ok=True)
        for name in FILES:
            path = folder / study / f"{name}.csv"
            path.write_text(to_csv(getattr(made, name)), encoding="utf-8", newline="\n")
            out.append(path)
    return out


def differences(folder: Path) -> list[str]:
    """The generated files of ``folder`` that a fresh run would write otherwise, or that lack."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = write(Path(scratch))
        return [
            name
            for path in fresh
            if not (folder / (name := path.relative_to(scratch).as_posix())).is_file()
            or (folder / name).read_bytes() != path.read_bytes()
        ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line: 0 when written (or, with ``--check``, when nothing differs)."""
    parser = argparse.ArgumentParser(prog="data.generate", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="compare with what is there, write nothing"
    )
    if not parser.parse_args(arguments).check:
        for path in write(STUDIES):
            print(path.relative_to(STUDIES.parent.parent))
        return 0
    found = differences(STUDIES)
    for name in found:
        print(f"differs from a fresh run: data/studies/{name}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
