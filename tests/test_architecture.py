"""Arrows go one way: app -> callbacks -> components -> services (docs/design.md).

Walks the imports of the source files without importing them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

DASH = {"dash", "dash_mantine_components", "plotly"}
SERVER = {"flask", "flask_compress", "werkzeug", "waitress"}

# Modules of services/ that hold records, their text and their errors, and compute no statistic.
# Components draw from these, and from any `<page>_records`; under TYPE_CHECKING they may name a
# record of any other.
RECORD_MODULES = {"errors", "format", "printed", "records", "study", "view"}
# The words that sentences and charts share.
RECORD_MODULES |= {"pages.caution", "pages.direction", "pages.names"}
# How values are read from text, and the records that check themselves.
RECORD_MODULES |= {"views.parse", "checked", "evidence.facts", "evidence.trial", "evidence.risk"}
STATISTICS = {"lifelines", "scipy", "statsmodels"}

# What a layer may not import, at run time or for types.
FORBIDDEN = {
    "services": {"app", "callbacks", "components"} | DASH | SERVER,
    "components": {"app", "callbacks"} | SERVER | STATISTICS,
    "callbacks": {"app"} | STATISTICS,
    "data": {"app", "callbacks", "components"} | DASH | SERVER,
}


def holds_records(module: str) -> bool:
    return module in RECORD_MODULES or module.endswith("_records")


def module_of(dotted: str) -> str:
    """The module in ``services`` that an imported name is, or comes from."""
    parts = dotted.split(".")
    return ".".join(parts[: 2 if parts[0] in ("evidence", "pages", "views") else 1])


def layer_files() -> list[Path]:
    return sorted(path for layer in FORBIDDEN for path in (ROOT / layer).rglob("*.py"))


def imported(source: str, package: str) -> Iterator[tuple[str, int, bool]]:
    """Each imported module of ``source``: dotted name, line, whether for type checking only.

    ``from services import survival`` counts as ``services.survival``.
    """

    def walk(node: ast.AST, typing_only: bool) -> Iterator[tuple[str, int, bool]]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, typing_only
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                base = package.split(".")[: len(package.split(".")) - node.level + 1]
                module = ".".join([*base, *filter(None, [module])])
            for alias in node.names:
                yield f"{module}.{alias.name}", node.lineno, typing_only
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for child in node.body:
                yield from walk(child, True)
            for child in node.orelse:
                yield from walk(child, typing_only)
        else:
            for child in ast.iter_child_nodes(node):
                yield from walk(child, typing_only)

    yield from walk(ast.parse(source), False)


def offences(source: str, package: str) -> list[str]:
    """The imports of a module of ``package`` that its layer does not allow."""
    layer = package.split(".")[0]
    found = []
    for name, line, typing_only in imported(source, package):
        top, _, rest = name.partition(".")
        if top in FORBIDDEN[layer]:
            found.append(f"line {line}: {layer} must not import {top}")
        elif layer == "components" and top == "services" and not typing_only:
            module = module_of(rest)
            if not holds_records(module):
                found.append(
                    f"line {line}: components take records only, not services.{module}"
                    " (under TYPE_CHECKING its types may be named)"
                )
    return found


def global_callbacks(source: str) -> list[int]:
    """Lines that use Dash's global ``callback``, which ties a module to one app per process."""
    names = {"callback", "clientside_callback"}
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "dash":
            lines += [node.lineno for alias in node.names if alias.name in names]
        elif isinstance(node, ast.Attribute) and node.attr in names:
            lines += [node.lineno] if ast.unparse(node.value) == "dash" else []
    return lines


@pytest.mark.parametrize("path", layer_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    package = ".".join(path.relative_to(ROOT).parent.parts)
    source = path.read_text(encoding="utf-8")
    assert offences(source, package) == []
    assert global_callbacks(source) == [], "register callbacks on an app: register(app, ...)"


def test_records_bring_no_statistics_along() -> None:
    """What a component may import does not import what it may not."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        inside = path.relative_to(ROOT / "services").with_suffix("")
        if holds_records(".".join(inside.parts)):
            for name, line, typing_only in imported(path.read_text(encoding="utf-8"), "services"):
                top, _, rest = name.partition(".")
                allowed = top != "services" or holds_records(module_of(rest))
                assert typing_only or (allowed and top not in STATISTICS), f"{path}:{line} {name}"


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("services", "import dash"),
        ("services", "def f():\n    from plotly import graph_objects"),
        ("services", "from components.figures import km"),
        ("services", "import app"),
        ("components", "from services import survival"),
        ("components", "from services.survival import analyse"),
        ("components", "import services.analysis"),
        ("components", "import lifelines"),
        ("components.pages", "import callbacks.survival"),
        ("callbacks", "from app import create_app"),
        ("data", "from flask import Flask"),
    ],
)
def test_a_wrong_import_is_found(package: str, source: str) -> None:
    assert offences(source, package)


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("services", "import lifelines"),
        ("services", "from . import records"),
        ("services", "from .records import Curve"),
        ("components", "import plotly.graph_objects as go\nfrom services.records import Curve"),
        ("components", "from services import records, view"),
        ("components", "if TYPE_CHECKING:\n    from services.safety import SafetyResult"),
        ("callbacks", "from components import km\nfrom services import analysis\nimport flask"),
    ],
)
def test_a_right_import_passes(package: str, source: str) -> None:
    assert offences(source, package) == []


def test_a_global_callback_is_found() -> None:
    assert global_callbacks("from dash import Input, callback") == [1]
    assert global_callbacks("import dash\n@dash.callback()\ndef f(): ...") == [2]
    assert global_callbacks("from dash import Input\n@app.callback()\ndef f(): ...") == []
