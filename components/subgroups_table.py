"""The forest as a table: for screen readers, keyboards and copying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from components.subgroups_controls import action
from components.subgroups_figure import arm_text, difference_text, marks_text, ratio_text
from services import format as fmt
from services.subgroups_records import SubgroupsPage
from services.view import format_number

if TYPE_CHECKING:
    from services.subgroups import Group, Row


def forest_table(page: SubgroupsPage) -> Any:
    """All rows, folded ones too; each level has a button that opens its curves."""
    assert page.forest is not None and page.pair is not None
    reference, arm = page.pair
    what = (
        "median"
        if page.view.per_arm == "median"
        else f"share at {format_number(page.time)} {page.view.unit}"
    )
    heads = [
        "Subgroup",
        f"{arm}: events/n · {what}",
        f"{reference}: events/n · {what}",
        f"Hazard ratio ({fmt.level(page.view.level)} CI)",
        f"Difference at {format_number(page.time)} {page.view.unit}, % points",
        "Interaction",
    ]
    bodies = [html.Tbody(_row(page, page.forest.overall, fmt_label="All patients"))]
    bodies += [html.Tbody(_group(page, group)) for group in page.forest.groups]
    return html.Div(
        html.Table(
            [html.Thead(html.Tr([html.Th(h, scope="col") for h in heads])), *bodies],
            className="numbers",
        ),
        className="table-scroll",
        tabIndex=0,
        role="region",
        **{"aria-label": "Subgroups"},
    )


def _group(page: SubgroupsPage, group: Group) -> list[Any]:
    test = group.interaction
    marks = marks_text(page, group)
    tested = (
        f"{fmt.p_equals(test.p)} (chi-square {test.chi2:.2f}, {test.df} df)"
        if test
        else f"not tested: {group.interaction_reason}"
    )
    head = html.Tr(
        [
            html.Th(
                [html.Strong(group.label), html.Span(f" {marks}", className="hint")],
                scope="rowgroup",
                colSpan=5,
            ),
            html.Td(tested),
        ]
    )
    rows = [head]
    for row in group.levels:
        label = fmt.value_label(group.variable, row.level)
        value = f"{group.variable}:{row.level}"
        button = action(
            "row", value, label, f"Curves of {group.label}: {label}", "text-button row-button"
        )
        rows.append(_row(page, row, button))
    return rows


def _row(page: SubgroupsPage, row: Row, button: Any = None, fmt_label: str = "") -> Any:
    assert page.pair is not None
    reference, arm = page.pair
    ratio = ratio_text(row) if row.hazard_ratio else f"{fmt.NOT_ESTIMABLE}: {row.reason}"
    cells = [
        arm_text(page, row, arm),
        arm_text(page, row, reference),
        ratio,
        difference_text(row),
        "",
    ]
    return html.Tr(
        [html.Th(button or fmt_label, scope="row"), *(html.Td(cell) for cell in cells)],
        className="" if row.hazard_ratio else "greyed",
    )
