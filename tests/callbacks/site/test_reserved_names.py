"""Studies whose columns are called as tables of ours are. Oracle: the same study, other names."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask
import pytest

from app import create_server
from services.pages.export import column_name
from services.settings import Settings
from services.studies import Catalogue
from services.study.model import ARMS_OF_SUBJECTS, apart
from tests.callbacks.site.posting import post
from tests.script_runs import run_python, run_r
from tests.uploads import importer

# Columns of the records, the derived tables and the scripts.
RESERVED = (
    *("TIME", "EVENT", "TIME_", "EVENT_TEXT", "EVENT_TYPE", "PARAMCD", "PARAM", "AVAL", "AVALU"),
    *("CNSR", "ARM", "ARM_PLANNED", "ARM_ACTUAL", "ARM_PLANNED_", "STRATUM", "X", "S", "F"),
    *("ARMS", "STRATA", "LEVEL", "VARIABLE", "DATA", "DESIGN", "INDEX", "TERM", "CLASS", "GRADE"),
)
OTHER = tuple(f"Z{i:02d}Q" for i in range(len(RESERVED)))
N = 60
KINDS = (1, 0, 0, 0, 1, 0, 0, 2)  # numbers, text or measurements


def tables(names: tuple[str, ...]) -> dict[str, bytes]:
    """ADSL, ADTTE, ADAE and study.toml with covariates of these names."""
    adsl = [["USUBJID", "TRT01P", "SEX", "MPROT", "BMPC", "FLCR", "TRTSDT", "TRTEDT", *names]]
    adtte = [["USUBJID", "PARAMCD", "PARAM", "AVAL", "AVALU", "CNSR", "EVNTDESC"]]
    adae = [["USUBJID", "AEDECOD", "AEBODSYS", "AETOXGR", "TRTEMFL", "ASTDT"]]
    dealt = [random.Random(k) for k in range(len(names))]
    for i in range(N):
        who, arm = f"P{i:03d}", "Drug" if i % 2 else "Placebo"
        # Text with missing values, whole numbers and measurements by turns; no two columns alike.
        values = [
            ["" if (i + k) % 19 == 0 else f"v{dealt[k].randrange(3)}", str(dealt[k].randrange(4)),
             str(dealt[k].randrange(500) / 10)][KINDS[k % len(KINDS)]]
            for k in range(len(names))
        ]  # fmt: skip
        numbers = [str(1 + (i * 7) % 40 / 10), str(5 + (i * 11) % 30), str(1 + (i * 13) % 50)]
        adsl.append([who, arm, "WM"[(i // 3) % 2], *numbers, "2020-01-01", "2020-03-01", *values])
        time = str(20 + (i * 37) % 600)
        adtte.append([who, "PFS", "Progression", time, "DAYS", str(int(i % 5 == 0)), "PD"])
        adae.append([who, f"T{i % 4}", "Skin", str(1 + i % 4), "Y", "2020-01-10"])
    labels = [f'[[columns]]\nname = "{n}"\nlabel = "Factor {k}"\n' for k, n in enumerate(names)]
    written = {"adsl.csv": adsl, "adtte.csv": adtte, "adae.csv": adae}
    files = {name: "\n".join(",".join(row) for row in rows) for name, rows in written.items()}
    files["study.toml"] = 'title = "Names"\n' + "".join(labels)
    return {name: text.encode() for name, text in files.items()}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("names")
    catalogue = Catalogue()
    catalogue.uploads = importer(folder)
    server: flask.Flask = create_server(
        Settings(store_dir=folder / "store", browser=False), catalogue
    )
    return server.test_client()


@pytest.fixture(scope="module")
def studies(client: Any) -> dict[str, str]:
    """Ids of the uploads by how their covariates are called."""
    found = {}
    lower = tuple(name.lower() for name in RESERVED)
    for called, names in (("upper", RESERVED), ("lower", lower), ("other", OTHER)):
        answer = post(client, tables(names))
        assert answer.status_code == 201, answer.text
        found[called] = answer.get_json()["study"]
    return found


# What each column is called among the subjects, and in the files of patients.
SUBJECTS = {apart(name, ARMS_OF_SUBJECTS): o for name, o in zip(RESERVED, OTHER, strict=True)}
FILES = {column_name(name): o for name, o in SUBJECTS.items()}
BACK = {other: name for name, other in SUBJECTS.items()}


def test_no_two_columns_share_a_name() -> None:
    assert len(SUBJECTS) == len(FILES) == len(RESERVED)
    assert not {"USUBJID", "ARM", "TIME", "EVENT"} & set(FILES)


def query(template: str, called: str) -> str:
    """An address with this study's names for the columns {0}, {1}, ..."""
    names = OTHER if called == "other" else [BACK[o] for o in OTHER]
    return template.format(*names)


def renamed(value: Any, names: dict[str, str]) -> Any:
    """JSON with every value, and every key of filters, that is a column's name exchanged."""
    if isinstance(value, dict):
        return {renamed(k, names) if k in names else k: renamed(v, names) for k, v in value.items()}
    if isinstance(value, list):
        return [renamed(v, names) for v in value]
    return names.get(value, value) if isinstance(value, str) else value


