"""What a question tells. Oracle: what a browser can send, and what it cannot."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import Flask

from callbacks.said import event, is_plain, like, text
from services.errors import UserError
from tests.callbacks.client import Reader


@pytest.mark.parametrize("value", ["é", 2**53, -1.5, None, True, {"a": [{"b": ["c"]}]}])
def test_what_browsers_send_is_plain(value: Any) -> None:
    assert is_plain(value)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("-inf"),
        2**53 + 1,
        "a\ud800",
        {"\udfff": 1},
        [[[[[[[[[[[[3]]]]]]]]]]]],
    ],
)
def test_what_they_cannot_is_not(value: Any) -> None:
    assert not is_plain(value)


def test_controls_hold_what_the_page_puts_into_them() -> None:
    told = {"strata": None, "unit": "weeks", "tau": 24, "plot": None}
    own = {"strata": [], "unit": "months", "tau": ""}
    assert like(told, own) == {"strata": [], "unit": "weeks", "tau": "24", "plot": None}


@pytest.mark.parametrize(
    "ask",
    [
        lambda: like({"unit": ["weeks"]}, {"unit": ""}),
        lambda: like({"unit": {"a": 1}}, {}),
        lambda: like({"unit": True}, {}),
        lambda: like({"strata": "SEX"}, {"strata": ()}),
        lambda: like({"strata": ["SEX", 3]}, {"strata": []}),
        lambda: event("open", "data"),
        lambda: event({"do": {"a": 1}}, "data"),
        lambda: event(["a"], "n_clicks"),
        lambda: text(3),
    ],
)
def test_what_no_control_holds_is_refused(ask: Any) -> None:
    with pytest.raises(UserError, match="no question") as caught:
        ask()
    assert caught.value.status == 400


def test_events_tell_records_and_words() -> None:
    record = {"do": "order", "value": ["A", "B"], "times": 3}
    assert (event(record, "data"), event(None, "data"), event(2, "n_clicks")) == (record, None, 2)


@pytest.mark.parametrize(
    ("place", "prop", "value"),
    [
        ("safety-effect", "value", "odds2"),
        ("safety-unit", "value", "parsecs"),
        ("safety-only", "value", ["nonsense"]),
        ("safety-term", "value", ["a"]),
        ("safety-action", "data", ["page"]),
        ("safety-action", "data", {"kind": "page", "value": ["1"]}),
        ("safety-address", "search", 12),
    ],
)
def test_a_page_stays_and_the_log_too(
    server: Flask, caplog: pytest.LogCaptureFixture, place: str, prop: str, value: Any
) -> None:
    reader = Reader(server, "/study/e3a06/safety")
    before = reader.props["safety-graph"]["figure"]
    caplog.set_level(logging.WARNING)
    reader.change(place, prop, value)
    assert reader.props["safety-graph"]["figure"] == before
    assert "cannot be used" in str(reader.props) or "no question" in str(reader.props)
    assert not [told for told in caplog.records if told.levelno >= logging.WARNING]


def test_a_choice_of_nothing_is_the_usual_one(server: Flask) -> None:
    reader = Reader(server, "/study/e3a06/benefit-risk?unit=years")
    reader.change("benefit-risk-unit", "value", "")
    assert reader.props["benefit-risk-address"]["search"] == ""


def test_a_question_about_a_study_that_is_not_here_is_answered_in_words(
    server: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Reader(server, "/study/e3a06/safety")
    reader.props["safety-study"]["data"] = "nobody"
    reader.change("safety-unit", "value", "weeks")
    assert "There is no study “nobody”." in str(reader.props["safety-island"])
    assert not [told for told in caplog.records if told.levelno >= logging.WARNING]
