"""The first page as JSON and CSV: every study that matches, in its order."""

from __future__ import annotations

import io
import re
from typing import Any

from services.csv_text import write_table
from services.pages.catalogue.records import CatalogueEntry, CataloguePage
from services.pages.export import asked, study_header
from services.pages.words import kind_words

NOTE = "Each study with its patients, its follow-up, and what was published of it."
_PARENTHESIS = re.compile(r" \([^)]*\)")


def catalogue_json(page: CataloguePage) -> dict[str, Any]:
    """The body of ``/catalogue.json``."""
    return {
        "note": NOTE,
        "filters": asked(page.view),
        "total": page.total,
        "studies": [
            {
                **study_header(entry.study),
                "question": entry.question,
                "n": entry.n,
                "arms": dict(entry.arms),
                "follow_up": entry.follow_up,
                "published": dict(_published(entry)),
            }
            for entry in page.entries
        ],
    }


def catalogue_csv(page: CataloguePage) -> str:
    """A row per study. The first line says what they are."""
    out = io.StringIO()
    out.write(f"# {NOTE}\n" if page.entries else "# No study matches.\n")
    columns = ("study", "data", "question", "patients", "arms", "follow-up", "published")
    rows = (
        (
            entry.study.short_title,
            kind_words(entry.study),
            entry.question,
            entry.n,
            "; ".join(f"{name}: {n}" for name, n in entry.arms),
            entry.follow_up,
            "; ".join(f"{label}: {text}" for label, text in _published(entry)),
        )
        for entry in page.entries
    )
    return write_table(out, columns, rows)


def _published(entry: CatalogueEntry) -> list[tuple[str, str]]:
    """Label and text of what a card shows as published."""
    told = [(_PARENTHESIS.sub("", item.label), item.cited.text) for item in entry.headlines]
    return [*told, *((figure.label, figure.published.text) for figure in entry.figures)]