EVERY = ",".join(f"{{{i}}}" for i in range(len(RESERVED)) if KINDS[i % len(KINDS)] < 2)
JSON = (
    "/survival.json",
    "/survival.json?strata={0},{1},{9}",
    "/survival.json?facet={1}",
    "/survival.json?f.{0}=1&f.{1}=v1&f.{11}=v1",
    f"/subgroups.json?by={EVERY}",
    "/subgroups.json?by=SEX,{1}&strata={0},{1},{12}&row={1}:v1",
    "/subgroups.json",
    "/risk-models.json?strata={0},{1}",
    "/safety.json",
    "/safety.json?f.{1}=v1&f.{0}=1",
    "/benefit-risk.json?f.{1}=v2",
    "/patient.json?id=P007",
    ".json",
    ".json?f.{0}=1",
)


def in_order(quoted: re.Match[str]) -> str:
    """Filters stand in the order of their columns' names, which differ here."""
    return ", ".join(sorted(quoted[1].split(", ")))


@pytest.mark.parametrize("called", ["upper", "lower"])
@pytest.mark.parametrize("path", JSON)
def test_every_page_answers_as_with_other_names(
    client: Any, studies: dict[str, str], called: str, path: str
) -> None:
    bodies = []
    for name in (called, "other"):
        answer = client.get(f"/study/{studies[name]}{query(path, name)}")
        assert answer.status_code == 200, answer.text[:300]
        body = json.loads(answer.text.replace(studies[name], "ID"))
        for of_content in ("id", "sha256"):
            body.get("study", {}).pop(of_content, None)
        if "answer_detail" in body:
            body["answer_detail"] = re.sub("“([^”]*)”", in_order, body["answer_detail"])
        bodies.append(body if name == "other" else renamed(body, SUBJECTS))
    assert bodies[0] == bodies[1]


CSV: tuple[tuple[str, dict[str, str]], ...] = (
    ("/survival.csv?strata={0},{1}", {}),
    ("/survival.data.csv?strata={0},{1}", {}),
    (f"/subgroups.csv?by={EVERY}", SUBJECTS),
    (f"/subgroups.data.csv?by={EVERY}&strata={{1}}", FILES),
    ("/risk-models.csv?strata={0}", {}),
    ("/risk-models.data.csv?strata={0},{1},{2}", FILES),
    ("/safety.csv", {}),
    ("/safety.data.csv?f.{1}=v1", {}),
    ("/patient.csv?id=P007", {}),
    ("/benefit-risk.csv", {}),
)


