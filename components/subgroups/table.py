"""The forest as a table: for screen readers, keyboards and copying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.markup import Markup, join, tag
from components.subgroups.controls import action
from components.subgroups.lines import arm_text, difference_text, marks_text, ratio_text
from services import format as fmt
from services import names
from services.names import isolated
from services.pages.subgroups.records import SubgroupsPage
from services.study import labels

if TYPE_CHECKING:
    from services.statistics.results import Group, Row


def forest_table(page: SubgroupsPage) -> Markup:
    """All rows, folded ones too; each level has a button that opens its curves."""
    assert page.forest is not None and page.pair is not None
    reference, arm = page.pair
    what = (
        "median"
        if page.view.per_arm == "median"
        else f"share at {names.time(page.time, page.view.unit)}"
    )
    heads = [
        "Subgroup",
        f"{isolated(arm)}: events/n · {what}",
        f"{isolated(reference)}: events/n · {what}",
        f"Hazard ratio ({fmt.level(page.view.level)} CI)",
        f"Difference at {names.time(page.time, page.view.unit)}, % points",
        "Interaction",
    ]
    # What a cell is called where rows become cards; the test stands in its variable's row alone.
    called = [f"{text}: " for text in heads[1:]]
    overall = tag("tbody", _row(page, page.forest.overall, "All patients", called))
    bodies = [tag("tbody", *_group(page, group, called)) for group in page.forest.groups]
    head = tag("thead", tag("tr", *(tag("th", text, scope="col") for text in heads)))
    return tag(
        "div",
        tag("table", head, overall, *bodies, class_="numbers as-cards"),
        class_="table-scroll",
        tabindex=0,
        role="region",
        aria_label="Subgroups",
    )


def _group(page: SubgroupsPage, group: Group, called: Sequence[str]) -> list[Markup]:
    test = group.interaction
    tested = (
        f"{fmt.p_equals(test.p)} (chi-square {test.chi2:.2f}, {test.df} df)"
        if test
        else f"not tested: {group.interaction_reason}"
    )
    tested += f": {group.told}" if group.told else ""
    marks = marks_text(page, group)
    told = [" ", tag("span", marks, class_="mark-words hint")] if marks else []
    name = join([tag("strong", group.label), *told])
    test_cell = tag("td", tested, data_label=called[-1])
    rows = [tag("tr", tag("th", name, scope="rowgroup", colspan=5), test_cell)]
    for row in group.levels:
        label = labels.value_label(group.variable, row.level)
        value = f"{group.variable}:{row.level}"
        button = action(
            "row",
            value,
            label,
            f"Curves of {isolated(group.label)}: {isolated(label)}",
            "text-button row-button",
        )
        found = page.published.get(value)
        told = [f"published {found.text}"] if found else []
        drawn = page.shrunken.get(value)
        if drawn is not None:
            limits = fmt.ratio_interval(drawn.lower, drawn.upper)
            told.append(f"shrunken {fmt.ratio(drawn.estimate)} ({limits})")
        rows.append(_row(page, row, button, called, "; ".join(told)))
    return rows


def _row(
    page: SubgroupsPage, row: Row, head: str, called: Sequence[str], published: str = ""
) -> Markup:
    assert page.pair is not None
    reference, arm = page.pair
    ratio = ratio_text(row) if row.hazard_ratio else f"{fmt.NOT_ESTIMABLE}: {row.reason}"
    cells = [
        arm_text(page, row, arm),
        arm_text(page, row, reference),
        join([ratio, tag("strong", f"; {published}")]) if published else ratio,
        difference_text(row),
        None,
    ]
    return tag(
        "tr",
        tag("th", head, scope="row"),
        *(tag("td", cell, data_label=name) for cell, name in zip(cells, called, strict=True)),
        class_=None if row.hazard_ratio else "grayed",
    )
