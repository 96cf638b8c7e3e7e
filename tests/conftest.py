"""What all tests share: how hard properties look for counterexamples.

``HYPOTHESIS_PROFILE=thorough make test`` looks much harder.
"""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

# A busy machine is no failure: nothing here is timed.
settings.register_profile("quick", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: no test looks through it for garbage again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


# The longest files, in a browser most of them, begin first: none is left for the end.
LONGEST = ("test_widths", "test_survival", "test_upload", "test_figures")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order files for several processes; tests in a file keep their order."""

    def place(item: pytest.Item) -> tuple[bool, int]:
        browser = "browser" in item.path.parts
        long = browser and item.path.stem in LONGEST
        return not browser, LONGEST.index(item.path.stem) if long else len(LONGEST)

    items.sort(key=place)
