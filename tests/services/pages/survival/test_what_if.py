"""What is said of reconsidered times. Oracle: R's values in tests/oracles/what_if.csv."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from services.errors import UserError
from services.pages.risk_models.page import risk_models_page
from services.pages.safety.page import safety_page
from services.pages.subgroups.export import subgroups_json
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.export import patients_csv, survival_csv, survival_json
from services.pages.survival.page import survival_page
from services.views.study import View, decode
from tests.studies import as_such, bundled, make_study, two_arms

COUNT = "?count=First-line+treatment+without+confirmed+progression"


def test_the_sentence_and_the_json() -> None:
    page = survival_page(as_such("aquila"), decode(COUNT))
    assert page.answer == (
        "Counting “First-line treatment without confirmed progression” as events moves 28 patients:"
        " hazard ratio 0.48 (95% CI 0.36 to 0.64) instead of 0.49 (0.36 to 0.67)."
    )
    found = survival_json(page)["what_if"]
    assert found["moved"] == len(found["movers"]) == 28
    assert set(found["movers"][0]) == {"subject", "arm", "from", "to"}
    assert found["movers"][0]["from"]["event"] is False
    assert found["as_given"]["events"] == 166
    assert set(found["estimand"]) == {
        *("treatment", "population", "variable", "intercurrent_events", "summary_measure"),
    }
    assert "Counting" not in dict(page.provenance)["What if"]
    assert "28 patients moved" in dict(page.provenance)["What if"]
    assert survival_json(survival_page(as_such("aquila"), View()))["what_if"] is None


def test_those_who_move_are_rows_of_the_csv() -> None:
    text = survival_csv(survival_page(as_such("aquila"), decode(COUNT)))
    after = text.partition("# Patients who move: times in months; event 1 or 0\n")[2]
    rows = list(csv.DictReader(io.StringIO(after)))
    found = survival_json(survival_page(as_such("aquila"), decode(COUNT)))["what_if"]["movers"]
    assert len(rows) == 28
    for row, told in zip(rows, found, strict=True):
        assert (row["subject"], row["arm"]) == (told["subject"], told["arm"])
        assert [row["from_event"], row["to_event"]] == ["0", "1"]
        for end in ("from", "to"):
            assert float(row[f"{end}_time"]) == told[end]["time"]
            assert row[f"{end}_reason"] == told[end]["reason"]
    assert "Patients who move" not in survival_csv(survival_page(as_such("aquila"), View()))


def test_the_file_of_patients_has_the_times_as_they_are_shown() -> None:
    text = patients_csv(survival_page(as_such("aquila"), decode(COUNT)))
    row = next(line for line in text.splitlines() if line.startswith("AQUILA-SIM-0005,"))
    assert row.split(",")[3] == "1"
    assert "# What if: First-line treatment without confirmed progression: counts as" in text


def test_other_pages_of_the_endpoint_show_the_same_and_the_rest_say_that_they_do_not() -> None:
    forest = subgroups_page(as_such("aquila"), decode(COUNT))
    models = risk_models_page(as_such("aquila"), decode(COUNT))
    assert forest.forest
    overall = forest.forest.overall.hazard_ratio
    assert overall
    assert overall.estimate == pytest.approx(0.4762677321, abs=1e-6)
    assert subgroups_json(forest)["what_if"]["moved"] == 28
    assert models.overall
    assert models.overall.hazard_ratio == overall
    assert models.study is as_such("aquila")
    other = safety_page(as_such("aquila"), decode(COUNT))
    assert "not on this page" in dict(other.provenance)["What if"]
    assert other.address.count == decode(COUNT).count


@pytest.mark.parametrize("query", ["endpoint=OS&ice=FLT:event", "landmark=12", f"{COUNT[1:]}"])
def test_the_curves_of_an_open_subgroup_are_of_the_same_times(query: str) -> None:
    page = subgroups_page(as_such("aquila"), decode(f"?row=SEX:F&{query}"))
    assert page.forest
    assert page.row
    assert page.row.page.result
    row = next(
        r for g in page.forest.groups for r in g.levels if (g.label, r.level) == ("Sex", "F")
    )
    assert row.events == {c.arm: c.events for c in page.row.page.result.curves}
    assert row.n == {c.arm: c.n for c in page.row.page.result.curves}


def test_of_simulated_patients_it_never_leads() -> None:
    for make in (survival_page, subgroups_page):
        page = make(bundled("aquila"), decode(COUNT))
        assert page.made_up
        assert page.answer == page.made_up.sentence
        assert "with intercurrent events handled in this way" in page.answer
    landmark = survival_page(bundled("aquila"), decode("?landmark=12"))
    assert landmark.answer == (
        "The publications read for this site report no comparison of progression-free survival from"
        " month 12 on; the numbers from month 12 on are made up to illustrate the page."
    )


def test_only_what_was_moved_is_said_to_be_made_up() -> None:
    """The HR as given, 0.28 (0.12 to 0.62), is E3A06's published one: it stands beside."""
    lost = survival_page(bundled(), decode("?count=Lost%20to%20follow-up"))
    assert lost.answer.endswith("; the numbers that come of it are made up to illustrate the page.")
    assert "instead of 0.28 (0.12 to 0.62)" in lost.changed
    # Of filtered patients nothing was published, as given or not.
    women = survival_page(bundled(), decode("?count=Lost%20to%20follow-up&f.SEX=F"))
    assert women.answer.endswith("what follows is made up to illustrate the page.")
    # Groups made at a landmark have no numbers as given, whoever is chosen.
    groups = "?endpoint=OS&landmark=12&known=FLT"
    for query in (groups, f"{groups}&f.TREATMENT_ARM=Daratumumab"):
        known = survival_page(bundled("aquila"), decode(query))
        assert known.answer.endswith("what follows is made up to illustrate the page.")
    # Where nobody moves, the numbers are those of the data as given: they keep their sentence.
    given = survival_page(bundled("aquila"), decode("?endpoint=OS"))
    same = survival_page(bundled("aquila"), decode("?endpoint=OS&ice=FLT:ignore"))
    assert same.what_if is not None
    assert not same.what_if.movers
    assert (given.made_up, same.made_up) == (None, None)
    assert "as in the data as given" in same.answer


