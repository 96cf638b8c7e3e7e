"""What two pages print otherwise. Oracle: tables written here, every difference counted by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from services.compare.differences import differences, neutral
from services.compare.records import Side
from services.study.model import Endpoint
from services.views.study import View

PFS = Endpoint("PFS", "Progression-free survival", "progression-free", "progression", good=False)
OS = Endpoint("OS", "Overall survival", "alive", "death", good=False)


def table(heads: str, *rows: str, title: str = "By arm") -> str:
    """HTML of a table; cells are separated by "|"."""
    cells = "".join(f"<th>{head}</th>" for head in heads.split("|"))
    lines = [row.split("|") for row in rows]
    body = "".join(
        f"<tr><th>{line[0]}</th>{''.join(f'<td>{c}</td>' for c in line[1:])}</tr>" for line in lines
    )
    return f"<h2>{title}</h2><table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def side(*tables: str, endpoint: Endpoint = PFS, page: str = "survival", **view: Any) -> Side:
    view = {"arms": ("Placebo", "Drug"), **view}
    record = SimpleNamespace(view=View(**view), endpoint=endpoint)
    made = cast(Any, record)
    return Side(page, "", "", False, made, {"part": "".join(tables)}, {}, made)


def told(a: Side, b: Side) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    main, rest = differences(a, b)
    return [(d.name, d.a, d.b) for d in main], [(d.name, d.a, d.b) for d in rest]


def test_what_is_the_same_is_left_out_and_estimates_lead_in_their_order() -> None:
    arms = "|Drug|Placebo"
    a = side(
        table(arms, "Patients|10|9", "Events|3|5", "Alive at 12 months|90%|80%"),
        table("|", "Hazard ratio|0.50 (0.20 to 0.90)", title="Comparison: Drug versus Placebo"),
    )
    b = side(
        table(arms, "Patients|10|9", "Events|2|5", "Alive at 12 months|91%|80%"),
        table("|", "Hazard ratio|0.60 (0.20 to 1.10)", title="Comparison: Drug versus Placebo"),
    )
    main, rest = told(a, b)
    assert main == [
        ("Hazard ratio", "0.50 (0.20 to 0.90)", "0.60 (0.20 to 1.10)"),
        ("Events: Drug", "3", "2"),
    ]
    assert rest == [("Alive at 12 months: Drug", "90%", "91%")]
    assert told(a, a) == ([], [])


def test_arms_endpoint_and_unit_of_two_studies_count_as_the_same() -> None:
    a = side(table("|Drug|Placebo", "Median, months|24.0|12.0", "Progression-free at 12|9%|8%"))
    b = side(
        table("|New drug|Watching", "Median, years|2.5|1.0", "Alive at 12|7%|8%"),
        endpoint=OS, unit="years", arms=("Watching", "New drug"),
    )  # fmt: skip
    main, rest = told(a, b)
    assert main == [
        ("Median, months: Drug / years: New drug", "24.0", "2.5"),
        ("Median, months: Placebo / years: Watching", "12.0", "1.0"),
    ]
    assert rest == [("Progression-free at 12: Drug / Alive at 12: New drug", "9%", "7%")]


def test_only_times_left_on_both_sides_are_set_against_each_other() -> None:
    arms = "|Drug|Placebo"
    a = side(table(arms, "Mean within 75.3 months|58|44", "At 12|1%|2%", "At 24|3%|4%"))
    b = side(table(arms, "Mean within 60 months|50|40", "At 12|1%|2%", "At 36|5%|6%"))
    _, rest = told(a, b)
    # One time is left on each side under one name; of several nothing could say which is which.
    assert rest == [
        ("Mean within 75.3 / 60 months: Drug", "58", "50"),
        ("Mean within 75.3 / 60 months: Placebo", "44", "40"),
        ("At 24 / 36: Drug", "3%", "5%"),
        ("At 24 / 36: Placebo", "4%", "6%"),
    ]
    several = side(table(arms, "At 36|5%|6%", "At 48|7%|8%"))
    assert ("At 12: Drug", "1%", "") in told(a, several)[1]
    assert ("At 48: Placebo", "", "8%") in told(a, several)[1]


def test_stratified_numbers_stand_beside_the_unstratified_they_replace() -> None:
    a = side(table("|", "Hazard ratio|0.50", title="Comparison: Drug versus Placebo"))
    b = side(table("|Stratified|Unstratified", "Hazard ratio|0.40|0.50", title="Comparison"))
    assert told(a, b)[0] == [("Hazard ratio: Stratified", "", "0.40")]


def test_a_level_that_is_a_number_is_no_time() -> None:
    a = side(table("Subgroup|HR|At 36 months", "All patients|1|9", "0|2|7", "1|3|8"))
    b = side(table("Subgroup|HR|At 3 years", "All patients|1|9", "0|2|6", "1|3|8"), unit="years")
    assert told(a, b) == ([], [("0: At 36 months / 3 years", "7", "6")])


def test_arms_that_change_places_are_matched_by_name() -> None:
    a = side(table("|Drug|Placebo", "Events|3|5"))
    b = side(table("|Placebo|Drug", "Events|5|4"), arms=("Drug", "Placebo"))
    assert told(a, b)[0] == [("Events: Drug", "3", "4")]


def test_groups_known_at_a_landmark_are_no_arms() -> None:
    a = side(table("|", "Hazard ratio|0.5", title="Comparison: Drug versus Placebo"))
    b = side(
        table("|", "Hazard ratio|2.5", title="Comparison"),
        arms=("Without X", "With X"), known="X", landmark=12.0,
    )  # fmt: skip
    assert told(a, b)[0] == [("Hazard ratio", "0.5", ""), ("Hazard ratio", "", "2.5")]


def test_groups_cut_at_other_points_are_not_set_against_each_other() -> None:
    a = side(table("Age, cut at 60|Hazard ratio|n", "< 60|0.5|9", title="By group"))
    b = side(table("Age, cut at 50|Hazard ratio|n", "< 50|0.7|8", title="By group"))
    assert all(not (one and other) for _, one, other in told(a, b)[1])


def test_levels_of_other_models_are_not_set_against_each_other() -> None:
    a = side(table("Mayo ↓ IMWG →|Low|High", "Low|31|2", title="Both"), page="risk-models")
    b = side(table("Mayo ↓ ISS →|Low|High", "Low|59|3", title="Both"), page="risk-models")
    assert all(not (one and other) for _, one, other in told(a, b)[0])


def test_what_one_comparison_rests_on_is_not_set_against_another() -> None:
    def rests(arm: str, ratio: str, title: str = "How much it rests on") -> str:
        return table(f"|On {arm}|On A", f"1 further event|{ratio}|{ratio}1", title=title)

    second = rests("C", "0.7", "How much it rests on: Two (2)")
    a = side(rests("B", "0.5"), second, arms=("A", "B", "C"))
    found = told(a, side(rests("C", "0.7"), arms=("A", "C")))[1]
    assert found == [("1 further event: On B", "0.5", ""), ("1 further event: On A", "0.51", "")]


def test_an_arm_is_the_same_alone_and_beside_others() -> None:
    a = side(table("|Drug", "Events|3", "Patients|9", title="Estimates"), arms=("Drug",))
    b = side(table("|Drug|Placebo", "Events|3|5", "Patients|8|7"))
    assert told(a, b)[0] == [
        ("Events: Placebo", "", "5"), ("Patients: Drug", "9", "8"),
        ("Patients: Placebo", "", "7"),
    ]  # fmt: skip


def test_a_comparison_is_the_same_one_beside_others() -> None:
    a = side(
        table("|", "Hazard ratio|0.50", title="B versus A"),
        table("|", "Hazard ratio|0.70", title="C versus A"), arms=("A", "B", "C"),
    )  # fmt: skip
    b = side(table("|", "Hazard ratio|0.50", title="Comparison: B versus A"), arms=("A", "B"))
    assert told(a, b) == ([("Hazard ratio", "0.70", "")], [])
    other = side(table("|", "Hazard ratio|0.70", title="Comparison"), arms=("A", "C"))
    assert told(a, other) == ([("Hazard ratio", "0.50", "")], [])


def test_rows_of_one_name_are_told_apart_and_counts_in_heads_are_numbers() -> None:
    def states(drug: int, difference: str) -> str:
        return table(
            f"|Drug N = {drug}|Placebo N = 9",
            "Free|50|40", f"Difference|{difference}|", "Died|5|6", "Difference|−1|",
            title="Mean months",
        )  # fmt: skip

    main, _ = told(side(states(10, "+10"), page="states"), side(states(8, "+12"), page="states"))
    assert main == [("Patients: Drug", "10", "8"), ("Free: Difference: Drug", "+10", "+12")]


def test_words_patients_and_sentences_are_no_numbers() -> None:
    arms = "|Drug|Placebo"
    a = side(table(arms, "Shape|wide|narrow"), table(arms, "S1|3|4", title="Patients who move"))
    b = side(table(arms, "Shape|flat|flat", f"Why|{'1 ' * 99}|-"))
    assert told(a, b) == ([], [])


def test_names_are_found_whole() -> None:
    assert neutral("A at 12: Aspirin, A", [("A",), ("at",)]) == "[a] [b] 12: aspirin, [a]"
