"""What is wrong with a value, in the words of who typed it or followed a link to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services import lists
from services.errors import FilterError, UserError, short
from services.views.parse import FieldError


@dataclass(frozen=True)
class _Words:
    """Of one key.

    Attributes
    ----------
    named : what a link asks for with it; many : it is a plural
    instead : what is shown in its place
    is_not : what a field's value is not; write : what to write into the field
    """

    named: str
    instead: str
    many: bool = False
    is_not: str = ""
    write: str = ""


_DEFAULT = "the page is shown without it"
_KEYS = {key: _Words(**said) for key, said in lists.beside(__file__).items()}

TOO_MANY = (
    "More of this link cannot be used. It is left out as a whole, and the page is shown as it"
    " usually starts."
)


def beside(problem: FieldError) -> str:
    """What stands under a field whose value cannot be used.

    >>> from services.views.parse import times
    >>> try: times("at", "abc")
    ... except FieldError as problem: beside(problem)
    '“abc” is not a time. Write numbers such as 12, 24, 36.'
    """
    words = _KEYS[problem.key]
    return problem.said or f"“{short(problem.value)}” is not {words.is_not}. {words.write}"


def left_out(problem: FieldError, text: str) -> str:
    """What stands under a field of the calculator whose value does not count.

    >>> from services.views.parse import between
    >>> try: between(0, 100)("bmpc", "150")
    ... except FieldError as problem: left_out(problem, "150")
    '“150” is left out. Write a number from 0 to 100.'
    """
    return f"“{short(text)}” is left out. Write {problem.allowed}."


def in_link(key: str, value: str, problem: UserError, left: bool = False) -> str:
    """What is said above a page of one value of its link that cannot be used.

    Parameters
    ----------
    problem : why; left : other values of the same key stay

    >>> from services.views.parse import times
    >>> try: times("at", "abc")
    ... except FieldError as problem: print(in_link("at", "abc", problem))
    The link asked for times “abc”, which are not numbers: the study's own times are shown instead.
    """
    if key.startswith("f."):
        label = problem.label if isinstance(problem, FilterError) else key[2:]
        words = _Words(f"the filter {label}", "it is left out")
    else:
        words = _KEYS.get(key, _Words(f"“{key}”", _DEFAULT))
    why = problem.why if isinstance(problem, (FieldError, FilterError)) else "cannot be used here"
    if words.many and why.startswith("is "):
        why = f"are {why[3:]}"
    instead = "it is left out" if left else words.instead
    return f"The link asked for {words.named} “{short(value)}”, which {why}: {instead}."


def unknown(keys: Sequence[str]) -> str:
    """What is said of keys that no page has."""
    named = ", ".join(f"“{short(key)}”" for key in keys[:3])
    more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
    it = "it is" if len(keys) == 1 else "they are"
    return f"The link asked for {named}{more}, which this page does not know: {it} left out."
