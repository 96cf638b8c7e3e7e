"""What a question of Dash tells, held to what the pages of this site can tell.

Which callback is asked, with which places, is checked before (``serving/guards.py``). Here are the
values: anybody can send any, and what no page of ours sends is refused, not tried.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from services.errors import UserError

_DEEPEST = 8  # levels of a value; ours have four
_LARGEST = 2**53  # what JavaScript counts to


def no_question() -> UserError:
    """That something was asked that no page of ours asks."""
    return UserError(
        "This is no question that a page of this site asks.",
        "Reload the page. Programs find the numbers at the page's address with .json behind it.",
        status=400,
    )


def is_plain(value: Any, deepest: int = _DEEPEST) -> bool:
    """Whether a JSON value is one that a browser sends: finite, not endlessly deep, of real text.

    >>> is_plain({"a": ["b", 1.5, None]}), is_plain(float("nan")), is_plain("\\ud800")
    (True, False, False)
    """
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value)
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, (int, float)):
        return abs(value) <= _LARGEST if isinstance(value, int) else math.isfinite(value)
    if deepest == 0:
        return False
    for one in (*value, *value.values()) if isinstance(value, dict) else value:
        # Most are short words: asked here, for a question holds hundreds.
        if not (type(one) is str and one.isascii()) and not is_plain(one, deepest - 1):
            return False
    return True


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def text(told: Any) -> str:
    """A text of an address; "" where the browser has none.

    Raises
    ------
    UserError : it is none (400)
    """
    if told is not None and not isinstance(told, str):
        raise no_question()
    return told or ""


def like(told: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What controls hold: a list of words where the page has a list, a word or none elsewhere.

    Parameters
    ----------
    told : control -> what it was told to hold; own : control -> what the page puts into it

    Raises
    ------
    UserError : no control of the page can hold that (400)
    """
    found = dict(told)
    for name, value in told.items():
        if isinstance(own.get(name), (list, tuple)):
            found[name] = [] if value is None else value
            fits = _words(found[name])
        else:
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            found[name] = str(value) if number else value
            fits = number or value is None or isinstance(value, str)
        if not fits:
            raise no_question()
    return found


def event(told: Any, prop: str) -> Any:
    """What an event tells: of a store a record of words and lists of words, else one word.

    Raises
    ------
    UserError : it tells something else (400)
    """
    if prop != "data":
        fits = not isinstance(told, (list, dict))
    else:
        fits = told is None or (
            isinstance(told, dict)
            and all(v is None or isinstance(v, (str, int)) or _words(v) for v in told.values())
        )
    if not fits:
        raise no_question()
    return told
