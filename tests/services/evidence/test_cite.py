"""What stands behind a published number. Oracle: the trial's own file."""

from __future__ import annotations

import math

import pytest

from services.evidence import cite, load


@pytest.mark.parametrize("trial", load.evidence().trials, ids=lambda t: t.id)
def test_every_number_carries_its_sources_and_how_far_it_was_checked(trial: load.Trial) -> None:
    known = {source.id for source in trial.sources}
    for endpoint in trial.endpoints:
        found = cite.headline(trial, endpoint).cited
        assert {s.id for s in found.sources} == {*endpoint.sources} <= known
        assert found.about.startswith(trial.acronym)
        basis = bool(found.basis)
        assert found.verification in ("derived", endpoint.verification)
        assert not basis or endpoint.ratio is not None
    for row in cite.arms_rows(trial, trial.responses):
        for _, number in row.arms:
            assert number.sources


def test_patients_of_a_result_are_those_of_its_arms() -> None:
    trial = load.trial("e3a06")
    for endpoint in trial.endpoints:
        counts = [a.n for a in endpoint.arms]
        expected = None if None in counts else sum(n for n in counts if n is not None)
        if counts:
            assert cite.patients(trial, endpoint) == expected


def test_a_trial_leads_to_its_study_or_its_registration() -> None:
    assert cite.trial_link(load.trial("e3a06")) == "/study/e3a06"
    for trial in load.evidence().trials:
        link = cite.trial_link(trial)
        assert link.startswith(("/study/", "https://")) or not trial.registration


def test_where_no_kind_of_check_is_written_the_source_tells() -> None:
    trial = load.trial("e3a06")
    kinds = {s.id: s.kind for s in trial.sources}
    for name, kind in kinds.items():
        primary = kind in ("paper", "registry", "meeting")
        assert cite.level_of(trial, (name,)) == ("primary" if primary else "secondary")


def test_the_main_objection_stands_behind_the_survival_result() -> None:
    """Oracle: IQWiG's press release of 2025-11-19 and the sponsor's abstract of 2025."""
    trial = load.trial("aquila")
    number = cite.headline(trial, trial.endpoint("os")).cited
    told = " ".join(conflict.text for conflict in number.conflicts)
    for words in ("about a third", "not proven", "a trend of extending overall survival"):
        assert words in told
    assert "41 deaths in 390 patients" in number.note


def test_few_events_are_said_beside_the_hazard_ratio() -> None:
    """Oracle: 1/8 + 1/22 is the variance that the printed interval of E3A06 stands for."""
    trial = load.trial("e3a06")
    ratio = trial.endpoint("pfs_p3").ratio
    assert ratio is not None
    assert ratio.lower is not None
    assert ratio.upper is not None
    width = (math.log(ratio.upper / ratio.lower) / (2 * 1.96)) ** 2
    assert width == pytest.approx(1 / 8 + 1 / 22, rel=0.05)
    assert "about 30 events in 182" in cite.ratio(trial, trial.endpoint("pfs_p3")).note
