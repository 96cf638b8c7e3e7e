"""What stands before a published number. Oracle: the trial's own file."""

from __future__ import annotations

from services.evidence import cite, load


def test_a_published_ratio_names_the_arm_before_versus() -> None:
    trial = load.trial("quiredex")
    assert cite.headline(trial, trial.endpoint("ttp_2022")).told == (
        "Time to progression (2022 final), lenalidomide-dexamethasone versus observation"
    )
