"""The numbers of a page of risk models as its scripts print them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from scipy.stats import chi2 as chi_square

from services.csv_text import safe_cell
from services.json_text import to_json
from services.pages.risk_models.export import (
    risk_models_json,
)
from services.pages.risk_models.page import EVERYONE, published_time
from services.pages.risk_models.records import RiskModelsPage
from services.risk import models
from tests.recorded import recorded, unseen

Key = tuple[str, str, str, str, str, float | None]

FIELDS = ("estimate", "lower", "upper", "df", "p", "se", "at_risk", "events", "censored")
# Numbers of the record that the scripts need not print.
NOT_COMPUTED = (
    "population.*",  # who is counted: the file of patients holds them
    "settings.*",
    "*published.*",  # of a model
    "*quartiles.p",  # which quartile it is
    "table.cells.shift",  # said in words: "moved up"
    "headlines*",
)


def expected(page: RiskModelsPage) -> dict[Key, dict[str, float | None]]:
    """Every number of ``risk-models.json`` as the scripts print it."""
    made = risk_models_json(page)
    for side, record in zip(made["sides"], page.sides, strict=True):
        side["at_risk"] = to_json(record.curves.at_risk)
        side["ticks"] = record.curves.ticks
    body = recorded(json.loads(json.dumps(made)))
    found: dict[Key, dict[str, float | None]] = {}
    seen: list[Any] = []

    def put(
        quantity: str,
        *values: float | None,
        model: str = "",
        level: str = "",
        other: str = "",
        arm: str = "",
        time: float | None = None,
        **more: float | None,
    ) -> None:
        key = (quantity, model, level, other, safe_cell(arm), time)
        assert key not in found
        named = dict(zip(FIELDS, values, strict=False)) | more
        found[key] = {name: named.get(name) for name in FIELDS}

    for info in body["models"]:
        compared = info["id"] in [side["model"] for side in body["sides"]]
        if not compared and not any(n for _, n in info["counts"]):
            # Nobody has a level of a model whose inputs the study lacks.
            assert info["untold"] == page.population.n
            seen.append([info["counts"], info["untold"]])
        elif page.sides:
            put("patients without a level", info["untold"], model=info["id"])
            for level, n in info["counts"]:
                put("patients", n, model=info["id"], level=level)
    if body["table"]:
        table = body["table"]
        for row, cells in zip(table["rows"], table["cells"], strict=True):
            for column, cell in zip(table["columns"], cells, strict=True):
                put("patients in both", cell["n"], model=page.sides[0].info.id, level=row,
                    other=column)  # fmt: skip
        put("patients with both levels", table["both"])
        put("patients moved up", table["higher"])
        put("patients moved down", table["lower"])
        put("patients without one of the levels", table["untold"])
    of = "all patients" if page.of == EVERYONE else page.of
    for side in body["sides"]:
        model = side["model"]
        counts = next(dict(info["counts"]) for info in body["models"] if info["id"] == model)
        for level in side["levels"]:
            assert level["n"] == counts[level["level"]]
            seen.append(level["n"])
            if page.pair:
                put_effect(level["row"], page, put, {"model": model, "level": level["level"]})
            if level["published"]:
                published = models.Published(**level["published"])
                time = published_time(published, page.view.unit)
                put("progressed", *(level["observed"] or ()), model=model, level=level["level"],
                    arm=of, time=time)  # fmt: skip
        if page.pair:
            test = side["interaction"] or {}
            put("interaction", test.get("chi2"), model=model, df=test.get("df"), p=test.get("p"))
        for curve, table in zip(side["curves"], side["at_risk"], strict=True):
            where = {"model": model, "level": curve["arm"], "arm": of}
            put_curve(curve, table, side["ticks"], put, where, seen)
        seen.append(side["ticks"])
    assert unseen(body, [found, seen], NOT_COMPUTED) == []
    return found


def put_effect(row: Any, page: RiskModelsPage, put: Callable[..., None], of: Any) -> None:
    """The effect of treatment in one level."""
    for arm in page.pair or ():
        put("patients with a record", row["n"][arm] if row else 0, arm=arm, **of)
        put("events", row["events"][arm] if row else 0, arm=arm, **of)
        put("median", row["median"][arm] if row else None, arm=arm, **of)
        there = row["survival"][arm] if row and row["survival"] else None
        put("survival", there, arm=arm, time=page.time, **of)
    ratio = row["hazard_ratio"] if row else None
    values = limits(ratio) if ratio else ()
    put(
        "hazard ratio", *values, **of, **({"p": ratio["p"], "se": ratio["log_se"]} if ratio else {})
    )
    for name, key in (("score", "p_score"), ("likelihood-ratio", "p_likelihood")):
        p = ratio[key] if ratio else None
        test = {} if p is None else {"df": 1, "p": p}
        put(f"hazard ratio, {name} test", None if p is None else chi_square.isf(p, 1), **of, **test)
    change = row["difference"] if row else None
    time = change["time"] if change else page.time
    values = limits(change) if change else ()
    put("difference", *values, time=time, p=change["p"] if change else None, **of)


def put_curve(
    curve: Any, table: Any, ticks: Any, put: Callable[..., None], of: Any, seen: list[Any]
) -> None:
    """The course in one level."""
    for name, key in (("patients", "n"), ("events", "events"), ("censored", "censored")):
        put(f"curve, {name}", curve[key], **of)
    for name, quartile in zip(("first quartile", "median", "third quartile"), curve["quartiles"],
                              strict=True):  # fmt: skip
        put(f"curve, {name}", *limits(quartile), **of)
    assert limits(curve["median"]) == limits(curve["quartiles"][1])
    assert table["n"] == curve["n"]
    put("curve, follow-up", *limits(curve["follow_up"]), **of)
    mean = curve["rmst"]
    put("curve, restricted mean", *limits(mean), time=mean["tau"], se=mean["se"], **of)
    for m in curve["landmarks"]:
        counts = {k: m[k] for k in COUNTS}
        values = (m["survival"], m["lower"], m["upper"])
        put("curve, survival", *values, time=m["time"], **of, **counts)
    for i, tick in enumerate(ticks):
        counts = {k: table[k][i] for k in COUNTS}
        put("curve, at risk", counts["at_risk"], time=tick, **of, **counts)
    keys = ("time", "survival", "lower", "upper", "std_err", "at_risk", "n_event", "n_censor")
    steps = list(zip(*(curve[k] for k in keys), strict=True))
    if steps[0][5] == steps[1][5]:  # the point the curve starts from
        assert steps[0] == (0, 1, None, None, 0, curve["n"], 0, 0) or steps[0][:2] == (0, 1)
        seen.append(steps.pop(0))
    for time, survival, low, high, se, *counts in steps:
        named = dict(zip(COUNTS, counts, strict=True))
        put("curve", survival, low, high, time=time, se=se, **of, **named)
    seen.extend([curve["median"], table["n"]])


COUNTS = ("at_risk", "events", "censored")


def limits(value: Any) -> list[float | None]:
    return [value[k] for k in ("estimate", "lower", "upper")]
