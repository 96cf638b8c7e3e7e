"""Published facts: the project's files against the reference they restate, and bad files.

Oracle of the numbers: the reference compiled from the publications, where it lies beside this
checkout (it is not part of the project).
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.errors import UserError
from services.evidence import load as evidence
from services.evidence.trial import PublishedEndpoint, Trial

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT.parent / "shared" / "reference"
TRIALS = evidence.evidence().trials


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    path = REFERENCE / "trials.yaml"
    if not path.is_file():
        pytest.skip("the reference is not here")
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def reference_models() -> dict[str, Any]:
    path = REFERENCE / "risk_models.yaml"
    if not path.is_file():
        pytest.skip("the reference is not here")
    return yaml.safe_load(path.read_text("utf-8"))


def endpoints(trial: Trial, row: dict[str, Any]) -> list[tuple[PublishedEndpoint, dict[str, Any]]]:
    ours = {e.id: e for e in trial.endpoints}
    return [(ours[e["id"]], e) for e in row["endpoints"] if e["id"] in ours]


def test_every_trial_of_the_reference_is_here(reference: dict[str, Any]) -> None:
    ids = {t["id"] for t in reference["trials"]} - {"other_ongoing"}
    assert {t.id for t in TRIALS} == ids


def test_arms_and_endpoints_are_those_of_the_reference(reference: dict[str, Any]) -> None:
    compared = 0
    for row in reference["trials"][:-1]:
        trial = evidence.trial(row["id"])
        assert [(a.id, a.n) for a in trial.arms] == [(a["id"], a["n"]) for a in row["arms"]]
        assert trial.registration == (row["nct"] or "")
        for ours, theirs in endpoints(trial, row):
            assert ours.follow_up_months == theirs.get("follow_up_months")
            assert ours.verification == theirs["verification"]
            arms = {a["arm"]: a for a in theirs["arms"]}
            for arm in ours.arms:
                their = arms[arm.arm]
                assert (arm.n, arm.events, arm.median_months, arm.events_percent) == tuple(
                    their.get(k) for k in ("n", "events", "median_months", "events_pct")
                )
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


def trailing_zeros(node: Any) -> set[str]:
    """The numbers of a YAML node whose last decimal is a zero, as they are written."""
    if isinstance(node, yaml.ScalarNode):
        return {node.value} if re.fullmatch(r"-?\d+\.\d*0", node.value) else set()
    values = (
        [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else node.value
    )
    return set().union(*(trailing_zeros(value) for value in values), set())


def test_zeros_are_written_as_the_reference_prints_them(reference: dict[str, Any]) -> None:
    """93.0 is not 93: a lost zero is a lost digit."""
    top = yaml.compose((REFERENCE / "trials.yaml").read_text("utf-8"))
    parts = {key.value: value for key, value in top.value}
    published = {
        row["id"]: trailing_zeros(node)
        for row, node in zip(reference["trials"], parts["trials"].value, strict=True)
    }
    published["meta_analyses"] = trailing_zeros(parts["meta_analyses"])
    ours = {
        name: trailing_zeros(yaml.compose((evidence.FOLDER / f"{name}.yaml").read_text("utf-8")))
        for name in published
        if (evidence.FOLDER / f"{name}.yaml").is_file()
    }
    ours["thal_zld"] -= {"30.0"}  # 2.5 years
    assert ours == {name: published[name] for name in ours}
    assert sum(map(len, ours.values())) > 15


def test_the_inverted_ratio_is_the_derived_one(reference: dict[str, Any]) -> None:
    """Thal/ZLD is published for the control arm against treatment; everything here is turned."""
    (row,) = (t for t in reference["trials"] if t["id"] == "thal_zld")
    derived = row["endpoints"][0]["derived"][0]
    ratio = evidence.trial("thal_zld").endpoint("ttp").ratio
    assert ratio is not None
    assert [ratio.estimate, ratio.lower, ratio.upper] == [derived["value"], *derived["ci"]]
    assert "2.05" in ratio.basis


def test_responses_and_adverse_events_are_those_of_the_reference(reference: dict[str, Any]) -> None:
    for row in reference["trials"][:-1]:
        trial = evidence.trial(row["id"])
        theirs = [(r["arm"], r["measure"].lower(), r["pct"]) for r in row["responses"]]
        assert [(r.arm, r.measure.lower(), r.value) for r in trial.responses] == theirs
        events = [
            (e["term"], e["grade_band"], e["arm"], e["n"], e["pct"], e["denominator"])
            for e in row["adverse_events"]
            if e["n"] is not None or e["pct"] is not None
        ]
        assert [
            (e.term, e.grades, e.arm, e.n, e.percent, e.denominator) for e in trial.adverse_events
        ] == events


def test_subgroups_exposure_and_second_malignancies(reference: dict[str, Any]) -> None:
    for row in reference["trials"][:-1]:
        trial = evidence.trial(row["id"])
        assert [(s.n, s.ratio.estimate, s.ratio.upper) for s in trial.subgroups] == [
            (s["n_total"], s["hr"], s["ci_high"]) for s in row["subgroups"]
        ]
        second = row.get("second_primary_malignancies", [])
        assert [f.value for f in trial.second_malignancies] == [s["pct"] for s in second]
        exposure = [e for e in row.get("treatment_exposure", []) if not e.get("conflict")]
        assert [(f.value, f.n) for f in trial.exposure] == [
            (e.get("pct", e.get("value")), e.get("n")) for e in exposure
        ]


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


def test_meta_analyses_are_those_of_the_reference(reference: dict[str, Any]) -> None:
    ours = {m.id: m for m in evidence.evidence().meta_analyses}
    for row in reference["meta_analyses"]:
        assert (ours[row["id"]].trials, ours[row["id"]].patients) == (
            row["trials"],
            row["patients"],
        )
        assert [
            (r.ratio.measure, r.ratio.estimate, r.ratio.lower, r.ratio.upper)
            for r in ours[row["id"]].results
        ] == [(r["measure"], r["estimate"], r["ci_low"], r["ci_high"]) for r in row["results"]]


def test_risks_are_those_of_the_reference(reference_models: dict[str, Any]) -> None:
    theirs = {m["id"]: m for m in reference_models["risk_models"]}
    theirs["imwg2020_cytogenetics"] = theirs["imwg2020"]["with_cytogenetics"]
    theirs["ravi2016"] = theirs["evolving_ravi2016"]
    compared = 0
    for model in evidence.evidence().risk_models:
        for ours, row in zip(model.groups, theirs[model.id].get("groups", []), strict=True):
            expected = sorted((p["years"], p["pct"]) for p in row.get("progression", []))
            assert sorted((p.years, p.percent) for p in ours.progression) == expected
            assert ours.share_percent == row.get("share_pct")
            if (median := row.get("median_ttp_months")) is not None:
                assert ours.median_months == median
            if (median := row.get("median_ttp_years")) is not None:
                assert ours.median_months == pytest.approx(12 * median)
            compared += len(expected)
        factors = theirs[model.id].get("factors", [])
        published = [f.get("hr", f.get("odds_ratio")) for f in factors]
        if any(published):
            assert [f.ratio.estimate if f.ratio else None for f in model.factors] == published
    assert compared > 20


def test_natural_history_is_that_of_the_reference(reference_models: dict[str, Any]) -> None:
    (row,) = reference_models["natural_history"]
    ours = evidence.evidence().natural_history
    assert [(p.years_from, p.years_to, p.percent_per_year) for p in ours.periods] == [
        (p["years_from"], p["years_to"], p["pct_per_year"]) for p in row["annual_progression_pct"]
    ]
    assert [(c.years, c.percent) for c in ours.cumulative] == [(15, 73)]
    assert [g.progression[0].percent for g in ours.groups] == [
        g["progression_pct_15y"] for g in row["groups_15_year"]
    ]


def test_no_recollection_is_among_the_facts(
    reference: dict[str, Any], reference_models: dict[str, Any]
) -> None:
    """Numbers that only the unverified list has must not appear in any file."""
    text = "\n".join(p.read_text("utf-8") for p in evidence.FOLDER.glob("*.yaml"))
    recalled = ("22.1", "0.23-0.58", "NCT02415413", "NCT01472", "NCT01572480", "NCT01484275")
    recalled += ("65.8", "34.2", "9.3%", "110, 68", "6,400", "about 84%", "about 71 months")
    unverified = str(reference["from_memory"]) + str(reference_models["from_memory"])
    assert [r for r in recalled if r in text] == []
    assert "22.1" in unverified  # the list is the one meant
    assert "from_memory" not in text


def test_every_link_is_one_a_reader_can_trust() -> None:
    found = evidence.evidence()
    sources = [s for t in found.trials for s in t.sources]
    sources += [s for m in found.risk_models for s in m.sources]
    links = {s.link for s in sources if s.link}
    assert len(links) > 25
    for link in links:
        assert re.match(r"https://[a-z.]+/", link), link
        assert link.split("/")[2] in evidence_hosts(), link


def evidence_hosts() -> tuple[str, ...]:
    from services.evidence.facts import LINK_HOSTS

    return LINK_HOSTS


def test_a_trial_that_is_not_there() -> None:
    with pytest.raises(UserError, match="nowhere") as caught:
        evidence.trial("nowhere")
    assert caught.value.status == 404
    assert "aquila" in caught.value.hint


def test_not_found_is_none() -> None:
    """The paper's PFS events were not found: not 0, not an empty text."""
    arms = evidence.trial("e3a06").endpoint("pfs_p3").arms
    assert [(a.events, a.median_months) for a in arms] == [(None, None), (None, None)]


