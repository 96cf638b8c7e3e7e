"""Files of the page of states. Oracle: the scripts, one of them R's survfit, print the CSV."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from services.errors import UserError
from services.pages.states.export import SCRIPTS, states_csv
from services.pages.states.page import states_page
from services.pages.states.records import StatesPage
from services.views.study import decode
from tests.courses import course, study_of
from tests.script_runs import run_one
from tests.studies import bundled


def table(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def same(a: str, b: str) -> bool:
    try:
        return math.isclose(float(a), float(b), rel_tol=1e-6, abs_tol=1e-8)
    except ValueError:
        return a == b


def assert_prints(page: StatesPage, language: str, folder: Path) -> None:
    script = SCRIPTS.python(page) if language == "py" else SCRIPTS.r(page)
    printed, said = run_one(language, script, SCRIPTS.data_file(page).text, folder)
    assert said == ""
    ours, theirs = table(states_csv(page)), table(printed)
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        assert all(same(a[key], b[key]) for key in b), (a, b)


@pytest.mark.parametrize("language", ["py", "R"])
def test_scripts_print_the_pages_numbers(language: str, tmp_path: Path) -> None:
    view = decode("?facet=SEX&at=6,200&level=0.9&f.AGE=70..")
    assert_prints(states_page(bundled("aquila"), view), language, tmp_path / "a")


@pytest.mark.parametrize("language", ["py", "R"])
def test_scripts_print_what_happens_at_time_0(language: str, tmp_path: Path) -> None:
    patients = [("A", course(0, 0, 0)), ("A", course(5, 5, 5)), ("A", course(7)), ("B", course(0))]
    patients += [("B", course(4, 8, 20)), ("B", course(end=0))]
    page = states_page(study_of(patients), decode("?unit=days&at=0,5,30&tau=40"))
    assert_prints(page, language, tmp_path / "a")


def test_without_patients_there_is_nothing_to_recompute() -> None:
    page = states_page(bundled("aquila"), decode("?f.AGE=..1"))
    with pytest.raises(UserError, match="nothing to recompute"):
        SCRIPTS.python(page)
    assert len(table(states_csv(page))) == 0