def rows(text: str, names: dict[str, str]) -> list[list[str]]:
    """The cells of a CSV below its notes, columns by their other names."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    table = csv.reader(io.StringIO("\n".join(lines)))
    return [[names.get(cell, cell) for cell in row] for row in table]


@pytest.mark.parametrize("called", ["upper", "lower"])
@pytest.mark.parametrize(("path", "names"), CSV, ids=[p for p, _ in CSV])
def test_every_file_holds_what_it_holds_with_other_names(
    client: Any, studies: dict[str, str], called: str, path: str, names: dict[str, str]
) -> None:
    one, other = (
        client.get(f"/study/{studies[name]}{query(path, name)}").text for name in (called, "other")
    )
    found = rows(one, names)
    assert len(set(found[0])) == len(found[0])
    assert found == rows(other, {})
    assert len(found) > 1


def test_the_file_says_which_columns_it_calls_otherwise(
    client: Any, studies: dict[str, str]
) -> None:
    path = query("/subgroups.data.csv?by={0},{2},SEX", "upper")
    head = [
        line
        for line in client.get(f"/study/{studies['upper']}{path}").text.splitlines()
        if line.startswith("# Names")
    ]
    assert head == [
        "# Names: TIME_ holds the study's column TIME; TIME__ holds the study's column TIME_"
    ]


SCRIPTS = {
    "survival": "/survival.{}?strata={{0}},{{1}}&at=6",
    "subgroups": "/subgroups.{}?by={{1}},{{11}}&strata={{0}}",
    "risk models": "/risk-models.{}?models=MAYO2018,MAYO2008&strata={{0}},{{9}}",
}


@pytest.mark.parametrize(("ending", "run"), [("py", run_python), ("R", run_r)])
def test_the_scripts_print_what_they_print_with_other_names(
    client: Any,
    studies: dict[str, str],
    ending: str,
    run: Callable[[dict[str, tuple[str, str]], Path], dict[str, str]],
    tmp_path: Path,
) -> None:
    cases = {}
    for page, template in SCRIPTS.items():
        for called in ("upper", "other"):
            at = f"/study/{studies[called]}"
            script = client.get(at + query(template.format(ending), called))
            data = client.get(at + query(template.format("data.csv"), called))
            assert (script.status_code, data.status_code) == (200, 200)
            cases[f"{page} {called}"] = (script.text, data.text)
    printed = run(cases, tmp_path)
    for page in SCRIPTS:
        found = rows(printed[f"{page} upper"], FILES)
        assert sorted(found) == sorted(rows(printed[f"{page} other"], {}))
        assert len(found) > 3


PLAIN = "id,time,event,arm,sex\n" + "".join(
    f"{i},{5 + (i * 17) % 90},{int(i % 3 > 0)},{'Drug' if (i * 7) % 11 < 5 else 'Control'},"
    f"{'FM'[(i // 4) % 2]}\n"
    for i in range(80)
)
MAPPING = {
    "adtte": {"USUBJID": "ID", "AVAL": "TIME", "CNSR": "EVENT", "TRTP": "ARM"},
    "events": ["1"],
    "unit": "months",
}


@pytest.mark.parametrize("word", [str, lambda v: "yes" if v == "1" else "no"])
def test_a_plain_table_has_one_number_of_events(client: Any, word: Callable[[str], str]) -> None:
    lines = [line.split(",") for line in PLAIN.splitlines()]
    lines = [lines[0], *([i, t, word(e), a, s] for i, t, e, a, s in lines[1:])]
    mapping = MAPPING | {"events": [word("1")]}
    text = "\n".join(map(",".join, lines))
    study = post(client, {"t.csv": text.encode()}, mapping=json.dumps(mapping)).get_json()["study"]
    survival = client.get(f"/study/{study}/survival.json").get_json()
    forest = client.get(f"/study/{study}/subgroups.json").get_json()
    by_hand = {
        a: sum(e == word("1") and arm == a for _, _, e, arm, _ in lines[1:])
        for a in ("Drug", "Control")
    }
    assert {c["arm"]: c["events"] for c in survival["curves"]} == by_hand
    assert forest["overall"]["events"] == by_hand
    ratio = survival["comparisons"][0]["hazard_ratio"]["estimate"]
    assert forest["overall"]["hazard_ratio"]["estimate"] == pytest.approx(ratio, rel=1e-9)
    # What was told to be outcome, time, patient and arm is no characteristic.
    assert [g["variable"] for g in forest["groups"]] == ["SEX"]
    overview = client.get(f"/study/{study}.json").get_json()
    assert [row["name"] for row in overview["baseline"]["rows"]] == ["SEX"]
    for name in ("EVENT", "TIME", "ARM", "ID", "TRTP"):
        for key in (f"by={name}", f"strata={name}", f"facet={name}", f"f.{name}=1"):
            assert client.get(f"/study/{study}/survival.json?{key}").status_code == 422, key


# Beside a plain table's id, months, dead and group; what each is called among the subjects then.
PLAIN_NAMES = (
    *("TIME", "EVENT", "EVENT_TEXT", "ARM", "ARM_PLANNED", "ARM_ACTUAL", "STRATUM", "VARIABLE"),
    *("USUBJID", "PARAMCD", "PARAM", "AVAL", "AVALU", "CNSR", "TRTP", "TRT01P"),
)
NEVER = {"USUBJID", "TRT01P"}


def plain(names: tuple[str, ...], status: str = "dead") -> bytes:
    lines = [f"id,months,{status},group,{','.join(names)}"]
    dealt = random.Random(7)
    for i in range(90):
        values = [f"v{dealt.randrange(3)}" for _ in names]
        arm = "Drug" if i % 2 else "Control"
        lines.append(f"{i},{1 + (i * 31) % 70},{int(i % 3 > 0)},{arm},{','.join(values)}")
    return "\n".join(lines).encode()


@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_a_plain_table_may_have_any_column_beside_those_that_were_told(
    client: Any, case: Callable[[str], str]
) -> None:
    said = {
        "adtte": {"USUBJID": "id", "AVAL": "months", "CNSR": "dead", "TRTP": "group"},
        "events": ["1"],
        "unit": "months",
    }
    names = tuple(map(case, PLAIN_NAMES))
    other = tuple(f"Q{i:02d}Z" for i in range(len(names)))
    bodies = []
    for columns in (names, other):
        answer = post(client, {"t.csv": plain(columns)}, mapping=json.dumps(said))
        assert answer.status_code == 201, answer.text
        study = answer.get_json()["study"]
        forest = client.get(f"/study/{study}/subgroups.json?min_events=1").get_json()
        listed = client.get(f"/study/{study}/subgroups.json?by=NONE").get_json()["error"]["hint"]
        wanted = listed.removeprefix("It has: ").removesuffix(".").split(", ")
        every = client.get(f"/study/{study}/subgroups.json?by={','.join(wanted)}").get_json()
        bodies.append((forest["overall"], {g["variable"].rstrip("_"): g for g in every["groups"]}))
        events = {"Drug": 30, "Control": 30}
        assert forest["overall"]["events"] == events
        curves = client.get(f"/study/{study}/survival.json").get_json()["curves"]
        assert {c["arm"]: c["events"] for c in curves} == events
    assert bodies[0][0] == bodies[1][0]
    assert set(bodies[0][1]) == {*PLAIN_NAMES} - NEVER
    for name, neutral in zip(PLAIN_NAMES, other, strict=True):
        if name not in NEVER:
            one, two = bodies[0][1][name], bodies[1][1][neutral]
            assert (one["levels"], one["interaction"]) == (two["levels"], two["interaction"])
