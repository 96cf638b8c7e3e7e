"""HTML made as text: what is a text is escaped, what is HTML already is not."""

from __future__ import annotations

import pytest

from components.markup import tag


@pytest.mark.parametrize(
    ("text", "escaped"), [("<b>", "&lt;b&gt;"), ("&", "&amp;"), ('"', "&quot;"), ("'", "&#x27;")]
)
def test_texts_and_attributes_are_escaped_once(text, escaped):
    made = tag("p", text, title=text)
    assert made == f'<p title="{escaped}">{escaped}</p>'
    assert tag("p", made) == f"<p>{made}</p>"
