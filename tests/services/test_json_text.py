"""JSON from outside and to it. Oracles: RFC 8259, 8.2; texts that UTF-8 can write."""

from __future__ import annotations

import json

import pytest

from services import json_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud83e\uddec"', "🧬"), (r'"\uD83E"', "�"), (r'"\uddec\ud83e"', "��"),
        (r'"a\\ud800"', "a\\ud800"), (r'"\\\ud800"', "\\�"), (r'{"\udfff": [1]}', {"�": [1]}),
        (r'"\ud800\u0041"', "�A"), (r'"\ud83e\ud83e\uddec"', "�🧬"), ('"ü\u2028"', "ü\u2028"),
    ],
)  # fmt: skip
def test_half_of_a_surrogate_pair_is_no_text(text: str, value: object) -> None:
    read = json_text.read(text)
    assert read == value
    assert json_text.read(json.dumps(read)) == value
    json_text.to_text(read).encode()


def test_what_is_no_json_stays_none() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        json_text.read(r"\ud800")
