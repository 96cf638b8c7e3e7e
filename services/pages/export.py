"""The head of every JSON and CSV of a study's pages, and how its columns are read."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pandas as pd

from services import format as fmt
from services.csv_text import write_frame, write_notes
from services.json_text import to_json
from services.pages.records import Methods, PageRecord
from services.statistics.results import Difference, Estimate, HazardRatio
from services.study.model import SUBJECT, Study, apart
from services.study.rows import entry_of
from services.units import DAYS_PER_UNIT
from services.views.codec import WithFigure
from services.views.study import View

Notes = Iterable[tuple[str, str]]

# Of the columns of a file of patients; the blank is the unit.
TIMES = "TIME in {}; EVENT 1 if it happened, 0 if not; a blank cell is a missing value"


def study_header(study: Study) -> dict[str, Any]:
    """Which study, of which kind, and the hash of its content.

    An answer is saved and passed on: of an upload, whose id opens it, its ``public_name`` stands.
    """
    return {
        "id": study.public_name,
        "title": study.title,
        "kind": study.kind,
        "sha256": study.sha256,
    }


def json_head(page: PageRecord) -> dict[str, Any]:
    """What every JSON of a study's page begins with: the study and who was counted."""
    return {
        "study": study_header(page.study),
        "population": {
            "n": page.population.n,
            "n_total": page.population.n_total,
            "filters": to_json(page.population.filters),
            **_at_landmark(page.population.analyzed),
        },
        **leading(page),
    }


def _at_landmark(analyzed: int | None) -> dict[str, int]:
    return {} if analyzed is None else {"analyzed": analyzed}


def told(page: PageRecord) -> dict[str, Any]:
    """Why there are no numbers, what a page says of those there are, and how they were made."""
    said = {"reason": page.reason, "answer": page.answer, "answer_detail": page.answer_detail}
    return said | methods_told(page.methods)


def methods_told(methods: Methods) -> dict[str, Any]:
    """The methods of a view, and what stands under its tables."""
    return {"methods_text": methods.text, "table_footnote": methods.footnote}


def asked(view: WithFigure) -> dict[str, Any]:
    """What a page without a study was asked for; nothing of it is of the figure's file alone."""
    fields: dict[str, Any] = to_json(view)
    return {name: value for name, value in fields.items() if not name.startswith("fig_")}


def leading(page: PageRecord) -> dict[str, Any]:
    """Of simulated patients: what was published of it, and what of it is made up."""
    if page.study.kind != "simulated":
        return {}
    return {
        "headlines": [
            {
                "label": item.label,
                "comparison": item.comparison,
                "text": item.cited.text,
                "about": item.cited.about,
            }
            for item in page.headlines
        ],
        "made_up": to_json(page.made_up),
    }


def csv_head(provenance: Notes, columns: str = "", reason: str | None = None) -> io.StringIO:
    """A CSV up to its table: lines starting with # that say what the numbers are.

    Parameters
    ----------
    provenance : label and text of each thing the numbers rest on
    columns : what the columns hold: units, level of the intervals, direction of the ratios
    reason : why there are not numbers
    """
    out = io.StringIO()
    write_notes(out, provenance)
    write_notes(out, [("Columns", columns)] if columns else [])
    write_notes(out, [("No numbers", reason)] if reason else [])
    return out


def limits_words(level: float) -> str:
    """How the columns lower and upper are to be read.

    >>> limits_words(0.9)
    'lower and upper: limits of the 90% interval'
    """
    return f"lower and upper: limits of the {fmt.level(level)} interval"


def limit_cells(found: HazardRatio | Difference | Estimate | None) -> list[float | None]:
    """The cells of a number and its interval."""
    return [found.estimate, found.lower, found.upper] if found else [None] * 3


def settings(view: View) -> dict[str, Any]:
    """How the numbers were made. ``reference`` is ``None`` with a single arm."""
    return {
        "endpoint": view.endpoint,
        "unit": view.unit,
        "ci": view.ci,
        "level": view.level,
        # Of differences of survival and of restricted means.
        "difference_interval": "plain" if view.ci == "plain" else "mover",
        "ties": "efron",
        "strata": list(view.factors),
        "reference": view.arms[0] if len(view.arms) > 1 else None,
    }


OWN = (
    "USUBJID",
    "ARM",
    "ENTRY",
    "TIME",
    "EVENT",
    "EVENT_TYPE",
    "STRATUM",
    "STRATUM_LABEL",
    "LEVEL",
)


def column_name(name: str) -> str:
    """What a column of the study is called in the file; never as one of ``OWN``.

    >>> column_name("SEX"), column_name("TIME")
    ('SEX', 'TIME_')
    """
    return apart(name, OWN)


def own_columns(records: pd.DataFrame, unit: str) -> pd.DataFrame:
    """What every page's file begins with: USUBJID, ARM, TIME in ``unit`` and EVENT.

    ENTRY, in ``unit`` too, is there where somebody came under observation late.

    Parameters
    ----------
    records : USUBJID, ARM_PLANNED, TIME (days) and EVENT, a row per patient; missing as it may be
    """
    entry = entry_of(records, unit)
    return pd.DataFrame(
        {
            "USUBJID": records[SUBJECT],
            "ARM": records["ARM_PLANNED"],
            **({} if entry is None else {"ENTRY": entry}),
            "TIME": records["TIME"] / DAYS_PER_UNIT[unit],
            "EVENT": records["EVENT"].astype("Int64"),
        }
    )


def patients_file(out: io.StringIO, own: pd.DataFrame, covariates: pd.DataFrame) -> str:
    """CSV, one row per patient; lines starting with # say what the columns are.

    Parameters
    ----------
    out : the file's head, as ``export.csv_head`` makes it
    own : columns of the page, all of them among ``OWN``
    covariates : the same rows, columns of the study by their names
    """
    names = [column_name(str(name)) for name in covariates.columns]
    renamed = [
        f"{name} holds the study's column {was}"
        for was, name in zip(map(str, covariates.columns), names, strict=True)
        if was != name
    ]
    write_notes(out, [("Names", "; ".join(renamed))] if renamed else [])
    beside = covariates.set_axis(names, axis=1).set_axis(own.index, axis=0)
    return write_frame(out, pd.concat([own, beside], axis=1))
