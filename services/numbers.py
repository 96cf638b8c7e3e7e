"""Numbers that keep the digits they were published with: 0.60 stays "0.60", 23.00 "23.00"."""

from __future__ import annotations

import re

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


class Printed(float):
    """A published number. It computes as the float it is; as text it is what was printed.

    >>> Printed("0.60") == 0.6, str(Printed("0.60")), f"{Printed('23.00')}"
    (True, '0.60', '23.00')
    """

    text: str

    def __new__(cls, text: str) -> Printed:
        """From plain decimal digits, as YAML, JSON and R read them; others raise ValueError."""
        if not _DECIMAL.fullmatch(text):
            raise ValueError(f"not plain decimal digits: {text}")
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[type[Printed], tuple[str]]:
        return (Printed, (self.text,))


def plain(value: float) -> str:
    """A number as it was printed, or as short as it can be said.

    >>> plain(Printed("93.0")), plain(63.1), plain(98.0), plain(0.055)
    ('93.0', '63.1', '98', '0.055')
    """
    return value.text if isinstance(value, Printed) else f"{value:g}"


def format_number(number: float) -> str:
    """Shortest text that reads back as the same number.

    >>> format_number(36.0), format_number(0.95)
    ('36', '0.95')
    """
    text = repr(float(number))
    return text[:-2] if text.endswith(".0") else text
