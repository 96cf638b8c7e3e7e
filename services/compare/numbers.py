"""Every number of the JSON of two pages that differs, in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services import lists
from services.compare.differences import neutral
from services.compare.records import Number

_JSON: Mapping[str, Sequence[str]] = lists.beside(__file__)
_LEFT_OUT, _NAMED_BY = frozenset(_JSON["left_out"]), _JSON["named_by"]
_LONG = 60  # characters: a citation is no name
_SHORT = 6  # numbers in a list that are compared one by one; longer ones are curves


def numbers(
    a: Mapping[str, Any],
    b: Mapping[str, Any],
    own: tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]] = ((), ()),
) -> tuple[tuple[Number, ...], tuple[str, ...]]:
    """The numbers that differ, and the paths of lists that do and are too long to be matched.

    Records in a list are matched by what names them (``arm``, ``level``, ...), else by their place.

    Parameters
    ----------
    own : what each view calls its own way, as of ``differences.own_names``

    >>> found, _ = numbers({"x": [{"arm": "A", "n": 3}]}, {"x": [{"arm": "A", "n": 4}]})
    >>> found[0].path, found[0].a, found[0].b
    ('x/A/n', 3, 4)
    """
    found_in = [dict(_leaves(body, "")) for body in (a, b)]
    sides = [
        {p if p in other else neutral(p, names): (p, value) for p, value in mine.items()}
        for mine, other, names in zip(found_in, found_in[::-1], own, strict=True)
    ]
    found: list[Number] = []
    series: list[str] = []
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        (path, first), (other, second) = (side.get(key, ("", None)) for side in sides)
        if first == second:
            continue
        said = path or other
        if isinstance(first, tuple) or isinstance(second, tuple):
            series.append(said)
        else:
            found.append(Number(said, first, second))
    return tuple(found), tuple(series)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Path and value of each number below; a long list of them is one value, a tuple."""
    if isinstance(value, Mapping):
        models = value.get("models")
        if models and all(isinstance(one, str) for one in models):
            path = f"{path}/{' '.join(models)}"  # what is counted is theirs alone
        for key, inner in value.items():
            if key not in _LEFT_OUT:
                yield from _leaves(inner, f"{path}/{key}" if path else str(key))
    elif isinstance(value, (list, tuple)):
        if len(value) > _SHORT and not any(isinstance(one, (Mapping, list)) for one in value):
            yield path, tuple(value)
            return
        seen: dict[str, int] = {}
        for i, inner in enumerate(value):
            name = _name(inner) or str(i)
            seen[name] = seen.get(name, 0) + 1
            again = f" ({seen[name]})" if seen[name] > 1 else ""
            yield from _leaves(inner, f"{path}/{name}{again}")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, value


def _name(value: Any) -> str:
    """What names a record of a list: its arm, level, term, ..., several with blanks."""
    if not isinstance(value, Mapping):
        return ""
    told = (str(value[k]) for k in _NAMED_BY if isinstance(value.get(k), (str, int, float)))
    return " ".join(one for one in told if len(one) < _LONG)
