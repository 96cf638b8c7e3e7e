"""Time the engine beside lifelines, R and others on the same data: ``make bench``.

Prints the tables of docs/benchmarks.md. R is left out when there is no ``Rscript``, the package
``survival`` when it is not installed.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import common, rust
from benchmarks.rust import Estimate
from services import survival
from services.statistics import forest as statistics_forest

SIZES = (182, 390, 2_000, 20_000, 200_000, 1_000_000)
MOST_SECONDS = 60.0
LABELS = {
    "curves": "Kaplan-Meier, two arms, limits, quartiles",
    "log_rank": "log-rank",
    "cox": "Cox, two arms",
    "together": "the three together",
    "stratified": "Cox, stratified",
    "adjusted": "Cox, three covariates",
    "proportional_hazards": "proportional hazards test",
    "rmst": "restricted means",
}


def data(n: int, *, days: bool) -> pd.DataFrame:
    """A trial of n: hazard ratio 0.77, uniform censoring; whole days, or all times distinct."""
    rng = np.random.default_rng(n)
    arm = rng.random(n) < 0.5
    end = rng.exponential(1000, n) * np.where(arm, 1.3, 1.0)
    censored = rng.uniform(0, 3000, n)
    seen = np.minimum(end, censored)
    return pd.DataFrame(
        {
            "t": np.ceil(seen) if days else seen,
            "e": end <= censored,
            "a": arm,
            "s": rng.integers(0, 2, n).astype(float),
            "x": rng.normal(size=n),
        }
    )


def _arms(d: pd.DataFrame) -> list[pd.DataFrame]:
    return [d[d["a"] == side] for side in (False, True)]


def _curves(d: pd.DataFrame, tau: float | None = None) -> None:
    for side in _arms(d):
        survival.kaplan_meier(side["t"], side["e"], tau=tau)


def _log_rank(d: pd.DataFrame) -> None:
    survival.log_rank(d["t"], d["e"], d["a"])


def _cox(d: pd.DataFrame) -> None:
    survival.hazard_ratio(d["t"], d["e"], d["a"])


def _together(d: pd.DataFrame) -> None:
    _curves(d)
    _log_rank(d)
    _cox(d)


HERE: dict[str, Estimate] = {
    "curves": _curves,
    "log_rank": _log_rank,
    "cox": _cox,
    "together": _together,
    "stratified": lambda d: survival.hazard_ratio(d["t"], d["e"], d["a"], strata=d["s"]),
    "adjusted": lambda d: survival.cox(d["t"], d["e"], d[["a", "s", "x"]]),
    "proportional_hazards": lambda d: survival.proportional_hazards(d["t"], d["e"], d["a"]),
    "rmst": lambda d: _curves(d, 500.0),
}


def _their_curves(d: pd.DataFrame) -> None:
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    for side in _arms(d):
        fit = KaplanMeierFitter().fit(side["t"], side["e"])
        median_survival_times(fit.confidence_interval_)


def _their_log_rank(d: pd.DataFrame) -> None:
    from lifelines.statistics import logrank_test

    one, two = _arms(d)
    logrank_test(one["t"], two["t"], one["e"], two["e"])


def _their_cox(d: pd.DataFrame, columns: Sequence[str] = ("a",), strata: str | None = None) -> None:
    from lifelines import CoxPHFitter

    frame = d[["t", "e", *columns, *([strata] if strata else [])]].astype(float)
    CoxPHFitter().fit(frame, "t", "e", strata=strata)


def _all_of_theirs(d: pd.DataFrame) -> None:
    _their_curves(d)
    _their_log_rank(d)
    _their_cox(d)


def _their_test(d: pd.DataFrame) -> None:
    from lifelines import CoxPHFitter
    from lifelines.statistics import proportional_hazard_test

    frame = d[["t", "e", "a"]].astype(float)
    proportional_hazard_test(CoxPHFitter().fit(frame, "t", "e"), frame, time_transform="km")


LIFELINES: dict[str, Estimate] = {
    "curves": _their_curves,
    "log_rank": _their_log_rank,
    "cox": _their_cox,
    "together": _all_of_theirs,
    "stratified": lambda d: _their_cox(d, strata="s"),
    "adjusted": lambda d: _their_cox(d, ("a", "s", "x")),
    "proportional_hazards": _their_test,
}


def best(call: Callable[[], object]) -> float:
    """Least seconds of 2 to 20 runs, as many as fit in half a second; of 1 if it takes 10 s."""
    least, spent, runs = np.inf, 0.0, 0
    while runs < 1 or (runs < 2 and spent < 10) or (spent < 0.5 and runs < 20):
        start = time.perf_counter()
        call()
        took = time.perf_counter() - start
        least, spent, runs = min(least, took), spent + took, runs + 1
    return float(least)


def run(
    estimates: dict[str, Estimate], trials: dict[int, pd.DataFrame]
) -> dict[tuple[str, int], float]:
    """Seconds per estimate and n; an estimate that would pass the limit is left out."""
    found: dict[tuple[str, int], float] = {}
    for name, call in estimates.items():
        call(trials[min(trials)])  # imports and caches are not what is timed
        last, before = 0.0, 1
        for n, d in trials.items():
            if last * n / before > MOST_SECONDS:
                break
            last, before = best(lambda call=call, d=d: call(d)), n  # type: ignore[misc]
            found[name, n] = last
    return found


def forest_data() -> pd.DataFrame:
    """390 patients with 8 factors of 3 levels."""
    d = data(390, days=True)[["t", "e", "a"]]
    rng = np.random.default_rng(8)
    return d.assign(**{f"f{k}": rng.choice(list("xyz"), len(d)) for k in range(8)})


def forest(d: pd.DataFrame) -> None:
    factors = d[[c for c in d.columns if c.startswith("f")]].astype("category")
    statistics_forest.forest(d["t"], d["e"], d["a"].astype(str), factors, arms=("False", "True"))


def their_forest(d: pd.DataFrame) -> None:
    """The same fits by lifelines: one within each level, two for each interaction."""
    from lifelines import CoxPHFitter

    base = d[["t", "e", "a"]].astype(float)
    CoxPHFitter().fit(base, "t", "e")
    for name in [c for c in d.columns if c.startswith("f")]:
        for level in "xyz":
            CoxPHFitter().fit(base[d[name] == level], "t", "e")
        dummies = {f"f{level}": (d[name] == level).astype(float) for level in "yz"}
        main = base.assign(**dummies)
        CoxPHFitter().fit(main, "t", "e")
        crossed = {f"a{level}": main["a"] * values for level, values in dummies.items()}
        CoxPHFitter().fit(main.assign(**crossed), "t", "e")


def run_r(trials: dict[int, pd.DataFrame]) -> dict[tuple[str, int], float]:
    """The same by R; empty when it is not on the machine."""
    command = shutil.which("Rscript")
    if command is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for n, d in trials.items():
            d.to_numpy(dtype=float).T.tofile(Path(folder) / f"{n}.bin")
        forest_data().astype({"e": int, "a": int}).to_csv(f"{folder}/forest.csv", index=False)
        script = Path(__file__).with_suffix(".R")
        answer = subprocess.run(
            [command, str(script), folder, str(MOST_SECONDS), *map(str, trials)],
            check=True,
            capture_output=True,
            text=True,
        )
    lines = (line.split() for line in answer.stdout.splitlines())
    return {(name, int(n)): float(seconds) for name, n, seconds in lines}


def memory(days: bool) -> None:
    """Print the peak memory of curve, log-rank and Cox of a million; run in its own process."""
    d = data(1_000_000, days=days)
    survival.warm_up()
    before = common.own_peak()
    HERE["together"](d)
    print(f"{common.own_peak():.0f} {before:.0f}")


def _seconds(value: float | None) -> str:
    if value is None:
        return "> 60 s"
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"


def _ratio(ours: float, theirs: float | None) -> str:
    return "" if theirs is None else f"{ours / theirs:.2g}"


# What another program took per estimate and n, by its name; nothing at all: it is not here.
Peers = dict[str, dict[tuple[str, int], float]]


def table(here: dict[tuple[str, int], float], peers: Peers, sizes: Sequence[int]) -> str:
    """Rows of one estimate and n; an estimate that a peer does not have is "none"."""
    rows = []
    for name, label in LABELS.items():
        for n in sizes:
            ours = here[name, n]
            rows.append([label, f"{n:,}", _seconds(ours), *_beside(ours, peers, name, n)])
    return common.table(("estimate", "n", *_head(peers)), rows)


def _head(peers: Peers) -> list[str]:
    return ["here", *peers, *(f"here / {peer}" for peer in peers)]


def _beside(ours: float, peers: Peers, name: str, n: int) -> list[str]:
    times, ratios = [], []
    for peer, found in peers.items():
        took = found.get((name, n))
        has = any(estimate == name for estimate, _ in found)
        times.append(_seconds(took) if has else "none" if found else f"no {peer} here")
        ratios.append(_ratio(ours, took))
    return times + ratios


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="largest n")
    parser.add_argument("--memory", choices=("days", "distinct"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.memory:
        memory(chosen.memory == "days")
        return
    # lifelines warns of low variance and the like; only its time is of interest here.
    warnings.simplefilter("ignore")
    survival.warm_up()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.\n")
    sizes = [n for n in SIZES if n <= chosen.most]
    peers: Peers = {}
    for days, kind in ((True, "in whole days"), (False, "all different")):
        trials = {n: data(n, days=days) for n in sizes}
        print(f"### Times {kind}\n")
        peers = {"lifelines": run(LIFELINES, trials), "R": run_r(trials)}
        if in_rust := rust.estimates():
            peers["survival"] = run(in_rust, trials)
        print(table(run(HERE, trials), peers, sizes), end="\n\n")
    d = forest_data()
    peers["lifelines"]["forest", len(d)] = best(lambda: their_forest(d))
    if fits := rust.forest(d):
        peers["survival"]["forest", len(d)] = best(fits)
    ours = best(lambda: forest(d))
    print("### Forest: 8 factors of 3 levels on 390 patients, with interaction tests\n")
    row = ["all rows", _seconds(ours), *_beside(ours, peers, "forest", len(d))]
    print(common.table(("", *_head(peers)), [row]), end="\n\n")
    if chosen.most >= SIZES[-1]:
        print("### Peak memory of curve, log-rank and Cox of 1,000,000\n")
        for kind in ("days", "distinct"):
            answer = subprocess.run(
                [sys.executable, "-m", "benchmarks.engine", "--memory", kind],
                check=True,
                capture_output=True,
                text=True,
            )
            most, before = answer.stdout.split()
            print(f"- times {kind}: {most} MiB, of which {before} MiB before the analysis")


if __name__ == "__main__":
    main()
