"""A view recomputed: the other programs agree, or it is said why not.

Oracle: the programs themselves; what they are known to do differently is in page.toml.
"""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from services import names
from services.errors import UserError
from services.pages.second_opinion import by_r
from services.pages.second_opinion import page as made
from services.pages.second_opinion.export import opinion_csv, opinion_json
from services.pages.second_opinion.page import second_opinion
from services.pages.second_opinion.records import Source
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.statistics.opinions.by_survival import Survival
from services.views.study import decode
from tests.studies import as_such, bundled, make_study

NEEDS_R = pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not installed")


@NEEDS_R
def test_r_agrees_in_every_number_of_both_pages() -> None:
    view = decode("?strata=SEX&adjust=AGE&at=24")
    for page, n in ((survival_page(bundled("e3a06"), view), 23), (forest(), 44)):
        found = second_opinion(page)
        assert found.sources[2].problem is None
        assert len(found.numbers) == n
        assert {number.key: number.theirs["R"].same for number in found.numbers} == {
            number.key: True for number in found.numbers
        }
        assert found.answer[2].startswith("R ")
        assert f"all {n} numbers it gives are the same as here." in found.answer[2]


def forest():
    return subgroups_page(as_such("aquila"), decode("?by=SEX,ISOTYPE&strata=SEX&min_events=9"))


def test_what_lifelines_does_otherwise_is_said() -> None:
    found = second_opinion(forest(), with_r=False)
    said = {(n.key.group[1], n.key.what, n.key.arm): n.theirs["lifelines"] for n in found.numbers
            if n.key.part == "estimate"}  # fmt: skip
    # A flat stretch at 50%: R and this page give its middle, lifelines its start.
    light = said["Light chain", "median", "Active monitoring"]
    assert light.difference == pytest.approx(-12.353, abs=1e-3)
    assert "lifelines its start" in light.why
    assert said["", "hazard ratio", "Daratumumab"].same
    assert not said["Light chain", "hazard ratio", "Daratumumab"].same
    assert "run to 0 or infinity" in said["Light chain", "hazard ratio", "Daratumumab"].why
    known = [t.why for n in found.numbers for t in n.theirs.values() if not t.same]
    assert known
    assert not [why for why in known if not why or "that we know of" in why]


def test_fewer_events_than_asked_for_is_told_from_no_event() -> None:
    for query, reason in (("&min_events=30", "23 events, fewer than 30, which"), ("", None)):
        page = subgroups_page(bundled("quiredex"), decode(f"?cut=AGE:q4&by=AGE:q4{query}"))
        found = second_opinion(page, with_r=False)
        said = next(n for n in found.numbers
                    if n.key.group[1] == "< 57" and n.key.what == "hazard ratio")  # fmt: skip
        for theirs in said.theirs.values():
            assert theirs.same is (reason is None)
            assert not reason or f"gives no ratio here: {reason} is this view's" in theirs.why
            assert "infinity" not in theirs.why


def by_lifelines(page):
    found = second_opinion(page, with_r=False)
    said = {(n.key.what, n.key.arm, n.key.time, n.key.part): n.theirs["lifelines"]
            for n in found.numbers}  # fmt: skip
    return found.answer, said


def test_beyond_follow_up_the_limits_have_the_reason_of_the_estimate() -> None:
    _, said = by_lifelines(survival_page(bundled("aquila"), decode("?at=200")))
    for part in ("estimate", "lower", "upper"):
        theirs = said["survival", "Active monitoring", 200.0, part]
        assert theirs.value is not None
        assert "last time" in theirs.why
        assert theirs.why.endswith("follow-up ends at 75.5, before 200.")


def test_a_ratio_within_strata_has_the_page_s_own_reason_for_none() -> None:
    # Ten patients, events in both arms, but in no stratum where both are at risk.
    view = decode("?strata=SEX,TSDIAGGR&f.AGE=..49")
    _, said = by_lifelines(survival_page(bundled("quiredex"), view))
    arm = "Lenalidomide and dexamethasone"
    assert said["hazard ratio", arm, None, "estimate"].same
    assert said["stratified hazard ratio", arm, None, "lower"].why.startswith(
        f"This page gives no ratio here: no event in {names.isolated(arm)} while"
    )


def test_not_reached_against_a_value_is_an_answer_that_differs() -> None:
    # R 4.3, survival 3.5: 59.99179 is the upper limit; the band ends at 0.50009.
    answer, said = by_lifelines(survival_page(bundled("aquila"), decode("?endpoint=FLT")))
    limit = said["median", "Active monitoring", None, "upper"]
    assert (limit.value, limit.same, limit.answered) == (None, False, True)
    assert "only at the band's last value" in limit.why
    assert "39 of 40 numbers are the same as here, 1 is not." in answer[0]


