"""A second opinion for programs: a row, or a cell of JSON, per number and program."""

from __future__ import annotations

from typing import Any

from services.csv_text import write_table
from services.json_text import to_json
from services.pages.export import csv_head, json_head
from services.pages.second_opinion.records import SAME_WORDS, SecondOpinion
from services.pages.words import kind_words

_COLUMNS = (
    *("variable", "level", "what", "arm", "time", "part", "ours"),
    *("program", "version", "theirs", "difference", "same", "why", "answered"),
)


def opinion_json(found: SecondOpinion) -> dict[str, Any]:
    """The body of ``/study/<id>/<page>/second-opinion.json``; ``None`` is not estimable."""
    return json_head(found.page) | {
        "answer": list(found.answer),
        "programs": to_json(found.sources),
        "numbers": [
            {
                "variable": n.key.group[0] or None,
                "level": n.key.group[1] or None,
                "what": n.key.what,
                "arm": n.key.arm or None,
                "time": n.key.time,
                "part": n.key.part,
                "ours": n.ours,
                "theirs": to_json(n.theirs),
            }
            for n in found.numbers
        ],
    }


def opinion_csv(found: SecondOpinion) -> str:
    """A row per number and program; a program that was not asked has one of its own."""
    page = found.page
    whose = ("Study", f"{page.study.short_title}. {kind_words(page.study)}")
    told = tuple(("Second opinion", sentence) for sentence in found.answer)
    out = csv_head(
        (whose, *page.provenance, *told),
        f"times in {page.view.unit}; difference: theirs less ours; blank: not estimable or not"
        f" reached, unless answered is no. {SAME_WORDS}",
    )
    rows: list[list[Any]] = []
    for n in found.numbers:
        head = [*n.key.group, n.key.what, n.key.arm, n.key.time, n.key.part, n.ours]
        for source in found.sources:
            if (said := n.theirs.get(source.name)) is not None:
                same, answered = ("yes" if yes else "no" for yes in (said.same, said.answered))
                own = [said.value, said.difference, same, said.why, answered]
                rows.append([*head, source.name, source.version, *own])
    for source in found.sources:
        if source.problem is not None:
            rows.append([*[None] * 7, source.name, *[None] * 4, source.problem, "no"])
    return write_table(out, _COLUMNS, rows)
