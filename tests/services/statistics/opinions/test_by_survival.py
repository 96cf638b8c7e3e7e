"""The package ``survival`` with entry times, against what R printed for the same patients.

What it has in common with lifelines is tested beside that.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from typing import Any

import numpy as np
import pytest

from services.statistics.opinions import by_survival
from services.statistics.opinions.programs import Patients
from tests.oracles.engine import case

pytest.importorskip("survival.r")


def test_entry_times_and_strata_against_r() -> None:
    r, data = case("truncated").r, case("truncated").pair()
    who = Patients(
        time=data["time"].to_numpy(dtype=float),
        event=data["event"].to_numpy(dtype=bool),
        group=data["treated"].to_numpy(dtype=np.int64),
        entry=data["entry"].to_numpy(dtype=float),
    )
    program = by_survival.Survival()
    for within, key in (
        (None, "cox"),
        (data["stratum"].to_numpy(dtype=np.int64), "cox_stratified"),
    ):
        asked = Patients(**{**vars(who), "stratum": within})
        found = program.cox(asked, 0.95)["estimate"]
        assert found == pytest.approx(np.exp(r["pair"][key]["beta"]), rel=1e-7)
    assert program.log_rank(who) == {}
    median, points = program.curve(who, [1e6], "log", 0.9)
    assert median["estimate"] is not None
    assert points[0] == {"estimate": None, "lower": None, "upper": None}


def test_without_the_package_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_name: str) -> Any:
        raise PackageNotFoundError

    monkeypatch.setattr(by_survival, "version", none)
    with pytest.raises(ImportError, match="The Python package survival is not installed"):
        by_survival.Survival().version()
