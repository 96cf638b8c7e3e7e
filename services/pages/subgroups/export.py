"""The numbers of the subgroups page as JSON and CSV, and the patients behind them."""

from __future__ import annotations

from typing import Any

from services import names
from services.csv_text import write_table
from services.json_text import to_json
from services.pages.export import (
    TIMES,
    column_name,
    csv_head,
    json_head,
    limit_cells,
    limits_words,
    own_columns,
    patients_file,
    settings,
    told,
)
from services.pages.scripts import Scripts, Value, named
from services.pages.subgroups import shrink
from services.pages.subgroups.records import SubgroupsPage
from services.pages.survival.what_if import what_if_json
from services.statistics.results import Group, Row


def subgroups_json(page: SubgroupsPage) -> dict[str, Any]:
    """The body of ``/study/<id>/subgroups.json``; ``None`` is not estimable or not reached."""
    forest = page.forest
    marks = {v.name: list(v.marks) for v in page.variables}
    return json_head(page) | {
        "settings": settings(page.view)
        | {
            "arm": page.pair[1] if page.pair else None,
            "reference": page.pair[0] if page.pair else None,
            "time": page.time,
            "min_events": page.view.min_events,
            "cut": list(page.view.cut),
        },
        **told(page),
        "overall": to_json(forest.overall) if forest else None,
        "groups": [_group(page, group, marks[group.variable]) for group in forest.groups]
        if forest
        else [],
        "tests": forest.tests if forest else 0,
        "credibility": to_json(page.credibility),
        **what_if_json(page),
    }


def _group(page: SubgroupsPage, group: Group, marks: list[str]) -> dict[str, Any]:
    """A variable with its levels, each with what the trial published for it, or ``None``."""
    made = to_json(group) | {"marks": marks}
    for level in made["levels"]:
        found = page.published.get(f"{group.variable}:{level['level']}")
        level["published"] = to_json(found) if found else None
        if page.view.shrink == "yes":
            level["shrunken"] = to_json(page.shrunken.get(f"{group.variable}:{level['level']}"))
    return dict(made)


_EFFECT = ("hr", "hr_lower", "hr_upper", "reason")  # no p per row: it invites fishing
_DIFFERENCE = ("difference", "difference_lower", "difference_upper", "difference_reason")
_INTERACTION = ("interaction_chi2", "interaction_df", "interaction_p", "n_missing", "marks")
_PUBLISHED = ("published_hr", "published_source")


def subgroups_csv(page: SubgroupsPage) -> str:
    """One row per level, the overall row first. Lines starting with # say what the numbers are."""
    view = page.view
    columns = (
        f"medians in {view.unit}; survival and difference at"
        f" {names.time(page.time, view.unit)}, 0 to 1; {limits_words(view.level)}"
    )
    believed = [(f"Credibility of {i.label}", i.summary) for i in page.credibility]
    out = csv_head([*page.provenance, *believed], columns, page.reason)
    shown = page.pair or tuple(arm.name for arm in page.arms)
    each = ("n", "events", "median", "survival")
    arms = [f"{what} {arm}" for arm in reversed(shown) for what in each]
    head = ("variable", "level", *arms, *_EFFECT, *_DIFFERENCE, *_INTERACTION, *_PUBLISHED)
    extra = shrink.COLUMNS if view.shrink == "yes" else ()
    rows: list[list[Any]] = []
    if page.pair is not None and page.forest is not None:
        rest = [None] * len((*_INTERACTION, *_PUBLISHED, *extra))
        rows.append([None, *_cells(page.forest.overall, page.pair), *rest])
        marks = {v.name: " ".join(v.marks) for v in page.variables}
        for group in page.forest.groups:
            test = group.interaction
            tested = [test.chi2, test.df, test.p] if test else [None] * 3
            shared = [*tested, group.n_missing, marks[group.variable]]
            rows += [
                [
                    group.variable,
                    *_cells(row, page.pair),
                    *shared,
                    *_published(page, group, row),
                    *(_shrunken(page, group, row) if extra else ()),
                ]
                for row in group.levels
            ]
    return write_table(out, (*head, *extra), rows)


def _shrunken(page: SubgroupsPage, group: Group, row: Row) -> tuple[float | None, ...]:
    found = page.shrunken.get(f"{group.variable}:{row.level}")
    if found is None:
        return (None,) * len(shrink.COLUMNS)
    return (found.estimate, found.lower, found.upper, found.weight, found.tau2)


def _published(page: SubgroupsPage, group: Group, row: Row) -> list[str]:
    found = page.published.get(f"{group.variable}:{row.level}")
    if found is None:
        return ["", ""]
    return [found.text, "; ".join(s.link or s.title for s in found.sources)]


def _cells(row: Row, pair: tuple[str, str]) -> list[Any]:
    cells: list[Any] = [row.level]
    for arm in reversed(pair):
        survival = row.survival[arm] if row.survival else None
        cells += [row.n[arm], row.events[arm], row.median[arm], survival]
    change = row.difference
    cells += [*limit_cells(row.hazard_ratio), row.reason]
    return [*cells, *limit_cells(change), change.reason if change else None]


def patients_csv(page: SubgroupsPage) -> str:
    """The patients behind the forest, one row each, as the scripts read them.

    TIME is in the view's unit, EVENT 1 or 0; a column per variable and stratum, blank if missing,
    named as ``column_name`` has it.
    """
    own = own_columns(page.records, page.view.unit)
    columns = list(dict.fromkeys([*page.view.by, *page.view.strata]))
    head = csv_head(page.provenance, TIMES.format(page.view.unit), page.reason)
    return patients_file(head, own, page.covariates[columns])


def _values(page: SubgroupsPage) -> dict[str, Value]:
    view = page.view
    return {
        "ARMS": named(page.pair or view.arms),
        "VARIABLES": named(map(column_name, view.by)),
        "STRATA": named(map(column_name, view.strata)),
        "TIME": page.time,
        "CI": view.ci,
        "LEVEL": view.level,
        "MIN_EVENTS": view.min_events,
        "SHRINK": view.shrink == "yes",
    }


SCRIPTS: Scripts[SubgroupsPage] = Scripts(
    name="subgroups",
    title=lambda page: f"{page.endpoint.label}, subgroups",
    patients=patients_csv,
    values=_values,
    address=lambda page: page.view,
)
python_script, r_script = SCRIPTS.python, SCRIPTS.r
