"""What all tests share: how hard properties look for counterexamples.

``HYPOTHESIS_PROFILE=thorough make test`` looks much harder.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import settings

# A busy machine is no failure: nothing here is timed.
settings.register_profile("quick", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


# What is imported and collected stays: neither collecting nor a test looks through it for garbage.
gc.disable()


def pytest_collection_finish() -> None:
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path,
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """A module of tests is searched for doctests only if it holds a prompt."""
    found = yield
    if not file_path.name.startswith("test_") or b">>>" in file_path.read_bytes():
        return found
    return [collector for collector in found if not isinstance(collector, DoctestModule)]


# The longest files, in a browser most of them, begin first: none is left for the end.
LONGEST = ("test_widths", "test_survival", "test_upload", "test_shown_first", "test_frame")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order files for several processes; tests in a file keep their order."""

    def place(item: pytest.Item) -> tuple[bool, int]:
        browser = "browser" in item.path.parts
        long = browser and item.path.stem in LONGEST
        return not browser, LONGEST.index(item.path.stem) if long else len(LONGEST)

    items.sort(key=place)
