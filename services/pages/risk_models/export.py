"""The numbers of the page of risk models as JSON and CSV, and the patients behind them."""

from __future__ import annotations

from typing import Any

from services import names
from services.csv_text import SafeWriter, safe_cell
from services.errors import UserError
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
from services.pages.risk_models.page import EVERYONE, published_time
from services.pages.risk_models.records import ModelLevel, ModelSide, RiskModelsPage
from services.pages.scripts import Scripts, Value, named
from services.pages.survival.what_if import what_if_json
from services.risk.models import model


def risk_models_json(page: RiskModelsPage) -> dict[str, Any]:
    """The body of ``/study/<id>/risk-models.json``; ``None`` is not estimable."""
    table = page.table
    return json_head(page) | {
        "settings": settings(page.view)
        | {"models": list(page.view.models), "of": page.of, "time": page.time},
        **told(page),
        "warnings": list(page.doubts),
        "models": to_json(page.models),
        "table": {"models": list(page.view.models), **to_json(table)} if table else None,
        "sides": [
            {
                "model": side.info.id,
                "interaction": to_json(side.group.interaction) if side.group else None,
                "levels": to_json(side.levels),
                "curves": to_json(side.curves.result.curves) if side.curves.result else [],
            }
            for side in page.sides
        ],
        **what_if_json(page),
    }


def risk_models_csv(page: RiskModelsPage) -> str:
    """A row per model and level, then the cross-table; # lines say what the numbers are."""
    columns = (
        f"difference of survival at {names.time(page.time, page.view.unit)}, 0 to 1;"
        " observed: share with the event at the published time, 0 to 1;"
        f" {limits_words(page.view.level)}"
    )
    out = csv_head(page.provenance, columns, page.reason)
    writer = SafeWriter(out)
    writer.writerow(_COLUMNS)
    for side in page.sides:
        p = side.group.interaction.p if side.group and side.group.interaction else None
        writer.writerows([side.info.id, *_level(level), p] for level in side.levels)
    if page.table is not None:
        out.write("# Patients by level: rows are the first model, columns the second\n")
        writer.writerow([page.sides[0].info.id, *page.table.columns])
        for level, cells in zip(page.table.rows, page.table.cells, strict=True):
            writer.writerow([level, *(cell.n for cell in cells)])
    return out.getvalue()


_COLUMNS = (
    *("model", "level", "n", "hr", "hr_lower", "hr_upper", "reason"),
    *("difference", "difference_lower", "difference_upper", "years", "published_percent"),
    *("observed", "observed_lower", "observed_upper", "interaction_p"),
)


def _level(level: ModelLevel) -> list[Any]:
    return [
        level.level,
        level.n,
        *limit_cells(level.row.hazard_ratio if level.row else None),
        level.row.reason if level.row else None,
        *limit_cells(level.row.difference if level.row else None),
        level.published.years if level.published else None,
        level.published.percent if level.published else None,
        *(level.observed or (None, None, None)),
    ]


def patients_csv(page: RiskModelsPage) -> str:
    """Everyone the page counts, one row each, as the scripts read them.

    TIME is in the view's unit, EVENT 1 or 0, both blank without a record of the endpoint; a column
    per model and stratum, blank where it cannot be told, named as ``column_name``
    has it. EVENT_TYPE is there where events compete, which is what follow-up is told by.
    """
    own = own_columns(page.patients, page.view.unit)
    if page.endpoint.competing:
        own = own.assign(EVENT_TYPE=page.patients["EVENT_TYPE"])
    head = csv_head(page.provenance, TIMES.format(page.view.unit), page.reason)
    return patients_file(head, own, page.covariates)


def _side(page: RiskModelsPage, side: ModelSide) -> dict[str, Value]:
    unit = page.view.unit
    published = [published_time(lv.published, unit) if lv.published else None for lv in side.levels]
    return {
        "levels": named(level.level for level in side.levels),
        "grades": model(side.info.id).grades,
        "published": published,
        "marks": side.curves.view.at,
        "ticks": side.curves.ticks,
    }


def _values(page: RiskModelsPage) -> dict[str, Value]:
    if not page.sides:
        raise UserError("There is nothing to recompute.", page.reason or "No model is compared.")
    view = page.view
    compared = {side.info.id: _side(page, side) for side in page.sides}
    others = [m for m in page.models if m.id not in compared and any(n for _, n in m.counts)]
    return {
        "MODELS": compared,
        "OTHERS": {m.id: named(level for level, _ in m.counts) for m in others},
        "ARMS": named(page.pair or [a.name for a in page.arms]),
        "OF": None if page.of == EVERYONE else safe_cell(page.of),
        "STRATA": named(map(column_name, view.strata)),
        "TIME": page.time,
        "TYPES": named(page.endpoint.competing),
        "CI": view.ci,
        "LEVEL": view.level,
        "MIN_EVENTS": view.min_events,
    }


SCRIPTS: Scripts[RiskModelsPage] = Scripts(
    name="risk-models",
    title=lambda page: f"{page.endpoint.label}, risk models",
    patients=patients_csv,
    values=_values,
    address=lambda page: page.view,
)
python_script, r_script = SCRIPTS.python, SCRIPTS.r
