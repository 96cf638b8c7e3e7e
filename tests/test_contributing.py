"""What README and CONTRIBUTING print as code runs. Oracle: the pages that are there."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import callbacks.study
import components
import services.pages
from services.settings import ROOT
from services.views.study import View, decode
from tests.studies import bundled

CODE = re.compile(
    r"`([\w/]+)/enrolled(/\w+)?\.py`[^\n]*(?:\n[^\n]+)*\n\n   ```python\n(.*?)   ```", re.S
)


def test_the_page_that_contributing_adds_is_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    written = CODE.findall(text)
    assert len(written) == 5
    for folder, name, code in written:
        path = tmp_path / folder / f"enrolled{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(code), encoding="utf-8")
    for package in (services.pages, components, callbacks.study):
        place = str(tmp_path / package.__name__.replace(".", "/"))
        monkeypatch.setattr(package, "__path__", [*package.__path__, place])
    page = importlib.import_module("callbacks.study.enrolled").PAGE
    study = bundled()
    made = page.make(study, View())
    assert sum(n for _, n in made.n) == len(study.subjects)
    assert page.files["json"](made)["n"] == dict(made.n)
    assert page.files["csv"](made).splitlines()[-1].startswith("Observation,")
    assert page.layout(made, "", "light", False, page.offered) is not None
    assert page.image(made)["data"]
    nobody = page.make(study, decode("f.AGE=..1"))
    assert page.words(nobody, page.offered, 10)["hidden"] == {"enrolled-chart": True}
    for module in [name for name in sys.modules if "enrolled" in name.split(".")]:
        del sys.modules[module]


def test_the_notebook_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.S)
    exec(code, {})
    first, second, ratio = capsys.readouterr().out.splitlines()
    assert first == "Control 5 4 9.0 0.4"  # by hand: 4/5 * 3/4 * 2/3 at 9, 0.4
    assert second == "Drug 5 2 None 0.8"
    assert ratio.startswith("HazardRatio(estimate=0.37295")
