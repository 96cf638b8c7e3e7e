"""HTML made as text: what is a text is escaped, what is HTML already is not."""

from __future__ import annotations

import pytest

from components.markup import Markup, join, tag, tags


def test_cells_are_the_same_as_elements_one_by_one():
    cells = ["a < b", tag("i", "c & d"), "", 3, "\u202eleft", Markup("<br>")]
    assert tags("td", cells) == join(tag("td", cell) for cell in cells)
    assert tags("td", []) == ""


@pytest.mark.parametrize(
    ("text", "escaped"), [("<b>", "&lt;b&gt;"), ("&", "&amp;"), ('"', "&quot;"), ("'", "&#x27;")]
)
def test_texts_and_attributes_are_escaped_once(text, escaped):
    made = tag("p", text, title=text)
    assert made == f'<p title="{escaped}">{escaped}</p>'
    assert tag("p", made) == f"<p>{made}</p>"
