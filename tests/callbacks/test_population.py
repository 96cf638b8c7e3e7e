"""The rail's part of an answer. Oracle: the record of the address."""

from __future__ import annotations

import pytest
from flask import Flask

from services.views.study import decode
from tests.callbacks.client import Reader, id_text
from tests.callbacks.survival import PATH, filters, rail, record, words


@pytest.fixture
def reader(server: Flask) -> Reader:
    return Reader(server, PATH)


def test_a_filter_changes_figure_counts_and_address(reader: Reader) -> None:
    answer = filters(reader, "?f.SEX=F")
    assert reader.posts == 1
    assert reader.props["survival-address"]["search"] == "?f.SEX=F"
    page = record("?f.SEX=F")
    shown = rail(reader)
    assert f"{page.population.n} of 182 patients" in shown["html"]["population-summary"]
    assert shown["filters"]["MAYO2018"]["counts"] == list(page.counts["MAYO2018"].values())
    assert shown["filters"]["SEX"]["chosen"] == ["F"]
    assert shown["query"] == "?f.SEX=F", "the tabs carry the population along"
    assert "rail-patients" not in shown["html"], "boxes that are there stay"
    assert page.answer in words(reader, "answer")
    assert not [name for name in answer if "value" in answer[name]], "controls are as they were"


def test_a_change_of_a_setting_keeps_the_filters(reader: Reader) -> None:
    filters(reader, "?f.SEX=F&f.AGE=50..60")
    reader.change("survival-endpoint", "value", "OS")
    assert decode(reader.props["survival-address"]["search"]) == decode(
        "?endpoint=OS&f.SEX=F&f.AGE=50..60"
    )
    filters(reader, "?endpoint=OS")
    assert rail(reader)["filters"]["SEX"]["chosen"] == []
    age = next(c for c in record("").filters if c.name == "AGE")
    assert rail(reader)["filters"]["AGE"] == {"range": [age.low, age.high], "missing": True}


def test_a_refused_choice_does_not_hold_up_the_filters(server: Flask) -> None:
    """Oracle: the page of the address with the filter alone."""
    page = "risk-models"
    reader = Reader(server, "/study/e3a06/risk-models")
    reader.change(f"{page}-known", "value", "OS")
    assert "Without one" in reader.props[f"{page}-island"]["data"]["html"]["page-notice"]
    search = "?f.SEX=F"
    told = reader.props[f"{page}-answered"]["data"] | {"filtered": search}
    reader.props[f"{page}-answered"]["data"] = told
    reader.change(f"{page}-address", "search", search)
    assert reader.props[f"{page}-known"]["value"] is None, "as the page that is shown has it"
    other = Reader(server, f"/study/e3a06/risk-models{search}")
    for place in (f"{page}-graph-0", f"{page}-answered"):
        name = "figure" if "graph" in place else "data"
        assert reader.props[place][name] == other.props[place][name]
    rail = reader.props[id_text({"type": "rail", "page": page})]["data"]
    assert "the others are" in rail["html"]["page-notice"]
    assert "Without one" in rail["html"]["page-notice"]


def test_a_filter_beside_a_refused_choice_is_answered(server: Flask) -> None:
    """Dash asks for both at once where they are chosen in the same moment."""
    page, search = "risk-models", "?f.SEX=F"
    reader = Reader(server, f"/study/e3a06/{page}")
    reader.props[f"{page}-known"]["value"] = "OS"
    reader.props[f"{page}-address"]["search"] = search
    reader.props[f"{page}-answered"]["data"] |= {"filtered": search}
    callback = next(c for c in reader.callbacks if f"{page}-island.data" in c["output"])
    asked = reader.question(callback, f"{page}-known.value")
    asked["changedPropIds"].append(f"{page}-address.search")
    answer = reader.client.post("/_dash-update-component", json=asked, headers=reader.headers)
    told = answer.get_json()
    assert told["sideUpdate"][f"{page}-known"] == {"value": None}
    assert told["response"][f"{page}-answered"]["data"]["query"] == search
