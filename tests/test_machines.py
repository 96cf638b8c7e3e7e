"""Several processes behind the proxy of docs/deploy, with one Redis and one object store: a site.

Oracle: what one of them is told, the others know at the next request.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import redis_server
from tests.bad_files import GOOD, SHORT
from tests.s3 import bucket, s3

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "docs" / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SYSTEMD = shutil.which("systemd-analyze")


class Connection(http.client.HTTPConnection):
    """HTTP at a socket of this machine, as it is or inside TLS."""

    def __init__(self, path: Path, tls: bool = False) -> None:
        super().__init__("trials.example", timeout=30)
        self.path, self.tls = path, tls

    def connect(self) -> None:
        self.sock = plain = socket.socket(socket.AF_UNIX)  # closed by ``close``, connected or not
        plain.settimeout(30)
        plain.connect(str(self.path))
        if self.tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.sock = context.wrap_socket(plain)


class Site:
    """A place that answers: one of the processes, or the proxy before both."""

    def __init__(self, path: Path, tls: bool = False) -> None:
        self.path, self.tls = path, tls

    def ask(
        self, method: str, address: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        connection = Connection(self.path, self.tls)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, f"/smm{address}", body, named)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def status(self, address: str) -> int:
        return self.ask("GET", address)[0]

    def upload(self, text: str) -> dict[str, Any]:
        head = '--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
        body = f"{head}{text}\r\n--x--\r\n".encode()
        kind = "multipart/form-data; boundary=x"
        return dict(json.loads(self.ask("POST", "/study", body, Content_Type=kind)[1]))


def configuration(folder: Path) -> Path:
    """The documented configuration of nginx, its places moved into a folder."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "1", "-subj", "/CN=trials.example", "-keyout", key,
         "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    for before, after in (
        ("/run/smm/", f"{folder}/"),
        ("listen 443 ssl", f"listen unix:{folder}/nginx.sock ssl"),
        ("/etc/ssl/trials.example.crt", str(certificate)),
        ("/etc/ssl/trials.example.key", str(key)),
        ("/var/log/nginx/smm.log", f"{folder}/access.log"),
    ):
        assert before in text
        text = text.replace(before, after)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""  # the sockets are this test's own
    made = folder / "nginx.conf"
    made.write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\n{places}{text}}}\n"
    )
    return made


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    if NGINX is None or shutil.which("openssl") is None:
        pytest.skip("nginx is not installed (apt-get install nginx)")
    folder: Path = tmp_path_factory.mktemp("site")
    with redis_server.running(folder) as redis, s3() as leads:
        settings = {
            "SMM_STORE": bucket(leads), "SMM_STORE_DIR": str(folder / "scratch"),
            "SMM_REDIS": redis, "SMM_PREFIX": "/smm", "SMM_HOSTS": "trials.example",
            "SMM_TRUSTED_PROXIES": "unix",
        }  # fmt: skip
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--worker-class",
            "gthread",
            "--threads",
            "4",
            "--no-control-socket",
        ]
        apps = [
            subprocess.Popen(
                [*command, "--bind", f"unix:{folder}/{n}.sock", "app:create_server()"],
                cwd=ROOT, env=os.environ | leads | settings, start_new_session=True,
                stderr=subprocess.DEVNULL,
            )
            for n in (1, 2)
        ]  # fmt: skip
        proxy = subprocess.Popen([NGINX, "-p", str(folder), "-c", configuration(folder)])
        try:
            sites = [Site(folder / "1.sock"), Site(folder / "2.sock")]
            front = Site(folder / "nginx.sock", tls=True)
            for site in (*sites, front):
                _wait(site)
            yield {"apps": apps, "sites": sites, "front": front, "folder": folder}
        finally:
            for process in apps:
                os.killpg(process.pid, signal.SIGKILL)
            proxy.terminate()
            for process in (*apps, proxy):
                process.wait()


def _wait(site: Site) -> None:
    for _ in range(300):
        try:
            if site.status("/healthz") == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{site.path} does not answer")


def test_several_processes_are_one_site(places: dict[str, Any]) -> None:
    (here, there), front, apps = places["sites"], places["front"], places["apps"]
    sent = here.upload(GOOD)
    study = f"/study/{sent['study']}"
    numbers = here.ask("GET", f"{study}/data.json")
    assert numbers[0] == 200
    assert there.ask("GET", f"{study}/data.json") == numbers
    assert {front.status(f"{study}/data") for _ in range(2)} == {200}
    # What is read of a draft, and said of its columns, needs no process of its own.
    draft = front.upload(SHORT)["draft"]
    assert {front.status(draft["url"].removeprefix("/smm")) for _ in range(4)} == {200}
    # One is asked and dies before it answers: the other one answers.
    os.killpg(apps[0].pid, signal.SIGSTOP)
    found: list[int] = []
    asked = (
        ("GET", "/study/e3a06/data.json?arms=Observation"),
        ("POST", "/_dash-update-component"),  # what pages ask; this is no question: 400
    )
    asking = [
        threading.Thread(target=lambda one=one: found.append(front.ask(*one)[0])) for one in asked
    ]
    for one in asking:
        one.start()
    while not found:
        time.sleep(0.01)
    assert len(found) == 1  # the other waits for who does not answer
    os.killpg(apps[0].pid, signal.SIGKILL)
    for one in asking:
        one.join()
    assert sorted(found) == [200, 400]
    # Deleted through the one that is left, gone from it and from the proxy.
    assert there.ask("DELETE", study, Study_Key=sent["key"])[0] == 200
    assert [site.status(f"{study}/data.json") for site in (there, front)] == [404, 404]
    script = front.ask("GET", "/study/e3a06/safety.py")[1].decode()
    assert "https://trials.example/smm/study/e3a06/safety.data.csv" in script
    log = (places["folder"] / "access.log").read_text()
    assert re.search(r"GET /smm/study/\(upload\)/data 200", log)
    assert sent["study"] not in log


@pytest.mark.skipif(SYSTEMD is None, reason="no systemd here")
def test_the_unit_is_one_that_systemd_loads(tmp_path: Path) -> None:
    """Oracle: systemd itself, which names what it does not know."""
    assert SYSTEMD is not None
    unit = tmp_path / "smm@1.service"
    text = (DEPLOY / "process.service").read_text("utf-8")
    # Of the checkout it is about, only that the program is there.
    unit.write_text(text.replace("/srv/smm/.venv/bin/gunicorn", "/bin/true"), "utf-8")
    done = subprocess.run(
        [SYSTEMD, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
