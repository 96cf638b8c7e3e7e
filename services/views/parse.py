"""Values of an address or a field read from text, each checked; and texts of lists and numbers.

A parser takes (key, text) and raises ``FieldError``, which knows its key: the words beside a field
and above a page are made from that (``services/views/words.py``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence

from services.errors import UserError, short
from services.numbers import format_number

MOST_TIMES = 12
MOST_ITEMS = 500  # of a list
LONGEST_TEXT = 2_000
LEAST, MOST = 1e-6, 1e9
MOST_POINTS = 6
_TWO_OR_ONE = re.compile(r"-?[1-9]\d*,\d{2,}")
STRATEGIES = ("ignore", "censor", "event")
FIGURE_SIZES = ("slide", "column", "double", "a4")


class FieldError(UserError):
    """A value that cannot be used for its key.

    Parameters
    ----------
    key, value : as in an address
    allowed : what may be written instead
    why : after "which": what is wrong with it
    said : the whole of what is wrong, for beside a field; empty: it is not what the key means
    """

    def __init__(
        self, key: str, value: str, allowed: str, why: str = "cannot be used", said: str = ""
    ) -> None:
        super().__init__(f"“{key}={value}” cannot be used.", f"Allowed: {allowed}.")
        self.key = key
        self.value = value
        self.allowed = allowed
        self.why = why
        self.said = said


def number(key: str, text: str) -> float:
    """A finite number; a single comma is a decimal one, where it cannot part two numbers.

    >>> number("tau", "2,5"), number("level", "0,95")
    (2.5, 0.95)

    "6,12" and "1,000" are refused: two numbers, decimals or thousands.
    """
    plain = text.strip()
    if _TWO_OR_ONE.fullmatch(plain):
        point = plain.replace(",", ".")
        raise FieldError(
            key, text, f"one number, such as {point}", "can be one number or two",
            f"“{plain}” can be two numbers or one. Write one number, with a point before decimals.",
        )  # fmt: skip
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        found = float(plain)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise FieldError(key, text, "a number", "is not a number")
    return found


def positive(key: str, text: str) -> float:
    """A number above 0, of a size that times and counts have."""
    found = number(key, text)
    if found <= 0:
        raise FieldError(key, text, "a number above 0", "is not above 0")
    if not LEAST <= found <= MOST:
        allowed = f"a number from {LEAST:f} to {MOST:,.0f}"
        raise FieldError(key, text, allowed, "is too small" if found < LEAST else "is too large")
    return found


def times(key: str, text: str) -> tuple[float, ...]:
    """Times in their order, separated by commas, semicolons or blanks.

    >>> times("at", "24; 12 36")
    (12.0, 24.0, 36.0)
    """
    found = set()
    for part in re.split(r"[\s,;]+", text):
        if not part:
            continue
        try:
            time = number(key, part)
        except FieldError as problem:
            raise FieldError(key, part, "a number", "are not numbers") from problem
        if time < 0:
            raise FieldError(key, part, "times of 0 or more, separated by commas", "are below 0")
        if time > MOST:
            raise FieldError(key, part, f"times up to {MOST:,.0f}", "are too large")
        found.add(time + 0.0)  # no -0
    if len(found) > MOST_TIMES:
        raise FieldError(
            key, text, f"at most {MOST_TIMES} times", "are too many",
            f"These are {len(found)} times. Write at most {MOST_TIMES}.",
        )  # fmt: skip
    return tuple(sorted(found))


def level(key: str, text: str) -> float:
    """A confidence level."""
    found = number(key, text)
    if not 0.5 <= found <= 0.999:
        raise FieldError(
            key, text, "a confidence level from 0.5 to 0.999", "is not from 0.5 to 0.999"
        )
    return found


def one_of(allowed: Sequence[str]) -> Callable[[str, str], str]:
    """A parser of one of some words."""

    def parse(key: str, text: str) -> str:
        if text not in allowed:
            raise FieldError(key, text, ", ".join(allowed), f"is not one of {', '.join(allowed)}")
        return text

    return parse


def some_of(
    allowed: Sequence[str], nothing: tuple[str, ...] = ()
) -> Callable[[str, str], tuple[str, ...]]:
    """A parser of any of some words, in their order; ``nothing`` says that none is meant."""
    known = (*allowed, *nothing)

    def parse(key: str, text: str) -> tuple[str, ...]:
        chosen = split_list(text)
        for item in chosen:
            if item not in known:
                raise FieldError(key, item, ", ".join(known), f"is not one of {', '.join(known)}")
        return tuple(item for item in allowed if item in chosen) or (nothing if chosen else ())

    return parse


_CUT = re.compile(r"[^:,]+:(q([2-9]|10)|-?\d+(\.\d+)?(/-?\d+(\.\d+)?)*)")


def same_cut(cut: str) -> str:
    """A cut as it is always written: its points in their order, each once.

    >>> same_cut("AGE:70/60/60.0"), same_cut("AGE:q4")
    ('AGE:60/70', 'AGE:q4')
    """
    column, _, points = cut.rpartition(":")
    if not _CUT.fullmatch(cut) or points.startswith("q"):
        return cut
    return (
        f"{column}:{'/'.join(format_number(p) for p in sorted({*map(float, points.split('/'))}))}"
    )


def cuts(key: str, text: str) -> tuple[str, ...]:
    """Groups cut from numbers, "AGE:60/70" or "AGE:q4"."""
    found = tuple(dict.fromkeys(same_cut(cut) for cut in split_list(text)))
    for cut in found:
        if not _CUT.fullmatch(cut):
            raise FieldError(
                key, cut, "a column with cut points, AGE:60/70, or quantiles, AGE:q2 to q10"
            )
        if (points := cut.count("/") + 1) > MOST_POINTS:
            raise FieldError(
                key,
                cut,
                f"at most {MOST_POINTS} cut points",
                "has too many points",
                too_many(points),
            )
    if len(found) > 12:
        raise FieldError(key, text, "at most 12 cuts", "are too many")
    return found


def too_many(points: int) -> str:
    """That there are more cut points than can be used."""
    return f"These are {points} cut points. Write at most {MOST_POINTS}."


def cut_points(text: str) -> tuple[float, ...]:
    """Cut points as typed: in their order, each once.

    Raises
    ------
    FieldError : no number among them, none at all, or more than ``MOST_POINTS``

    >>> cut_points("70, 60; 60")
    (60.0, 70.0)
    """
    found = set()
    for part in re.split(r"[\s,;/]+", text):
        if part:
            found.add(number("cut", part) + 0.0)
    if not found:
        raise FieldError(
            "cut", "", "numbers", said="No cut point is written. Write numbers such as 60, 70."
        )
    if len(found) > MOST_POINTS:
        raise FieldError(
            "cut", text, f"at most {MOST_POINTS} cut points", said=too_many(len(found))
        )
    return tuple(sorted(found))


def count(key: str, text: str) -> int:
    """A whole number of up to four digits."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) < 5):
        raise FieldError(
            key, text, "a whole number from 0 to 9999", "is not a whole number from 0 to 9999"
        )
    return int(plain)


