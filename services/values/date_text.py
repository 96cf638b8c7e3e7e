"""One date as it is written, whatever the style.

A date of three numbers with the year last (01/02/2020) has two readings: which one holds is for
the whole column to tell (``dates``).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["date", "partial", "far", "impossible", "unknown", "triple", "number", "text"]

_MONTHS = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER",
    "OCTOBER", "NOVEMBER", "DECEMBER",
)  # fmt: skip
_MONTH = {name[:n]: i for i, name in enumerate(_MONTHS, 1) for n in range(3, len(name) + 1)}
_WEEKDAY = re.compile(r"^(MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*[,. ]+", re.IGNORECASE)
_NOT_KNOWN = r"(?:UNKNOWN|UNKN|UNK|UN|U+|UK|NK|ND|X+|\?+|\*+)"
_UNKNOWN = re.compile(rf"{_NOT_KNOWN}+", re.IGNORECASE)
_THEN_MONTH = re.compile(rf"{_NOT_KNOWN}({'|'.join(m[:3] for m in _MONTHS)})", re.IGNORECASE)
_ZONE = r"\s*(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?"
_CLOCK = re.compile(
    r"(?:T|[ :]\s*)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*([AP])?\.?M?\.?" + _ZONE + "$",
    re.IGNORECASE,
)
_COMPACT_CLOCK = re.compile(r"T(\d\d)(?:(\d\d)(\d\d)?)?" + _ZONE + "$", re.IGNORECASE)
_NO_CLOCK = re.compile(r"(?<=\d)(?:T[-:?\dUNK]*|Z|(?<=-\d\d)[+-]\d\d:\d\d)$", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?")
_TOKEN = re.compile(r"\d+|[A-Za-z]+|[?*]+")
_GLUED = re.compile(rf"\d{_NOT_KNOWN}(?![A-Z\d])", re.IGNORECASE)
_SEPARATORS = re.compile(r"[-/.,_ ]*")
YEARS = range(1900, 2101)  # of dates; databases write 9999-12-31 for none


@dataclass(frozen=True, slots=True)
class Written:
    """What a text says; "far" is a date of another year than ``YEARS``.

    Attributes
    ----------
    date : of kind "date"
    year, month : of kind "partial"; no month, and only the year is known
    parts : the numbers of kind "triple", in the order they are written
    clock : time of day that belongs to a triple
    number : of kind "number"
    short : the year has two digits
    """

    kind: Kind
    date: dt.datetime | None = None
    year: int = 0
    month: int | None = None
    parts: tuple[int, int, int] = (0, 0, 0)
    clock: dt.timedelta = dt.timedelta(0)
    number: float = 0.0
    short: bool = False


TEXT, IMPOSSIBLE, UNKNOWN = Written("text"), Written("impossible"), Written("unknown")
FAR = Written("far")


def parse(text: str, pivot: int) -> Written:
    """What one text says; years of two digits lie in the hundred years from ``pivot``.

    >>> parse("31JAN20", 1950).date, parse("UN-FEB-2020", 1950).month
    (datetime.datetime(2020, 1, 31, 0, 0), 2)
    >>> parse("2020-02-30", 1950).kind, parse("2020-02-00", 1950).kind
    ('impossible', 'partial')
    """
    text = _WEEKDAY.sub("", text.strip())
    if _NUMBER.fullmatch(text):
        return _plain_number(text)
    if not text.strip("-/.: ") or _UNKNOWN.fullmatch(text.replace(" ", "").strip("-/.")):
        return UNKNOWN
    day, clock = _split(text)
    if clock is None:
        return IMPOSSIBLE
    tokens = _TOKEN.findall(day)
    if _GLUED.search(day):  # 2020-3x is no month
        return TEXT
    if not _SEPARATORS.fullmatch(_TOKEN.sub("", day)):
        return TEXT
    if len(tokens) == 1 and len(tokens[0]) == 8 and tokens[0].isdigit():  # 20200131T1000
        tokens = [tokens[0][:4], tokens[0][4:6], tokens[0][6:]]
    if re.match(r"^\d{4}--", day):  # ISO 8601 with the month left out: 2020---15
        return Written("partial", year=int(tokens[0])) if len(tokens) <= 2 else TEXT
    return _tokens([_meaning(token) for token in _apart(tokens)], tokens, clock, pivot)


def _plain_number(text: str) -> Written:
    if text.isdigit() and len(text) in (8, 12, 14) and int(text[:4]) in YEARS:
        clock = text[8:].ljust(6, "0")
        time = _time(int(clock[:2]), int(clock[2:4]), int(clock[4:]))
        if time is not None and int(text[4:6]) <= 12:
            return _date(int(text[:4]), int(text[4:6]), int(text[6:8]), time)
    if text.isdigit() and len(text) == 6 and int(text[:4]) in YEARS and 1 <= int(text[4:]) <= 12:
        return Written("partial", year=int(text[:4]), month=int(text[4:]))
    if text.isdigit() and len(text) == 4 and int(text) in YEARS:
        return Written("partial", year=int(text), number=float(text))
    return Written("number", number=float(text))


def _split(text: str) -> tuple[str, dt.timedelta | None]:
    """Day and time of day, which is that of the clock on the wall: a zone moves nothing."""
    match = _CLOCK.search(text)
    if match and any(c.isdigit() for c in text[: match.start()]):
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        if match[5]:
            hour = hour % 12 + (12 if match[5].upper() == "P" else 0)
        micro = int((match[4] or "0")[:6].ljust(6, "0"))
        time = _time(hour, minute, second)
        rest = text[: match.start()]
        return rest, None if time is None else time + dt.timedelta(microseconds=micro)
    match = _COMPACT_CLOCK.search(text)
    if match and text[: match.start()][-1:].isdigit():
        return text[: match.start()], _time(int(match[1]), int(match[2] or 0), int(match[3] or 0))
    return _NO_CLOCK.sub("", text), dt.timedelta(0)


def _time(hour: int, minute: int, second: int) -> dt.timedelta | None:
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        return None
    return dt.timedelta(hours=hour, minutes=minute, seconds=second)


def _apart(tokens: list[str]) -> list[str]:
    """UNFEB2020 has its day and its month in one token."""
    found: list[str] = []
    for token in tokens:
        glued = _THEN_MONTH.fullmatch(token)
        found += ["UN", glued[1]] if glued and not _month(token) else [token]
    return found


def _month(token: str) -> int | None:
    return _MONTH.get("SEP" if token.upper() == "SEPT" else token.upper())


def _meaning(token: str) -> str:
    """A letter: Year, Number, Month, Unknown; "" for anything else."""
    if token.isdigit():
        return "Y" if len(token) == 4 else "N" if len(token) <= 2 else ""
    if _month(token):
        return "M"
    return "U" if _UNKNOWN.fullmatch(token) else ""


def _tokens(kinds: list[str], tokens: list[str], clock: dt.timedelta, pivot: int) -> Written:
    tokens = _apart(tokens)
    shape = "".join(kinds)
    if "" in kinds or len(tokens) > 3:
        return TEXT
    if shape in ("YN", "NY", "YM", "MY"):
        year, month = tokens if shape[0] == "Y" else (tokens[1], tokens[0])
        return _partial(int(year), _month(month) or int(month))
    if shape in ("YU", "UY", "YUU", "UUY", "YUN", "NUY", "UNY"):
        return _partial(int(tokens[kinds.index("Y")]), None)
    if shape in ("YNU", "YMU"):
        return _partial(int(tokens[0]), _month(tokens[1]) or int(tokens[1]))
    if shape == "UMY":
        return _partial(int(tokens[2]), _month(tokens[1]))
    if shape in ("YNN", "YMN"):
        return _date(int(tokens[0]), _month(tokens[1]) or int(tokens[1]), int(tokens[2]), clock)
    if shape in ("NMY", "NMN", "MNY", "UMN", "MNN"):
        named, day = (tokens[0], tokens[1]) if shape[0] == "M" else (tokens[1], tokens[0])
        short = len(tokens[2]) != 4
        number = full_year(int(tokens[2]), pivot) if short else int(tokens[2])
        if shape == "UMN":
            return _partial(number, _month(named), short)
        return _date(number, _month(named) or 0, int(day), clock, short)
    if shape in ("NNY", "NNN"):
        a, b, c = map(int, tokens)
        return Written("triple", parts=(a, b, c), clock=clock, short=shape == "NNN")
    return TEXT


def full_year(short: int, pivot: int) -> int:
    """The year of two digits in the hundred years from ``pivot``.

    >>> full_year(20, 1950), full_year(73, 1950), full_year(50, 1950)
    (2020, 1973, 1950)
    """
    return pivot + (short - pivot) % 100


def _partial(year: int, month: int | None, short: bool = False) -> Written:
    month = month or None  # 2020-00: zeros stand for what is not known
    if year < 1 or (month is not None and month > 12):
        return IMPOSSIBLE
    return Written("partial", year=year, month=month, short=short)


def _date(year: int, month: int, day: int, clock: dt.timedelta, short: bool = False) -> Written:
    if month == 0 or day == 0:
        return _partial(year, month, short)
    try:
        return Written("date", dt.datetime(year, month, day) + clock, short=short)
    except (ValueError, OverflowError):
        return IMPOSSIBLE


def in_order(written: Written, order: str, pivot: int) -> Written:
    """A triple read in an order: "dmy", "mdy" or "ymd"."""
    at = dict(zip(order, written.parts, strict=True))
    if written.short:
        year = full_year(at["y"], pivot)
    elif order == "ymd":  # four digits stand last
        return IMPOSSIBLE
    else:
        year = at["y"]
    return _date(year, at["m"], at["d"], written.clock, written.short)


def complete(written: Written, rule: str) -> dt.datetime:
    """The "first", "middle" or "last" day a partial date can be: the 15th is the middle of a month,
    the 1st of July that of a year."""
    month, year = written.month, written.year
    if rule == "first":
        return dt.datetime(year, month or 1, 1)
    if rule == "middle":
        return dt.datetime(year, month, 15) if month else dt.datetime(year, 7, 1)
    after = dt.datetime(year + (month or 12) // 12, (month or 12) % 12 + 1, 1)
    return after - dt.timedelta(days=1)
