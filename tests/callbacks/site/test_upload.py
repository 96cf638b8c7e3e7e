"""``POST /study`` and ``DELETE``. Oracles: the words of ``tests/bad_files``; HTTP; the store."""

from __future__ import annotations

import calendar
import csv
import io
import json
import os
import re
import stat
import time
import zipfile
from pathlib import Path
from typing import Any

import flask
import pandas as pd
import pytest

from app import create_server
from callbacks.site.upload import display_name
from services.settings import Settings
from services.studies import Catalogue
from services.study.model import SECRET_ID as ID
from tests.bad_files import ADSL, CASES, GOOD, SHORT, dataset_json, packed
from tests.callbacks.site.posting import HEADERS, post, with_key
from tests.study_writers import workbook
from tests.uploads import importer

Client = Any
PAGES = ("", "/survival", "/subgroups", "/data")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def server(folder: Path) -> flask.Flask:
    catalogue = Catalogue()
    catalogue.uploads = importer(folder)
    return create_server(Settings(store_dir=folder / "store", browser=False), catalogue)


@pytest.fixture
def client(server: flask.Flask) -> Client:
    return server.test_client()


@pytest.mark.parametrize(("files", "words"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_bad_files_are_refused_in_words(
    client: Client, files: dict[str, bytes], words: str
) -> None:
    answer = post(client, files)
    assert answer.status_code == 422
    error = answer.get_json()["error"]
    assert set(error) == {"message", "hint", "details"}
    assert words in " ".join([error["message"], error["hint"], *error["details"]])
    assert error["message"].endswith(".")
    assert error["hint"]
    assert "Traceback" not in answer.text


PATIENT = re.compile(r"QZ(?:PT|ARM)\w*")


def recognizable(content: bytes) -> bytes:
    """A file of text whose patients and arms are words that stand nowhere else."""
    return re.sub(rb"\bS(\d+)\b", rb"QZPT\1", content).replace(b"Drug", b"QZARMDRUG")


@pytest.mark.parametrize(("files", "words"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_no_message_and_no_log_tells_a_patients_row(
    client: Client,
    files: dict[str, bytes],
    words: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    told = {name: recognizable(content) for name, content in files.items()}
    answer = post(client, told)
    error = answer.get_json()["error"]
    text = "\n".join([error["message"], error["hint"], *error["details"]])
    assert len(set(PATIENT.findall(text))) <= 3, text
    for content in told.values():
        for row in content.decode("latin-1").splitlines()[1:]:
            if PATIENT.search(row) and row.count(",") >= 2:
                assert row not in text
                assert " ".join(row.split(",")) not in text
    assert len(text) < 1500
    out, err = capfd.readouterr()
    assert not PATIENT.search(caplog.text + out + err)


def test_no_message_ends_in_an_empty_list(client: Client) -> None:
    for _, files, _ in CASES:
        error = post(client, files).get_json()["error"]
        for text in (error["message"], error["hint"], *error["details"]):
            assert not re.search(r"[:,]\s*\.?$|, ,", text), text


def test_there_are_enough_bad_files() -> None:
    assert len(CASES) >= 60
    assert len({name for name, _, _ in CASES}) == len(CASES)


def test_a_study_is_stored_and_every_page_opens(client: Client) -> None:
    answer = post(client, {"adtte.csv": SHORT.encode(), "adsl.csv": ADSL.encode()})
    assert answer.status_code == 201
    body = answer.get_json()
    assert ID.fullmatch(body["study"])  # 32 hexadecimal digits: 128 bits
    assert body["url"] == f"/study/{body['study']}/survival"
    assert body["report"]["files"] == [["adtte.csv", 3, 5], ["adsl.csv", 3, 2]] or sorted(
        body["report"]["files"]
    ) == [["adsl.csv", 3, 2], ["adtte.csv", 3, 5]]
    survival = client.get(f"/study/{body['study']}/survival.json").get_json()
    assert survival["study"]["kind"] == "uploaded"
    assert [c["n"] for c in survival["curves"]] == [1, 2]
    report = client.get(f"/study/{body['study']}/data.json").get_json()["report"]
    assert report == body["report"]


def test_nobody_is_told_of_it(client: Client) -> None:
    study = post(client, {"adtte.csv": GOOD.encode()}).get_json()["study"]
    assert study not in client.get("/studies.json").text
    other = client.get(f"/study/{'0' * 32}/survival.json")
    assert other.status_code == 404
    assert study not in other.text
    assert study not in client.get("/study/nonsense/survival.json").text


@pytest.mark.parametrize("name", ["adsl", "adtte", "adae", "files", "anything"])
def test_fields_by_role(client: Client, name: str) -> None:
    answer = post(client, {"table.csv": GOOD.encode()}, name)
    assert answer.status_code == (201 if name in ("adtte", "files", "anything") else 422)


def test_the_same_study_from_a_zip_and_from_json(client: Client) -> None:
    for files in ({"a.zip": packed({"x/adtte.csv": GOOD.encode(), "x/note.md": b"#"})},
                  {"times.json": dataset_json()}):  # fmt: skip
        answer = post(client, files)
        assert answer.status_code == 201, answer.text
        assert answer.get_json()["subjects"] == 3


def test_a_plain_table_is_kept_as_a_draft_and_can_be_mapped_at_once(client: Client) -> None:
    plain = b"id,months,dead,group\n1,3,1,A\n2,4,0,A\n3,9,1,B\n"
    answer = post(client, {"trial.csv": plain})
    assert answer.status_code == 422
    draft = answer.get_json()["draft"]
    assert draft["url"] == f"/upload/{draft['id']}"
    assert client.get(f"/study/{draft['id']}/survival.json").status_code == 422
    mapping = {
        "adtte": {"USUBJID": "id", "AVAL": "months", "CNSR": "dead", "TRTP": "group"},
        "events": ["1"], "unit": "months", "reference": "B", "endpoint": "Overall survival",
    }  # fmt: skip
    answer = post(client, {"trial.csv": plain}, mapping=json.dumps(mapping))
    assert answer.status_code == 201, answer.text
    survival = client.get(answer.get_json()["url"] + ".json").get_json()
    assert survival["settings"]["reference"] == "B"
    assert survival["settings"]["endpoint"] == "OS"
    assert {c["arm"]: (c["n"], c["events"]) for c in survival["curves"]} == {
        "A": (2, 1), "B": (1, 1),
    }  # fmt: skip


def test_tables_of_one_file_are_offered_one_by_one(client: Client) -> None:
    plain = pd.DataFrame({"id": ["a", "b"], "time": [1.0, 2.0], "event": [1, 0], "arm": ["A", "B"]})
    content = workbook({"First": plain, "Second": plain.rename(columns={"time": "weeks"})})
    answer = post(client, {"trial.xlsx": content})
    assert answer.status_code == 422
    body = answer.get_json()
    assert (
        "None of trial.xlsx (First), trial.xlsx (Second) has the columns of ADTTE"
        in body["error"]["message"]
    )
    url = body["draft"]["url"]
    for query, chosen, other in (("", "First", "Second"), ("?table=trial.xlsx+%28Second%29",
                                                          "Second", "First")):  # fmt: skip
        layout = client.get("/_dash-layout", headers={"Referer": f"http://localhost{url}{query}"})
        assert f'"children":"trial.xlsx ({chosen})"' in layout.text
        assert f"table=trial.xlsx+%28{other}%29" in layout.text
    mapping = {"table": "trial.xlsx (Second)", "events": ["1"], "unit": "weeks", "adtte": {
        "USUBJID": "id", "AVAL": "weeks", "CNSR": "event", "TRTP": "arm"}}  # fmt: skip
    answer = post(client, {"trial.xlsx": content}, mapping=json.dumps(mapping))
    assert answer.status_code == 201, answer.text
    report = answer.get_json()["report"]
    assert ["Table with the times", "trial.xlsx (Second), of 2 tables"] in report["mapped"]
    assert any("trial.xlsx (First)" in f["message"] for f in report["findings"])
    answer = post(client, {"trial.xlsx": content}, mapping='{"table": "Third"}')
    assert "There is no table “Third”" in answer.get_json()["error"]["message"]


@pytest.mark.parametrize("mapping", ["{", "[]", '{"x": 1}', '{"unit": "furlongs"}',
    '{"adtte": {"AVAL": "nothing"}}', '{"events": "1"}', '{"adtte": {"X": "Y"}}'])  # fmt: skip
def test_bad_mappings(client: Client, mapping: str) -> None:
    answer = post(client, {"adtte.csv": GOOD.encode()}, mapping=mapping)
    assert answer.status_code == 422
    assert answer.get_json()["error"]["hint"]


def test_delete(client: Client) -> None:
    body = post(client, {"adtte.csv": GOOD.encode()}).get_json()
    study, key = body["study"], with_key(body)
    assert client.get(f"/study/{study}/survival.json").status_code == 200
    assert client.delete(f"/study/{study}", **key).status_code == 200
    assert client.get(f"/study/{study}/survival.json").status_code == 404
    assert client.delete(f"/study/{study}", **key).status_code == 404
    for odd in ("e3a06", "..", "%2e%2e"):
        assert client.delete(f"/study/{odd}", **HEADERS).status_code in (404, 405)


def test_a_deletion_can_be_undone(client: Client) -> None:
    body = post(client, {"adtte.csv": GOOD.encode()}).get_json()
    study, key = body["study"], with_key(body)
    pages = [f"/study/{study}{page}.json" for page in PAGES]
    before = [client.get(page).text for page in pages]
    answer = client.delete(f"/study/{study}", **key).get_json()
    assert answer["undo"] == f"/study/{study}/restore"
    until = calendar.timegm(time.strptime(answer["until"], "%Y-%m-%dT%H:%M:%SZ"))
    assert 595 < until - time.time() <= 600
    assert {client.get(page).status_code for page in pages} == {404}
    # Nobody else's page can bring it back, and nothing that was never deleted comes.
    other = {"headers": {"Sec-Fetch-Site": "cross-site"}}
    assert client.post(answer["undo"], **other).status_code == 403
    back = client.post(answer["undo"], **key)
    assert (back.status_code, back.get_json()["url"]) == (200, f"/study/{study}/survival")
    assert [client.get(page).text for page in pages] == before
    assert client.post(answer["undo"], **key).status_code == 404
    assert client.post(f"/study/{'0' * 32}/restore", **HEADERS).status_code == 404
    assert client.post("/study/e3a06/restore", **HEADERS).status_code == 404


def test_a_deletion_at_once_cannot_be_undone(client: Client) -> None:
    body = post(client, {"adtte.csv": GOOD.encode()}).get_json()
    study, key = body["study"], with_key(body)
    answer = client.delete(f"/study/{study}?undo=no", **key).get_json()
    assert answer == {"deleted": study}
    assert client.post(f"/study/{study}/restore", **key).status_code == 404


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),  # a program
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
    ],
)
def test_other_sites_can_neither_send_nor_delete(
    client: Client, headers: dict[str, str], allowed: bool
) -> None:
    data = {"adtte": (io.BytesIO(GOOD.encode()), "adtte.csv")}
    answer = client.post("/study", data=data, headers=headers)
    assert answer.status_code == (201 if allowed else 403)
    body = post(client, {"adtte.csv": GOOD.encode()}).get_json()
    key = {"Study-Key": body["key"]}
    deleted = client.delete(f"/study/{body['study']}", headers=headers | key)
    assert deleted.status_code == (200 if allowed else 403)


@pytest.mark.parametrize(
    "request_", [{}, {"data": b"xx"}, {"data": {"a": "b"}}, {"json": {"a": 1}},
                 {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"}]
)  # fmt: skip
def test_requests_without_files(client: Client, request_: dict[str, Any]) -> None:
    answer = client.post("/study", **request_)
    assert answer.status_code == 422
    assert answer.get_json()["error"]["message"] == "No file was received."


def test_more_than_the_limit_is_not_taken(client: Client) -> None:
    huge = {f"f{i}.csv": b"1" * (9 << 20) for i in range(3)}
    answer = post(client, huge)
    assert answer.status_code == 422
    assert "too large" in answer.get_json()["error"]["message"]
    many = {f"f{i}.csv": b"a" for i in range(30)}
    assert "More than 20 files" in post(client, many).get_json()["error"]["message"]


def test_the_store_is_private(client: Client, folder: Path) -> None:
    if os.name != "posix":
        pytest.skip("modes are POSIX's")
    study = post(client, {"adtte.csv": GOOD.encode()}).get_json()["study"]
    for private in (folder / "store", folder / "store" / study):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_an_old_study_is_gone(client: Client, server: flask.Flask, monkeypatch: Any) -> None:
    body = post(client, {"adtte.csv": GOOD.encode()}).get_json()
    assert client.get(body["url"] + ".json").status_code == 200
    later = time.time() + 31 * 86_400
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get(body["url"] + ".json").status_code == 404


def test_names_are_shown_without_paths_and_controls() -> None:
    assert display_name("C:\\data\\adsl.csv") == "adsl.csv"
    assert display_name("\x00\x1b[31m") == "[31m"
    assert display_name("") == "file"


def test_the_template_can_be_sent_back_as_it_comes(client: Client) -> None:
    template = client.get("/upload/template.zip")
    names = zipfile.ZipFile(io.BytesIO(template.data)).namelist()
    assert sorted(names) == ["adae.csv", "adsl.csv", "adtte.csv", "study.toml"]
    answer = post(client, {"template-study.zip": template.data})
    assert answer.status_code == 201, answer.text
    body = answer.get_json()
    assert body["title"] == "Template study (invented patients)"
    assert [f for f in body["report"]["findings"] if f["severity"] != "note"] == []
    for page in ("survival", "subgroups", "safety"):
        assert client.get(f"/study/{body['study']}/{page}.json").status_code == 200


def test_words_of_the_study_are_text_in_every_answer(client: Client) -> None:
    """HTML in JSON is text; formulas in CSV get an apostrophe."""
    formula, image = "=cmd|' /C calc'!A0", "<img src=x onerror=alert(1)>"
    odd = GOOD.replace("Drug", formula).replace("Placebo", image)
    body = post(client, {"adtte.csv": odd.encode()}).get_json()
    survival = client.get(body["url"] + ".json")
    assert survival.mimetype == "application/json"
    arms = {c["arm"] for c in survival.get_json()["curves"]}
    assert arms == {formula, image}
    home = body["url"].removesuffix("/survival")
    for name in ("survival.csv", "survival.data.csv", "subgroups.csv", "subgroups.data.csv"):
        text = client.get(f"{home}/{name}").text
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert any("=cmd" in cell for cell in cells), name
        assert not any(cell.lstrip().startswith("=") for cell in cells), name


# --- what is passed on ------------------------------------------------------------------------

ADAE = (
    "USUBJID,AEBODSYS,AEDECOD,AETOXGR,TRTEMFL,ASTDY\n"
    "S1,Gut,Nausea,3,Y,2\nS2,Gut,Nausea,1,Y,3\nS3,Blood,Anaemia,4,Y,4\n"
)
PAGES = ("survival", "subgroups", "risk-models", "safety", "benefit-risk", "patient")
# JSON tells the id to who asked with it; everything else may be passed on.
PASSED_ON = ("csv", "data.csv", "events.csv", "py", "R", "figure.json")


def test_no_file_of_an_upload_tells_its_link(client: Client) -> None:
    files = {"adtte.csv": GOOD.encode(), "adae.csv": ADAE.encode()}
    study_id = post(client, files).get_json()["study"]
    seen = set()
    for page in ("", *PAGES):
        for ending in PASSED_ON:
            base = f"/study/{study_id}/{page}" if page else f"/study/{study_id}"
            answer = client.get(f"{base}.{ending}?id=S1")
            if answer.status_code != 200:
                continue
            seen.add((page, ending))
            assert study_id not in answer.text, (page, ending)
            assert study_id not in str(answer.headers), (page, ending)
            if ending in ("py", "R"):
                assert "“Patients (CSV)” below the figure" in answer.text
    assert {("", "csv"), ("survival", "py"), ("safety", "R"), ("patient", "csv")} <= seen
    assert {page for page, ending in seen if ending == "figure.json"} >= {"survival", "patient"}
