"""A view recomputed: the other programs agree, or it is said why not.

Oracle: the programs themselves; what they are known to do differently is in page.toml.
"""

from __future__ import annotations

import shutil

import pytest

from services.errors import UserError
from services.pages.second_opinion import by_r
from services.pages.second_opinion import page as made
from services.pages.second_opinion.export import opinion_csv, opinion_json
from services.pages.second_opinion.page import second_opinion
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.statistics.opinions.by_survival import Survival
from services.views.study import decode
from tests.studies import as_such, bundled

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
    assert "fewer events" in said["Light chain", "hazard ratio", "Daratumumab"].why
    known = [t.why for n in found.numbers for t in n.theirs.values() if not t.same]
    assert known
    assert not [why for why in known if not why or "that we know of" in why]


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
    assert ratio.theirs["lifelines"].why == "lifelines stopped: singular"
    assert opinion_csv(found).splitlines()[-1].endswith(",R is not installed on this server.")
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
