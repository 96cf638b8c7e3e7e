"""Photograph pages of the running app: ``python -m tests.browser.screenshots [PATH ...]``.

Three widths, light and dark, the full page each, into ``screenshots/`` (not committed).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import harness

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "screenshots"
PATHS = (
    *("/", "/study/e3a06", "/study/e3a06/survival", "/study/e3a06/subgroups"),
    *(
        "/study/aquila/states",
        "/study/e3a06/risk-models",
        "/study/e3a06/safety",
        "/study/e3a06/benefit-risk",
        "/compare?a=/study/e3a06/survival&b=/study/e3a06/survival%3Fendpoint=OS",
        "/evidence",
        "/risk",
        "/methods",
    ),
)
VIEWPORTS = {"wide": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
SCHEMES = ("light", "dark")


def file_name(path: str, size: str, scheme: str) -> str:
    """A file name that tells what is on the picture.

    >>> file_name("/study/e3a06/survival?unit=years", "phone", "dark")
    'study-e3a06-survival-unit-years_phone_dark.png'
    """
    words = "".join(char if char.isalnum() or char in "._" else " " for char in path).split()
    return f"{'-'.join(words) or 'home'}_{size}_{scheme}.png"


def main(paths: list[str]) -> int:
    """Take the pictures; 1 if a page logged an error meanwhile."""
    OUT.mkdir(exist_ok=True)
    problems = []
    with (
        tempfile.TemporaryDirectory() as store,
        harness.serve(harness.application(Path(store))) as home,
        sync_playwright() as playwright,
    ):
        browser = harness.launch(playwright)
        for size, (width, height) in VIEWPORTS.items():
            for scheme in SCHEMES:
                context = browser.new_context(
                    base_url=home,
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    reduced_motion="reduce",
                )
                context.set_default_timeout(harness.TIMEOUT_MS)
                watch = harness.Watch(home)
                watch.attach(context)
                page = context.new_page()
                for path in paths or PATHS:
                    harness.visit(page, path)
                    target = OUT / file_name(path, size, scheme)
                    page.screenshot(path=target, full_page=True)
                    print(target.relative_to(ROOT))
                context.close()
                problems += watch.problems()
        browser.close()
    print("\n".join(problems))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
