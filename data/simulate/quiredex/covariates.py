"""Baseline columns of the simulated QuiRedex, within its eligibility.

Eligibility (reports of Mateos 2013): diagnosis within 5 years and either marrow plasma cells of
at least 10% together with the M-protein criterion (IgG at least 3 g/dL, IgA at least 2 g/dL or
urine above 1 g in 24 hours), or one of the two with at least 95% aberrant plasma cells and
immunoparesis.
"""

from __future__ import annotations

from data.simulate.baseline import HIGH, INTERMEDIATE, Columns, settle
from data.simulate.draw import Draw
from data.simulate.packages import Package, as_columns, settle_packages
from data.simulate.stats import Bools, Ints


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
    kind = draw.weighted(["IgG", "IgA", "Light chain"], [70, 26, 4])
    if kind == "Light chain":
        serum, urine = 0.0, draw.between(1.05, 3.4)
    else:
        serum = min(max(draw.normal(3.0 if kind == "IgG" else 2.4, 0.8), 0.6), 5.6)
        urine = draw.weighted([0.0, draw.between(0.1, 0.9), draw.between(1.05, 2.6)], [70, 22, 8])
    common, odd = [10, 12, 15, 20, 25, 30, 40], draw.integer(7, 45)
    marrow = draw.weighted(common, [4, 2, 7, 8, 4, 4, 2]) if draw.chance(0.75) else odd
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


def baseline(early: Bools, time: Ints, event: Bools, arm: Ints, draw: Draw) -> Columns:
    """The baseline columns of ``adsl.csv`` as text, one entry per patient; blank is missing."""
    out: Columns = {
        name: [] for name in ("AGE", "SEX", "ECOGBL", "TSDIAG", "TSDIAGGR", "CYTOGEN", "HGB")
    }
    for recent in early:
        sex = "M" if draw.chance(0.47) else "F"
        out["SEX"].append(sex)
        out["AGE"].append(str(round(min(max(draw.normal(64, 11), 33), 88))))
        out["ECOGBL"].append(draw.weighted(["0", "1", "2"], [74, 24, 2]))
        months = 0.4 + 5.5 * draw.unit() if recent else 6.1 + 53 * draw.unit() ** 1.8
        out["TSDIAG"].append(f"{months:.1f}")
        out["TSDIAGGR"].append("<= 6 months" if recent else "> 6 months")
        out["CYTOGEN"].append(
            "" if draw.chance(0.25) else "High risk" if draw.chance(0.2) else "Standard risk"
        )
        haem = draw.normal(13.8 if sex == "M" else 12.8, 1.1)
        out["HGB"].append(f"{min(max(haem, 10.5 + 0.5 * draw.unit()), 16.8):.1f}")
    for name in ("SEX", "AGE", "ECOGBL", "CYTOGEN"):
        settle(out, name, time, event, arm, draw)
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
    settled = settle_packages(
        handed, fast, GROUPINGS, time, event, arm, draw, "QuiRedex entry criteria"
    )
    return out | as_columns(settled)
