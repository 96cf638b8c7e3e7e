"""What every page loads. Oracle: the files in ``assets/``, and Brotli's own reader."""

from __future__ import annotations

from pathlib import Path

import brotli
import pytest
from flask import Flask

from callbacks.serving import static_files
from callbacks.serving.static_files import FOREVER, bundle, files
from tools.compress import addresses


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_files, "COMPRESSED", tmp_path)


@pytest.mark.parametrize("ending", ["js", "css"])
def test_ours_is_one_file_that_holds_all_of_them(server: Flask, ending: str) -> None:
    (address,) = [a for a in files() if a.startswith("/static/smm.") and a.endswith(ending)]
    answer = server.test_client().get(address)
    assert answer.data == bundle(ending)
    assert answer.headers["Cache-Control"] == FOREVER
    for path in static_files.ASSETS.glob(f"*.{ending}"):
        assert path.read_bytes() in answer.data


@pytest.mark.skipif(not static_files.PLOTLY.is_file(), reason="the smaller Plotly is not set up")
def test_plotly_asks_to_be_compiled_whole_in_its_first_line(server: Flask) -> None:
    """Oracle: the hint counts at the very top of a file only, before any other comment."""
    (address,) = [a for a in files() if a.startswith("/static/plotly.")]
    hint, rest = server.test_client().get(address).data.split(b"\n", 1)
    assert hint == b"//# allFunctionsCalledOnLoad"
    assert rest == static_files.PLOTLY.read_bytes()


def test_a_page_loads_these_and_no_other_of_ours(server: Flask) -> None:
    index = server.test_client().get("/study/e3a06/survival").text
    found = [a for a in addresses(index) if not a.startswith("/_dash")]
    assert sorted(found) == sorted(files())


def test_answers_that_are_no_page_have_our_icon_too(server: Flask) -> None:
    answer = server.test_client().get("/favicon.ico")
    assert answer.data == (static_files.ASSETS / "favicon.ico").read_bytes()


def test_another_name_is_none(server: Flask) -> None:
    assert server.test_client().get("/static/smm.000000000000.js").status_code == 404


@pytest.mark.usefixtures("kept")
def test_what_is_kept_compressed_is_what_the_file_holds() -> None:
    server = Flask("one", static_folder=None)
    static_files.register(server)
    client = server.test_client()
    (address,) = [a for a in files() if a.endswith(".css")]
    plain = client.get(address).data
    # Nothing is kept yet.
    ask = {"Accept-Encoding": "gzip, br"}
    assert "Content-Encoding" not in client.get(address, headers=ask).headers
    static_files.compressed_form(plain).write_bytes(brotli.compress(plain))
    small = client.get(address, headers=ask)
    assert small.headers["Content-Encoding"] == "br"
    assert brotli.decompress(small.data) == plain
    assert "Accept-Encoding" in small.headers["Vary"]
    # Who does not read Brotli gets it as it is.
    assert client.get(address, headers={"Accept-Encoding": "gzip"}).data == plain
