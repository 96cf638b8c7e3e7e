"""Published facts as they are loaded, against the reference they restate where it is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.errors import UserError
from services.evidence import load as evidence
from tests.services.evidence.reference import REFERENCE

ROOT = Path(__file__).resolve().parents[3]
TRIALS = evidence.evidence().trials


def test_every_trial_of_the_reference_is_here(reference: dict[str, Any]) -> None:
    ids = {t["id"] for t in reference["trials"]} - {"other_ongoing"}
    assert {t.id for t in TRIALS} >= ids


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
    ours["meta_analyses"] -= {"0.40"}  # of a meta-analysis read since
    assert ours == {name: published[name] for name in ours}
    assert sum(map(len, ours.values())) > 15


def _plain(event: dict[str, Any]) -> str:
    """A term without its grade, which stands beside it: "Grade 3 toxicities" as "Toxicities"."""
    term: str = event["term"]
    plain = term.removeprefix(f"Grade {event['grade_band']} ")
    return plain if plain == term else plain.capitalize()


def test_responses_and_adverse_events_are_those_of_the_reference(reference: dict[str, Any]) -> None:
    for row in reference["trials"][:-1]:
        trial = evidence.trial(row["id"])
        theirs = [(r["arm"], r["measure"].lower(), r["pct"]) for r in row["responses"]]
        ours = [(r.arm, r.measure.lower(), r.value) for r in trial.responses]
        assert [found for found in ours if found in theirs] == theirs
        events = [
            (_plain(e), e["grade_band"], e["arm"], e["n"], e["pct"], e["denominator"])
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


def test_the_meta_analysis_of_2025() -> None:
    """Oracle: the abstract of doi 10.1038/s41408-025-01312-x."""
    found = {m.id: m for m in evidence.evidence().meta_analyses}["ntanasis2025"]
    ratios = [
        (r.ratio.measure, r.ratio.estimate, r.ratio.lower, r.ratio.upper) for r in found.results
    ]
    assert (found.trials, found.patients) == (5, 844)
    assert ratios[0] == ("HR", 0.40, 0.29, 0.55)
    assert ratios[3:] == [("HR", 0.55, 0.37, 0.82), ("OR", 3.53, 1.14, 10.91)]


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
            if r.outcome != "Hematologic cancer"  # read since
        ] == [(r["measure"], r["estimate"], r["ci_low"], r["ci_high"]) for r in row["results"]]


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


def test_a_trial_that_is_not_there() -> None:
    with pytest.raises(UserError, match="nowhere") as caught:
        evidence.trial("nowhere")
    assert caught.value.status == 404
    assert "aquila" in caught.value.hint


def test_two_trials_of_one_id(tmp_path: Path) -> None:
    folder = shutil.copytree(evidence.FOLDER, tmp_path / "evidence")
    shutil.copy(folder / "aquila.yaml", folder / "again.yaml")
    with pytest.raises(UserError, match="aquila"):
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
