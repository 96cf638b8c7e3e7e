"""Scripts that recompute the table of adverse events elsewhere, and the patients they read.

They count each patient once per term and make the Miettinen-Nurminen interval from its
definition, without a formula of ours; a test runs both and compares them with the page.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from services import adverse_events
from services.errors import UserError
from services.safety_counts import choose, limited
from services.safety_records import SafetyPage
from services.safety_words import NO_TABLE
from services.view import encode, format_number

_TEMPLATES = Path(__file__).parent / "script_templates"


def python_script(page: SafetyPage) -> str:
    """The table with pandas."""
    return _fill("safety.py.txt", page, _python_list)


def r_script(page: SafetyPage) -> str:
    """The table with R."""
    return _fill("safety.R.txt", page, _r_list)


def patients_csv(page: SafetyPage) -> str:
    """A row per event that counts, and one with blanks for each patient without.

    Raises
    ------
    UserError : the study has no adverse events
    """
    study = page.study
    events = adverse_events.coded(study)
    if events is None:
        raise UserError(NO_TABLE, "Add an ADAE table to the study.")
    chosen = choose(study, page.view, page.pair, events)
    keep = limited(chosen, page.view)
    out = io.StringIO()
    for label, text in page.provenance:
        out.write(f"# {label}: {_one_line(text)}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["USUBJID", "ARM", "CLASS", "TERM", "GRADE"])
    levels = events.severity.levels if events.severity else ()
    by_subject: dict[int, list[int]] = {}
    for row in np.flatnonzero(keep).tolist():
        by_subject.setdefault(int(events.subject[row]), []).append(row)
    for subject in np.flatnonzero(chosen.arm >= 0).tolist():
        head = [str(study.subjects.index[subject]), chosen.arms[chosen.arm[subject]]]
        for row in by_subject.get(subject, ()):
            grade = events.grade[row]
            writer.writerow(
                [*head, *events.terms[events.term[row]], levels[grade] if grade >= 0 else ""]
            )
        if subject not in by_subject:
            writer.writerow([*head, "", "", ""])
    return out.getvalue()


def _python_list(items: Sequence[str]) -> str:
    return json.dumps(list(items), ensure_ascii=False)


def _r_list(items: Sequence[str]) -> str:
    # JSON's escapes (\", \\, é) mean the same in R.
    return f"c({', '.join(json.dumps(item) for item in items)})"


def _fill(template: str, page: SafetyPage, listed: Callable[[Sequence[str]], str]) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    stem = "".join(c if (c.isascii() and c.isalnum()) or c in "-_." else "-" for c in page.study.id)
    values = {
        "TITLE": _one_line(f"{page.study.title}: adverse events"),
        "DATA_FILE": f"{stem}-safety-data.csv",
        "SCRIPT_FILE": f"{stem}-safety" + (".R" if template.endswith("R.txt") else ".py"),
        "DATA_ADDRESS": f"/study/{page.study.id}/safety.data.csv{encode(page.address)}",
        "PROVENANCE": "\n".join(
            f"# {label}: {_one_line(words)}" for label, words in page.provenance
        ),
        "ARMS": listed(page.pair or tuple(page.n)),
        "LEVEL": format_number(page.view.level),
        "SKIP": str(len(page.provenance)),
    }
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())
