"""The scripts of the page of risk models print the page's own numbers.

Each script is run as a reader would. Its oracle is the page's record, and the R script is R's word
on that record.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import chi2 as chi_square

from services import risk
from services.csv_text import safe_cell
from services.errors import UserError
from services.records import to_json
from services.risk_models import EVERYONE, published_time, risk_models_page
from services.risk_models_export import patients_csv, risk_models_json
from services.risk_models_records import RiskModelsPage
from services.risk_models_scripts import python_script, r_script
from services.study import Column, Study
from services.study_files import read_study
from services.view import View, decode, encode
from tests.recorded import recorded, unseen
from tests.script_runs import run_python, run_r
from tests.studies import bundled, make_study

RANDOM = Path(__file__).parents[3] / "shared" / "data" / "adam" / "random_cdisc_data"
ODD_ARMS = ('=Drug #1, "high"\n😀', "NA", "@OF@\\")
THREE = risk.MAYO2018_LEVELS
FOUR = risk.FOUR_LEVELS
KNOWN = {name: Column(name, name) for name in ("MAYO2018", "IMWG2020C", "SEX")}

Key = tuple[str, str, str, str, str, float | None]


@cache
def odd_study() -> Study:
    """Three arms whose names try every quoting rule; missing levels, strata and records."""
    n = 120
    study = make_study(
        [ODD_ARMS[i % 3] for i in range(n)],
        [1 + (i * 7) % 61 + (i % 3) * 0.5 for i in range(n)],
        [i % 4 != 0 for i in range(n)],
        {
            "MAYO2018": [None if i % 11 == 0 else THREE[(i // 3) % 3] for i in range(n)],
            "IMWG2020C": [None if i % 13 == 0 else FOUR[(i // 5) % 4] for i in range(n)],
            "SEX": [["F", "M", None][(i // 7) % 3] for i in range(n)],
        },
        known=KNOWN,
        arms=ODD_ARMS,
        title='Trial "of"\nimport os',
    )
    return replace(study, times=study.times[5:], sha256=study.sha256[::-1])


@cache
def sparse_study() -> Study:
    """Levels without events in an arm, in both, or at risk together; of one arm; of too few."""
    rows = [
        ("A", "Low", "Low", 9, 0), ("A", "Low", "Low", 8, 0), ("B", "Low", "Low", 4, 1),
        ("B", "Low", "Low", 7, 1), ("A", "Intermediate", "Low", 5, 0),
        ("B", "Intermediate", "High", 6, 0), ("A", "Intermediate", "High", 3, 0),
        ("A", "High", "High", 3, 1), ("A", "High", "High", 2, 1), ("A", "High", "High", 8, 1),
        ("B", "High", "High", 2.5, 1), ("B", "High", "High", 1, 1), ("B", "High", "High", 1.5, 1),
        ("A", "High", "Low", 9, 1), ("B", "High", "Low", 10, 1), ("B", "High", None, 11, 0),
        ("A", None, "Intermediate", 4, 1), ("A", None, "Intermediate", 4.5, 1),
        ("A", None, "Low-intermediate", 5, 1), ("A", None, "Low-intermediate", 6, 1),
        ("B", None, "Low-intermediate", 1, 1), ("B", None, "Low-intermediate", 2, 1),
    ]  # fmt: skip
    arm, first, second, time, event = zip(*rows, strict=True)
    return make_study(
        arm,
        time,
        [e == 1 for e in event],
        {"MAYO2018": first, "IMWG2020C": second, "SEX": ["F", "M"] * 11},
        known=KNOWN,
        arms=["A", "B"],
    )


@cache
def random_study() -> Study:
    """Three arms of a public study; its patients have no such levels, so they are dealt."""
    if not RANDOM.is_dir():
        pytest.skip("shared ADaM files are absent")
    study = read_study(RANDOM)
    n = len(study.subjects)
    dealt = study.subjects.assign(
        MAYO2018=[THREE[(i * 7) % 3] for i in range(n)],
        IMWG2020C=[None if i % 17 == 0 else FOUR[(i * i) % 4] for i in range(n)],
    )
    return replace(
        study,
        subjects=dealt,
        columns=dict(study.columns) | {k: v for k, v in KNOWN.items() if k != "SEX"},
        sha256=study.sha256[::-1],
    )


CASES: dict[str, tuple[Callable[[], Study], str]] = {
    "default": (bundled, ""),
    "filtered, stratified": (bundled, "?f.SEX=F&strata=TSDIAGGR,MAYO2018&min_events=3"),
    "all patients, other models": (bundled, "?models=MAYO2008,IMWG2020S&of=all&ci=log&level=0.9"),
    "years, plain, OS": (bundled, "?endpoint=OS&unit=years&ci=plain&of=Lenalidomide"),
    "days": (bundled, "?unit=days&f.AGE=50..70&diff=800&arms=Lenalidomide,Observation"),
    "one arm chosen": (bundled, "?arms=Lenalidomide&of=Lenalidomide"),
    "curves of an arm left out": (bundled, "?arms=Lenalidomide"),
    "the only arm": (lambda: bundled("e3a06-run-in"), ""),
    "aquila": (lambda: bundled("aquila"), ""),
    "few events": (lambda: bundled("aquila"), "?f.AGE=40..55&strata=SEX"),
    "odd names, three arms": (odd_study, ""),
    "odd names, another pair": (
        odd_study,
        encode(View(arms=ODD_ARMS[1::-1], strata=("SEX",), of=EVERYONE)),
    ),
    "sparse": (sparse_study, "?min_events=1&of=all"),
    "sparse, fewest events": (sparse_study, "?min_events=5&diff=4"),
    "sparse, stratified": (sparse_study, "?min_events=1&strata=SEX&diff=9"),
    "random": (random_study, ""),
    "random, stratified": (random_study, "?strata=SEX&endpoint=PFS&min_events=1"),
}  # fmt: skip


RUN = [case for case in CASES if not case.startswith("random") or RANDOM.is_dir()]


def page_of(case: str) -> RiskModelsPage:
    study, query = CASES[case]
    return risk_models_page(study(), decode(query))


def made(make: Callable[[RiskModelsPage], str]) -> dict[str, tuple[str, str]]:
    return {case: (make(page_of(case)), patients_csv(page_of(case))) for case in RUN}


@pytest.fixture(scope="module")
def printed_by_python(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return run_python(made(python_script), tmp_path_factory.mktemp("python"))


@pytest.fixture(scope="module")
def printed_by_r(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return run_r(made(r_script), tmp_path_factory.mktemp("r"))


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
                published = risk.Published(**level["published"])
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


def compare(printed: str, page: RiskModelsPage) -> None:
    assert not printed.startswith("#"), "a model could not be fitted"
    table = list(csv.DictReader(io.StringIO(printed)))
    wanted = expected(page)
    by_time = {
        (*key[:5], None if key[5] is None else f"{key[5]:.6g}"): v for key, v in wanted.items()
    }
    assert len(by_time) == len(wanted)
    found = {}
    for row in table:
        time = f"{float(row['time']):.6g}" if row["time"] else None
        found[row["quantity"], row["model"], row["level"], row["other"], row["arm"], time] = row
    assert len(found) == len(table)
    assert set(found) == set(by_time)
    for key, row in found.items():
        for name, want in by_time[key].items():
            if want is None:
                assert row[name] == "", (key, name, row)
            else:
                assert row[name] != "", (key, name, row)
                assert float(row[name]) == pytest.approx(want, rel=1e-6, abs=1e-9), (key, name)
        if by_time[key]["estimate"] is None:
            reached = key[0].endswith(("median", "quartile", "follow-up"))
            assert row["note"] == ("not reached" if reached else "not estimable"), key
        elif row["quantity"] == "patients in both":
            assert page.table is not None
            i = page.table.rows.index(row["level"])
            shift = page.table.cells[i][page.table.columns.index(row["other"])].shift
            assert row["note"] == {1: "moved up", -1: "moved down", 0: ""}[shift]
        else:
            assert row["note"] == "", key


@pytest.mark.parametrize("case", RUN)
def test_the_python_script_prints_the_pages_numbers(
    case: str, printed_by_python: dict[str, str]
) -> None:
    compare(printed_by_python[case], page_of(case))


@pytest.mark.parametrize("case", RUN)
def test_the_r_script_prints_the_pages_numbers(case: str, printed_by_r: dict[str, str]) -> None:
    compare(printed_by_r[case], page_of(case))


def test_the_cases_hold_what_they_are_for() -> None:
    """Not estimable for each of the reasons, tests with and without an answer, several arms."""
    reasons = {
        re.sub(r"\d+", "n", level.row.reason)
        for case in ("sparse", "sparse, fewest events")
        for side in page_of(case).sides
        for level in side.levels
        if level.row is not None and level.row.reason is not None
    }
    assert reasons >= {"n events in A", "n events", "n events, fewer than n", "no patients in B"}
    assert any(
        level.row is not None and level.row.reason and level.row.reason.startswith("no event in")
        for side in page_of("sparse").sides
        for level in side.levels
    )
    assert page_of("the only arm").pair is None
    assert len(odd_study().arms) == 3
    assert page_of("odd names, three arms").patients["TIME"].isna().sum() > 0
    assert all(s.curves.result is None for s in page_of("curves of an arm left out").sides)


@pytest.mark.parametrize("make", [python_script, r_script])
def test_a_script_says_what_it_is_and_where_its_data_come_from(
    make: Callable[[RiskModelsPage], str],
) -> None:
    page = risk_models_page(bundled(), decode("?f.SEX=F&strata=TSDIAGGR"))
    script = make(page)
    head = "\n".join(line for line in script.splitlines() if line.startswith("#"))
    for label, words in page.provenance:
        assert f"# {label}: {words}" in head
    assert "Simulated patients" in head
    assert "/study/e3a06/risk-models.data.csv?" in head
    assert "f.SEX=F" in head
    assert re.search(r"e3a06-PFS-risk-models-patients-[0-9a-f]{6}\.csv", head)
    assert not re.search(r"@[A-Z_]+@|@USE", script), "a blank was left unfilled"


@pytest.mark.parametrize("make", [python_script, r_script])
def test_without_models_there_is_nothing_to_recompute(
    make: Callable[[RiskModelsPage], str],
) -> None:
    with pytest.raises(UserError) as caught:
        make(risk_models_page(bundled("mgus2"), decode("")))
    assert "inputs" in caught.value.hint


def test_the_patients_file_has_those_without_a_record() -> None:
    lines = [x for x in patients_csv(page_of("the only arm")).splitlines() if x[0] != "#"]
    page = page_of("the only arm")
    others = "IMWG2020S,IMWG2020,MAYO2008,AQUILA"  # counted in the list of models
    assert lines[0] == f"USUBJID,ARM,TIME,EVENT,MAYO2018,IMWG2020C,{others}"
    assert len(lines) == 1 + page.population.n
