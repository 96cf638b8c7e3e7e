"""Facts of a trial. Oracle: the reference compiled from the publications."""

from __future__ import annotations

from typing import Any

from services.evidence import load as evidence
from services.evidence.trial import PublishedEndpoint, Trial


def test_outcomes_are_those_of_the_reference() -> None:
    aquila = {(f.measure, f.arm): f for f in evidence.trial("aquila").outcomes}
    slim = "Progressed by a SLiM criterion"
    assert [(aquila[slim, a].n, aquila[slim, a].value) for a in ("dara", "mon")] == [
        (50, 25.8),
        (65, 33.2),
    ]
    krd = evidence.trial("krd_nci").outcomes[0]
    assert (krd.value, krd.approximate) == (70, True)
    rates = [f for f in evidence.trial("centaurus").outcomes if f.level == 0.8]
    assert [(f.value, f.lower, f.upper) for f in rates] == [
        (0.055, 0.014, 0.096),
        (0.102, 0.044, 0.160),
        (0.206, 0.118, 0.295),
    ]


def test_not_found_is_none() -> None:
    """The paper's PFS events were not found: not 0, not an empty text."""
    arms = evidence.trial("e3a06").endpoint("pfs_p3").arms
    assert [(a.events, a.median_months) for a in arms] == [(None, None), (None, None)]


def endpoints(trial: Trial, row: dict[str, Any]) -> list[tuple[PublishedEndpoint, dict[str, Any]]]:
    ours = {e.id: e for e in trial.endpoints}
    return [(ours[e["id"]], e) for e in row["endpoints"] if e["id"] in ours]


def test_arms_and_endpoints_are_those_of_the_reference(reference: dict[str, Any]) -> None:
    compared = 0
    for row in reference["trials"][:-1]:
        trial = evidence.trial(row["id"])
        assert [(a.id, a.n) for a in trial.arms] == [(a["id"], a["n"]) for a in row["arms"]]
        assert trial.registration == (row["nct"] or "")
        for ours, theirs in endpoints(trial, row):
            assert ours.follow_up_months == theirs.get("follow_up_months")
            read_since = (trial.id, ours.id) == (
                "aquila",
                "os",
            )  # the deaths of the paper's abstract
            assert read_since or ours.verification == theirs["verification"]
            arms = {a["arm"]: a for a in theirs["arms"]}
            for arm in ours.arms:
                their = arms[arm.arm]
                assert (arm.n, arm.median_months) == (their.get("n"), their.get("median_months"))
                counted = (arm.events, arm.events_percent)
                assert read_since or counted == (their.get("events"), their.get("events_pct"))
                marks = [
                    (m["months"], m.get("estimate", m.get("cumulative_incidence")))
                    for m in their.get("landmarks") or []
                ]
                assert [(m.months, m.estimate) for m in arm.landmarks] == marks
                compared += 1 + len(marks)
            ratio = theirs.get("hazard_ratio")
            if ratio and (trial.id, ours.id) != ("thal_zld", "ttp"):
                assert ours.ratio is not None
                assert (ours.ratio.estimate, ours.ratio.lower, ours.ratio.upper) == tuple(
                    ratio.get(k) for k in ("estimate", "ci_low", "ci_high")
                )
                # The reference is read as numbers here; the zeros have a test of their own.
                p = "" if ratio.get("p") is None else str(ratio["p"])
                assert ours.ratio.p.rstrip("0") == p.rstrip("0")
    assert compared > 50


def test_the_inverted_ratio_is_the_derived_one(reference: dict[str, Any]) -> None:
    """Thal/ZLD is published for the control arm against treatment; everything here is turned."""
    (row,) = (t for t in reference["trials"] if t["id"] == "thal_zld")
    derived = row["endpoints"][0]["derived"][0]
    ratio = evidence.trial("thal_zld").endpoint("ttp").ratio
    assert ratio is not None
    assert [ratio.estimate, ratio.lower, ratio.upper] == [derived["value"], *derived["ci"]]
    assert "2.05" in ratio.basis
