"""The paragraph of methods for a manuscript, written from the settings of a view.

Its sentences are data (``paragraph.toml``); each page says which of them its view needs.
"""

from __future__ import annotations

import platform
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from services import format as fmt
from services import lists, names
from services.pages.records import Methods
from services.pages.words import kind_words
from services.pages.words import who as counted
from services.settings import ROOT
from services.study.model import Arm, Study
from services.study.records import Population
from services.views.study import View

_TEXTS: Any = lists.beside(__file__)
_SCALES = {
    "log-log": "on the log-log scale",
    "log": "on the log scale",
    "plain": "without transformation",
}


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """This project and what it computes and draws with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = ("lifelines", "numpy", "scipy", "pandas", "dash", "plotly")
    return (
        ("SMM Outcomes", project["version"]),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in packages),
    )


def patients(study: Study, population: Population, arms: Sequence[Arm]) -> str:
    """Who was analyzed: "all 182 patients", "56 of 182 patients (female)"."""
    everyone = population.n == population.n_study and len(arms) == len(study.arms)
    told = counted(population, arms, study.arms).removesuffix(", no filter")
    if everyone and not population.summary:
        told = f"all {names.count(population.n, 'patient')}" if population.n != 1 else "1 patient"
    if population.analyzed is None:
        return told
    kept = names.count(population.analyzed, "patient")
    return f"the {kept} followed without the event at {population.since}, of {told}"


def written(
    sentences: Sequence[str],
    footnotes: Sequence[str] = (),
    study: Study | None = None,
    **fills: str,
) -> Methods:
    """The paragraph of these sentences of ``paragraph.toml``, with its references.

    Parameters
    ----------
    footnotes : what stands under its tables, likewise; study : whose patients these are
    fills : the blanks
    """
    simulated = study is not None and study.kind == "simulated"
    keys = [*(["simulated"] if simulated else []), *sentences]
    if study is not None:
        keys.append("software")
        fills |= {"software": _software()}
    text = " ".join(_filled(_TEXTS["sentences"][key], fills) for key in keys)
    sources = _TEXTS["references"]
    named = list(dict.fromkeys(re.findall(r"@(\w+)", text)))
    own = [_filled(_TEXTS["footnotes"][key], fills) for key in footnotes]
    whose = [f"{study.short_title}. {kind_words(study)}."] if study is not None else []
    return Methods(
        text=re.sub(r"@(\w+)", lambda source: str(sources[source[1]]["short"]), text),
        footnote=" ".join([*whose, *own]),
        references=tuple((sources[n]["full"], _link(sources[n]["doi"])) for n in named),
    )


def of_view(view: View) -> dict[str, str]:
    """What the blanks of intervals hold."""
    return {"level": fmt.level(view.level), "scale": _SCALES[view.ci], "ci": view.ci}


def of_pair(arm: str, reference: str) -> dict[str, str]:
    """What the blanks of two arms hold."""
    inside = names.arm(arm)
    was = "were" if inside.startswith("patients ") else "was"
    said = {"Arm": names.capital(inside), "arm": inside, "was": was}
    return said | {"reference": names.arm(reference)}


def _filled(text: str, fills: dict[str, str]) -> str:
    """In one pass: a name of the study's may hold braces, or an at sign."""
    return re.sub(r"\{(\w+)\}", lambda blank: fills[blank[1]].replace("@", "(at)"), text)


def _link(doi: str) -> str:
    return f"https://doi.org/{doi}" if doi else ""


def _software() -> str:
    known = dict(versions())
    parts = [f"{name} {known[name]}" for name in ("lifelines", "numpy", "scipy")]
    own = f"SMM Outcomes {known['SMM Outcomes']}"
    return f"{own} ({names.join_and(parts)}; Python {known['Python']})"
