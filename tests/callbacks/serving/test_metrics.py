"""Numbers for Prometheus. Oracle: the requests that were made, counted by hand."""

from __future__ import annotations

import re
import socket
import time
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest

from app import create_server
from services.settings import Settings
from services.studies import Catalogue
from tests.bad_files import GOOD
from tests.callbacks.site.posting import post
from tests.uploads import importer

# Not imported here: the package looks at the environment when it is.
pytestmark = pytest.mark.skipif(not find_spec("prometheus_client"), reason="an optional package")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def numbers(port: int) -> dict[str, float]:
    end = time.monotonic() + 10
    while True:
        try:
            text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read()
            break
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.05)
    found = re.findall(r"^(smm_\S+(?: \S+)*) (\S+)$", text.decode(), re.MULTILINE)
    return {name: float(value) for name, value in found}


def test_requests_uploads_pages_and_bytes_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numbers").mkdir()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "numbers"))
    port = free_port()
    catalogue = Catalogue()
    catalogue.uploads = importer(tmp_path)
    client = create_server(Settings(metrics_port=port, browser=False), catalogue).test_client()
    study = post(client, {"adtte.csv": GOOD.encode()}).get_json()["study"]
    assert post(client, {"adtte.csv": b""}).status_code == 422
    for _ in range(3):
        assert client.get(f"/study/{study}/survival.json").status_code == 200
    client.get("/study/e3a06/survival.json?level=7")
    found = numbers(port)
    rule = 'method="GET",rule="/study/<study_id>/survival.json"'
    assert found[f'smm_requests_total{{{rule},status="200"}}'] == 3
    assert found[f'smm_requests_total{{{rule},status="422"}}'] == 1
    assert found['smm_request_seconds_count{rule="/study/<study_id>/survival.json"}'] == 4
    assert found['smm_uploads_total{result="stored"}'] == 1
    assert found['smm_uploads_total{result="refused"}'] == 1
    assert found['smm_cached_pages_total{found="no"}'] == 1
    assert found['smm_kept_answers_total{found="yes"}'] == 2
    assert found['smm_kept_answers_total{found="no"}'] == 1
    files = (tmp_path / "store" / study).iterdir()
    assert found["smm_store_bytes"] == sum(path.stat().st_size for path in files)
    assert study not in str(found)
