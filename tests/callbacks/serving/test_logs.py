"""The log. Oracle: what was sent, none of which may stand in a line."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_server
from services.settings import Settings
from services.studies import Catalogue
from tests.callbacks.site.posting import post, with_key
from tests.uploads import importer

ADSL = "USUBJID,TRT01P,SEX\n" + "".join(f"QZPT{i},{'AB'[i % 2]},F\n" for i in range(1, 7))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("logs")
    catalogue = Catalogue()
    catalogue.uploads = importer(folder)
    settings = Settings(store_dir=folder / "store", browser=False, log="json")
    return create_server(settings, catalogue)


@pytest.fixture(autouse=True)
def as_usual() -> Iterator[None]:
    yield
    logging.getLogger("smm.requests").setLevel(logging.INFO)


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_line_names_rule_study_status_and_seconds(
    server: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    client = server.test_client()
    for address in ("/study/e3a06/data.json", "/study/mgus2/data", "/upload", "/wp-login.php",
                    "/study/nope/data.json", "/study/e3a06/nope"):  # fmt: skip
        client.get(address)
    found = lines(capfd)
    assert [(line["rule"], line["study"], line["status"]) for line in found] == [
        ("/study/<study_id>/data.json", "e3a06", 200),
        ("/study/<study_id>/data", "mgus2", 200),
        ("/upload", "", 200),
        ("(other)", "", 404),
        ("/study/<study_id>/data.json", "(other)", 404),
        ("(other)", "", 404),
    ]
    for line in found:
        assert set(line) == {"time", "level", "logger", "method", "rule", "study", "status",
                             "seconds", "bytes"}  # fmt: skip
        assert isinstance(line["seconds"], float)
    client.get("/healthz", environ_base={"REMOTE_USER": "ann\n"})
    assert [line["user"] for line in lines(capfd)] == ["ann"]


def test_no_line_tells_an_id_a_key_a_query_or_a_patient(
    server: Flask, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    client = server.test_client()
    adtte = "USUBJID,PARAMCD,AVAL,AVALU,CNSR\n" + "".join(
        f"QZPT{i},OS,{i},MONTHS,{i % 2}\n" for i in range(1, 7)
    )
    body = post(client, {"adsl.csv": ADSL.encode(), "adtte.csv": adtte.encode()}).get_json()
    study, key = body["study"], body["key"]
    draft = post(client, {"qzname.csv": b"id,x\n1,2\n"}).get_json()["draft"]
    referer = {"Referer": f"http://localhost/study/{study}/data?q=QZWORD"}
    client.get("/_dash-layout", headers=referer)
    for address in (
        f"/study/{study}", f"/study/{study}/patient.json?id=QZPT1", f"/study/{study}/QZPATH",
        f"/study/{study}/data?q=QZWORD", f"/upload/{draft['id']}", f"/QZPATH{study}", f"/{study}",
        f"/study/{study}x/data", "/study/QZPATH/data.json", "/%0aQZPATH",
    ):  # fmt: skip
        client.get(address)
    client.post(f"/study/{study}/key", headers={"Study-Key": "QZKEY"})
    client.open("/upload", method="QZMETHOD")
    client.post("/report", json={"format": "zip", "items": [{"address": f"/study/{study}/QZ"}]})
    client.delete(f"/study/{study}", **with_key(body))
    text = capfd.readouterr().err
    assert text.count("\n") == 17
    for secret in (study, key, draft["id"], draft["key"], "QZ", "qzname"):
        assert secret not in text, secret
    assert '"study": "(upload)"' in text


def test_what_goes_wrong_is_told_without_the_id(
    server: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "0123456789abcdef" * 2
    try:
        raise OSError(f"/store/{secret}/adsl.parquet")
    except OSError:
        logging.getLogger("waitress").exception("of %s", secret)
    (line,) = lines(capfd)
    assert line["message"] == "of (upload)"
    assert "/store/(upload)/adsl.parquet" in str(line["error"])


def test_words_or_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for how, count in (("none", 0), ("text", 1)):
        server = create_server(Settings(store_dir=tmp_path, browser=False, log=how))
        server.test_client().get("/study/e3a06/data.json?q=QZWORD")
        text = capfd.readouterr().err
        assert text.count("\n") == count
    assert "GET /study/<study_id>/data.json e3a06 200 0." in text
    assert "QZ" not in text
