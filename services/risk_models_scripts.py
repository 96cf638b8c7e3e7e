"""Scripts that recompute the page of risk models: in Python with numpy, in R with survival.

They read the page's patients (``risk_models_export.patients_csv``) and print one table; a test
runs both and compares them with the page's record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from services.csv_text import safe_cell
from services.errors import UserError
from services.page_records import file_name
from services.pages.patients_file import column_name
from services.pages.scripts import DataFile, script
from services.risk import model
from services.risk_models import EVERYONE, published_time
from services.risk_models_export import patients_csv
from services.risk_models_records import ModelSide, RiskModelsPage
from services.script_text import python_list, python_string, r_string, r_strings
from services.view import encode, format_number


def python_script(page: RiskModelsPage, site: str = "") -> str:
    """The page's numbers with numpy, pandas and scipy.

    Raises
    ------
    UserError : there are none; says why
    """

    def described(side: ModelSide) -> str:
        times = [format_number(t) if t is not None else "None" for t in _times(page, side)]
        return (
            f"    {python_string(side.info.id)}: {{\n"
            f'        "levels": {python_list(_levels(side))},\n'
            f'        "grades": {[list(g) for g in model(side.info.id).grades]},\n'
            f'        "published": [{", ".join(times)}],\n'
            f'        "ticks": [{", ".join(map(format_number, side.curves.ticks))}],\n'
            "    },\n"
        )

    models = "{\n" + "".join(map(described, page.sides)) + "}"
    of = "None" if page.of == EVERYONE else python_string(safe_cell(page.of))
    return _made("py", page, python_list, models, of, site)


def r_script(page: RiskModelsPage, site: str = "") -> str:
    """The page's numbers with R's survival package.

    Raises
    ------
    UserError : there are none; says why
    """

    def described(side: ModelSide) -> str:
        times = [format_number(t) if t is not None else "NA" for t in _times(page, side)]
        grades = [f"c({', '.join(map(str, g))})" for g in model(side.info.id).grades]
        return (
            f"  {r_string(side.info.id)} = list(\n"
            f"    levels = {r_strings(_levels(side))},\n"
            f"    grades = list({', '.join(grades)}),\n"
            f"    published = c({', '.join(times)}),\n"
            f"    ticks = c({', '.join(map(format_number, side.curves.ticks))}))"
        )

    models = "list(\n" + ",\n".join(map(described, page.sides)) + ")"
    of = "NA" if page.of == EVERYONE else r_string(safe_cell(page.of))
    return _made("R", page, r_strings, models, of, site)


def _levels(side: ModelSide) -> list[str]:
    return [safe_cell(level.level) for level in side.levels]


def _times(page: RiskModelsPage, side: ModelSide) -> list[float | None]:
    """When the published share of each level had progressed, in the view's unit."""
    unit = page.view.unit
    return [published_time(lv.published, unit) if lv.published else None for lv in side.levels]


def data_file(page: RiskModelsPage) -> DataFile:
    """Everyone the page counts."""
    return DataFile(
        file_name(page, "risk-models-patients", "csv"),
        patients_csv(page),
        f"/study/{page.study.id}/risk-models.data.csv{encode(page.view)}",
    )


def _made(
    ending: str,
    page: RiskModelsPage,
    listed: Callable[[Iterable[str]], str],
    models: str,
    of: str,
    site: str,
) -> str:
    if not page.sides:
        raise UserError("There is nothing to recompute.", page.reason or "No model is compared.")
    view = page.view

    def named(items: Iterable[str]) -> str:  # as the file of the patients names them
        return listed(map(safe_cell, items))

    return script(
        f"risk_models.{ending}.txt",
        name=file_name(page, "risk-models", ending),
        title=f"{page.endpoint.label}, risk models",
        study=page.study,
        data=data_file(page),
        provenance=page.provenance,
        values={
            "MODELS": models,
            "ARMS": named(page.pair or [a.name for a in page.arms]),
            "OF": of,
            "STRATA": named(map(column_name, view.strata)),
            "TIME": format_number(page.time),
            "CI": json.dumps(view.ci),
            "LEVEL": format_number(view.level),
            "MIN_EVENTS": str(view.min_events),
        },
        site=site,
    )
