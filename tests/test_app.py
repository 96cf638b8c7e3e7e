"""The command line. Oracle: the words a person gets, in one line and without a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import app as application
from services.settings import TABLE

ROOT = Path(__file__).resolve().parents[1]


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
    assert_one_line(*run(capsys, "--port", port), f"{port} is not a port number.", "65535")


def test_who_comes_early_waits_for_the_page(tmp_path: Path) -> None:
    """The port answers while the application is still being made."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with subprocess.Popen(
        [sys.executable, "app.py", "--no-browser", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"SMM_STORE_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for _ in range(3000):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 60) as early:
                early.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                assert early.recv(99).startswith(b"HTTP/1.0 200 OK")
                break
            time.sleep(0.01)
        else:
            pytest.fail("nobody listens")
        assert process.stdout is not None
        assert process.stdout.readline() == "Starting SMM Outcomes\n"
        running = f"SMM Outcomes is running at http://127.0.0.1:{port}"
        assert process.stdout.readline().startswith(f"{running}; open http://")
        process.terminate()


def test_a_host_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert_one_line(
        *run(capsys, "--host", "nowhere.invalid", "--port", "8123"),
        "Cannot listen on nowhere",
        "The host must be an address of this machine",
    )


def test_a_folder_that_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = run(capsys, "--port", "18123", "--study", str(tmp_path / "absent"))
    assert_one_line(*found, "There is no folder", "absent", "ADTTE")


def test_a_folder_without_data(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    found = run(capsys, "--port", "18123", "--study", str(tmp_path))
    assert_one_line(*found, "contains no ADTTE file", "adtte.csv")


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
    assert_one_line(done.returncode, done.stdout, done.stderr, "contains no ADTTE file")


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
    served: dict[str, Any] = {}

    def serve(server: Flask, sockets: list[socket.socket], **options: Any) -> None:
        served.update(options, at=sockets[0].getsockname())
        sockets[0].close()

    monkeypatch.setattr("waitress.serve", serve)
    ready = threading.Event()  # of a whole process: not of one that tests something else next
    monkeypatch.setattr("app.make_ready", ready.set)
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
    assert (served["at"], served["threads"]) == (("127.0.0.1", port), 16)
    assert ready.wait(10)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be copied here")
def test_a_copy_of_a_loaded_process_ends_in_words() -> None:
    """Oracle: status 4, by which gunicorn stops (its Arbiter.APP_LOAD_ERROR)."""
    script = """
import os, sys, app
assert "numpy" not in sys.modules  # which asks how many threads it may have when it is imported
os.register_at_fork(after_in_child=app._end_copy)
copy = os.fork() or os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "4\n"
    assert "gunicorn without --preload" in done.stderr
