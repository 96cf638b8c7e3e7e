"""Groups cut on the subgroups page. Oracle: the number of tests that the JSON counts."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.callbacks.client import Reader


@pytest.fixture
def forest(server: Flask) -> Reader:
    reader = Reader(server, "/study/e3a06/subgroups")
    reader.props["subgroups-cut-column"]["value"] = "AGE"
    return reader


def cut(reader: Reader, points: str) -> str:
    """Add groups cut at points; what stands under the field then."""
    reader.props["subgroups-cut-points"]["value"] = points
    reader.change("subgroups-cut-add", "n_clicks", 1)
    return str(reader.props["subgroups-cut-points"].get("error") or "")


def number_of_tests(reader: Reader) -> int:
    query = reader.props["subgroups-address"].get("search") or ""
    answer = reader.client.get(f"/study/e3a06/subgroups.json{query}")
    return int(answer.get_json()["tests"])


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ("abc", "“abc” is not a number to cut at. Write numbers such as 60, 70."),
        ("", "No cut point is written."),
        ("1 2 3 4 5 6 7", "These are 7 cut points. Write at most 6."),
        ("5", "This leaves a group without patients. The values lie between"),
    ],
)
def test_wrong_cut_points_are_marked(forest: Reader, points: str, said: str) -> None:
    assert cut(forest, points).startswith(said)
    assert not forest.props["subgroups-address"].get("search")


def test_the_same_groups_are_added_once_and_tested_once(forest: Reader) -> None:
    first = number_of_tests(forest)
    assert cut(forest, "60,70") == ""
    once = number_of_tests(forest)
    assert once == first + 1
    assert cut(forest, "70,60") == ""
    assert number_of_tests(forest) == once
