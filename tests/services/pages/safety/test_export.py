"""The safety page's files: JSON, CSV, and scripts that print the page's own numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.adverse_events.listing import all_listed
from services.csv_text import safe_cell
from services.pages.defaults import resolve_pair
from services.pages.safety.export import (
    events_csv,
    patients_csv,
    python_script,
    r_script,
    safety_csv,
    safety_json,
)
from services.pages.safety.page import safety_page
from services.pages.safety.records import SafetyPage
from services.study.model import Study
from services.views.study import View, decode
from tests.adverse_events import ADAE, ADSL, page, tiny
from tests.recorded import recorded, unseen
from tests.script_runs import run_one
from tests.studies import bundled


def test_json_and_csv_say_what_the_page_shows():
    found = page(tiny(), "grade=severe")
    body = safety_json(found)
    assert body["population"] == {"Drug": 4, "Placebo": 2}
    assert body["study"]["id"] == "tiny"
    row = next(o for o in body["overview"] if o["id"] == "any")
    assert row["arms"]["Drug"]["subjects"] == 4
    assert row["arms"]["Drug"]["percent"] == 100.0
    blood = next(c for c in body["classes"] if c["soc"] == "Blood")
    term = next(t for t in blood["terms"] if t["term"] == "Anemia")
    assert term["arms"]["Drug"]["grades"] == {"1": 0, "2": 0, "3": 1, "4": 0, "5": 0}
    assert set(term["difference"]) >= {"estimate", "lower", "upper"}
    json.dumps(body, allow_nan=False)
    lines = [line for line in safety_csv(found).splitlines() if not line.startswith("#")]
    assert lines[0].startswith("kind,class,term,Drug: subjects,Drug: n")
    assert next(x for x in lines if x.startswith("term,Blood,Anemia")).split(",")[3:5] == ["1", "4"]
    view, pair = resolve_pair(tiny(), View())
    listing = events_csv(found, all_listed(tiny(), view, pair))
    assert listing.count("\nS") == 8


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
        (bundled, "section=time&unit=weeks"),
        (lambda: bundled("aquila"), "section=time&grade=severe&at=6,30"),
    ],
)
def test_scripts_print_the_page_s_numbers(tmp_path: Path, language, study, query):
    page = safety_page(study(), decode(query))
    make = python_script if language == "py" else r_script
    printed, stopped = run_one(language, make(page), patients_csv(page), tmp_path / "run")
    assert stopped == ""
    compare(printed, page)


FIELDS = ("at_risk", "events", "estimate", "lower", "upper", "censored", "se")
# Numbers of the record that the scripts need not print.
NOT_COMPUTED = (
    "unlisted",  # how many terms the page leaves out
    "population.*",  # who is counted; printed as those at risk
    "settings.*",
    "readings.*",  # how often a value stands in the study's files
    "published.*",  # by the trial, and counted of all its patients whatever is chosen here
    "*causes.code",  # the place of a cause in the list of them
    "headlines*",
)


def expected(page: SafetyPage) -> dict[tuple[str, ...], tuple[float | None, ...]]:
    """Every number of ``safety.json`` as the scripts print it: ``FIELDS``.

    (quantity, class, term, group, arm, time) -> values.
    """
    body = recorded(json.loads(json.dumps(safety_json(page))))
    seen: list[Any] = []
    found: dict[tuple[str, ...], tuple[float | None, ...]] = {}

    def put(quantity: str, *values: float | None, soc: str = "", term: str = "", group: str = "",
            arm: str = "", time: float | None = None) -> None:  # fmt: skip
        named = map(safe_cell, (soc, term, group, arm))
        key = (quantity, *named, "" if time is None else f"{time:.6g}")
        assert key not in found
        seen.append([time])
        found[key] = (*values, *[None] * len(FIELDS))[: len(FIELDS)]

    def put_row(kind: str, row: Any, soc: str, term: str) -> None:
        for arm, count in row["arms"].items():
            put(kind, body["population"][arm], count["events"], count["subjects"], soc=soc,
                term=term, arm=arm)  # fmt: skip
            put(f"{kind}, percent", None, None, count["percent"], soc=soc, term=term, arm=arm)
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
    if body["limited"]:
        put_row("overview", body["limited"], "", body["limited"]["id"])
    for item in body["classes"]:
        put_row("class", item, item["soc"], item["soc"])
        for term in item["terms"]:
            put_row("term", term, item["soc"], term["term"])
    for w in body["watched"]:
        put("patient-years", w["subjects"], None, w["patient_years"], arm=w["arm"])
        put("watched, median", None, None, w["median"], arm=w["arm"])
        put("watched, longest", None, None, w["longest"], arm=w["arm"])
    time = body["time"]
    if time and not time["reason"]:
        put_time(time, page, put, seen)
        assert time["watched"] == body["watched"]
        seen.append(time["watched"])
    assert unseen(body, [found, seen], NOT_COMPUTED) == []
    return found


def put_time(time: Any, page: SafetyPage, put: Callable[..., None], seen: list[Any]) -> None:
    put("events outside the time watched", None, None, time["late"])
    put("events without a day", None, None, time["undated"])
    put("patients without dates", None, None, time["unwatched"])
    put("terms", None, None, time["rates_of"])
    for table in time["at_risk"]:
        columns = (time["ticks"], table["at_risk"], table["events"], table["censored"])
        for tick, left, events, censored in zip(*columns, strict=True):
            put("at risk", table["n"], events, left, None, None, censored, arm=table["arm"],
                time=tick)  # fmt: skip
    for row in time["rates"]:
        names = {"soc": row["soc"], "term": row["name"]}
        for arm, rate in row["arms"].items():
            values = (None, rate["subjects"], *limits(rate["rate"]))
            put("rate", *values, arm=arm, time=rate["patient_years"], **names)
        if row["difference"]:
            put("rate, difference", None, None, *limits(row["difference"]), **names)
    for curve in time["incidences"]:
        put("first event, patients", None, None, curve["n"], arm=curve["arm"])
        put("first event, censored", None, None, curve["censored"], arm=curve["arm"])
        columns = (curve["time"], curve["at_risk"], curve["event_free"], curve["n_censor"])
        start, *steps = zip(*columns, strict=True)
        assert start == (0, curve["n"], 1, 0)
        seen.append(start)
        for t, left, free, censored in steps:
            put("first event, free of all", left, None, free, None, None, censored, time=t,
                arm=curve["arm"])  # fmt: skip
        for cause in curve["causes"]:
            where = {"arm": curve["arm"], "group": cause["cause"]}
            put("first event, patients with it", None, None, cause["events"], **where)
            columns = (curve["time"], curve["at_risk"], cause["n_event"], cause["incidence"],
                       cause["lower"], cause["upper"], cause["std_err"])  # fmt: skip
            start, *steps = zip(*columns, strict=True)
            assert start == (0, curve["n"], 0, 0, None, None, 0)
            seen.append(start)
            for t, left, events, share, low, high, se in steps:
                put("first event", left, events, share, low, high, None, se, time=t, **where)
            for m in cause["landmarks"]:
                values = (m["at_risk"], m["events"], m["incidence"], m["lower"], m["upper"])
                put("first event, at a time", *values, m["censored"], time=m["time"], **where)
                others = (None, None, m["other_events"])
                put("first event, others before a time", *others, time=m["time"], **where)
    levels = [*(page.severity.levels if page.severity else ()), ""]
    for curve in time["prevalence"]:
        for i, t in enumerate(curve["time"]):
            for level, row, share in zip(levels, curve["counts"], curve["share"], strict=True):
                where = {"arm": curve["arm"], "time": t, "group": level}
                put("going on", curve["watched"][i], None, row[i], **where)
                put("going on, share", None, None, share[i], **where)


def limits(value: Any) -> list[float | None]:
    return [value[k] for k in ("estimate", "lower", "upper")]


def compare(printed: str, page: SafetyPage) -> None:
    rows: dict[tuple[str, ...], tuple[float | None, ...]] = {}
    for row in csv.DictReader(io.StringIO(printed)):
        time = f"{float(row['time']):.6g}" if row["time"] else ""
        key = (row["quantity"], row["class"], row["term"], row["group"], row["arm"], time)
        assert key not in rows
        rows[key] = tuple(float(row[name]) if row[name] else None for name in FIELDS)
    wanted = expected(page)
    assert set(wanted) <= set(rows)
    for key, values in wanted.items():
        for name, value, want in zip(FIELDS, rows[key], values, strict=True):
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
