"""The id of an upload opens it: nothing that is passed on says it. A walk over all files."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from flask import Flask

from callbacks import context
from services.pages.second_opinion import by_r
from services.study.model import SECRET_ID
from tests.callbacks.report import post

ADSL = "USUBJID,TRT01P,SEX,AGE,SAFFL,TRTSDT,TRTEDT,LSTALVDT,BMPC,MPROT,FLCR\n" + "".join(
    f"S{i:02},{'Drug' if i % 2 else 'Placebo'},{'FM'[i % 3 == 0]},{50 + i},Y,2020-01-01,2020-06-01,"
    f"2021-01-0{1 + i % 9},{11 + 2 * i},{1 + i % 4},{3 + 3 * i}\n"
    for i in range(30)
)
ADTTE = "USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR\n" + "".join(
    f"S{i:02},PFS,Progression-free survival,{3 + i},MONTHS,{int(i % 4 == 0)}\n" for i in range(30)
)
ADAE = "USUBJID,AEDECOD,AEBODSYS,AETOXGR,ASTDT,TRTEMFL\n" + "".join(
    f"S{i:02},{'Nausea' if i % 3 else 'Rash'},Any,{1 + i % 4},2020-02-0{1 + i % 9},Y\n"
    for i in range(20)
)


@pytest.fixture(scope="module")
def study(server: Flask) -> str:
    files = [
        (io.BytesIO(text.encode()), f"{name}.csv")
        for name, text in (("adsl", ADSL), ("adtte", ADTTE), ("adae", ADAE))
    ]
    found = str(server.test_client().post("/study", data={"files": files}).get_json()["study"])
    assert SECRET_ID.fullmatch(found)
    return found


def addresses(server: Flask, study: str) -> list[str]:
    rules = {rule.rule for rule in server.url_map.iter_rules() if "GET" in (rule.methods or ())}
    own = [rule for rule in rules if re.match(r"/study/<study_id>[./].*\w\.?\w+$", rule)]
    return sorted(rule.replace("<study_id>", study) for rule in own if "." in rule)


def test_no_report_carries_the_id(server: Flask, study: str) -> None:
    pages = ("", "/survival", "/patient?id=S01", "/survival?endpoint=XX", "/x")
    for kind in ("zip", "pptx", "docx"):  # the first has the others inside
        answer = post(server, kind, *(f"/study/{study}{page}" for page in pages))
        assert answer.status_code == 200
        assert study not in str(answer.headers)
        assert "XX" in answer.headers["Report-Left-Out"]
        archive = zipfile.ZipFile(io.BytesIO(answer.data))
        files = [name.encode() + archive.read(name) for name in archive.namelist()]
        assert not [part[:80] for part in files if study.encode() in part]


def test_no_file_figure_or_header_carries_the_id(
    server: Flask, study: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, answered = server.test_client(), set()
    for address in addresses(server, study):
        # Other programs take seconds: asked of one view, R once a page.
        opinion = "second-opinion" in address
        for query in ("",) if opinion else ("", "?id=S01&section=time&f.SEX=F"):
            with monkeypatch.context() as here:
                if opinion and address.endswith(".csv"):
                    here.setattr(by_r.shutil, "which", lambda _name: None)
                answer = client.get(address + query)
            assert study not in answer.text, address + query
            assert study not in str(answer.headers), address + query
            if answer.status_code == 200:
                answered.add(address.rpartition("/")[2].removeprefix(study))
                if address.endswith(".json") and "figure" not in address:
                    told = answer.get_json()["study"]
                    assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{6}", told["id"])
    assert {"survival.py", "survival.R", "safety.events.csv", "risk-models.figure.json",
            "patient.json", "patient.csv", "data.json", ".json", ".csv",
            "second-opinion.json", "second-opinion.csv"} <= answered  # fmt: skip


def test_bundled_studies_keep_their_ids(server: Flask) -> None:
    body = server.test_client().get("/study/e3a06/survival.json").get_json()
    assert body["study"]["id"] == "e3a06"


def test_no_log_carries_the_id(caplog: pytest.LogCaptureFixture) -> None:
    secret = "0123456789abcdef" * 2
    try:
        raise OSError(f"/store/{secret}/adsl.parquet is broken")
    except OSError as problem:
        context.explain(problem)
    assert "adsl.parquet is broken" in caplog.text
    assert secret not in caplog.text
