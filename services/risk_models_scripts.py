"""Scripts that recompute the page of risk models: in Python with numpy, in R with survival.

They read the page's patients (``risk_models_export.patients_csv``) and print one table; a test
runs both and compares them with the page's record.
"""

from __future__ import annotations

from services.csv_text import safe_cell
from services.errors import UserError
from services.pages.patients_file import column_name
from services.pages.scripts import Scripts, named
from services.risk import model
from services.risk_models import EVERYONE, published_time
from services.risk_models_export import patients_csv
from services.risk_models_records import ModelSide, RiskModelsPage
from services.script_text import Value


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
        "CI": view.ci,
        "LEVEL": view.level,
        "MIN_EVENTS": view.min_events,
    }


SCRIPTS: Scripts[RiskModelsPage] = Scripts(
    name="risk-models",
    title=lambda page: f"{page.endpoint.label}, risk models",
    provenance=lambda page: page.provenance,
    patients=patients_csv,
    values=_values,
    address=lambda page: page.view,
)
python_script, r_script = SCRIPTS.python, SCRIPTS.r
