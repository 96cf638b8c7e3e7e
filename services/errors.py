"""The one error a person can mend, and how values of a file are named in messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SHOWN = 3  # examples in a message: enough to find them, too few to be a patient's record
LONGEST = 40  # characters of an example


def few(values: Iterable[Any], shown: int = SHOWN, longest: int = LONGEST) -> str:
    """The first few of some values, each cut to a bounded length, and how many more there are.

    The one way that values of a file get into a message. Never empty: "none" if there are none.

    >>> few(["a", "b", "c"], shown=2), few([])
    ('a, b and 1 more', 'none')
    """
    known = list(values)
    more = len(known) - shown
    named = ", ".join(short(value, longest) for value in known[:shown]) or "none"
    return named + (f" and {more:,} more" if more > 0 else "")


def short(value: Any, longest: int = LONGEST) -> str:
    """A value on one line, cut to a bounded length.

    >>> short("two\\nlines"), len(short("x" * 1000)) == LONGEST
    ('two lines', True)
    """
    text = " ".join(str(value)[: 4 * longest].split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


LONGEST_NAME = 200  # characters; names stand in charts, tables, addresses and files


def checked_name(name: str, what: str) -> str:
    """A name that is not too long.

    Parameters
    ----------
    what : is named, with where it stands: "The arm in ADSL's TRT01P"

    Raises
    ------
    UserError : it is
    """
    if len(name) > LONGEST_NAME:
        raise UserError(
            f"{what} has a name of {len(name):,} characters: “{short(name)}”.",
            f"Shorten it to at most {LONGEST_NAME}.",
        )
    return name


class UserError(Exception):
    """Something the reader can put right.

    Parameters
    ----------
    message : what is wrong, naming the file, column, row, key or value
    hint : what to do about it
    details : further lines, one finding each
    status : the HTTP status a JSON answer carries
    asks : the setting that would mend it, for a page that has a control for it: "unit"
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        details: tuple[str, ...] = (),
        status: int = 422,
        asks: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = tuple(details)
        self.status = status
        self.asks = asks

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def to_json(self) -> dict[str, object]:
        """The body of an error answer: ``{"error": {"message", "hint", "details"}}``."""
        return {
            "error": {"message": self.message, "hint": self.hint, "details": list(self.details)}
        }


class FilterError(UserError):
    """A value of a filter that cannot be used.

    Parameters
    ----------
    label : of the column, as the page calls it
    why : ends "the filter Age “70..60”, which ..."
    """

    def __init__(self, message: str, hint: str, label: str, why: str) -> None:
        super().__init__(message, hint)
        self.label = label
        self.why = why
