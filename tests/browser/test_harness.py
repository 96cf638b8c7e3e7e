"""The harness notices what it is there to notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import harness
from tests.browser.pages import Pages

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
    assert '    img  <img src="/gone.png">' in violations


def test_what_axe_finds_once_counts_though_it_is_gone_at_the_second_look(page: Page) -> None:
    page.goto("/healthz")
    page.set_content("<main><img src='data:,'><p style='color: #eee'>pale</p></main>")
    twice = harness.axe_violations(page, ours=False)
    assert any(line.startswith("    img  <img") for line in twice)
    # axe stays on a page it is on: what lies between its looks can be made to mend it.
    page.evaluate("() => { axe.reset = () => document.querySelector('img')?.remove(); }")
    once = harness.axe_violations(page, ours=False)
    assert [line for line in once if line[0] != " "] != []
    assert {line for line in once if line[0] != " "} == {line for line in twice if line[0] != " "}
    assert any(line.startswith("    gone at a second look") for line in once)
    colors = harness.axe_violations(page, ours=False, color=True)
    assert [line.split()[0] for line in colors if line[0] != " "] == ["color-contrast"]


# What a page can tell of what was before it.
TRACES = """async () => {
    localStorage.setItem('seen', (localStorage.getItem('seen') || 0) + 1);
    sessionStorage.setItem('seen', (sessionStorage.getItem('seen') || 0) + 1);
    const media = (query) => matchMedia(query).matches;
    const cover = document.createElement('div');
    cover.style = 'position: fixed; inset: 0';
    document.body.append(cover);
    const frame = () => new Promise(requestAnimationFrame);
    for (let i = 0; i < 10; i++) await frame();
    return {
        stored: [localStorage.seen, sessionStorage.seen, document.cookie,
            (await indexedDB.databases()).length, (await caches.keys()).length],
        went: history.length,
        named: window.mark || null,
        window: [innerWidth, innerHeight, scrollY],
        media: ['print', '(prefers-color-scheme: dark)', '(prefers-reduced-motion)',
            '(forced-colors: active)', '(hover: hover)'].map(media),
        pointed: cover.matches(':hover'),
    };
}"""
MESS = """async () => {
    document.cookie = 'left=1';
    indexedDB.open('left');
    await caches.open('left');
    history.pushState({}, '', '/healthz?again');
    window.mark = 'left';
    setInterval(() => { console.error('again'); }, 1);
    setTimeout(() => { throw new Error('thrown'); }, 0);
}"""


@pytest.mark.parametrize("kind", [{}, {"has_touch": True, "is_mobile": True}])
def test_what_a_test_did_to_a_kept_page_is_gone_for_the_next(
    browser: Browser, server: str, kind: dict[str, bool]
) -> None:
    """Oracle: the page as it was when new."""
    pages = Pages(browser, server)
    first = pages.open(**kind)
    first.goto("/healthz")
    new = first.evaluate(TRACES)
    first.evaluate(MESS)
    first.context.new_page()
    first.context.add_cookies([{"name": "kept", "value": "1", "url": server}])
    first.set_viewport_size({"width": 400, "height": 300})
    first.emulate_media(media="print", color_scheme="dark", forced_colors="active")
    first.mouse.move(200, 5)
    first.route("**/*", lambda route: route.abort())
    first.wait_for_timeout(50)
    assert first.evaluate(TRACES) != new
    told = "\n".join(pages.problems())
    for words in ("console error: again", "page error: thrown"):
        assert words in told
    pages.release(keep=True)

    second = pages.open(**kind)
    assert second is first
    second.goto("/healthz")
    assert second.evaluate(TRACES) == new
    assert second.context.pages == [second]
    assert pages.problems() == []
    second.evaluate("console.error('its own')")
    assert len(pages.problems()) == 1
    pages.release(keep=False)
    assert first.is_closed()


def test_what_cannot_be_taken_back_is_for_a_page_of_its_own(browser: Browser, server: str) -> None:
    pages = Pages(browser, server)
    with pytest.raises(RuntimeError, match="own=True"):
        pages.open().add_init_script("window.left = 1")
    own = pages.open(own=True)
    own.add_init_script("window.left = 1")
    own.goto("/healthz")
    assert own.evaluate("window.left") == 1
    pages.release(keep=True)
    assert own.is_closed()
    again = pages.open()
    again.goto("/healthz")
    assert again.evaluate("window.left === undefined")
    pages.release(keep=False)


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
