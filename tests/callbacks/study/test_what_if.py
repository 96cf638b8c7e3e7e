"""The controls of "What if" on the pages beside survival. Oracle: the addresses they write."""

from __future__ import annotations

from urllib.parse import unquote_plus

import pytest
from flask import Flask

from callbacks.study import risk_models, subgroups, survival
from callbacks.study.what_if import NAMES
from tests.callbacks.client import Reader


def test_every_page_that_reconsiders_times_has_the_same_controls() -> None:
    for page in (survival.PAGE, subgroups.PAGE, risk_models.PAGE):
        assert {*NAMES} <= {*page.controls}
        assert (f"{page.name}-known", "options") in page.options


@pytest.mark.parametrize("name", ["subgroups", "risk-models"])
def test_they_change_the_page_and_take_it_back(server: Flask, name: str) -> None:
    reader = Reader(server, f"/study/aquila/{name}?endpoint=OS")
    props = reader.props

    def address() -> str:
        return unquote_plus(props[f"{name}-address"]["search"] or "")

    reader.change(f"{name}-usual", "value", "New therapy is failure")
    assert address() == "?endpoint=OS&ice=FLT:event"
    assert props[f"{name}-ice"]["value"] == ["FLT:event"]
    reader.change(f"{name}-landmark", "value", "12")
    reader.change(f"{name}-known", "value", "TRTEDT")
    assert address() == "?endpoint=OS&ice=FLT:event&landmark=12&known=TRTEDT"
    arm = "subgroups-reference" if name == "subgroups" else "risk-models-of"
    assert props[arm]["value"] == "Without last dose by month 12"
    assert props[arm]["options"][0]["value"] == "With last dose by month 12"
    reader.change(f"{name}-known", "value", None)
    assert props[arm]["value"] == "Active monitoring"
    reader.change(f"{name}-usual", "value", "As the study has it")
    reader.change(f"{name}-landmark", "value", "")
    assert address() == "?endpoint=OS"


def test_a_usual_way_counts_where_something_else_is_chosen_before_it_is_answered(
    server: Flask,
) -> None:
    """One question then says both; oracle: one after the other."""
    for name in ("survival", "subgroups", "risk-models"):
        reader = Reader(server, f"/study/aquila/{name}?endpoint=OS")
        reader.props[f"{name}-usual"]["value"] = "New therapy is failure"
        reader.change(f"{name}-unit", "value", "years")
        address = unquote_plus(reader.props[f"{name}-address"]["search"])
        assert address == "?endpoint=OS&unit=years&ice=FLT:event"
        assert reader.props[f"{name}-usual"]["value"] == "New therapy is failure"
        # What it would take the place of was chosen after it.
        reader.props[f"{name}-usual"]["value"] = "As the study has it"
        reader.change(f"{name}-ice", "value", ["FLT:event", "FLT:censor"])
        assert reader.props[f"{name}-ice"]["value"] == ["FLT:censor"]


@pytest.mark.parametrize("name", ["survival", "subgroups", "risk-models"])
def test_what_is_chosen_after_an_endpoint_is_of_that_endpoint(server: Flask, name: str) -> None:
    """One question says both; what was asked of the endpoint before does not go with it."""
    reader = Reader(server, f"/study/aquila/{name}?ice=FLT:event")
    reader.props[f"{name}-endpoint"]["value"] = "OS"
    reader.change(f"{name}-ice", "value", ["TRTEDT:censor", "FLT:event"])
    address = unquote_plus(reader.props[f"{name}-address"]["search"])
    assert address == "?endpoint=OS&ice=TRTEDT:censor"
    assert reader.props[f"{name}-ice"]["value"] == ["TRTEDT:censor"]
