"""The table under the chart: the record's numbers, exactly under the ticks."""

from __future__ import annotations

from typing import Any

import pytest

from components.survival.figure import survival_figure
from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage
from services.views.study import decode
from tests.studies import bundled

QUERIES = ["", "?endpoint=OS&unit=years", "?ticks=5", "?xmax=24", "?f.SEX=F&unit=days"]


def page(query: str = "", study_id: str = "e3a06") -> SurvivalPage:
    return survival_page(bundled(study_id), decode(query))


def rows(figure: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """ "Arm: line" -> trace, of the table's lines."""
    return {t["name"]: t for t in figure["data"] if t.get("meta") == "table"}


@pytest.mark.parametrize("query", QUERIES)
def test_the_numbers_are_the_records_and_stand_under_the_ticks(query: str) -> None:
    made = page(query)
    figure = survival_figure(made)
    found = rows(figure)
    assert figure["layout"]["xaxis"]["tickvals"] == list(made.ticks)
    assert len(found) == 3 * len(made.at_risk)
    for table in made.at_risk:
        lines = {"At risk": table.at_risk, "Events": table.events, "Censored": table.censored}
        for label, counts in lines.items():
            trace = found[f"{table.arm}: {label}"]
            assert trace["x"] == list(made.ticks)
            assert [int(text) for text in trace["text"]] == list(counts)
            assert trace["mode"] == "text"
            assert trace["yaxis"] == "y2"
            assert "xaxis" not in trace, "it shares the chart's time axis"


@pytest.mark.parametrize("query", QUERIES)
def test_each_column_adds_up_to_n(query: str) -> None:
    made = page(query)
    found = rows(survival_figure(made))
    for table in made.at_risk:
        for i in range(len(made.ticks)):
            lines = [found[f"{table.arm}: {k}"] for k in ("At risk", "Events", "Censored")]
            assert sum(int(line["text"][i]) for line in lines) == table.n


def test_each_line_has_its_label_and_its_own_height() -> None:
    figure = survival_figure(page())
    axis = figure["layout"]["yaxis2"]
    for name, trace in rows(figure).items():
        (y,) = set(trace["y"])
        assert axis["ticktext"][axis["tickvals"].index(y)] == name.partition(": ")[2]
    heights = [trace["y"][0] for trace in rows(figure).values()]
    assert len(set(heights)) == len(heights)
    assert axis["range"][0] > axis["range"][1], "the first line is on top"
    assert axis["fixedrange"] is True
    assert axis["domain"][1] < figure["layout"]["yaxis"]["domain"][0], "below the chart"


def test_arms_are_in_display_order_under_their_names() -> None:
    made = page()
    figure = survival_figure(made)
    names = [a for a in figure["layout"]["annotations"] if a.get("yref") == "y2"]
    heads = [a for a in names if "Lighter" not in a["text"]]
    assert [a["text"] for a in heads] == [f"<b>{arm.name}</b>" for arm in made.arms]
    for head in heads:
        arm = head["text"][3:-4]
        lines = [t["y"][0] for n, t in rows(figure).items() if n.startswith(f"{arm}: ")]
        assert head["y"] == min(lines) - 1


def test_on_a_narrow_screen_only_the_numbers_at_risk() -> None:
    made = page()
    wide, narrow = survival_figure(made), survival_figure(made, compact=True)
    assert set(rows(narrow)) == {f"{arm.name}: At risk" for arm in made.arms}
    assert narrow["layout"]["height"] < wide["layout"]["height"]


def test_a_single_arm_has_its_table() -> None:
    found = rows(survival_figure(page("", "e3a06-run-in")))
    assert found["Lenalidomide: At risk"]["text"][0] == "44"
