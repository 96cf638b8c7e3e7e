"""Where things stand: who may import whom, and how large a room and a file may be (docs/design.md).

Walks the imports of the source files without importing them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

DASH = {"dash", "plotly"}
SERVER = {"flask", "flask_compress", "werkzeug", "waitress"}
STATISTICS = {"lifelines", "scipy", "statsmodels"}

# What a layer may not import, at run time or for types.
FORBIDDEN = {
    "services": {"app", "callbacks", "components"} | DASH | SERVER,
    "components": {"app", "callbacks"} | SERVER,
    "callbacks": {"app"},
    "data": {"app", "callbacks", "components"} | DASH | SERVER,
}
ENGINE = ("services.statistics", "services.survival")  # the only ones that import STATISTICS

# services/, from the ground up: each imports only what stands before it, and its own.
GROUND = (
    "errors", "settings", "arrays", "units", "numbers", "lists", "checked", "names", "json_text",
    "csv_text", "text_width", "found", "replaced",
)  # fmt: skip
ORDER = (
    *GROUND,
    "views", "statistics", "survival", "format", "values", "evidence", "risk", "study",
    "adverse_events", "reading", "uploads", "kept", "answers", "studies", "pages", "report",
    "compare",
)  # fmt: skip
# Inside services/pages/ no page imports another one, but for these; all import what they share.
PAGES = {
    "subgroups": {"survival"},
    "risk_models": {"survival", "subgroups"},
    "second_opinion": {"survival", "subgroups"},
    "overview": {"evidence"},
    "catalogue": {"evidence", "overview"},
}

# What components take from services: records and how their values are said, which compute nothing.
# Types of any other module may be named under TYPE_CHECKING.
RECORDS = {"records", "labels"}
RECORD_MODULES = {
    *(f"services.{name}" for name in GROUND), "services.format", "services.statistics.results",
}  # fmt: skip

MOST_FILES = 20
MOST_LINES = 400
TESTED = 60  # lines from which a module that does anything has a test of its name


@cache
def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


parsed = cache(ast.parse)


def name_of(path: Path) -> str:
    """The dotted name of a module of ours."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def files(*layers: str) -> list[Path]:
    return sorted(path for layer in layers for path in (ROOT / layer).rglob("*.py"))


@cache
def imported(text: str, module: str) -> tuple[tuple[str, int, bool], ...]:
    """Each name that ``module`` imports: dotted, its line, whether for type checking only.

    ``from services import survival`` counts as ``services.survival``.
    """

    def walk(node: ast.AST, typing_only: bool) -> Iterator[tuple[str, int, bool]]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, typing_only
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")[: -node.level] if node.level else []
            parts = [*base, *filter(None, [node.module])]
            for alias in node.names:
                yield ".".join([*parts, alias.name]), node.lineno, typing_only
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for child in node.body:
                yield from walk(child, True)
            for child in node.orelse:
                yield from walk(child, typing_only)
        else:
            for child in ast.iter_child_nodes(node):
                if not isinstance(child, ast.expr):  # which imports nothing
                    yield from walk(child, typing_only)

    return tuple(walk(parsed(text), False))


@cache
def module_of(dotted: str) -> str:
    """The module of ours that an imported name is, or comes from; "" if it is not ours."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:end])
        if path.with_suffix(".py").is_file() or (path / "__init__.py").is_file():
            return ".".join(parts[:end])
    return ""


def violations(text: str, module: str) -> list[str]:
    """The imports of ``module`` that its place does not allow."""
    layer, *inside = module.split(".")
    found = []
    for name, line, typing_only in imported(text, module):
        top = name.split(".")[0]
        wrong = ""
        if top in FORBIDDEN.get(layer, ()):
            wrong = f"{layer} must not import {top}"
        elif top in STATISTICS and layer != "data" and not module.startswith(ENGINE):
            wrong = f"only {' and '.join(ENGINE)} import {top}"
        elif top == "services" and (taken := module_of(name)) != "services":
            if layer == "services":
                wrong = _out_of_order(inside, taken.split(".")[1:])
            elif layer == "components" and not typing_only and not holds_records(taken):
                wrong = f"components take records only, not {taken} (types may be named)"
        if wrong:
            found.append(f"line {line}: {wrong}")
    return found


def holds_records(module: str) -> bool:
    return module.rsplit(".", 1)[-1] in RECORDS or module in RECORD_MODULES


def _out_of_order(here: list[str], taken: list[str]) -> str:
    if ORDER.index(taken[0]) > ORDER.index(here[0]):
        return f"services/{here[0]} stands before services/{taken[0]}"
    if here[0] == taken[0] == "pages" and (page := page_of(taken)):
        mine = page_of(here)
        if page != mine and page not in PAGES.get(mine, ()):
            return f"{mine or 'what all pages share'} must not import the page {page}"
    return ""


def page_of(parts: list[str]) -> str:
    """The page that a module of services/pages/ is part of; "" for what all pages share."""
    return parts[1] if len(parts) > 1 and (ROOT / "services/pages" / parts[1]).is_dir() else ""


def circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """The modules that import each other, directly or through others, circle by circle."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        ahead = [start]
        while ahead:
            new = imports.get(ahead.pop(), set()) - found
            found |= new
            ahead += new
        return found

    reach = {module: reached(module) for module in imports}
    left = sorted(module for module in imports if module in reach[module])
    found = []
    while left:
        circle = [other for other in left if other in reach[left[0]] and left[0] in reach[other]]
        found.append(circle)
        left = [module for module in left if module not in circle]
    return found


