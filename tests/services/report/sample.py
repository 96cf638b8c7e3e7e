"""A report with everything that makes its layout hard: long names, long tables, long words."""

from __future__ import annotations

from services.report.records import Figure, Item, LeftOut, Reference, Report, Table
from tests.services.report.drawings import PLOT, png

LONG = "Isatuximab subcutaneous plus lenalidomide and dexamethasone, every four weeks"
ROWS = (("Group", "", ""), *((f"Row {i} {LONG}", f"{i}.5 (0.1 to 9.9)", LONG) for i in range(40)))
TABLE = Table("By arm", ("", LONG, "B" * 70), ROWS, frozenset({0}), ("A note.",))
HUGE = Table("Words", ("", "Text"), (("One", f"{LONG} " * 100),))
FEW = Table("Comparison", (), (("HR", "0.49"), ("p", "<0.001")))
SETTINGS = (("Study", "T. Simulated patients"), ("Population", f"10 of 10 patients, {LONG}"))


def an_item(height: int = 200, smallest: float = 12, **changed: object) -> Item:
    """An item with a figure 300 pixels wide."""
    drawn = Figure(300, height, smallest, PLOT, png(300, height))
    given = {
        "title": LONG, "name": "survival", "comment": "Mine.", "whose": "T. Simulated patients",
        "link": "http://localhost/study/t", "published": (LONG,), "answer": f"{LONG}: HR 0.49.",
        "whose_answer": "In the simulated patients", "detail": LONG, "figure": drawn,
        "tables": (TABLE, FEW, HUGE), "settings": SETTINGS, "methods": f"Cox. {LONG}",
        "references": (Reference("Cox 1972", "https://doi.org/10.1/a"), Reference(LONG)),
        "files": {"t.json": '{"a": 1}', "t.csv": "a\n1\n"}, "csv": "a\n1\n", "sha256": "0" * 64,
    } | changed  # fmt: skip
    return Item(**given)  # type: ignore[arg-type]


def a_report(*items: Item) -> Report:
    """These items, and one that was left out."""
    left = (LeftOut(9, "Our trial", "It was deleted."),)
    return Report("Report", "2026-01-01", "SMM Outcomes 1, Python 3", items, left)
