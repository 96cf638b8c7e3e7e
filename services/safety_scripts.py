"""Scripts that recompute the safety page elsewhere, and the events they read.

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
from services.safety_time import CENSORED, watch
from services.safety_words import NO_TABLE
from services.script_text import python_list, python_string, r_string, r_strings
from services.view import DAYS_PER_UNIT, encode, format_number

FLAGS = ("severe", "serious", "related", "stopped", "changed", "fatal")
MEANING = (
    "a row per event, one with blanks for each patient without; SHOWN 1 if the table of terms has"
    " it; START, END and DAYS (watched) count from the first dose, which is day 1; ENDING of the"
    " watch: 0 still watched, 2 death, 3 end of treatment; flags 1 or 0"
)


def python_script(page: SafetyPage, site: str = "") -> str:
    """The page's numbers with numpy, pandas and scipy."""
    lines = ", ".join(f"({python_string(i)}, {python_list(flags)})" for i, flags in overview(page))
    at = f"[{', '.join(map(format_number, page.view.at))}]"
    return _made("py", page, python_string, python_list, f"[{lines}]", at, site)


def r_script(page: SafetyPage, site: str = "") -> str:
    """The page's numbers with R."""
    lines = ", ".join(f"{i} = {r_strings(flags)}" for i, flags in overview(page))
    at = f"c({', '.join(map(format_number, page.view.at))})"
    return _made("R", page, r_string, r_strings, f"list({lines})", at, site)


def overview(page: SafetyPage) -> list[tuple[str, list[str]]]:
    """The lines of the overview that are recorded, and the flags that make them."""
    return [
        (row.id, [] if row.id == "any" else [part.upper() for part in row.id.split("_")])
        for row in page.overview
        if row.reason is None
    ]


def patients_csv(page: SafetyPage) -> str:
    """A row per event of the patients shown, and one with blanks for each patient without.

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
    found = watch(study)
    days = np.full(len(chosen.arm), np.nan) if found is None else found.days
    ending = np.full(len(chosen.arm), CENSORED) if found is None else found.ending
    out = csv_head(page.provenance, MEANING, page.reason)
    writer = SafeWriter(out)
    flags = [name.upper() for name in FLAGS]
    writer.writerow(
        ["USUBJID", "ARM", "CLASS", "TERM", "GRADE", "SHOWN", *flags, "START", "END", "DAYS",
         "ENDING"]
    )  # fmt: skip
    levels = events.severity.levels if events.severity else ()
    by_subject: dict[int, list[int]] = {}
    for row in np.flatnonzero(chosen.counted).tolist():
        by_subject.setdefault(int(events.subject[row]), []).append(row)
    for subject in np.flatnonzero(chosen.arm >= 0).tolist():
        head = [str(study.subjects.index[subject]), chosen.arms[chosen.arm[subject]]]
        watched = [_day(days[subject]), int(ending[subject])]
        for row in by_subject.get(subject, ()):
            grade = events.grade[row]
            said = [int(getattr(events, name)[row]) for name in FLAGS]
            writer.writerow(
                [*head, *events.terms[events.term[row]], levels[grade] if grade >= 0 else "",
                 int(keep[row]), *said, _day(events.start[row]), _day(events.end[row]), *watched]
            )  # fmt: skip
        if subject not in by_subject:
            writer.writerow([*head, *[""] * (6 + len(FLAGS)), *watched])
    return out.getvalue()


def _day(value: float) -> str:
    return "" if np.isnan(value) else format_number(float(value))


def data_file(page: SafetyPage) -> DataFile:
    """The events that count, and the patients without."""
    return DataFile(
        file_name(page, "safety-patients", "csv", endpoint=False),
        patients_csv(page),
        f"/study/{page.study.id}/safety.data.csv{encode(page.address)}",
    )


def _made(
    ending: str,
    page: SafetyPage,
    text: Callable[[str], str],
    texts: Callable[[Iterable[str]], str],
    lines: str,
    at: str,
    site: str,
) -> str:
    view = page.view
    return script(
        f"safety.{ending}.txt",
        name=file_name(page, "safety", ending, endpoint=False),
        title="adverse events",
        study=page.study,
        data=data_file(page),
        provenance=page.provenance,
        values={
            "ARMS": texts(map(safe_cell, page.n)),
            "PAIR": texts(map(safe_cell, page.pair or ())),
            "EFFECT": text(view.effect),
            "OVERVIEW": lines,
            "LEVELS": texts(map(safe_cell, page.severity.levels if page.severity else ())),
            "SECTION": text(view.section if page.time and page.time.reason is None else ""),
            "TERM": text(safe_cell(view.term)),
            "UNIT": format_number(DAYS_PER_UNIT[view.unit]),
            "LANDMARKS": at,
            "LEVEL": format_number(view.level),
        },
        site=site,
    )