def test_a_curve_that_ends_a_rounding_above_half_is_known() -> None:
    # lifelines' own curve of these patients ends at 0.5000000000000001.
    _, said = by_lifelines(survival_page(bundled("aquila"), decode("?f.AGE=80..")))
    median = said["median", "Daratumumab", None, "estimate"]
    assert (median.value, median.same) == (None, False)
    assert "a hair above 50%" in median.why


def test_where_a_program_stops_the_page_s_own_reason_is_beside_it() -> None:
    page = subgroups_page(bundled("quiredex"), decode("?by=ISOTYPE&endpoint=OS"))
    found = second_opinion(page, with_r=False)
    whys = {n.theirs["lifelines"].why for n in found.numbers
            if n.key.group[1] == "Light chain" and n.key.what == "hazard ratio"}  # fmt: skip
    (why,) = whys
    assert why.startswith("lifelines stopped: Convergence halted")
    assert why.endswith(". This page gives no ratio here either: 0 events.")


def test_a_stratum_that_is_a_factor_too_is_said_and_not_asked_for() -> None:
    page = survival_page(bundled("aquila"), decode("?strata=SEX&adjust=SEX,AGE"))
    answer, said = by_lifelines(page)
    assert said["adjusted hazard ratio", "Daratumumab", None, "estimate"].same
    assert "Sex is a stratum as well as a factor" in answer[-1]
    assert page.adjustment is not None
    reasons = [t.reason for t in page.adjustment.models["Daratumumab"].terms]
    assert reasons == [None, "it does not vary within a stratum", None]


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (0.488312, 0.488316, True),
        (0.488312, 0.488318, False),
        (2e-11, 5e-11, True),
        (1e-4, 1.001e-4, False),
        (None, None, True),
        (0.5, None, False),
        (None, 0.5, False),
    ],
)
def test_the_same_is_a_hundred_thousandth(
    ours: float | None, theirs: float | None, same: bool
) -> None:
    page = survival_page(bundled("aquila"), decode(""))
    question = next(made._questions(page))
    key = next(iter(question.ours))
    asked = replace(question, ours={key: ours})
    said = made._theirs(page, Source("R", ""), key, asked, {key: theirs})
    assert (said.same, said.answered, bool(said.why)) == (same, True, not same)


def test_what_cannot_be_asked_is_a_row_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_self: Survival) -> str:
        raise ImportError("The Python package survival is not installed.")

    def broken(*_: object) -> object:
        raise ValueError("singular")

    monkeypatch.setattr(Survival, "version", missing)
    monkeypatch.setattr(made.Lifelines, "cox", broken)
    monkeypatch.setattr(by_r.shutil, "which", lambda _name: None)
    page = survival_page(bundled("aquila"), decode(""))
    found = second_opinion(page)
    assert [s.problem for s in found.sources] == [
        None,
        "The Python package survival is not installed.",
        "R is not installed on this server.",
    ]
    ratio = next(n for n in found.numbers if n.key.what == "hazard ratio")
    assert ratio.theirs["lifelines"].why == "lifelines stopped: singular."
    assert not ratio.theirs["lifelines"].answered
    assert opinion_csv(found).splitlines()[-1].endswith(",R is not installed on this server.,no")
    body = opinion_json(found)
    assert body["programs"][2]["problem"] == "R is not installed on this server."
    assert body["numbers"][0]["theirs"].keys() == {"lifelines"}
    monkeypatch.setattr(made, "MOST", 100)
    off = second_opinion(page, with_r=False)
    assert off.sources[0].problem == "is asked of at most 100 patients."
    assert "SMM_SECOND_OPINION_R is 0" in str(off.sources[2].problem)


def test_one_at_a_time_and_none_without_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "WAIT", 0.01)
    page = survival_page(bundled("aquila"), decode(""))
    with made._one_at_a_time, pytest.raises(UserError, match="being made right now") as busy:
        second_opinion(page)
    assert busy.value.status == 503
    nobody = survival_page(bundled("aquila"), decode("?f.AGE=..1"))
    with pytest.raises(UserError, match="nothing to recompute"):
        second_opinion(nobody)


def test_an_arm_that_is_gone_at_the_first_event_is_told() -> None:
    """R: survdiff of the same patients, chi-squared 1 on 1 degree of freedom, p 0.317."""
    study = make_study(["Y", "Z", "X"], [67, 15, 7], [False, True, False], arms=["Y", "Z", "X"])
    found = second_opinion(survival_page(study, decode("")), with_r=False)
    number = next(n for n in found.numbers if n.key.what == "log-rank")
    said = number.theirs["lifelines"]
    assert number.ours == pytest.approx(0.3173105, abs=1e-7)
    assert not said.same
    assert "lifelines gives the test a degree of freedom for it" in said.why
