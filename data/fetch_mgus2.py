"""Take the Mayo Clinic MGUS cohort from R and write it as a study: ``python -m data.fetch_mgus2``.

Needs R with the package survival, once: the tables are committed, and ``python -m data.generate
--check`` compares them with the SHA-256 written here. No value is changed: columns get their
usual names, and each time a line of its own that says how it ended.
"""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.generate import STUDIES, SUMS
from data.simulate.tables import Row, to_csv

SCRIPT = Path(__file__).with_name("fetch_mgus2.R")
STUDY = "MGUS2"
ARM = "MGUS"
COLUMNS = (
    "id", "age", "sex", "dxyr", "hgb", "creat", "mspike", "ptime", "pstat", "futime", "death",
)  # fmt: skip
PARAMS = {
    "PCM": "Time to Plasma-Cell Malignancy (Months)",
    "OS": "Overall Survival (Months)",
}


def read_r() -> str:
    """What R writes: a line with the versions, then the data as CSV."""
    done = subprocess.run(
        ["Rscript", "--vanilla", str(SCRIPT)], capture_output=True, text=True, check=True
    )
    return done.stdout


def parse(text: str) -> list[dict[str, str]]:
    """The rows of the data set.

    Raises
    ------
    ValueError : other columns than expected, or a value that could not be meant
    """
    rows = list(csv.DictReader(text.splitlines()[1:]))
    if tuple(rows[0]) != COLUMNS:
        raise ValueError(f"mgus2 has other columns than expected: {', '.join(rows[0])}")
    for row in rows:
        codes = {row["pstat"], row["death"]} <= {"0", "1"} and row["sex"] in ("F", "M")
        if not codes or not 0 < int(row["ptime"]) <= int(row["futime"]):
            raise ValueError(f"mgus2: row {row['id']} cannot be right: {row}")
    return rows


def _subject_id(row: Mapping[str, str]) -> str:
    return f"{STUDY}-{int(row['id']):04d}"


def subject(row: Mapping[str, str]) -> Row:
    """The patient's row of ``adsl.csv``; blank is missing."""
    return {
        "STUDYID": STUDY,
        "USUBJID": _subject_id(row),
        "SUBJID": row["id"],
        "ARM": ARM,
        "TRT01P": ARM,
        "ITTFL": "Y",
        "AGE": row["age"],
        "AGEU": "YEARS",
        "SEX": row["sex"],
        "DXYR": row["dxyr"],
        "HGB": row["hgb"],
        "CREAT": row["creat"],
        "MPROT": row["mspike"],
        "PCMFL": "Y" if row["pstat"] == "1" else "",
        "DTHFL": "Y" if row["death"] == "1" else "",
    }


def times(row: Mapping[str, str]) -> list[Row]:
    """The patient's two rows of ``adtte.csv``, in months.

    CNSR of the time to malignancy is 0 for a malignancy, 1 for the last contact of someone
    alive, 2 for a death without one.
    """
    progressed, died = row["pstat"] == "1", row["death"] == "1"
    if progressed:
        first = ("0", "Progression to plasma-cell malignancy", "Progression", "")
    elif died:
        first = ("2", "", "", "Death without progression")
    else:
        first = ("1", "", "", "Alive without progression at last contact")
    last = ("0", "Death", "Death", "") if died else ("1", "", "", "Alive at last contact")
    return [
        {
            "STUDYID": STUDY,
            "USUBJID": _subject_id(row),
            "PARAMCD": code,
            "PARAM": PARAMS[code],
            "AVAL": months,
            "AVALU": "MONTHS",
            "CNSR": what[0],
            "EVNTDESC": what[1],
            "EVNTTYPE": what[2],
            "CNSDTDSC": what[3],
        }
        for code, months, what in (("PCM", row["ptime"], first), ("OS", row["futime"], last))
    ]


def write(folder: Path, rows: Sequence[Mapping[str, str]]) -> list[Path]:
    """Write both tables and their SHA-256 into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "adsl.csv": [subject(row) for row in rows],
        "adtte.csv": [line for row in rows for line in times(row)],
    }
    sums, out = [], []
    for name, lines in tables.items():
        data = to_csv(lines).encode()
        (folder / name).write_bytes(data)
        sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
        out.append(folder / name)
    (folder / SUMS).write_text("".join(sums), encoding="utf-8", newline="\n")
    return [*out, folder / SUMS]


def main() -> int:
    """Fetch and write; prints the versions of R and survival, and the files."""
    text = read_r()
    print(text.splitlines()[0].removeprefix("# "))
    for path in write(STUDIES / "mgus2", parse(text)):
        print(path.relative_to(STUDIES.parent.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
