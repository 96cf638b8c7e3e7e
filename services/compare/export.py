"""Two views against each other, for programs."""

from __future__ import annotations

from typing import Any

from services.compare.records import ComparePage, Side
from services.csv_text import SafeWriter, write_table
from services.names import capital
from services.pages.export import csv_head, leading, methods_told, study_header
from services.pages.records import published_line
from services.pages.words import kind_words

ABSENT = "not in this view"


def compare_json(page: ComparePage) -> dict[str, Any]:
    """The body of ``/compare.json``; an upload's address stands in no file."""
    if page.sides is None:
        return {}
    return {
        "title": page.title,
        "whose": "; ".join(dict.fromkeys(map(_whose, page.sides))),
        "note": " ".join(
            [
                *page.cautions,
                *(words for _, words in _led(page)),
                *(f"{capital(c.words)}." for c in page.changes),
            ]
        ),
        **{name: _side(side) for name, side in zip(("a", "b"), page.sides, strict=True)},
        "page": page.sides[0].page,
        "changes": [{"words": c.words, "a": c.was, "b": c.now} for c in page.changes],
        "cautions": list(page.cautions),
        "differences": [
            {
                "leads": leads,
                "table": one.table,
                "name": one.name,
                "a": one.a or None,
                "b": one.b or None,
            }
            for leads, found in ((True, page.main), (False, page.rest))
            for one in found
        ],
        "numbers": [{"path": one.path, "a": one.a, "b": one.b} for one in page.numbers],
        "series": list(page.series),
        **methods_told(page.methods),
    }


def _whose(side: Side) -> str:
    study = side.record.study
    return f"{study.short_title}. {kind_words(study)}"


def _led(page: ComparePage) -> list[tuple[str, str]]:
    """What was published of either view, and what of it was made up, each once."""
    found: dict[tuple[str, str], None] = {}
    for side in page.sides or ():
        record = side.record
        if record.study.kind == "simulated":
            found |= {("Published", f"{published_line(item)}."): None for item in record.headlines}
        if record.made_up:
            found[("Made up", f"{side.title}: {record.made_up.sentence}")] = None
    return list(found)


def _side(side: Side) -> dict[str, Any]:
    return {
        "study": study_header(side.record.study),
        "title": side.title,
        "address": None if side.secret else side.link,
        "answer": side.record.answer,
        "reason": side.record.reason,
        **leading(side.record),
    }


def compare_csv(page: ComparePage) -> str:
    """What differs as the pages print it, a row each, then every number in full."""
    a, b = page.sides or (None, None)
    if a is None or b is None:
        return ""
    studies = [
        ("Study" if side is a else "Against", f"{side.title}. {kind_words(side.record.study)}")
        for side in (a, b)
    ]
    notes = [*studies, ("Changed", "; ".join(c.words for c in page.changes) or "nothing")]
    notes += [("Caution", one) for one in page.cautions]
    notes += _led(page)
    meaning = "a: the first view; b: the second; as their pages print them, with intervals"
    out = csv_head(notes, meaning)
    rows = [
        (one.table, one.name, one.a or ABSENT, one.b or ABSENT) for one in (*page.main, *page.rest)
    ]
    write_table(out, ("table", "name", "a", "b"), rows)
    out.write("# The same and more in full: path in the page's JSON\n")
    writer = SafeWriter(out)
    writer.writerow(["path", "a", "b"])
    writer.writerows((one.path, one.a, one.b) for one in page.numbers)
    return out.getvalue()