def test_who_left_before_the_landmark_is_counted_in_words() -> None:
    page = survival_page(as_such("aquila"), decode("?landmark=12"))
    assert page.what_if
    assert page.what_if.left_out == (
        "69 patients left out (43 with the event by month 12, 26 not followed beyond it)"
    )
    dead = survival_page(bundled("mgus2"), decode("?landmark=60")).what_if
    assert dead
    assert dead.left_out == (  # who died first is not lost from sight: counted in the file
        "519 patients left out (47 with the event by month 60, 442 who had died without it,"
        " 30 not followed beyond it)"
    )
    told = dict(page.provenance)
    assert told["Time"] == "months from month 12 after randomization"
    assert "without a record" not in told["Population"]


def test_every_sentence_says_how_many_a_landmark_leaves() -> None:
    """330 + 69 of 390, by the records that last beyond 6 and 12 months (counted in the data)."""
    page = survival_page(as_such("aquila"), decode("?landmark=6"))
    last = bundled("aquila").times
    left = int((last["TIME"][last["PARAMCD"] == "PFS"] > 6 * 30.4375).sum())
    assert page.population.n == 390
    assert survival_json(page)["population"]["analyzed"] == left == 360
    said = "390 of 390 patients, no filter; 360 analyzed, followed without the event at month 6"
    assert dict(page.provenance)["Population"] == said
    who = "the 360 patients followed without the event at month 6, of all 390 patients, by assigned"
    assert who in page.methods.text
    assert "analyzed" not in survival_json(survival_page(as_such("aquila"), View()))["population"]


def test_what_a_landmark_leaves_out_is_no_fault_of_filters() -> None:
    page = survival_page(as_such("aquila"), decode("?landmark=12&known=FLT"))
    assert page.reason
    assert "group “Without start of" in page.reason
    assert "followed without the event at month 12" in page.reason
    assert "filter" not in page.reason
    assert "of all 390 patients, by what was known by month 12, was" in page.methods.text
    # Nobody of A lasts 15 months, nobody of them 30.
    study = make_study(["A", "B"] * 6, [1, 20] * 6, [True] * 12, {"SEX": ["F", "M"] * 6})
    said = survival_page(study, decode("?landmark=10")).reason or ""
    assert "Only B has patients followed" in said
    assert "filter" not in said
    said = survival_page(study, decode("?landmark=10&f.SEX=F")).reason or ""
    assert said.startswith("None of these 6 patients is followed without the event at month 10.")


