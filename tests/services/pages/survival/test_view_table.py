"""What a survival view draws leaves the page as its own numbers. Oracle: the page's JSON."""

from __future__ import annotations

import csv
import json
from typing import Any

import numpy as np
import pytest

from services.pages.survival import export
from services.pages.survival.records import SurvivalPage
from tests.services.pages.survival.views import method, page


def body(made: SurvivalPage) -> Any:
    return json.loads(json.dumps(export.survival_json(made)))


def table(made: SurvivalPage) -> tuple[str, list[dict[str, str]]]:
    lines = export.survival_csv(made).splitlines()
    notes = [line for line in lines if line.startswith("#")]
    return "\n".join(notes), list(csv.DictReader(lines[len(notes) :]))


def numbers(rows: list[dict[str, str]], column: str) -> list[float | None]:
    return [float(row[column]) if row[column] else None for row in rows]


@pytest.mark.parametrize("study", ["e3a06", "mgus2"])
def test_types_of_event(study: str) -> None:
    made = page("?plot=types&level=0.9", study)
    notes, rows = table(made)
    extra = body(made)["extra"]
    tests = dict(zip(extra["types"], extra["tests"], strict=True))
    seen = 0
    for arm in extra["incidences"]:
        for cause in arm["causes"]:
            mine = [r for r in rows if (r["arm"], r["type"]) == (arm["arm"], cause["cause"])]
            assert numbers(mine, "time") == arm["time"]
            for column in ("incidence", "std_err", "lower", "upper"):
                assert numbers(mine, column) == cause[column], column
            test, reason = tests[cause["cause"]]
            assert mine[0]["gray_p"] == ("" if test is None else str(test["p"]))
            assert mine[0]["gray_reason"] == (reason or "")
            seen += len(mine)
    assert seen == len(rows) > 0
    assert "Aalen-Johansen" in method(made)
    assert ("Gray" in method(made)) == (len(made.arms) > 1)  # one arm is compared with none
    assert "Kaplan-Meier" not in method(made)
    assert f"# Curves: {method(made)}" in notes
    assert "90% interval" in notes


def test_hazards_over_time() -> None:
    made = page("?plot=hazards&strata=SEX&level=0.9")
    _, rows = table(made)
    (extra,) = body(made)["extra"]
    found = extra["residuals"]
    smooth = [r for r in rows if r["what"] == "smooth"]
    assert np.allclose(np.log(numbers(smooth, "hazard_ratio")), found["smooth"])
    assert np.allclose(np.log(numbers(smooth, "lower")), found["smooth_lower"])
    one = [r for r in rows if r["what"] == "residual"]
    assert np.allclose(np.log(numbers(one, "hazard_ratio")), found["residual"])
    assert float(rows[0]["ph_p"]) == found["test"]["p"]
    for words in ("Schoenfeld", "90%", "Sex", "score test"):
        assert words in method(made), words


def test_means_over_time() -> None:
    made = page("?plot=means")
    _, rows = table(made)
    (extra,) = body(made)["extra"]
    assert numbers(rows, "tau") == extra["tau"]
    for column, key in (("difference", "estimate"), ("lower", "lower"), ("upper", "upper")):
        assert numbers(rows, column) == extra[key]
    assert "restricted mean" in method(made)


def test_small_charts() -> None:
    made = page("?facet=MAYO2018")
    _, rows = table(made)
    for facet in body(made)["extra"]:
        for curve in facet["result"]["curves"]:
            mine = [r for r in rows if (r["level"], r["arm"]) == (facet["level"], curve["arm"])]
            assert numbers(mine, "survival") == curve["survival"]
            own = [c for c in facet["result"]["comparisons"] if c["arm"] == curve["arm"]]
            if own and own[0]["hazard_ratio"]:
                assert float(mine[0]["hazard_ratio"]) == own[0]["hazard_ratio"]["estimate"]
    assert method(made).endswith("; each level of Mayo 2018 risk separately")
