"""The page of states. Oracle: R's survfit on the bundled studies (tests/oracles/make_states.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from services.pages.states.export import states_json
from services.pages.states.page import minimal, states_page
from services.views.study import View, decode
from tests.courses import course, study_of
from tests.studies import bundled, two_arms

STUDIES = json.loads((Path(__file__).parents[3] / "oracles" / "states.json").read_text())["studies"]
ARMS = [(study, arm) for study, arms in STUDIES.items() for arm in arms]


@pytest.mark.parametrize(("study", "arm"), ARMS)
def test_bundled_studies_against_survfit(study: str, arm: str) -> None:
    r = STUDIES[study][arm]
    page = states_page(bundled(study), View())
    curve = next(c for c in page.whole.curves if c.arm == arm)
    at = [int(np.argmin(np.abs(curve.time - t))) for t in r["time"]]
    np.testing.assert_allclose(curve.time[at], r["time"], atol=1e-9)
    np.testing.assert_allclose(curve.probability[at], r["probability"], atol=1e-8)
    np.testing.assert_allclose(curve.std_err[at], r["std_err"], atol=1e-6)
    lower = np.array(r["lower"], dtype=float)
    np.testing.assert_allclose(curve.lower[at], lower, atol=1e-6)
    means = curve.mean_times
    assert means.tau == r["tau"]
    assert [m.estimate for m in means.states] == pytest.approx(r["mean"], abs=1e-8)
    assert [m.std_err for m in means.states] == pytest.approx(r["mean_std_err"], abs=1e-6)
    moves = {(m.origin, m.target): m.n for m in curve.moves}
    assert moves == {(int(m["from"]), int(m["to"])): m["Freq"] for m in r["moves"] if m["Freq"]}


def test_the_sentence_of_aquila() -> None:
    page = states_page(bundled("aquila"), View())
    assert page.answer.startswith(
        "Over 5 years, a patient on daratumumab spends on average 48.3 months free of progression"
        " (36.5 on active monitoring), 4.2 progressed and untreated (7.7), 6.4 on first-line"
        " treatment (12.7) and 1.1 are lost to death (3.1)."
    )
    assert page.made_up is not None
    assert "these are simulated patients" in page.answer
    body = states_json(page)
    assert body["settings"]["tau"] == 60
    free = body["differences"][0]["mean_time"]["Free of progression"]
    assert free["estimate"] == pytest.approx(48.253568 - 36.546777, abs=1e-5)
    assert {m["to"] for m in body["moves"]["Daratumumab"]} == {
        "Progressed, untreated", "First-line treatment", "Died",
    }  # fmt: skip


def test_levels_add_up_to_all_patients_and_have_the_same_tau() -> None:
    page = states_page(bundled("aquila"), decode("?facet=SEX"))
    assert [f.label for f in page.facets] == ["Female", "Male"]
    assert sum(f.n for f in page.facets) == page.whole.n == 390
    assert {c.mean_times.tau for f in page.facets for c in f.curves} == {60}
    moves = [m for f in page.facets for c in f.curves for m in c.moves]
    assert sum(m.n for m in moves) == sum(m.n for c in page.whole.curves for m in c.moves)


def test_defaults_leave_the_address() -> None:
    study = bundled("quiredex")
    page = states_page(study, View())
    assert page.address.query == ""
    assert minimal(study, page.view).query == ""
    assert states_page(study, decode("?tau=60&unit=years")).view.tau == 60


def test_a_time_beyond_follow_up_says_so() -> None:
    page = states_page(bundled("aquila"), decode("?tau=300"))
    assert page.answer == ""
    assert "follow-up ends at" in page.answer_detail
    assert page.whole.differences[0].mean_times.states[0].estimate is None


def test_what_cannot_be_shown_has_a_reason() -> None:
    assert "no endpoint that is one of death" in str(states_page(two_arms(), View()).reason)
    nobody = states_page(bundled("aquila"), decode("?f.AGE=..1"))
    assert nobody.reason == "No patient matches all the filters. Remove one or reset them."
    assert states_json(nobody)["arms"] == []


def test_degenerate_studies() -> None:
    # All censored: everyone stays free of progression.
    censored = states_page(study_of([("A", course(end=e)) for e in (90, 95, 100)]), View())
    assert [m.estimate for m in censored.whole.curves[0].mean_times.states][1:] == [0, 0, 0]
    assert "95% CI not estimable." in censored.answer_detail
    # Progressed, treated and dead on one day, and at day 0; an arm of one patient.
    ties = study_of([("A", course(0, 0, 0)), ("A", course(5, 5, 5)), ("B", course(0))])
    page = states_page(ties, decode("?unit=days&at=1,5"))
    assert page.stays["START"].min() == -1
    found = {c.arm: c for c in page.whole.curves}
    assert [(m.origin, m.target, m.n) for m in found["A"].moves] == [(0, 3, 2)]
    assert found["A"].landmarks[0].states[3].estimate == 0.5
    assert found["B"].landmarks[0].states[1].estimate == 1


def test_left_out_patients_are_listed_and_counted() -> None:
    wrong = [("PFS", 60, True, "Progression"), ("FLT", 50, False, ""), ("OS", 50, True, "Death")]
    page = states_page(study_of([("A", course(3)), ("A", wrong), ("B", course())]), View())
    assert page.contradictions == (("P2", "PFS event on day 60, after death on day 50"),)
    said = dict(page.provenance)["Population"]
    assert said.endswith("left out: 1 patient whose endpoints contradict each other")
    assert page.whole.n == 2
