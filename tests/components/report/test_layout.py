"""The page of the report is the frame that the browser fills, and can be read without scripts."""

from __future__ import annotations

from components.first_words import first_words
from components.report.layout import FORMATS, NO_SCRIPT, report_layout
from tests.components.text import text


def test_each_format_says_what_it_is_for() -> None:
    said = text(report_layout())
    for _kind, words, about in FORMATS:
        assert words in said
        assert about in said


def test_without_scripts_it_says_what_it_needs() -> None:
    assert NO_SCRIPT in first_words(report_layout())
