"""The application as a whole: headers, two in one process, no side effects, the command line."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import app as application
from app import create_server
from services.errors import UserError
from services.settings import TABLE, Settings
from tests.callbacks.client import Reader

ROOT = Path(__file__).resolve().parents[2]
INLINE = re.compile(r"<script([^>]*)>(.*?)</script>", re.DOTALL)


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: values for name, *values in parts}


# --- headers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("cookie", [None, "light", "dark", "<script>"])
@pytest.mark.parametrize("path", ["/", "/study/e3a06/survival?endpoint=OS", "/nope"])
def test_no_script_runs_but_our_own(server: Flask, path: str, cookie: str | None) -> None:
    client = server.test_client()
    if cookie:
        client.set_cookie("scheme", cookie)
    answer = client.get(path)
    policy = directives(answer.headers["Content-Security-Policy"])
    allowed = policy["script-src"]
    assert "'unsafe-inline'" not in allowed
    assert "'unsafe-eval'" not in allowed
    assert all(source == "'self'" or source.startswith("'sha256-") for source in allowed)
    scripts = [
        text
        for attributes, text in INLINE.findall(answer.text)
        if "src=" not in attributes and "application/json" not in attributes
    ]
    assert scripts, "Dash starts itself with an inline script"
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed, script[:80]


def test_nothing_is_fetched_from_elsewhere_or_framed(server: Flask) -> None:
    answer = server.test_client().get("/")
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["default-src"] == policy["connect-src"] == ["'self'"]
    assert policy["object-src"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == policy["form-action"] == ["'self'"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    sources = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert sources
    assert all(source.startswith("/") and not source.startswith("//") for source in sources)


@pytest.mark.parametrize(
    ("cookie", "scheme"), [(None, "auto"), ("dark", "dark"), ("light", "light"), ("x'y", "auto")]
)
def test_the_index_is_in_the_readers_scheme_before_any_script(
    server: Flask, cookie: str | None, scheme: str
) -> None:
    client = server.test_client()
    if cookie:
        client.set_cookie("scheme", cookie)
    page = client.get("/").text
    assert f'<html lang="en" data-mantine-color-scheme="{scheme}">' in page
    assert "<title>SMM Outcomes</title>" in page


def test_answers_are_compressed(server: Flask) -> None:
    headers = {"Accept-Encoding": "br, gzip", "Referer": "http://localhost/study/e3a06/survival"}
    answer = server.test_client().get("/_dash-layout", headers=headers)
    assert answer.headers["Content-Encoding"] == "br"


# --- the application --------------------------------------------------------------------------


def test_two_applications_in_one_process_do_not_mix(server: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "adtte.csv").write_text(
        "USUBJID,TRTP,PARAMCD,AVAL,AVALU,CNSR\nS1,A,OS,10,DAYS,0\nS2,B,OS,20,DAYS,0\n"
    )
    other = create_server(Settings(studies=(folder,), browser=False, store_dir=tmp_path / "store"))
    assert other is not server
    assert "mine" in other.test_client().get("/studies.json").text
    assert '"mine"' not in server.test_client().get("/studies.json").text
    for one in (server, other):
        reader = Reader(one, "/study/e3a06/survival")
        reader.change("survival-endpoint", "value", "OS")
        assert reader.props["survival-address"]["search"] == "?endpoint=OS"
    mine = Reader(other, "/study/mine/survival")
    mine.change("survival-unit", "value", "days")
    assert mine.props["survival-address"]["search"] == "?unit=days"


@pytest.fixture(scope="module")
def fresh() -> dict[str, object]:
    """What importing ``app`` does in a process of its own."""
    script = """
