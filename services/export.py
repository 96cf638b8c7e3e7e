"""The numbers behind a page as JSON and CSV, at full precision, for other programs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from services.csv_text import SafeWriter, write_frame
from services.page_records import SurvivalPage
from services.pages.export import TIMES, csv_head, json_head
from services.pages.survival.export import view_table
from services.records import to_json
from services.study import SUBJECT
from services.view import DAYS_PER_UNIT, View


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
        # Small charts are compared within their factor too.
        "strata": list(dict.fromkeys([*view.strata, *([view.facet] if view.facet else [])])),
        "reference": view.arms[0] if len(view.arms) > 1 else None,
    }


def survival_json(page: SurvivalPage) -> dict[str, Any]:
    """The body of ``/study/<id>/survival.json``; ``None`` is not estimable or not reached."""
    result = page.result
    return json_head(page) | {
        "settings": settings(page.view),
        "reason": page.reason,
        "answer": page.answer,
        "answer_detail": page.answer_detail,
        "curves": to_json(result.curves) if result else [],
        "log_rank": to_json(result.log_rank) if result else None,
        "stratified_log_rank": to_json(result.stratified_log_rank) if result else None,
        "comparisons": to_json(result.comparisons) if result else [],
        "leading": result.leading if result else None,
        "plot": page.view.plot,
        "extra": to_json(page.extra),
        "competing": to_json(page.competing),
    }


def survival_csv(page: SurvivalPage) -> str:
    """What the view's chart draws, a row per point; # lines say what the numbers are."""
    table = view_table(page)
    out = csv_head(page.provenance, table.meaning, page.reason)
    writer = SafeWriter(out)
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return out.getvalue()


def patients_csv(page: SurvivalPage) -> str:
    """The patients behind a survival page, one row each, as the scripts read them.

    TIME is in the view's unit, EVENT 1 or 0, STRATUM a number for each crossing of the strata
    chosen and STRATUM_LABEL its words, LEVEL that of small charts.
    """
    out = csv_head(
        page.provenance,
        f"{TIMES.format(page.view.unit)}; STRATUM numbers the strata that STRATUM_LABEL names",
        page.reason,
    )
    records = page.records
    frame = pd.DataFrame(
        {
            "USUBJID": records[SUBJECT],
            "ARM": records["ARM_PLANNED"],
            "TIME": records["TIME"] / DAYS_PER_UNIT[page.view.unit],
            "EVENT": records["EVENT"].astype(int),
            "EVENT_TYPE": records["EVENT_TYPE"],
            "STRATUM": records["STRATUM"],
            "STRATUM_LABEL": records["STRATUM_LABEL"],
        }
        | ({"LEVEL": records["LEVEL"]} if page.view.facet else {})
    )
    write_frame(out, frame)
    return out.getvalue()