def intercurrent(key: str, text: str) -> str:
    """What is done at another time: "FLT:censor".

    >>> intercurrent("ice", "NACTDT:event")
    'NACTDT:event'
    """
    name, _, strategy = text.rpartition(":")
    if not name or strategy not in STRATEGIES:
        raise FieldError(
            key,
            text,
            f"a parameter or date column with {', '.join(STRATEGIES)}: FLT:censor",
            "does not say what is done at which time (FLT:censor)",
        )
    return text


def page(key: str, text: str) -> int:
    """A page of a listing."""
    found = count(key, text)
    if found < 1:
        raise FieldError(key, text, "a page from 1", "is not a page")
    return found


def percent(key: str, text: str) -> float:
    """Percent, with or without its sign."""
    found = number(key, text.strip().removesuffix("%"))
    if not 0 <= found <= 100:
        raise FieldError(key, text, "percent from 0 to 100", "is not from 0 to 100")
    return found + 0.0


def between(low: float, high: float) -> Callable[[str, str], float]:
    """A parser of a number within limits, which are whole."""

    def parse(key: str, text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not low <= found <= high:
            span = f"a number from {low:,.0f} to {high:,.0f}"
            raise FieldError(key, text, span, f"is not {span}")
        return found

    return parse


def text(key: str, text: str) -> str:
    """Text of any length that names have."""
    if len(text) > LONGEST_TEXT:
        allowed = f"at most {LONGEST_TEXT:,} characters"
        raise FieldError(key, short(text), allowed, "is too long")
    return text


def short_text(key: str, text: str) -> str:
    """Text of at most 200 characters."""
    if len(text) > 200:
        raise FieldError(key, text[:20] + "…", "at most 200 characters", "is too long")
    return text


def items(key: str, text: str) -> tuple[str, ...]:
    """A comma list, each item once. Arms and models named twice are refused where they are used."""
    found = split_list(text)
    if len(found) > MOST_ITEMS:
        raise FieldError(key, short(text), f"at most {MOST_ITEMS} of them", "are too many")
    return found if key in ("arms", "models") else tuple(dict.fromkeys(found))


def split_list(text: str) -> tuple[str, ...]:
    r"""Split at commas; ``\,`` is a comma inside an item and ``\\`` a backslash.

    >>> split_list(r"A,B\, 5 mg")
    ('A', 'B, 5 mg')
    """
    found, current, escaped = [], "", False
    for character in text:
        if escaped:
            current, escaped = current + character, False
        elif character == "\\":
            escaped = True
        elif character == ",":
            found.append(current)
            current = ""
        else:
            current += character
    found.append(current)
    return tuple(item for item in found if item)


def join_list(items: Iterable[str]) -> str:
    """The inverse of ``split_list``."""
    return ",".join(item.replace("\\", "\\\\").replace(",", "\\,") for item in items)


def join_times(times: Iterable[float]) -> str:
    """Times as an address has them.

    >>> join_times((12.0, 24.0))
    '12,24'
    """
    return ",".join(format_number(t) for t in times)


def figure_size(key: str, text: str) -> str:
    """A size of a printed figure: its name, or millimeters, "120x80"; "120" is as high as it gets.

    >>> figure_size("fig_size", "120 x 80"), figure_size("fig_size", "slide")
    ('120x80', 'slide')
    """
    if text in FIGURE_SIZES:
        return text
    sides = re.sub(r"\s", "", text.lower()).replace("×", "x").split("x")
    try:
        found = [number(key, side) for side in sides]
    except FieldError:
        found = []
    if len(found) not in (1, 2) or not all(20 <= side <= 1200 for side in found):
        allowed = f"{', '.join(FIGURE_SIZES)}, or 20 to 1200 millimeters: 120x80"
        raise FieldError(key, text, allowed, "is not a size", f"“{text[:20]}” is not a size.")
    return "x".join(map(format_number, found))


def span(key: str, text: str) -> tuple[float, float]:
    """Two numbers, the lower first: "0..60".

    >>> span("fig_range", "0 .. 60")
    (0.0, 60.0)
    """
    sides = text.split("..")
    if len(sides) != 2:
        raise FieldError(key, text, "two numbers such as 0..60", "is not a range")
    low, high = (number(key, side) + 0.0 for side in sides)
    if low >= high:
        raise FieldError(key, text, "two numbers, the lower first", "is not a range")
    return low, high


def pairs(key: str, text: str) -> tuple[tuple[str, str], ...]:
    """A comma list of an arm and what is said of it, in turns; of an arm named twice the last.

    >>> pairs("fig_names", "Drug A,A,Placebo,P")
    (('Drug A', 'A'), ('Placebo', 'P'))
    """
    found = split_list(text)
    if len(found) % 2:
        raise FieldError(key, text, "an arm and what it is called, in turns", "is not in pairs")
    return tuple(dict(zip(found[::2], found[1::2], strict=True)).items())


def colors(key: str, text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of an arm and its color, six digits that can be told from white paper (WCAG, 3:1)."""
    found = tuple((arm, color.removeprefix("#").upper()) for arm, color in pairs(key, text))
    for _, color in found:
        if not re.fullmatch(r"[0-9A-F]{6}", color):
            raise FieldError(key, color, "six digits such as 0072B2", "is not a color")
        if 1.05 / (_luminance(color) + 0.05) < 3:
            raise FieldError(key, color, "a darker color", "is too light for white paper")
    return found


def _luminance(color: str) -> float:
    shares = (int(color[i : i + 2], 16) / 255 for i in (0, 2, 4))
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def join_pairs(found: Iterable[tuple[str, str]]) -> str:
    """The inverse of ``pairs``."""
    return join_list(part for pair in found for part in pair)