BAD = [
    ("randomized: true", "randomized: maybe", "randomized is a text (maybe)"),
    ("role: reference", "role: control", "arms[2].role is “control”"),
    ("events: 2}", "events: 93}", "endpoints[2].arms[1].events is 93 of 92 patients"),
    ("ci_high: 0.62", "ci_high: 0.2", "endpoints[1].hazard_ratio.ci_low"),
    ("estimate: 98", "estimate: 980", "estimate is 980"),
    ("estimate: 98", "estimate: .inf", "estimate is not finite"),
    ("arm: obs_p3, n: 90, landmarks", "arm: obs, n: 90, landmarks", "arm names “obs”"),
    ("follow_up_months: 35", "followup_months: 35", "followup_months is not a key"),
    ("verification: primary", "verification: certain", "verification is “certain”"),
    ("source: ashedu2021_t1", "source: nobody", "names “nobody”"),
    ("citations:", "from_memory: []\ncitations:", "from_memory holds recollections"),
    ("pct: 28, denominator: 88", "pct: 82, denominator: 88", "pct is 82"),
    ("status: published", "status: published\nstatus: ongoing", "status stands there twice"),
    ("acronym: E3A06", "acronym: null", "acronym is missing"),
    ('planned_end: \'2027-07-20\'', "planned_end: July", "planned_end is “July”"),
    ("pmid: '31652094'", "pmid: '31652094'\n    url: https://mirror.example/x", "mirror.example"),
    ("about: patients", "about: people", "conflicts[1].about names “people”"),
    ("follow_up_months: 35", "follow_up_months: 3.5e+1", "is written as 3.5e+1"),
    ("question: Does", "question: {Does", "not valid YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "expected"), BAD, ids=[b[2][:40] for b in BAD])
def test_a_bad_file_names_file_line_and_key(
    tmp_path: Path, good: str, bad: str, expected: str
) -> None:
    folder = shutil.copytree(evidence.FOLDER, tmp_path / "evidence")
    text = (folder / "e3a06.yaml").read_text("utf-8")
    assert good in text
    line = text[: text.index(good)].count("\n") + 1
    (folder / "e3a06.yaml").write_text(text.replace(good, bad, 1), "utf-8")
    with pytest.raises(UserError) as caught:
        evidence.load(folder)
    assert expected in caught.value.message
    named = re.match(r"e3a06\.yaml, line (\d+): ", caught.value.message)
    assert named is not None, caught.value.message
    if "missing" not in expected:  # what is not there is said of the table it belongs to
        assert line <= int(named[1]) <= line + 1
    assert caught.value.hint


def test_two_trials_of_one_id(tmp_path: Path) -> None:
    folder = shutil.copytree(evidence.FOLDER, tmp_path / "evidence")
    shutil.copy(folder / "aquila.yaml", folder / "again.yaml")
    with pytest.raises(UserError, match="aquila"):
        evidence.load(folder)


def test_a_missing_kind_and_an_empty_file(tmp_path: Path) -> None:
    folder = shutil.copytree(evidence.FOLDER, tmp_path / "evidence")
    (folder / "new.yaml").write_text("id: new\n", "utf-8")
    with pytest.raises(UserError, match=r"new\.yaml, line 1: kind is missing"):
        evidence.load(folder)
    (folder / "new.yaml").write_text("", "utf-8")
    with pytest.raises(UserError, match=r"new\.yaml, line 1: the file is empty"):
        evidence.load(folder)
    (folder / "new.yaml").unlink()
    (folder / "ongoing.yaml").unlink()
    with pytest.raises(UserError, match="0 files of kind “ongoing”"):
        evidence.load(folder)


def test_adding_a_trial_is_adding_one_file(tmp_path: Path) -> None:
    """The example of CONTRIBUTING.md loads as it stands there."""
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (example,) = re.findall(
        r"```yaml\n(# yaml-language[^\n]*\nkind: trial\n.*?)```", guide, re.DOTALL
    )
    folder = shutil.copytree(evidence.FOLDER, tmp_path / "evidence")
    (folder / "example.yaml").write_text(example, "utf-8")
    (added,) = (t for t in evidence.load(folder).trials if t.id == "example")
    assert added.endpoints[0].ratio is not None
