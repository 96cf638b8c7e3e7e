"""The upload page. Oracle: the ids that ``assets/upload.js`` looks for, and the limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.upload.layout import upload_content
from services.pages.mapping.records import Limits
from tests.components.text import text, walk

SCRIPT = Path(__file__).parents[3] / "assets" / "upload.js"


def test_the_script_finds_every_part_it_looks_for() -> None:
    ids = {getattr(part, "id", None) for part in walk(upload_content(Limits(8, 7)))}
    asked = set(re.findall(r"[\"'#](upload-[a-z]+)[\"']", SCRIPT.read_text("utf-8")))
    assert asked & {i for i in ids if isinstance(i, str)}
    assert {i for i in ids if isinstance(i, str) and i.startswith("upload-")} <= asked


@pytest.mark.parametrize(
    ("days", "words"), [(7, "deleted after 7 days"), (1, "deleted after 1 day,"), (0, "It is kept")]
)
def test_limits_are_said(days: int, words: str) -> None:
    made = upload_content(Limits(8, days))
    assert words in text(made)
    assert "up to 8 MB each" in text(made)
    assert [p for p in walk(made) if getattr(p, "data-file-mb", "") == "8"]
