"""Columns of the forest. Oracle: the widths of the font."""

from __future__ import annotations

import re

import pytest

from components.subgroups.columns import columns
from components.subgroups.figure import forest_figure
from components.subgroups.lines import lines
from services.pages.subgroups.page import subgroups_page
from services.pages.subgroups.records import SubgroupsPage
from services.study.model import Column
from services.text_width import text_width
from services.views.study import View
from tests.components.subgroups.drawn import cells, page_of
from tests.studies import make_study


def long_names() -> SubgroupsPage:
    arms = ["Carfilzomib, lenalidomide and dexamethasone weekly", "OBSERVATION WITH MONITORING"]
    levels = ["NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER", "BLACK OR AFRICAN AMERICAN", "WHITE"]
    study = make_study(
        [arms[i % 2] for i in range(90)],
        [1 + (i * 7) % 41 for i in range(90)],
        [i % 4 > 0 for i in range(90)],
        {"RACE": [levels[(i // 2) % 3] for i in range(90)]},
        arms=arms,
        known={"RACE": Column("RACE", "Race")},
    )
    return subgroups_page(study, View(by=("RACE",)))


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("made", ["e3a06", "long"])
def test_columns_are_whole_and_leave_the_axis_room(made: str, compact: bool) -> None:
    """By the widths of the font, in the narrowest chart; the browser tests look at what is seen."""
    page = long_names() if made == "long" else page_of()
    found = columns(page, lines(page), "light", compact)
    left, right = found.margins()
    assert found.axis >= 80
    assert left + found.axis + right <= (320 if compact else 650)
    for column in (*found.left[1:], *found.right):
        for text in [*column.heading, *column.texts]:
            small = "font-size" in text
            for part in text.split("<br>"):
                plain = re.sub("</?[a-z][^>]*>", "", part)
                if plain.startswith(("interaction", "inconclusive")):
                    continue  # over the empty cell of the next column
                assert text_width(plain, 10 if small else 11, "<b>" in part) <= column.width + 1
    # A long source may break after a hyphen.
    whole = "".join(cells(forest_figure(page, compact=compact))).replace(" ", "")
    for line in lines(page):
        label = line.label.replace(" ", "")
        assert label.replace("<", "&lt;") in whole or label in whole
    if not compact:
        assert page.pair is not None
        heads = [a["text"] for a in forest_figure(page)["layout"]["annotations"]]
        said = " ".join(re.sub("</?[a-z][^>]*>", " ", head) for head in heads)
        assert all(name in " ".join(said.split()) for name in page.pair)


def test_no_word_of_a_variable_is_broken_on_a_phone() -> None:
    study = make_study(
        ["A", "B"] * 30,
        [1 + (i * 7) % 41 for i in range(60)],
        [True] * 60,
        {"IMPARES": [str(i % 3) for i in range(60)]},
        known={"IMPARES": Column("IMPARES", "Uninvolved immunoglobulins reduced")},
    )
    page = subgroups_page(study, View(by=("IMPARES",)))
    (name, *_) = columns(page, lines(page), "light", compact=True).left
    assert "immunoglobulins" in name.texts[1]
