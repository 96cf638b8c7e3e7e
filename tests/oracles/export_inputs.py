"""Write the inputs of make_oracles.R: real data of lifelines, a bundled study, edge cases.

Run from the repository's root: ``.venv/bin/python tests/oracles/export_inputs.py``. Every file
``engine_<case>.csv`` has the columns time, event, arm (the first in the alphabet is the
reference), stratum, f (a factor, empty where missing), x1, x2 and, for left truncation, entry.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import datasets

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def write(case: str, **columns: object) -> None:
    frame = pd.DataFrame(columns)
    frame["event"] = frame["event"].astype(int)
    frame.to_csv(HERE / f"engine_{case}.csv", index=False)


def real() -> None:
    g = datasets.load_gbsg2()
    write(
        "gbsg2",
        time=g["time"],
        event=g["cens"],
        arm=g["horTh"],
        stratum=g["menostat"],
        f=g["tgrade"],
        x1=g["age"],
        x2=g["progrec"],
    )
    r = datasets.load_rossi()
    write(
        "rossi",
        time=r["week"],
        event=r["arrest"],
        arm=r["fin"].map({0: "none", 1: "paid"}),
        stratum=r["race"],
        f=r["wexp"],
        x1=r["age"],
        x2=r["prio"],
    )
    k = datasets.load_leukemia()
    write(
        "leukemia",
        time=k["t"],
        event=k["status"],
        arm=k["Rx"].map({0: "6-MP", 1: "placebo"}),
        stratum=k["sex"],
        f=np.where(k["logWBC"] > 3, "high", "low"),
        x1=k["logWBC"],
        x2=k["sex"],
    )
    w = datasets.load_waltons()
    write(
        "waltons",
        time=w["T"],
        event=w["E"],
        arm=w["group"],
        stratum=np.arange(len(w)) % 3,
        f=np.where(np.arange(len(w)) % 5 == 0, "b", "a"),
        x1=np.arange(len(w)) % 7,
        x2=np.arange(len(w)) % 11,
    )
    v = datasets.load_lung()
    write(
        "lung",
        time=v["time"],
        event=v["status"],
        arm=v["sex"].map({1: "male", 2: "women"}),
        stratum=v["inst"].fillna(1).astype(int),
        f=v["ph.ecog"].map(lambda x: "" if np.isnan(x) else f"ecog {int(x)}"),
        x1=v["age"],
        x2=v["wt.loss"].fillna(0),
    )


def study() -> None:
    folder = ROOT / "data" / "studies" / "e3a06"
    subjects = pd.read_csv(folder / "adsl.csv")
    times = pd.read_csv(folder / "adtte.csv")
    pfs = times[times["PARAMCD"] == "PFS"].merge(subjects, on="USUBJID", validate="1:1")
    write(
        "e3a06",
        time=pfs["AVAL"],
        event=pfs["CNSR"] == 0,
        # The reference first in the alphabet, as everywhere in these files.
        arm=pfs["ARM"].map({"Observation": "a Observation", "Lenalidomide": "b Lenalidomide"}),
        stratum=pfs["TSDIAGGR"],
        f=pfs["CYTOGEN"].fillna(""),
        x1=pfs["AGE"],
        x2=pfs["BMPC"],
    )


def edges() -> None:
    rng = np.random.default_rng(20)
    n = 90
    write(
        "ties",  # three arms, few distinct times, events and censorings together, time 0
        time=rng.integers(0, 7, n),
        event=rng.random(n) < 0.6,
        arm=np.repeat(["a", "b", "c"], n // 3),
        stratum=rng.integers(0, 3, n),
        f=rng.choice(["u", "v", "w", ""], n),
        x1=rng.normal(size=n).round(3),
        x2=rng.integers(0, 3, n),
    )
    n = 120
    entry = rng.integers(0, 12, n)
    write(
        "truncated",
        time=entry + rng.integers(1, 15, n),
        event=rng.random(n) < 0.7,
        arm=rng.choice(["a", "b"], n),
        stratum=rng.integers(0, 2, n),
        f=rng.choice(["u", "v"], n),
        x1=rng.normal(size=n).round(3),
        x2=rng.integers(0, 3, n),
        entry=entry,
    )
    small: dict[str, tuple[list[float], list[int], str]] = {
        # S is exactly 0.5 from 2 to 4 in a, from 3 to the end in b.
        "plateau": ([1, 2, 4, 5, 1, 3, 6, 7], [1, 1, 1, 1, 1, 1, 0, 0], "aaaabbbb"),
        "last_event": ([2, 4, 6, 8, 3, 5, 7, 9], [0, 1, 0, 1, 1, 0, 1, 1], "aaaabbbb"),
        "all_events": ([1, 2, 3, 4, 5, 2, 4, 6, 8, 9], [1] * 10, "aaaaabbbbb"),
        "rounding": (
            [0.1 + 0.2, 0.3, 0.7, 0.1 * 3, 0.3, 0.7, 0.1 + 0.6, 0.9],
            [1, 1, 1, 0, 1, 0, 1, 1],
            "aaaabbbb",
        ),
        "time_zero": ([0, 0, 1, 2, 0, 1, 3, 4], [1, 0, 1, 1, 1, 1, 0, 1], "aaaabbbb"),
        "one_event_each": ([1, 2, 3, 4, 1.5, 2.5, 3.5, 4.5], [1, 0, 0, 0, 0, 1, 0, 0], "aaaabbbb"),
    }
    for case, (time, event, arm) in small.items():
        write(
            case,
            time=time,
            event=event,
            arm=list(arm),
            stratum=[0, 1] * (len(time) // 2),
            f=["u", "u", "v", "v"] * 2 + ["u", "v"] * (len(time) // 2 - 4),
            x1=list(range(len(time))),
            x2=[0, 0, 1] * (len(time) // 3) + [1] * (len(time) % 3),
        )


if __name__ == "__main__":
    real()
    study()
    edges()
