"""YAML read with its line numbers, so that a wrong value can be pointed at.

``yaml.safe_load`` forgets where a value stood and lets a repeated key win silently; this keeps the
parser's nodes. What is wrong is a ``UserError`` naming file, line and key.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as File
from typing import Any, TypeVar

import yaml

from services.checked import Digits, Path, Problem, check
from services.errors import UserError

T = TypeVar("T")
# libyaml's parser is several times faster, where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """A YAML file: its plain values, and where each stands.

    Texts are stripped, numbers are their digits, and a key that is null is left out.
    """

    file: str
    node: Any  # yaml.Node; its stubs are incomplete
    values: Any

    def record(self, kind: type[T], context: dict[str, Any] | None = None) -> T:
        """The record that the file holds.

        Raises
        ------
        UserError : a value that cannot be used; names file, line and key
        """
        made = check(kind, self.values, context)
        if isinstance(made, Problem):
            raise self.wrong(made)
        return made

    def wrong(self, problem: Problem) -> UserError:
        """The error that points at a value, or at what it is missing from."""
        node, line, key = self.node, self.node, ""
        for step in problem.path:
            if isinstance(step, int):
                if isinstance(node, yaml.SequenceNode):
                    node = line = node.value[step]
                    key += f"[{step + 1}]"
            elif isinstance(node, yaml.MappingNode):
                found = [pair for pair in node.value if pair[0].value == step]
                # What is not among the keys is a record the file does not name, or is missing.
                if found:
                    line, node = found[-1]
                if found or step == problem.path[-1]:
                    key += f".{step}" if key else step
        where = f"{self.file}, line {line.start_mark.line + 1}"
        return UserError(f"{where}: {key or 'the file'} {problem.text}.", problem.hint)


def read(path: File) -> Document:
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
    empty = Document(path.name, node, None)
    return Document(path.name, node, _plain(empty, node, ()))


def _plain(document: Document, node: Any, path: Path) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_plain(document, item, (*path, i)) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for name, value in node.value:
            at = (*path, str(name.value))
            if at[-1] in found:
                raise document.wrong(Problem(at, "appears twice", "Keep one."))
            if at[-1] == "from_memory":
                told = "holds recollections, which are not evidence"
                raise document.wrong(Problem(at, told, "Leave it out until a source is found."))
            found[str(name.value)] = _plain(document, value, at)
        return {name: value for name, value in found.items() if value is not None}
    tag = node.tag.removeprefix("tag:yaml.org,2002:")
    if tag in ("null", "bool"):
        return None if tag == "null" else node.value.lower() in ("true", "yes", "on")
    if tag in ("int", "float"):
        return Digits(node.value)
    if not node.value.strip():
        hint = "Write a text, or null if nothing was found."
        raise document.wrong(Problem(path, "is empty", hint))
    return node.value.strip()
