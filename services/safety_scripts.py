"""Scripts that recompute the table of adverse events elsewhere, and the patients they read.

They count each patient once per term and make the Miettinen-Nurminen interval from its
definition, without a formula of ours; a test runs both and compares them with the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from services import adverse_events
from services.csv_text import SafeWriter, safe_cell
from services.errors import UserError
from services.page_records import file_name
from services.pages.export import csv_head
from services.pages.scripts import DataFile, script
from services.safety_counts import choose, limited
from services.safety_records import SafetyPage
from services.safety_words import NO_TABLE
from services.script_text import python_list, r_strings
from services.view import encode, format_number


def python_script(page: SafetyPage, site: str = "") -> str:
    """The table with pandas."""
    return _made("py", page, python_list, site)


def r_script(page: SafetyPage, site: str = "") -> str:
    """The table with R."""
    return _made("R", page, r_strings, site)


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
    out = csv_head(page.provenance, "a row per event that counts", page.reason)
    writer = SafeWriter(out)
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


def data_file(page: SafetyPage) -> DataFile:
    """The events that count, and the patients without."""
    return DataFile(
        file_name(page, "safety-patients", "csv", endpoint=False),
        patients_csv(page),
        f"/study/{page.study.id}/safety.data.csv{encode(page.address)}",
    )


def _made(ending: str, page: SafetyPage, listed: Callable[[Iterable[str]], str], site: str) -> str:
    return script(
        f"safety.{ending}.txt",
        name=file_name(page, "safety", ending, endpoint=False),
        title="adverse events",
        study=page.study,
        data=data_file(page),
        provenance=page.provenance,
        values={
            "ARMS": listed(map(safe_cell, page.pair or tuple(page.n))),
            "LEVEL": format_number(page.view.level),
        },
        site=site,
    )
