"""The real cohort: the committed tables are R's data set, and give R's numbers."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import fetch_mgus2, generate
from services import survival
from services.reading.files import read_study
from services.statistics.competing import incidence
from tests.data import studies
from tests.data.studies import FOLDER, meta, table

STUDY = "mgus2"
# Everything here is R's own mgus2, not these tables: see make_trials.R.
R = json.loads((Path(__file__).parents[1] / "oracles" / "trials.json").read_text())["mgus2"]


@cache
def times(endpoint: str) -> pd.DataFrame:
    frame = table(STUDY, "adtte").query("PARAMCD == @endpoint")
    return frame.merge(table(STUDY, "adsl")[["USUBJID", "SEX"]], validate="one_to_one")


def progressed(years: float) -> str:
    """1 - Kaplan-Meier with its log-log interval."""
    frame = times("PCM")
    at = survival.kaplan_meier(frame.AVAL, frame.CNSR == 0, landmarks=[12 * years]).landmarks[0]
    assert at.survival is not None
    assert at.lower is not None
    assert at.upper is not None
    found = [100 * (1 - x) for x in (at.survival, at.upper, at.lower)]
    return "{:.0f}% ({:.0f} to {:.0f})".format(*found)


def rate() -> str:
    frame = times("PCM")
    events, years = int((frame.CNSR == 0).sum()), frame.AVAL.sum() / 12
    return f"{100 * events / years:.1f}%, {events} in {years:,.0f} patient-years"


FIGURES: dict[str, tuple[str, Callable[[], str]]] = {
    "n": ("1,384", lambda: f"{len(table(STUDY, 'adsl')):,}"),
    "progressions": ("115", lambda: str(int((times("PCM").CNSR == 0).sum()))),
    "years": (
        "1960 to 1994",
        lambda: f"{table(STUDY, 'adsl').DXYR.min()} to {table(STUDY, 'adsl').DXYR.max()}",
    ),
    "rate": ("1.1%, 115 in 10,789 patient-years", rate),
    "person_years": ("11,048", lambda: f"{times('OS').AVAL.sum() / 12:,.0f}"),
    "pcm_10": ("10% (8 to 12)", lambda: progressed(10)),
    "pcm_20": ("21% (16 to 27)", lambda: progressed(20)),
    "pcm_25": ("26% (19 to 36)", lambda: progressed(25)),
}
NOT_MET = {"person_years", "pcm_10", "pcm_20", "pcm_25"}


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_is_recomputed(figure: str) -> None:
    expected, compute = FIGURES[figure]
    assert compute() == expected
    stated = next(f for f in meta(STUDY).figures if f.id == figure)
    assert stated.reproduced == expected
    met = expected == stated.published or figure == "rate"
    assert met == (figure not in NOT_MET)
    assert stated.label.endswith("not met") == (figure in NOT_MET)


def test_every_stated_figure_is_recomputed() -> None:
    assert {f.id for f in meta(STUDY).figures} == set(FIGURES)


def test_sums_of_every_column_against_r() -> None:
    adsl = table(STUDY, "adsl")
    columns = {"age": "AGE", "dxyr": "DXYR", "hgb": "HGB", "creat": "CREAT", "mspike": "MPROT"}
    for name, column in columns.items():
        assert adsl[column].sum() == pytest.approx(R["sums"][name], rel=1e-12)
    for name in ("hgb", "creat", "mspike"):
        assert adsl[columns[name]].isna().sum() == R["missing"][name]
    assert times("PCM").AVAL.sum() == R["sums"]["ptime"]
    assert times("OS").AVAL.sum() == R["sums"]["futime"]
    assert (times("PCM").CNSR == 0).sum() == R["sums"]["pstat"]
    assert (times("OS").CNSR == 0).sum() == R["sums"]["death"]


def test_engine_against_r() -> None:
    pcm, os = times("PCM"), times("OS")
    curve = survival.kaplan_meier(pcm.AVAL, pcm.CNSR == 0, landmarks=R["months"])
    for i, at in enumerate(curve.landmarks):
        found = (at.survival, at.lower, at.upper)
        assert found == pytest.approx([R[k][i] for k in ("survival", "lower", "upper")], abs=1e-9)
    cause = (pcm.CNSR == 0) + 2 * (pcm.CNSR == 2)
    aj = incidence.cumulative_incidence(
        pcm.AVAL, cause, causes=["progression", "death"], landmarks=R["months"]
    )
    for estimate, name in zip(aj.causes, ("progression", "death"), strict=True):
        found = [at.incidence for at in estimate.landmarks]
        assert found == pytest.approx(R[name], abs=1e-9)
    median = survival.kaplan_meier(os.AVAL, os.CNSR == 0).median
    assert [median.estimate, median.lower, median.upper] == R["os_median"]
    hr = survival.hazard_ratio(pcm.AVAL, pcm.CNSR == 0, pcm.SEX == "M")
    assert [hr.estimate, hr.lower, hr.upper, hr.p] == pytest.approx(R["male"], rel=1e-6)


def test_card_tells_of_competing_deaths_what_is_true() -> None:
    shares = [f"{100 * R['progression'][R['months'].index(12 * y)]:.0f}%" for y in (10, 20, 25)]
    assert shares == ["6%", "10%", "11%"]
    title = next(t for t, _ in meta(STUDY).conflicts if t.startswith("With death competing"))
    assert title == "With death competing: {}, {} and {}".format(*shares)
    assert (times("PCM").CNSR == 2).sum() == 860
    pcm, os = (times(p).set_index("USUBJID") for p in ("PCM", "OS"))
    same = (pcm.CNSR == 0) & (os.CNSR == 0) & (pcm.AVAL == os.AVAL)
    assert same.sum() == 9
    assert "Nine patients" in (FOLDER / STUDY / "CARD.md").read_text("utf-8")


def test_rows_agree_with_each_other() -> None:
    adsl = table(STUDY, "adsl").set_index("USUBJID")
    pcm, os = (times(p).set_index("USUBJID") for p in ("PCM", "OS"))
    assert len(adsl) == len(pcm) == len(os) == 1384
    assert adsl.index.is_unique
    assert (pcm.AVAL > 0).all()
    assert (pcm.AVAL <= os.AVAL).all()
    assert (os.CNSR[pcm.CNSR == 2] == 0).all()
    assert (pcm.AVAL[pcm.CNSR != 0] == os.AVAL[pcm.CNSR != 0]).all()
    assert ((adsl.PCMFL == "Y") == (pcm.CNSR == 0)).all()
    assert ((adsl.DTHFL == "Y") == (os.CNSR == 0)).all()
    for frame in (pcm, os):
        assert (frame.EVNTDESC.notna() == (frame.CNSR == 0)).all()
        assert (frame.CNSDTDSC.notna() == (frame.CNSR != 0)).all()
        assert (frame.AVALU == "MONTHS").all()


def test_description_card_and_license() -> None:
    studies.check_description(STUDY, {"observed", "derived"})
    studies.check_card(STUDY)
    assert meta(STUDY).kind == "real"
    assert "Robert Kyle" in meta(STUDY).kind_note
    text = (FOLDER / STUDY / "LICENSE.md").read_text("utf-8")
    assert "GNU Lesser General Public License" in text
    assert "LGPL (>= 2)" in (FOLDER / STUDY / "CARD.md").read_text("utf-8")


def test_study_is_read_with_death_competing() -> None:
    study = read_study(FOLDER / STUDY)
    assert study.kind == "real"
    assert study.reference_arm is None
    assert study.endpoint("PCM").competing == ("Death",)
    rows = study.times[study.times.PARAMCD == "PCM"]
    assert rows.EVENT_TYPE.value_counts().to_dict() == {"Death": 860, "": 409, "Progression": 115}
    assert rows.TIME.max() == pytest.approx(424 * studies.MONTH)


# --- how the tables are made ---------------------------------------------------------------

FROM_R = """# R 4.2.2, survival 3.5.3
id,age,sex,dxyr,hgb,creat,mspike,ptime,pstat,futime,death
1,88,F,1981,13.1,1.3,0.5,30,0,30,1
2,94,M,1980,,1.5,2.6,46,1,60,0
3,68,M,1977,15.2,1.2,1.2,92,0,92,0
"""


def rows(text: str = FROM_R) -> list[dict[str, str]]:
    return fetch_mgus2.parse(text)


def test_codes_become_adam(tmp_path: Path) -> None:
    for path in fetch_mgus2.write(tmp_path / STUDY, rows()):
        assert path.is_file()
    assert generate.altered(tmp_path) == []
    adtte = pd.read_csv(tmp_path / STUDY / "adtte.csv").set_index(["USUBJID", "PARAMCD"])
    assert adtte.CNSR.unstack().to_numpy().tolist() == [[0, 2], [1, 0], [1, 1]]  # OS, PCM
    assert adtte.AVAL.unstack().to_numpy().tolist() == [[30, 30], [60, 46], [92, 92]]
    adsl = pd.read_csv(tmp_path / STUDY / "adsl.csv")
    assert adsl.HGB.isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("old", "new"), [("sex", "gender"), (",M,1980", ",X,1980"), (",1,60", ",1,40")]
)
def test_other_data_are_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"other columns|cannot be right"):
        rows(FROM_R.replace(old, new))


def test_fetching_again_gives_the_committed_tables(tmp_path: Path, monkeypatch: Any) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("needs Rscript")
    try:
        monkeypatch.setattr(fetch_mgus2, "STUDIES", tmp_path / "data" / "studies")
        assert fetch_mgus2.main() == 0
    except subprocess.CalledProcessError as problem:
        pytest.skip(f"R without the package survival: {problem.stderr[:80]}")
    for name in ("adsl.csv", "adtte.csv", generate.SUMS):
        fresh = tmp_path / "data" / "studies" / STUDY / name
        assert fresh.read_bytes() == (FOLDER / STUDY / name).read_bytes()
