"""The harness notices what it is there to notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import harness

BAD_PAGE = b"""<!doctype html><html><head><title>Bad</title></head><body>
<div id="react-entry-point"><img src="/gone.png"></div>
<script>
  console.error("something is off");
  fetch("http://127.0.0.1:9/beacon").catch(() => 0);
  setTimeout(() => { throw new Error("thrown later"); }, 0);
</script></body></html>"""


def bad_application(environ: dict[str, str], start: Callable[..., object]) -> list[bytes]:
    status = "200 OK" if environ["PATH_INFO"] == "/" else "404 Not Found"
    start(status, [("Content-Type", "text/html")])
    return [BAD_PAGE] if environ["PATH_INFO"] == "/" else [b""]


@pytest.fixture(scope="module")
def bad_server() -> Iterator[str]:
    with harness.serve(bad_application) as home:
        yield home


def test_errors_and_strangers_are_noticed(browser: Browser, bad_server: str) -> None:
    context = browser.new_context(base_url=bad_server)
    watch = harness.Watch(bad_server)
    watch.attach(context)
    page = context.new_page()
    page.goto("/")
    page.wait_for_load_state("networkidle")
    violations = harness.axe_violations(page)
    context.close()

    problems = "\n".join(watch.problems())
    assert "console error: something is off" in problems
    assert "404" in problems
    assert "page error: thrown later" in problems
    assert watch.strangers() == ["http://127.0.0.1:9/beacon"]
    assert any(line.startswith("html-has-lang") for line in violations)
    assert any(line.startswith("image-alt") for line in violations)


def test_a_provoked_console_error_is_let_pass() -> None:
    watch = harness.Watch("http://127.0.0.1:1", console=["status of 422", "other"])
    assert watch.problems(["422"]) == ["console error: other"]


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:1/a", True),
        ("http://127.0.0.1:1", True),
        ("data:image/png;base64,", True),
        ("blob:http://127.0.0.1:1/x", True),
        ("http://127.0.0.1:12/a", False),
        ("https://example.org/", False),
        ("ws://127.0.0.1:1/socket", False),
    ],
)
def test_what_counts_as_the_origin(url: str, local: bool) -> None:
    watch = harness.Watch("http://127.0.0.1:1", requests=[url])
    assert (watch.strangers() == []) is local


def test_a_missing_chromium_comes_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(RuntimeError, match="make test"):
        harness.find_chromium()
