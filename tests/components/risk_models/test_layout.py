"""The risk models page. Oracle: the record."""

from __future__ import annotations

from components.risk_models.layout import control_values, cross_table, level_table, model_list
from services.pages.risk_models.page import risk_models_page
from services.views.study import View, decode
from tests.components.text import table, text
from tests.studies import bundled


def test_the_cross_table_is_the_records() -> None:
    page = risk_models_page(bundled(), View())
    assert page.table is not None
    rows = table(cross_table(page))
    for level, cells in zip(page.table.rows, page.table.cells, strict=True):
        assert [cell.split()[0] for cell in rows[level]] == [str(cell.n) for cell in cells]
        for shown, cell in zip(rows[level], cells, strict=True):
            moved = {1: "moved up", -1: "moved down"}.get(cell.shift, "") if cell.n else ""
            assert shown.removeprefix(str(cell.n)).strip() == moved


def test_each_level_has_its_patients_and_what_was_published() -> None:
    page = risk_models_page(bundled(), View())
    for side in page.sides:
        rows = table(level_table(page, side))
        for level in side.levels:
            cells = rows[level.level]
            assert cells[0] == str(level.n)
            if level.published:
                assert f"{level.published.percent:g}%" in cells


def test_every_model_says_where_it_comes_from() -> None:
    page = risk_models_page(bundled(), View())
    said = text(model_list(page))
    for model in page.models:
        assert model.title in said
        assert model.reference in said


def test_controls_show_the_models_compared() -> None:
    page = risk_models_page(bundled(), decode("models=MAYO2008,MAYO2018"))
    values = control_values(page)
    assert (values["first"], values["second"]) == ("MAYO2008", "MAYO2018")


def test_words_under_the_tables_name_what_is_there() -> None:
    """By the counts of the page: who lacks a level, and which levels lie between."""
    page = risk_models_page(bundled(), decode("?models=MAYO2008,IMWG2020"))
    assert text(cross_table(page)[-1]) == (
        "182 patients with a level of both. Colored: low, intermediate or high by IMWG 2020 risk is"
        " not what it is by Mayo 2008 risk."
    )
    page = risk_models_page(bundled(), View())
    assert text(cross_table(page)[-1]) == (
        "148 patients with a level of both; 34 without one of them are left out. Colored: low,"
        " intermediate or high by IMWG 2020 risk with cytogenetics is not what it is by Mayo 2018"
        " risk; low-intermediate counts as intermediate."
    )
    # Progressed by 2 years: 38% of intermediate and 21% of high risk, by invented cytogenetics.
    assert "says nothing about the model" in text(level_table(page, page.sides[1]))
    assert "; 0 cannot" not in text(model_list(page))
