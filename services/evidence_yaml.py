"""YAML read with its line numbers, so that a wrong value can be pointed at.

``yaml.safe_load`` forgets where a value stood and lets a repeated key win silently; this keeps the
parser's nodes. What is wrong is a ``UserError`` naming file, line and key.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from services.errors import UserError
from services.printed import Printed

# libyaml's parser is several times faster, where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS = {
    "tag:yaml.org,2002:str": "a text",
    "tag:yaml.org,2002:int": "a whole number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:null": "null",
    "tag:yaml.org,2002:map": "keys and values",
    "tag:yaml.org,2002:seq": "a list",
    "tag:yaml.org,2002:timestamp": "a date",
}


@dataclass(frozen=True)
class Place:
    """A value in a YAML file: what it is, and where it stands."""

    file: str
    key: str
    node: Any  # yaml.Node; its stubs are incomplete

    def wrong(self, problem: str, hint: str) -> UserError:
        """The error that points here."""
        where = f"{self.file}, line {self.node.start_mark.line + 1}"
        return UserError(f"{where}: {self.key or 'the file'} {problem}.", hint)

    def is_null(self) -> bool:
        """Whether it says "not found"."""
        return bool(self.node.tag == "tag:yaml.org,2002:null")

    def _expect(self, *tags: str) -> None:
        full = [f"tag:yaml.org,2002:{tag}" for tag in tags]
        if self.node.tag not in full:
            found = _TAGS.get(self.node.tag, self.node.tag)
            said = f" ({self.node.value})" if isinstance(self.node.value, str) else ""
            wanted = " or ".join(_TAGS[tag] for tag in full)
            raise self.wrong(f"is {found}{said}", f"Write {wanted}.")

    def _constructed(self) -> Any:
        return yaml.constructor.SafeConstructor().construct_object(self.node)

    def text(self) -> str:
        """A text (a date or a number written without quotes counts as its text)."""
        self._expect("str", "int", "float", "timestamp")
        value = str(self.node.value).strip()
        if not value:
            raise self.wrong("is empty", "Write a text, or null if nothing was found.")
        return value

    def number(self) -> float:
        """A finite number, with the digits it is written with."""
        self._expect("int", "float")
        value = float(self._constructed())
        if value != value or value in (float("inf"), float("-inf")):
            raise self.wrong("is not finite", "Write a number, or null if nothing was found.")
        try:
            printed = Printed(str(self.node.value))
        except ValueError as problem:
            raise self.wrong(
                f"is written as {self.node.value}", "Write plain digits, as published: 0.60."
            ) from problem
        return printed if printed == value else value

    def whole(self) -> int:
        """A whole number of 0 or more."""
        self._expect("int")
        value = int(self._constructed())
        if value < 0:
            raise self.wrong(f"is {value}", "Write a count of 0 or more.")
        return value

    def flag(self) -> bool:
        """True or false."""
        self._expect("bool")
        return bool(self._constructed())

    def items(self) -> tuple[Place, ...]:
        """The entries of a list."""
        self._expect("seq")
        return tuple(
            Place(self.file, f"{self.key}[{i}]", node) for i, node in enumerate(self.node.value, 1)
        )

    def table(self, allowed: Iterable[str]) -> Table:
        """Keys and values, none of them unknown, none twice."""
        self._expect("map")
        known = tuple(allowed)
        found: dict[str, Place] = {}
        for key_node, value_node in self.node.value:
            name = str(key_node.value)
            path = f"{self.key}.{name}" if self.key else name
            place = Place(self.file, path, value_node)
            if name not in known:
                at = Place(self.file, path, key_node)
                if name == "from_memory":
                    raise at.wrong(
                        "holds recollections, which are not evidence",
                        "Leave it out until a source is found.",
                    )
                close = difflib.get_close_matches(name, known, 1)
                raise at.wrong(
                    "is not a key that is known here",
                    f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}.",
                )
            if name in found:
                raise Place(self.file, path, key_node).wrong("stands there twice", "Keep one.")
            found[name] = place
        return Table(self, found)


@dataclass(frozen=True)
class Table:
    """Keys and values of a YAML mapping. A key left out is the same as one that is null."""

    place: Place
    values: dict[str, Place]

    def get(self, key: str) -> Place | None:
        """The value, or ``None`` where it was not found."""
        place = self.values.get(key)
        return None if place is None or place.is_null() else place

    def need(self, key: str) -> Place:
        """The value, which must be there."""
        place = self.get(key)
        if place is None:
            path = f"{self.place.key}.{key}" if self.place.key else key
            raise Place(self.place.file, path, self.place.node).wrong("is missing", "Add it.")
        return place

    def text(self, key: str, default: str = "") -> str:
        """A text that may be left out."""
        place = self.get(key)
        return default if place is None else place.text()

    def number(self, key: str, low: float | None = None, high: float | None = None) -> float | None:
        """A number that may be "not found", within limits."""
        place = self.get(key)
        if place is None:
            return None
        value = place.number()
        if (low is not None and value < low) or (high is not None and value > high):
            ends = f"from {low:g} to {high:g}" if high is not None else f"of {low:g} or more"
            raise place.wrong(f"is {value:g}", f"Write a number {ends}.")
        return value

    def percent(self, key: str) -> float | None:
        """A percentage from 0 to 100 that may be "not found"."""
        return self.number(key, 0, 100)

    def whole(self, key: str) -> int | None:
        """A count that may be "not found"."""
        place = self.get(key)
        return None if place is None else place.whole()

    def flag(self, key: str) -> bool | None:
        """True, false, or not found."""
        place = self.get(key)
        return None if place is None else place.flag()

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """One of the allowed words."""
        place = self.need(key) if default is None else self.get(key)
        if place is None:
            assert default is not None
            return default
        value = place.text()
        if value not in allowed:
            raise place.wrong(f"is “{value}”", f"Allowed: {', '.join(allowed)}.")
        return value

    def rows(self, key: str) -> tuple[Place, ...]:
        """The entries of a list, none if it is left out."""
        place = self.get(key)
        return () if place is None else place.items()

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        place = self.get(key)
        if place is None:
            return ()
        if place.node.tag == "tag:yaml.org,2002:seq":
            return tuple(item.text() for item in place.items())
        return (place.text(),)


def read(path: Path) -> Place:
    """The content of a YAML file.

    Raises
    ------
    UserError : it cannot be read or is no YAML; names file and line
    """
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise UserError(
            f"{path.name}, line {line}: not valid YAML: {problem.problem}.",
            "Correct that line; texts with a colon or a # need quotes.",
        ) from problem
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise UserError(
            f"{path.name} cannot be read: {problem}.", "Save it as YAML in UTF-8."
        ) from problem
    if node is None:
        raise UserError(f"{path.name}, line 1: the file is empty.", "Write its facts or remove it.")
    return Place(path.name, "", node)