def global_callbacks(text: str) -> list[int]:
    """Lines that use Dash's global ``callback``, which ties a module to one app per process."""
    names = {"callback", "clientside_callback"}
    lines: list[int] = []
    if "callback" not in text:
        return lines
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "dash":
            lines += [node.lineno for alias in node.names if alias.name in names]
        elif isinstance(node, ast.Attribute) and node.attr in names:
            lines += [node.lineno] if ast.unparse(node.value) == "dash" else []
    return lines


@pytest.mark.parametrize("path", files(*FORBIDDEN), ids=name_of)
def test_imports_go_one_way(path: Path) -> None:
    assert violations(source(path), name_of(path)) == []
    assert global_callbacks(source(path)) == [], "register callbacks on an app: register(app, ...)"


def test_every_room_of_services_has_its_place() -> None:
    rooms = {p.stem for p in (ROOT / "services").iterdir() if p.suffix == ".py" or p.is_dir()}
    assert rooms - {"__init__", "__pycache__"} == set(ORDER)


def test_what_components_take_brings_no_statistics_along() -> None:
    for path in files("services"):
        if holds_records(name_of(path)):
            for name, line, typing_only in imported(source(path), name_of(path)):
                top = name.split(".")[0]
                inside = top != "services" or holds_records(module_of(name))
                assert typing_only or (inside and top not in STATISTICS), f"{path}:{line} {name}"


def test_no_circle_of_files() -> None:
    imports = {
        name_of(path): {module_of(name) for name, _, _ in imported(source(path), name_of(path))}
        - {"", "services", "components", "callbacks"}
        for path in files("services", "components", "callbacks")
    }
    assert circles(imports) == []


def test_rooms_and_files_are_small() -> None:
    layers = files("services", "components", "callbacks", "tests")
    rooms: dict[Path, int] = {}
    for path in layers:
        rooms[path.parent] = rooms.get(path.parent, 0) + (path.name != "__init__.py")
    large = {str(room.relative_to(ROOT)): n for room, n in rooms.items() if n > MOST_FILES}
    assert large == {}
    long = {name_of(path): source(path).count("\n") for path in layers}
    assert {name: n for name, n in long.items() if n > MOST_LINES} == {}


def test_helpers_of_tests_stand_in_no_test_module() -> None:
    borrowed = re.compile(r"^(?:from|import) tests\.(?:\w+\.)*test_\w+", re.MULTILINE)
    assert [name_of(path) for path in files("tests") if borrowed.search(source(path))] == []


def only_declares(text: str) -> bool:
    """Whether a module does nothing: imports, constants, types, classes of annotated fields."""

    def declares(node: ast.stmt) -> bool:
        if isinstance(node, ast.ClassDef):
            return all(map(declares, node.body))
        if isinstance(node, ast.If):
            return "TYPE_CHECKING" in ast.unparse(node.test)
        said = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        quiet = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Pass)
        return said or isinstance(node, quiet)

    return all(map(declares, parsed(text).body))


def test_what_is_large_has_a_test_of_its_name() -> None:
    without = set()
    for path in files("services", "components", "callbacks"):
        inside = path.relative_to(ROOT)
        test = ROOT / "tests" / inside.parent / f"test_{path.stem}.py"
        large = source(path).count("\n") > TESTED and not only_declares(source(path))
        if large and not test.is_file():
            without.add(name_of(path))
    assert without == set()


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("services.format", "import dash"),
        ("services.format", "def f():\n    from plotly import graph_objects"),
        ("services.format", "from components.theme import ink"),
        ("services.format", "import app"),
        ("services.format", "from services.study.model import Study"),
        ("services.pages.cache", "import lifelines"),
        ("services.pages.survival.page", "from services.pages.safety import page"),
        ("services.pages.words", "from services.pages.survival.words import answer"),
        ("services.statistics.cox", "from services.pages import words"),
        ("components.rail", "from services import survival"),
        ("components.rail", "from services.survival import analyse"),
        ("components.rail", "import services.pages.cache"),
        ("components.rail", "import lifelines"),
        ("components.survival.layout", "import callbacks.study.survival"),
        ("callbacks.study.survival", "from app import create_app"),
        ("callbacks.study.survival", "import scipy.stats"),
        ("data.generate", "from flask import Flask"),
    ],
)
def test_a_wrong_import_is_found(module: str, text: str) -> None:
    assert violations(text, module)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("services.statistics.cox", "import lifelines"),
        ("services.statistics.cox", "from . import results"),
        ("services.statistics.cox", "from .results import Curve"),
        ("services.pages.subgroups.page", "from services.pages.survival.page import survival_page"),
        ("components.rail", "import plotly.graph_objects as go\nfrom services import format"),
        ("components.rail", "from services.statistics.results import Curve"),
        ("components.rail", "if TYPE_CHECKING:\n    from services.studies import Catalogue"),
        ("callbacks.rail", "from components import rail\nfrom services import studies"),
    ],
)
def test_a_right_import_passes(module: str, text: str) -> None:
    assert violations(text, module) == []


def test_a_circle_is_found() -> None:
    ours = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d"}, "e": set()}
    assert circles(ours) == [["b", "c"], ["d"]]


def test_a_global_callback_is_found() -> None:
    assert global_callbacks("from dash import Input, callback") == [1]
    assert global_callbacks("import dash\n@dash.callback()\ndef f(): ...") == [2]
    assert global_callbacks("from dash import Input\n@app.callback()\ndef f(): ...") == []


def test_what_only_declares_is_told_from_what_does_something() -> None:
    record = "from typing import Any\n@dataclass(frozen=True)\nclass A:\n    b: int = 0\n"
    assert only_declares(record)
    assert not only_declares(record + "    @property\n    def c(self): return self.b\n")
    assert not only_declares(record + "def f(): ...\n")
    assert not only_declares(record + "register(A)\n")
