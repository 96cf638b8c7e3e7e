"""Baseline columns of the simulated QuiRedex, within its eligibility.

Eligibility (reports of Mateos 2013): diagnosis within 5 years and either marrow plasma cells of
at least 10% together with the M-protein criterion (IgG at least 3 g/dL, IgA at least 2 g/dL or
urine above 1 g in 24 hours), or one of the two with at least 95% aberrant plasma cells and
immunoparesis.
"""

from __future__ import annotations

from data.simulate.baseline import HIGH, INTERMEDIATE, Population, marrow_cells, settle_columns
from data.simulate.draw import Draw
from data.simulate.packages import Columns, Package, as_columns, settle
from data.simulate.stats import Bools, Ints

POPULATION = Population(
    male=0.47, age=(64, 11, 33, 88), race={}, ecog={"0": 74, "1": 24, "2": 2}, no_cytogenetics=0.25,
    hemoglobin=(13.8, 12.8, 1.1), hemoglobin_limits=(10.5, 0.5, 16.8),
)  # fmt: skip
MARROW = {10: 4, 12: 2, 15: 7, 20: 8, 25: 4, 30: 4, 40: 2}


def protein_criterion(p: Package) -> bool:
    """Whether a set of values meets the M-protein criterion."""
    limit = {"IgG": 3.0, "IgA": 2.0}.get(p["ISOTYPE"])
    return float(p["UPROT"]) > 1 or (limit is not None and float(p["MPROT"]) >= limit)


def eligible(p: Package) -> bool:
    """Whether a set of values meets the entry criteria, one way or the other."""
    marrow, protein = int(p["BMPC"]) >= 10, protein_criterion(p)
    flow = float(p["ABERPC"]) >= 95 and p["IMPARES"] == "Y"
    return (marrow and protein) or ((marrow or protein) and flow)


def _draw_package(draw: Draw) -> Package:
    kind = draw.weighted({"IgG": 70, "IgA": 26, "Light chain": 4})
    if kind == "Light chain":
        serum, urine = 0.0, draw.between(1.05, 3.4)
    else:
        serum = min(max(draw.normal(3.0 if kind == "IgG" else 2.4, 0.8), 0.6), 5.6)
        urine = draw.weighted({0.0: 70, draw.between(0.1, 0.9): 22, draw.between(1.05, 2.6): 8})
    marrow = marrow_cells(MARROW, 7, 45, draw)
    ratio = 2 + 60 * draw.unit() ** 2.2
    return {
        "ISOTYPE": kind,
        "MPROT": f"{serum:.1f}",
        "UPROT": f"{urine:.1f}",
        "BMPC": str(marrow),
        "ABERPC": str(draw.integer(95, 100) if draw.chance(0.68) else draw.integer(70, 94)),
        "IMPARES": "Y" if draw.chance(0.82) else "N",
        "FLCR": "" if draw.chance(0.25) else f"{ratio:.1f}",
    }


def _package(draw: Draw) -> Package:
    while True:
        p = _draw_package(draw)
        if eligible(p):
            both = int(p["BMPC"]) >= 10 and protein_criterion(p)
            return p | {"ENTRYGR": "Marrow and M-protein" if both else "One of them, and flow"}


GROUPINGS = (
    lambda p: p["ISOTYPE"] if p["ISOTYPE"] != "Light chain" else "",
    lambda p: p["IMPARES"],
    lambda p: p["ENTRYGR"],
)


def _patient(recent: bool, draw: Draw) -> Package:
    p = POPULATION.person(draw)
    months = 0.4 + 5.5 * draw.unit() if recent else 6.1 + 53 * draw.unit() ** 1.8
    p |= {"TSDIAG": f"{months:.1f}", "TSDIAGGR": "<= 6 months" if recent else "> 6 months"}
    return p | POPULATION.laboratory(p["SEX"], 0.2, 0, draw)


def baseline(early: Bools, time: Ints, event: Bools, arm: Ints, draw: Draw) -> Columns:
    """The baseline columns of ``adsl.csv``, one entry per patient; blank is missing."""
    times = (time, event, arm)
    out = as_columns([_patient(bool(recent), draw) for recent in early])
    settle_columns(out, ("SEX", "AGE", "ECOGBL", "CYTOGEN"), times, draw)
    # who progresses within five years holds the sets with more disease, as far as they go
    fast = [HIGH if e and t < 1800 else INTERMEDIATE for e, t in zip(event, time, strict=True)]
    packages = sorted(
        (_package(draw) for _ in fast),
        key=lambda p: float(p["MPROT"]) / 3 + int(p["BMPC"]) / 20 + draw.normal(0, 1.5),
    )
    order = sorted(range(len(fast)), key=lambda i: (fast[i], draw.unit()))
    handed: list[Package] = [{} for _ in fast]
    for i, p in zip(order, packages, strict=True):
        handed[i] = p
    settled = settle(
        handed, fast, GROUPINGS, times, draw,
        most=0.85, steps=2_500, what="QuiRedex entry criteria",
    )  # fmt: skip
    return out | as_columns(settled)
