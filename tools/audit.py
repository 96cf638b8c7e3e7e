"""Look the locked packages up among known vulnerabilities: ``make audit``.

pip-audit asks the OSV database. Where that cannot be reached nothing is known, and this says so:
with the day of the last look (``tools/audit.toml``), and by its exit status.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-dev.lock"  # holds all of the others
LAST = ROOT / "tools" / "audit.toml"
_HEAD = "# When the database was last reached, and what it knew. Written by make audit.\n"
NONE_KNOWN, SOME_KNOWN, NOT_LOOKED = 0, 1, 2


def main(arguments: Sequence[str] = ()) -> int:
    """Look, say what was found, remember the day.

    Parameters
    ----------
    arguments : more options of pip-audit

    Returns
    -------
    0 if nothing is known of any package, 1 if something is, 2 if the database was not reached
    """
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--disable-pip",
               "--require-hashes", "--vulnerability-service", "osv", "--format", "json",
               "--progress-spinner", "off", *arguments]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        lines = told(done.stdout)
    except ValueError:
        print(f"The database of vulnerabilities was not reached. {last_look()}", file=sys.stderr)
        print("\n".join(done.stderr.strip().splitlines()[-1:]), file=sys.stderr)
        return NOT_LOOKED
    today = datetime.now(UTC).date()
    LAST.write_text(
        f"{_HEAD}last_look = {today}\nknown = {json.dumps(lines[1:])}\n", encoding="utf-8"
    )
    print("\n".join(lines))
    return SOME_KNOWN if len(lines) > 1 else NONE_KNOWN


def told(report: str) -> list[str]:
    """What pip-audit found: a line on the whole, then one for each vulnerability.

    Raises
    ------
    ValueError : this is no report
    """
    packages = json.loads(report)["dependencies"]
    known = [
        f"{package['name']} {package['version']}: {found['id']}, mended in "
        f"{', '.join(found['fix_versions']) or 'no version yet'}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    skipped = sum("skip_reason" in package for package in packages)
    left = f"; {skipped} could not be looked up" if skipped else ""
    return [f"{len(packages)} packages, {len(known)} known vulnerabilities{left}.", *known]


def last_look() -> str:
    """When the database was reached last, and what it said."""
    last = tomllib.loads(LAST.read_text(encoding="utf-8"))
    if "last_look" not in last:
        return "It has never been reached."
    known = "; ".join(last["known"]) or "nothing was known"
    return f"The last look was on {last['last_look']:%Y-%m-%d}: {known}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