import json, sys, threading
before = set(threading.enumerate())
import app
print(json.dumps({
    "threads": len(set(threading.enumerate()) - before),
    "lifelines": "lifelines" in sys.modules,
    "global": len(__import__("dash")._callback.GLOBAL_CALLBACK_LIST),
}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"SMM_PORT": "not a port"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return dict(json.loads(done.stdout))


def test_importing_the_application_has_no_side_effects(fresh: dict[str, object]) -> None:
    """No settings read, no thread, no callback on Dash's global list."""
    assert fresh["threads"] == 0
    assert fresh["global"] == 0


def test_lifelines_is_not_imported_before_it_is_needed(fresh: dict[str, object]) -> None:
    assert fresh["lifelines"] is False


def test_a_study_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        create_server(Settings(studies=(tmp_path / "absent",), store_dir=tmp_path))


# --- the command line -------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = application.main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for setting in TABLE:
        monkeypatch.delenv(setting.variable, raising=False)
    monkeypatch.setenv("SMM_STORE_DIR", str(tmp_path / "store"))


def assert_one_line(code: int, out: str, err: str, *words: str) -> None:
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("app.py: ")
    for word in words:
        assert word in err


def test_a_port_in_use(capsys: pytest.CaptureFixture[str], taken: int) -> None:
    assert_one_line(
        *run(capsys, "--no-browser", "--port", str(taken)),
        f"Cannot listen on 127.0.0.1:{taken}",
        f"--port {taken + 1}",
    )


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
def test_a_port_that_is_none(capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert_one_line(*run(capsys, "--port", port), f"There is no port {port}.", "65535")


def test_a_host_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert_one_line(
        *run(capsys, "--host", "nowhere.invalid", "--port", "8123"), "Cannot listen on nowhere"
    )


def test_a_folder_that_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = run(capsys, "--port", "18123", "--study", str(tmp_path / "absent"))
    assert_one_line(*found, "There is no folder", "absent", "ADTTE")


def test_a_folder_without_data(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    found = run(capsys, "--port", "18123", "--study", str(tmp_path))
    assert_one_line(*found, "holds no ADTTE file", "adtte.csv")


def test_a_bundled_id_again(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, "--port", "18123", "--study", str(ROOT / "data/studies/e3a06"))
    assert_one_line(*found, "Two studies have the id “e3a06”", "study.toml")


def test_a_bad_setting(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMM_PORT", "http")
    assert_one_line(*run(capsys), "SMM_PORT='http' cannot be used", "8050")


def test_in_a_process_of_its_own_there_is_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "app.py", "--no-browser", "--port", "18124", "--study", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"SMM_STORE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert_one_line(done.returncode, done.stdout, done.stderr, "holds no ADTTE file")


@pytest.mark.parametrize("argument", ["--port", "--nonsense"])
def test_an_argument_that_is_none(argument: str) -> None:
    with pytest.raises(SystemExit) as caught:
        application.main([argument, "abc"])
    assert caught.value.code == 2


def test_help_names_every_argument_and_its_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        application.main(["--help"])
    assert caught.value.code == 0
    words = " ".join(capsys.readouterr().out.split())
    for part in ("--host", "--port", "--no-browser", "--study", "SMM_HOST", "SMM_PORT"):
        assert part in words


@pytest.mark.parametrize(
    ("studies", "opened"), [((), "/study/e3a06/"), (("first", "second"), "/study/first/")]
)
def test_the_server_says_where_it_is(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    studies: tuple[str, ...],
    opened: str,
) -> None:
    served = {}
    monkeypatch.setattr("waitress.serve", lambda server, **options: served.update(options))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    arguments = ["--no-browser", "--port", str(port)]
    for name in studies:
        (tmp_path / name).mkdir()
        (tmp_path / name / "adtte.csv").write_text(
            "USUBJID,TRTP,PARAMCD,AVAL,AVALU,CNSR\nS1,A,OS,10,DAYS,0\nS2,B,OS,20,DAYS,0\n"
        )
        arguments += ["--study", str(tmp_path / name)]
    code, out, err = run(capsys, *arguments)
    assert (code, err) == (0, "")
    assert f"http://127.0.0.1:{port}{opened}" in out
    assert (served["host"], served["port"], served["threads"]) == ("127.0.0.1", port, 8)
