"""Two processes that share answers. Oracle: what is changed in Redis the other one sends."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator

import brotli
import pytest
import redis
from flask import Flask

from app import create_server
from callbacks.serving.shared_answers import NAME
from services.settings import Settings
from services.studies import Catalogue
from tests.bad_files import GOOD
from tests.callbacks.client import Reader
from tests.callbacks.site.posting import post, with_key
from tests.redis_server import running
from tests.uploads import importer


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def client(url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(url) as client:
        client.flushall()
        yield client


@pytest.fixture(scope="module")
def two(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Flask]]:
    folder, servers = tmp_path_factory.mktemp("shared"), []
    for _ in range(2):
        catalogue = Catalogue()
        catalogue.uploads = importer(folder)
        settings = Settings(browser=False, redis=url, store_dir=folder / "store")
        servers.append(create_server(settings, catalogue))
    yield servers
    for server in servers:
        server.extensions[NAME]._redis.close()


def answers(client: redis.Redis) -> list[bytes]:
    return [k for k in client.keys("*") if not k.endswith((b":order", b":sizes"))]


def mark(client: redis.Redis, before: bytes, after: bytes) -> None:
    """Change the one answer that is kept, and its sum."""
    (key,) = answers(client)
    head, _, body = client.get(key)[32:].partition(b"\n")
    assert before in brotli.decompress(body)
    body = brotli.compress(brotli.decompress(body).replace(before, after))
    content = head + b"\n" + body
    client.set(key, hashlib.sha256(content).digest() + content)


def test_an_address_is_answered_by_what_another_process_sent(
    two: list[Flask], client: redis.Redis
) -> None:
    here, there = (server.test_client() for server in two)
    address = "/study/e3a06/safety.csv?grade=severe"
    first = here.get(address)
    assert here.get("/study/e3a06/safety.csv?grade=nonsense").status_code == 422
    mark(client, b"Study", b"STUDY")
    again = there.get(address)
    assert again.get_data() == first.get_data().replace(b"Study", b"STUDY")
    for header in ("Content-Type", "Content-Disposition", "Content-Security-Policy"):
        assert again.headers[header] == first.headers[header]
    # The same view in other words; and another host, which scripts name.
    assert b"STUDY" in there.get("/study/e3a06/safety.csv?order=frequency&grade=severe").get_data()
    assert b"STUDY" not in there.get(address, base_url="http://127.0.0.1").get_data()
    assert b"STUDY" not in there.get(f"{address}&beside=the+view").get_data()


def test_a_callback_is_answered_by_what_another_process_sent(
    two: list[Flask], client: redis.Redis
) -> None:
    here, there = (Reader(server, "/study/e3a06/survival") for server in two)
    client.flushall()  # the page itself
    first = here.change("survival-unit", "value", "weeks")
    mark(client, b"weeks", b"WEEKS")
    assert "WEEKS" in str(there.change("survival-unit", "value", "weeks"))
    assert "WEEKS" not in str(first)
    narrow = Reader(two[1], "/study/e3a06/survival", {"narrow": "1"})
    assert "WEEKS" not in str(narrow.change("survival-unit", "value", "weeks"))


@pytest.mark.parametrize("path", ["/study/e3a06/states", "/_dash-layout"])
def test_a_page_and_its_layout_are_answered_by_what_another_process_sent(
    two: list[Flask], client: redis.Redis, path: str
) -> None:
    here, there = (server.test_client() for server in two)
    asked = {"headers": {"Referer": "http://localhost/study/e3a06/states?unit=years"}}
    here.get(path, **asked)
    mark(client, b"robability", b"ROBABILITY")
    assert b"ROBABILITY" in there.get(path, **asked).get_data()
    other = {"headers": {"Referer": "http://localhost/study/e3a06/states?unit=weeks"}}
    assert b"ROBABILITY" not in there.get("/_dash-layout", **other).get_data()
    assert b"ROBABILITY" not in there.get("/study/e3a06/states?unit=weeks").get_data()
    assert there.get("/study/e3a06/nothing").status_code == 404
    assert there.get("/study/nobody/states").status_code == 404


def test_what_is_kept_is_compressed_once_and_sent_as_the_client_can_read_it(
    two: list[Flask], client: redis.Redis
) -> None:
    here, there = (server.test_client() for server in two)
    address = "/study/e3a06/safety.csv?grade=severe"
    plain = here.get(address)  # says nothing of what it can read
    assert "Content-Encoding" not in plain.headers
    for asked in (here, there):
        packed = asked.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert packed.headers["Content-Encoding"] == "br"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert brotli.decompress(packed.get_data()) == plain.get_data()
    zipped = there.get("/_dash-dependencies", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    listed = here.get("/_dash-dependencies", headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(zipped.get_data()) == listed.get_data()


def test_answers_about_an_upload_go_with_it(two: list[Flask], client: redis.Redis) -> None:
    here, there = (server.test_client() for server in two)
    body = post(here, {"adtte.csv": GOOD.encode()}).get_json()
    study = body["study"]
    assert there.get(f"/study/{study}/survival.json").status_code == 200
    Reader(two[0], f"/study/{study}/survival").change("survival-unit", "value", "weeks")
    assert len(answers(client)) == 3, "numbers, page, callback"
    assert study.encode() not in b"".join(client.keys("*"))
    assert there.delete(f"/study/{study}", **with_key(body)).status_code == 200
    assert answers(client) == []
    assert here.get(f"/study/{study}/survival.json").status_code == 404
