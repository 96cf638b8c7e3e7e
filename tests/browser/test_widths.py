"""Every page at the widths people have: nothing overlaps, is cut, jumps or is too small to hit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import harness, probes
from tests.browser.survival import posts

WIDTHS = (360, 744, 820, 1024, 1440)
PAGES = (
    "/",
    "/study/e3a06",
    "/study/e3a06/survival",
    "/study/e3a06/subgroups",
    "/study/e3a06/risk-models",
    "/study/e3a06/safety",
    "/study/e3a06/benefit-risk",
    "/study/e3a06/data",
    "/evidence",
    "/risk",
    "/methods",
    "/upload",
)
PHONE = ("/", "/evidence", "/methods")  # other in kind on a phone: axe sees the dark ones there
SHIFT = 0.1  # what Web Vitals calls good


def open_everything(page: Page) -> None:
    """The panel of filters, the header's menu, and what else folds away."""
    toggle = page.locator("#rail-toggle")
    if toggle.count() and toggle.is_visible() and toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    page.evaluate(
        "() => document.querySelectorAll('details:not(.cite, .site-menu, .card-details)')"
        ".forEach(d => { d.open = true; })"
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_reads_at_every_width(open_page: harness.OpenPage, path: str) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    with posts(page) as asked:
        harness.visit(page, path)
    # What a page was made with it need not ask for again, save as another kind of window.
    expected = ('{"output":"..page.children', '"changedPropIds":["display.data"]')
    again = [post for post in asked if not any(part in post for part in expected)]
    wrong = [f"asks for itself: {post[-200:]}" for post in again]
    if (shift := probes.layout_shift(page)) > SHIFT:
        wrong.append(f"layout shift {shift:.2f}")
    open_everything(page)
    for width in WIDTHS:
        harness.widen(page, width)
        if width in (360, 744):  # drawn anew between phone and tablet
            harness.settle(page)
        measured = (probes.overlaps, probes.cut, probes.small_targets)
        wrong += [f"{width} px: {line}" for probe in measured for line in probe(page)]
    harness.widen(page, 820, 1180)
    harness.settle(page)
    wrong += harness.axe_violations(page)
    # The schemes differ in color alone.
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    if path in PHONE:
        harness.widen(page, 390)
    harness.settle(page)
    found = harness.axe_violations(page, color=path not in PHONE)
    wrong += [f"dark: {line}" for line in found]
    assert not wrong, f"{path}:\n" + "\n".join(wrong)


def test_a_window_that_is_back_in_a_moment_asks_for_nothing(open_page: harness.OpenPage) -> None:
    """The browser says that the window's kind changed, and it is what it was."""
    page = open_page(own=True)
    page.add_init_script("""
        const match = window.matchMedia.bind(window);
        window.matched = [];
        window.matchMedia = (query) => {
            const found = match(query);
            window.matched.push(found);
            return found;
        };
    """)
    harness.visit(page, "/study/e3a06/subgroups")
    changes = "() => window.matched.forEach((one) => one.dispatchEvent(new Event('change')))"
    with posts(page) as asked:
        page.evaluate(changes)
        harness.settle(page)
    assert not asked


@pytest.mark.parametrize("path", ["/", "/study/e3a06/survival", "/study/aquila/states"])
def test_letters_of_twice_their_size_scroll_no_page_sideways(page: Page, path: str) -> None:
    """WCAG 1.4.4: text grows to 200%; what is too wide then scrolls inside its own card."""
    harness.visit(page, path)
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    for width in (390, 820, 1440):
        harness.widen(page, width)
        harness.settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        picker = page.locator(".header .picker-name").bounding_box()
        assert picker is not None
        assert picker["width"] > 40, width
