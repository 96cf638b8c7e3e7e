"""A second opinion as a file: a row per number and program."""

from __future__ import annotations

import csv

from services.pages.second_opinion.export import opinion_csv
from services.pages.second_opinion.page import second_opinion
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.studies import bundled


def test_a_row_for_each_number_and_program() -> None:
    found = second_opinion(survival_page(bundled("mgus2"), decode("?at=120")), with_r=False)
    lines = opinion_csv(found).splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    asked = [source for source in found.sources if source.problem is None]
    assert len(rows) == len(found.numbers) * len(asked) + 1
    first = found.numbers[0]
    assert float(rows[0]["ours"]) == first.ours
    assert (rows[0]["what"], rows[0]["part"], rows[0]["same"]) == ("median", "estimate", "yes")
    assert lines[0].startswith("# Study: ")
    assert "theirs less ours" in "\n".join(lines)
