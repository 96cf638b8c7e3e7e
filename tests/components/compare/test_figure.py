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
    marks = {"tickvals": [0, 1], "ticktext": ["0", "1"]}
    a, _ = same_axes(
        figure(xaxis=axis(36, 0, **marks)),
        figure(xaxis=axis(40, 0, **{"tickvals": [1, 2], "ticktext": ["1", "2"]})),
    )
    found = a["layout"]["xaxis"]
    assert found["range"] == [40, 0]
    assert (found["tickvals"], found["ticktext"]) == ([0, 1, 2], ["0", "1", "2"])


def test_times_in_two_units_are_two_axes() -> None:
    a, b = same_axes(figure(xaxis=axis(0, 24)), figure(xaxis=axis(0, 5, "Years from start")))
    assert [made["layout"]["xaxis"]["range"] for made in (a, b)] == [[0, 24], [0, 5]]
