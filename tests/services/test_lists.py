"""Lists that lie beside modules. Oracle: the files themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services import lists

SERVICES = Path(lists.__file__).parent


@pytest.mark.parametrize("path", sorted(SERVICES.rglob("*.toml")), ids=lambda path: path.stem)
def test_a_list_is_read_by_the_module_beside_it(path: Path) -> None:
    assert "lists.beside(__file__)" in path.with_suffix(".py").read_text("utf-8")
    assert lists.beside(str(path.with_suffix(".py")))


def test_words_and_alternatives_may_fill_several_lines() -> None:
    assert lists.words("A B,\nC,\n") == ("A B", "C")
    assert lists.words("") == ()
    assert re.compile(lists.either("dead|died\n\\bdeath\n")).pattern == "dead|died|\\bdeath"
