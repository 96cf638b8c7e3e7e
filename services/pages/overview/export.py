"""A study's overview as JSON and CSV."""

from __future__ import annotations

from typing import Any

from services.csv_text import write_table
from services.json_text import to_json
from services.pages.export import csv_head, json_head, methods_told, settings
from services.pages.overview.records import BaselineNumber, BaselineTable, OverviewPage
from services.study.labels import value_label


def overview_json(page: OverviewPage) -> dict[str, Any]:
    """The body of ``/study/<id>.json``."""
    study = page.study
    return json_head(page) | {
        "settings": settings(page.view),
        **methods_told(page.methods),
        "baseline": to_json(page.baseline),
        "treatment": to_json(page.treatment),
        "responses": to_json(page.responses),
        "published": to_json(page.trial),
        "figures": to_json(study.metadata.figures),
        "conflicts": to_json(study.metadata.conflicts),
    }


def overview_csv(page: OverviewPage) -> str:
    """The tables, one row per statistic and arm. Lines starting with # say what they are."""
    out = csv_head(page.provenance)
    tables = (("baseline", page.baseline), ("treatment", page.treatment))
    rows = ((name, *row) for name, table in tables for row in _rows(table))
    return write_table(out, ("table", "variable", "label", "statistic", "arm", "value"), rows)


def _rows(table: BaselineTable) -> list[tuple[str, str, str, str, Any]]:
    rows: list[tuple[str, str, str, str, Any]] = []
    for row in table.rows:
        if isinstance(row, BaselineNumber):
            for arm, summary in zip(table.columns, row.arms, strict=True):
                values = to_json(summary)
                rows += [(row.name, row.label, key, arm, values[key]) for key in values]
        else:
            for level, counts in zip(row.levels, row.counts, strict=True):
                words = value_label(row.name, level)
                for arm, count in zip(table.columns, counts, strict=True):
                    rows.append((row.name, row.label, f"{words}, n", arm, count.n))
                    rows.append((row.name, row.label, f"{words}, %", arm, count.percent))
    return rows
