"""The scripts a reader takes along print the page's own numbers, in Python and in R.

Each counts from the patients' file and makes the Miettinen-Nurminen interval from its definition
(the likelihood is maximised by bisection), so they are oracles of the page's intervals too.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.csv_text import safe_cell
from services.safety import safety_page
from services.safety_export import safety_json
from services.safety_records import SafetyPage
from services.safety_scripts import patients_csv, python_script, r_script
from services.study import Study
from services.view import decode
from tests.script_runs import run_one
from tests.services.test_safety import ADAE, ADSL, tiny
from tests.studies import bundled


def odd() -> Study:
    """Terms and arms that try every quoting rule."""
    adae = ADAE.replace("Nausea", '"=Nausea, ""bad"" #1"').replace("Gut", "Où \\ ça")
    study = tiny(adae, ADSL.replace("Drug", '"@ARMS@ ""x"" 😀"'))
    return replace(study, title='Trial of "quotes" & β')


@pytest.mark.parametrize("language", ["py", "R"])
@pytest.mark.parametrize(
    ("study", "query"),
    [
        (bundled, ""),
        (bundled, "f.SEX=F&grade=severe&level=0.9"),
        (lambda: bundled("e3a06-run-in"), ""),
        (odd, "emergent=no&effect=ratio"),
        (bundled, "effect=ratio&grade=severe"),
        (bundled, "effect=odds&least=5&only=serious"),
        (bundled, "section=time&unit=days"),
        (lambda: bundled("aquila"), "section=time&grade=severe&at=6,30"),
    ],
)
def test_scripts_print_the_page_s_numbers(tmp_path: Path, language, study, query):
    page = safety_page(study(), decode(query))
    make = python_script if language == "py" else r_script
    printed, stopped = run_one(language, make(page), patients_csv(page), tmp_path / "run")
    assert stopped == ""
    compare(printed, page)


def expected(page: SafetyPage) -> dict[tuple[str, ...], tuple[float | None, ...]]:
    """Every number of ``safety.json`` as the scripts print it: at risk, events, estimate, limits.

    (quantity, class, term, group, arm, time) -> values.
    """
    body = json.loads(json.dumps(safety_json(page)))
    found: dict[tuple[str, ...], tuple[float | None, ...]] = {}

    def put(quantity: str, *values: float | None, soc: str = "", term: str = "", group: str = "",
            arm: str = "", time: float | None = None) -> None:  # fmt: skip
        named = map(safe_cell, (soc, term, group, arm))
        key = (quantity, *named, "" if time is None else f"{time:.6g}")
        assert key not in found
        found[key] = (*values, *[None] * 5)[:5]

    def put_row(kind: str, row: Any, soc: str, term: str) -> None:
        for arm, count in row["arms"].items():
            put(kind, body["population"][arm], count["events"], count["subjects"], soc=soc,
                term=term, arm=arm)  # fmt: skip
            for level, k in count["grades"].items():
                put(f"{kind} by worst grade", None, None, k, soc=soc, term=term, group=level,
                    arm=arm)  # fmt: skip
        for name in ("difference", "effect"):
            if row.get(name):
                effect = page.view.effect if name == "effect" else name
                put(f"{kind}, {effect}", None, None, *limits(row[name]), soc=soc, term=term)

    for row in body["overview"]:
        if row["reason"] is None:
            put_row("overview", row, "", row["id"])
    for item in body["classes"]:
        put_row("class", item, item["soc"], item["soc"])
        for term in item["terms"]:
            put_row("term", term, item["soc"], term["term"])
    time = body["time"]
    if not time or time["reason"]:
        return found
    for w in time["watched"]:
        put("patient-years", w["subjects"], None, w["patient_years"], arm=w["arm"])
        put("watched, median", None, None, w["median"], arm=w["arm"])
        put("watched, longest", None, None, w["longest"], arm=w["arm"])
    for row in time["rates"]:
        names = {"soc": row["soc"], "term": row["name"]}
        for arm, rate in row["arms"].items():
            values = (None, rate["subjects"], *limits(rate["rate"]))
            put("rate", *values, arm=arm, time=rate["patient_years"], **names)
        if row["difference"]:
            put("rate, difference", None, None, *limits(row["difference"]), **names)
    for curve in time["incidences"]:
        for cause in curve["causes"]:
            where = {"arm": curve["arm"], "group": cause["cause"]}
            columns = (curve["time"], curve["at_risk"], cause["n_event"], cause["incidence"],
                       cause["lower"], cause["upper"])  # fmt: skip
            for t, *values in list(zip(*columns, strict=True))[1:]:
                put("first event", *values, time=t, **where)
            for m in cause["landmarks"]:
                values = (None, None, m["incidence"], m["lower"], m["upper"])
                put("first event, at a time", *values, time=m["time"], **where)
    levels = [*(page.severity.levels if page.severity else ()), ""]
    for curve in time["prevalence"]:
        for i, t in enumerate(curve["time"]):
            for level, row in zip(levels, curve["counts"], strict=True):
                put("going on", curve["watched"][i], None, row[i], arm=curve["arm"], time=t,
                    group=level)  # fmt: skip
    return found


def limits(value: Any) -> list[float | None]:
    return [value[k] for k in ("estimate", "lower", "upper")]


def compare(printed: str, page: SafetyPage) -> None:
    fields = ("at_risk", "events", "estimate", "lower", "upper")
    rows: dict[tuple[str, ...], tuple[float | None, ...]] = {}
    for row in csv.DictReader(io.StringIO(printed)):
        time = f"{float(row['time']):.6g}" if row["time"] else ""
        key = (row["quantity"], row["class"], row["term"], row["group"], row["arm"], time)
        assert key not in rows
        rows[key] = tuple(float(row[name]) if row[name] else None for name in fields)
    wanted = expected(page)
    assert set(wanted) <= set(rows)
    for key, values in wanted.items():
        for name, value, want in zip(fields, rows[key], values, strict=True):
            if value is None or want is None:
                assert value is want, (key, name, rows[key], values)
            else:
                assert value == pytest.approx(want, rel=1e-6, abs=1e-9), (key, name)
    # Grades nobody had at worst are printed as 0, and terms that the search hides are printed.
    for key in set(rows) - set(wanted):
        assert "by worst grade" in key[0] or page.view.least or page.view.q
        assert page.view.least or page.view.q or rows[key][2] == 0


def test_the_patients_file_has_those_without_events():
    lines = [x for x in patients_csv(safety_page(tiny(), decode(""))).splitlines() if x[0] != "#"]
    assert lines[0].startswith("USUBJID,ARM,CLASS,TERM,GRADE,SHOWN,SEVERE")
    assert any(line.startswith("S6,Placebo,,,") for line in lines)  # only an event before treatment
    assert len({line.split(",")[0] for line in lines[1:]}) == 6
    assert not any(line.startswith(("S7", "S8")) for line in lines)