def test_each_thing_is_said_once_and_nothing_of_nobody() -> None:
    page = survival_page(as_such("aquila"), decode("?strata=SEX&landmark=6&ice=FLT:event"))
    assert page.result
    ratio = page.result.comparisons[0].stratified_hazard_ratio
    assert ratio
    assert f": stratified hazard ratio {ratio.estimate:.2f} (" in page.answer
    study = make_study(["A", "B"] * 5, range(1, 11), [False, True] * 5)
    study.times["CNSR"] = [1.0, 0, 2, 0, 1, 0, 2, 0, 1, 0]
    answer = survival_page(study, decode("?count=1&count=2&count=censored")).answer
    assert answer.startswith("Counting “censored” as events moves 5 patients:")
    alone = make_study(["A"] * 6, [1, 2, 3, 9, 9, 9], [True] * 6)
    page = survival_page(alone, decode("?landmark=4"))
    assert page.what_if
    assert page.what_if.left_out == "3 patients left out (with the event by month 4)"
    one = survival_page(make_study(["A", "B"], [1, 2], [True] * 2), decode("?arms=A"))
    assert dict(one.provenance)["Population"].startswith("1 of 2 patients")
    one = survival_page(make_study(["A"], [1], [True]), View())
    assert dict(one.provenance)["Population"].startswith("1 of 1 patient,")


def test_groups_made_after_the_start_differ_and_have_no_effect() -> None:
    page = subgroups_page(as_such("e3a06"), decode("?landmark=12&known=TRTEDT"))
    assert "effect" not in page.answer
    said = (
        "The difference between patients with last dose by month 12 and patients without last dose"
    )
    assert said in page.answer
    said = "Patients with last dose by month 12 were compared with patients without last dose"
    assert said in page.methods.text
    # ICEMAN's questions are of randomized arms.
    assert page.credibility == ()
    assert subgroups_page(as_such("e3a06"), decode("?landmark=12")).credibility
    three = subgroups_page(as_such("aquila"), decode("?landmark=12&known=EOTSTT@TRTEDT"))
    assert "(groups Without last dose by month 12 and With" in dict(three.provenance)["Population"]


def test_every_level_is_no_filter() -> None:
    page = survival_page(bundled("aquila"), decode("?f.SEX=F&f.SEX=M"))
    assert not page.made_up
    assert not page.population.summary
    assert page.population.filters == {"SEX": ("F", "M")}
    assert "all 390 patients" in page.methods.text


def test_groups_known_only_later_are_refused_with_the_reason() -> None:
    with pytest.raises(UserError, match="guarantee time"):
        survival_page(bundled("aquila"), decode("?facet=BOR"))


def test_nobody_moves_everybody_moves_and_a_single_arm() -> None:
    page = survival_page(as_such("aquila"), decode("?ice=FLT:censor"))
    assert "moves no patient: hazard ratio 0.49" in page.answer
    everybody = survival_page(two_arms(), decode("?count=1"))
    assert everybody.what_if
    assert all(m.now.event and not m.given.event for m in everybody.what_if.movers)
    alone = survival_page(make_study(["A"] * 20, range(20), [i % 2 > 0 for i in range(20)]),
                          decode("?count=1&landmark=3"))  # fmt: skip
    assert alone.answer.startswith("Counting “censored” as events moves 10 patients; from month 3")
    assert alone.answer.endswith(": 16 events instead of 10.")
    same = survival_page(bundled("mgus2"), decode("?endpoint=OS&ice=PCM:ignore"))
    assert same.answer.endswith("moves no patient: 963 events, as in the data as given.")
    query = "?endpoint=OS&landmark=60&known=PCM"
    group = survival_page(bundled("mgus2"), decode(query)).known_groups[0].name
    one = survival_page(bundled("mgus2"), replace(decode(query), arms=(group,)))
    assert "instead of" not in one.answer  # all patients are not what one group was before
    assert alone.what_if
    assert alone.what_if.estimand.summary_measure.startswith("Kaplan-Meier")


# Twenty patients on each arm, at months 1 to 20: on A every second is censored, on B nobody.
DEGENERATE = {
    "nobody is censored anymore: the arms are the same": ("?count=1", (40, 40), 1.0, None),
    "one patient an arm, an event in each": ("?count=1&landmark=19", (2, 2), 1.0, None),
    "one patient an arm, no event in one": ("?landmark=19", (2, 1), None, "0 events in A"),
    "a landmark before every time": ("?landmark=0.5", (40, 30), 0.5, None),
    "a landmark at a time: who has it then is out": ("?landmark=1", (38, 28), None, None),
    "one arm": ("?count=1&arms=B", (20, 20), None, None),
}


@pytest.mark.parametrize("case", DEGENERATE)
def test_degenerate_times_have_an_answer_or_a_reason(case: str) -> None:
    query, (n, events), ratio, reason = DEGENERATE[case]
    found = survival_page(two_arms(), decode(query)).what_if
    assert found
    now = found.reconsidered
    assert (sum(now.n.values()), sum(now.events.values())) == (n, events)
    for compared in now.comparisons:
        assert compared.reason == reason
        if ratio is not None:
            assert compared.hazard_ratio
            assert compared.hazard_ratio.estimate == pytest.approx(ratio, abs=1e-9)
    assert ("not estimable" in found.sentence) is (reason is not None)
