"""How wide a text is drawn, so that charts give it the room it takes.

Charts ask for Arial or a font of the same advance widths (Liberation Sans, Arimo, Helvetica), so
that a figure is the same on each machine and what is measured here is what is drawn.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Advance widths in thousandths of the font's size, of the characters from " " to "~".
_REGULAR = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)  # fmt: skip
_OTHERS = {
    "–": 556,
    "−": 584,
    "·": 333,
    "≤": 549,
    "≥": 549,
    "…": 1000,
    "×": 584,
    "▸": 600,
    "▾": 600,
}
_LATIN = 722  # an accented letter is as wide as its letter, at most about this
_WIDE = 1000  # arrows, other scripts
# Joiners, marks of direction, isolates, and what chooses the look of a sign: without width.
_UNSEEN = re.compile(r"[\u200b-\u200f\u2060-\u2069\ufe00-\ufe0f\U000e0020-\U000e007f]")
LINE_HEIGHT = 1.3  # Plotly's


@lru_cache(20_000)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Pixels that a line of text takes.

    >>> round(text_width("Placebo", 13), 1), round(text_width("PLACEBO", 13, bold=True), 1)
    (47.0, 63.6)
    >>> text_width("\u2068a\u2060b\u2069", 13) == text_width("ab", 13)
    True
    """
    table = _BOLD if bold else _REGULAR
    units = 0
    for character in text:
        code = ord(character)
        if 32 <= code < 127:
            units += table[code - 32]
        elif code == 0xA0:
            units += table[0]
        elif code < 0x250 or code in range(0x370, 0x590):
            units += _OTHERS.get(character, _LATIN)
        elif not _UNSEEN.match(character):
            units += _OTHERS.get(character, _WIDE)
    return units * size / 1000


def fold(text: str, pixels: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines of at most so many pixels, broken at spaces; a longer word within it.

    >>> fold("Isatuximab subcutaneous", 100, 13), fold("abcdef", 20, 13)
    (['Isatuximab', 'subcutaneous'], ['ab', 'cd', 'ef'])
    """
    lines: list[str] = []
    line = ""
    for word in filter(None, text.split(" ")):
        joined = f"{line} {word}" if line else word
        if text_width(joined, size, bold) <= pixels:
            line = joined
            continue
        if line:
            lines.append(line)
        while text_width(word, size, bold) > pixels and len(word) > 1:
            fits = len(word) - 1
            while fits > 1 and text_width(word[:fits], size, bold) > pixels:
                fits -= 1
            # "thrombo-/cytopenia": break after a hyphen or slash where there is one.
            at = max(word.rfind(c, 0, fits) for c in "-/") + 1 or fits
            lines.append(word[:at])
            word = word[at:]
        line = word
    return [*lines, line] if line or not lines else lines
