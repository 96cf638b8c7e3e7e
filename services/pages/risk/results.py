"""Each model's group for the values typed in, what counts for it, and why one cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from services import names
from services.evidence.risk import PublishedRiskModel, RiskFactor
from services.numbers import format_number
from services.pages.risk.records import CountedFactor, ModelTable, RiskResult
from services.pages.risk.values import Values
from services.risk import models

_FISH = {"yes": "Y", "no": "N", "unknown": None}
# How the evidence files name the factor of a column.
_NAMED_BY = {
    "BMPC": ("marrow plasma cells",), "MPROT": ("m-protein",), "FLCR": ("flc ratio",),
    "CYTOGEN": ("cytogenetic", "fish"), "ABERPC": ("aberrant",), "IMPARES": ("immunoparesis",),
}  # fmt: skip
_SHORT = {
    "BMPC": "marrow plasma cells", "MPROT": "M-protein", "FLCR": "FLC ratio",
    "CYTOGEN": "cytogenetics", "ABERPC": "aberrant plasma cells", "IMPARES": "immunoparesis",
}  # fmt: skip
_FIELD = {"BMPC": "bmpc", "MPROT": "mprot", "FLCR": "flcr"}
# The fewest and the most points of each, in every model.
_ENDS: dict[str, tuple[Any, Any]] = {
    "BMPC": (0.0, 50.0), "MPROT": (0.0, 5.0), "FLCR": (1.0, 50.0), "CYTOGEN": ("N", "Y"),
    "ABERPC": (0.0, 99.0), "IMPARES": ("N", "Y"),
}  # fmt: skip


def result(model: PublishedRiskModel, table: ModelTable, values: Values) -> RiskResult:
    """The group by one model, with every factor it counts."""
    engine = models.model(model.code)
    subject = _subject(values)
    level = models.groups(engine, subject).iloc[0]
    points = engine.points(*(subject[c] for c in engine.inputs))
    known = [None if pd.isna(p.iloc[0]) else int(p.iloc[0]) for p in points]
    factors = tuple(
        CountedFactor(factor.name, factor.threshold, _said(factor, column, values), number)
        for column, number in zip(engine.inputs, known, strict=True)
        for factor in [factor_of(model, column)]
    )
    total = sum(number or 0 for number in known)
    weighted = any(max(factor.points) > 1 for factor in engine.factors.values())
    group = next((g for g in table.groups if g.name == level), None)
    reason = "" if group else _reason(engine, subject, factors, values)
    return RiskResult(table, group, reason, factors, total, weighted)


def factor_of(model: PublishedRiskModel, column: str) -> RiskFactor:
    """The published factor, with its cut-off, that a column is counted for."""
    return next(f for f in model.factors if any(w in f.name.casefold() for w in _NAMED_BY[column]))


def _subject(values: Values) -> pd.DataFrame:
    def number(value: float | None) -> list[float]:
        return [np.nan if value is None else float(value)]

    impaired = None if values.reduced is None else "Y" if values.reduced else "N"
    return pd.DataFrame(
        {
            "BMPC": number(values.bmpc),
            "MPROT": number(values.mprot),
            "FLCR": number(values.flcr),
            "CYTOGEN": pd.Series([_FISH[values.fish]], dtype=object),
            "ABERPC": number(values.aberrant),
            "IMPARES": pd.Series([impaired], dtype=object),
        }
    )


def _said(factor: RiskFactor, column: str, values: Values) -> str:
    """A value in words; a ratio that was published otherwise says what it is of."""
    value = _value(column, values)
    return f"{value} involved/uninvolved" if value and "kappa/lambda" in factor.name else value


def _value(column: str, values: Values) -> str:
    """A value as it is counted, in words; "" where it is not known."""

    def number(value: float | None, unit: str) -> str:
        return "" if value is None else f"{format_number(float(f'{value:.4g}'))}{unit}"

    return {
        "BMPC": number(values.bmpc, "%"),
        "MPROT": number(values.mprot, " g/dL"),
        "FLCR": number(values.flcr, ""),
        "CYTOGEN": "" if values.fish == "unknown" else values.fish,
        "ABERPC": number(values.aberrant, "%"),
        "IMPARES": "" if values.reduced is None else f"{values.reduced} reduced",
    }[column]


def _reason(
    engine: models.RiskModel,
    subject: pd.DataFrame,
    factors: Sequence[CountedFactor],
    values: Values,
) -> str:
    """Why a model has no group: which values are open, and whether one of them would do."""
    missing = [c for c, f in zip(engine.inputs, factors, strict=True) if f.points is None]
    if not missing:
        return "No factor is present, and this model has no group for patients without one."
    needed = names.join_and([_SHORT[column] for column in missing])
    asked = [_SHORT[c] for c in missing if _FIELD.get(c) in values.asked]
    if asked:
        return f"Cannot be determined until the question about {names.join_and(asked)} is answered."
    alone = any(
        _settles(engine, subject, column, value) for column in missing for value in _ENDS[column]
    )
    tail = ", of which one may do" if alone and len(missing) > 1 else ""
    return f"Cannot be determined without {needed}{tail}."


def _settles(engine: models.RiskModel, subject: pd.DataFrame, column: str, value: Any) -> bool:
    changed = subject.assign(**{column: pd.Series([value], dtype=subject[column].dtype)})
    return bool(models.groups(engine, changed).notna().iloc[0])
