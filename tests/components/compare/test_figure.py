"""Two charts on the same axes."""

from __future__ import annotations

from typing import Any

from components.compare.figure import same_axes


def figure(**axes: Any) -> dict[str, Any]:
    return {"data": [], "layout": {"height": 300, **axes}}


def axis(low: float, high: float, title: str = "Months from start", **more: Any) -> dict[str, Any]:
    return {"range": [low, high], "title": {"text": title}, **more}


def test_both_show_what_either_shows() -> None:
    a, b = same_axes(
        figure(xaxis=axis(0, 40), yaxis=axis(0, 1, "", showgrid=True), yaxis2=axis(5, 0, "")),
        figure(xaxis=axis(-1, 30), yaxis=axis(0, 2, "", showgrid=True), yaxis2=axis(9, 0, "")),
    )
    for made in (a, b):
        assert made["layout"]["xaxis"]["range"] == [-1, 40]
        assert made["layout"]["yaxis"]["range"] == [0, 2]
    assert [made["layout"]["yaxis2"]["range"] for made in (a, b)] == [[5, 0], [9, 0]]


def test_a_turned_axis_stays_turned_and_marks_are_joined() -> None:
    marks = {"tickvals": [0, 12], "ticktext": ["0", "12"]}
    a, _ = same_axes(
        figure(xaxis=axis(36, 0, **marks)),
        figure(xaxis=axis(40, 0, **{"tickvals": [12, 24], "ticktext": ["12", "24"]})),
    )
    found = a["layout"]["xaxis"]
    assert found["range"] == [40, 0]
    assert (found["tickvals"], found["ticktext"]) == ([0, 12, 24], ["0", "12", "24"])


def test_times_in_two_units_are_two_axes() -> None:
    a, b = same_axes(figure(xaxis=axis(0, 24)), figure(xaxis=axis(0, 5, "Years from start")))
    assert [made["layout"]["xaxis"]["range"] for made in (a, b)] == [[0, 24], [0, 5]]


def test_the_numbers_of_both_do_not_touch() -> None:
    # Of 100 pixels from 0.01 to 10 a third is a power of ten: "0.03" is 16 pixels behind "0.01",
    # which is 23 wide; "1" and "3" are 7 wide.
    marks = {"tickvals": [0.01, 0.1, 1], "ticktext": ["0.01", "0.1", "1"], "type": "log"}
    other = marks | {"tickvals": [0.03, 0.3, 3], "ticktext": ["0.03", "0.3", "3"]}
    a, b = (
        figure(xaxis=axis(-2, 1, "Hazard", **m), width=160, margin={"l": 40, "r": 20})
        for m in (marks, other)
    )
    for made in same_axes(a, b):
        assert made["layout"]["xaxis"]["tickvals"] == [0.01, 0.03, 0.1, 0.3, 1, 3]
        assert made["layout"]["xaxis"]["ticktext"] == ["0.01", "", "0.1", "", "1", "3"]
