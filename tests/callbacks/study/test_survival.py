"""The survival page over HTTP: what a change of a control sends back."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import unquote_plus

import pytest
from flask import Flask

from services.pages.survival.records import SurvivalPage
from services.views.study import View
from tests.callbacks.client import Reader
from tests.callbacks.survival import PATH, filters, rail, record, words


@pytest.fixture
def reader(server: Flask) -> Reader:
    return Reader(server, PATH)


def hidden(reader: Reader) -> dict[str, bool]:
    """Parts of the page and whether they are taken away."""
    found: dict[str, bool] = reader.props["survival-island"]["data"]["hidden"]
    assert set(found) == {"survival-chart", "survival-curves-table", "survival-numbers"}
    return found


def curve_names(reader: Reader) -> list[str]:
    data = reader.props["survival-graph"]["figure"]["data"]
    return [t["name"] for t in data if t.get("meta") == "curve"]


# --- the first answer -------------------------------------------------------------------------


def test_first_values_come_with_the_layout(reader: Reader) -> None:
    page = record("")
    assert page.answer in words(reader, "answer")
    assert curve_names(reader) == ["Lenalidomide", "Observation"]
    assert "0.28" in words(reader, "numbers")
    assert "Simulated patients" in words(reader, "provenance")
    assert reader.props["survival-endpoint"]["value"] == "PFS"
    assert reader.posts == 0


def test_a_link_opens_what_its_sender_saw(server: Flask) -> None:
    query = "?endpoint=OS&arms=Lenalidomide,Observation&ci=log&f.SEX=F&f.AGE=50..70"
    reader = Reader(server, PATH + query)
    assert record(query).answer in words(reader, "answer")
    props = reader.props
    assert props["survival-endpoint"]["value"] == "OS"
    assert props["survival-reference"]["value"] == "Lenalidomide"
    assert props["survival-ci"]["value"] == "log"
    assert rail(reader)["filters"]["SEX"]["chosen"] == ["F"]
    assert rail(reader)["filters"]["AGE"] == {"range": [50, 70], "missing": False}
    assert props["survival-address"]["search"] == query, "as it was written"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_answer_is_in_the_readers_scheme(server: Flask, scheme: str) -> None:
    reader = Reader(server, PATH, {"scheme": scheme, "narrow": "1"})
    layout = reader.props["survival-graph"]["figure"]["layout"]
    assert layout["font"]["color"] == ("#e8eaee" if scheme == "dark" else "#1b1f24")
    rows = [t for t in reader.props["survival-graph"]["figure"]["data"] if t.get("meta") == "table"]
    assert len(rows) == 2, "narrow: only the numbers at risk"


# --- changes ----------------------------------------------------------------------------------

CHANGES: list[tuple[str, Any, str]] = [
    ("endpoint", "OS", "?endpoint=OS"),
    ("unit", "years", "?unit=years"),
    ("unit", "days", "?unit=days"),
    ("scale", "incidence", "?scale=incidence"),
    ("ci", "plain", "?ci=plain"),
    ("level", "0.9", "?level=0.9"),
    ("strata", ["TSDIAGGR", "SEX"], "?strata=TSDIAGGR,SEX"),
    ("at", "6, 30", "?at=6,30"),
    ("tau", 24, "?tau=24"),
    ("landmark", "12", "?landmark=12"),
    ("count", ["2"], "?count=2"),
    ("layers", ["censors", "medians", "landmarks"], "?hide=bands"),
    ("facet", "SEX", "?facet=SEX"),
    ("plot", "types", "?plot=types"),
    ("plot", "hazards", "?plot=hazards"),
    ("plot", "means", "?plot=means"),
    ("ticks", 5, "?ticks=5"),
    ("xmax", 24, "?xmax=24"),
    ("reference", "Lenalidomide", "?arms=Lenalidomide,Observation"),
    ("arms", ["Lenalidomide"], "?arms=Lenalidomide"),
]


@pytest.mark.parametrize(("control", "value", "query"), CHANGES)
def test_one_change_is_one_answer_with_the_records_words(
    reader: Reader, control: str, value: Any, query: str
) -> None:
    reader.change(f"survival-{control}", "value", value)
    assert reader.posts == 1
    assert unquote_plus(reader.props["survival-address"]["search"]) == query
    page = record(query)
    assert escape(page.answer) in words(reader, "answer")
    for label, text in page.provenance:
        assert escape(f"{label}: ") in words(reader, "provenance")
        assert escape(text) in words(reader, "provenance")
    assert reader.props["survival-graph"]["figure"]["data"]
    assert "survival.json?" in words(reader, "take-away")


def test_the_usual_ways_and_ones_own(server: Flask) -> None:
    reader = Reader(server, "/study/aquila/survival?endpoint=OS")
    props = reader.props
    assert props["survival-usual"]["value"] == "As the study has it"
    reader.change("survival-usual", "value", "New therapy is failure")
    assert unquote_plus(props["survival-address"]["search"]) == "?endpoint=OS&ice=FLT:event"
    assert props["survival-ice"]["value"] == ["FLT:event"]
    assert "Counting start of first-line" in words(reader, "answer")
    # Of one time the last choice counts; what is no usual way is the reader's own.
    reader.change("survival-ice", "value", ["FLT:event", "FLT:censor"])
    assert props["survival-ice"]["value"] == ["FLT:censor"]
    assert props["survival-usual"]["value"] == "FDA: censor at new therapy"
    reader.change("survival-landmark", "value", "12")
    assert unquote_plus(props["survival-address"]["search"]) == (
        "?endpoint=OS&ice=FLT:censor&landmark=12"
    )
    reader.change("survival-endpoint", "value", "PFS")
    assert unquote_plus(props["survival-address"]["search"]) == "?landmark=12"
    values = [option["value"] for option in props["survival-count"]["options"]]
    assert "First-line treatment without confirmed progression" in values
    reader.change("survival-count", "value", values[:1])
    assert props["survival-usual"]["value"] is None
    reader.change("survival-usual", "value", "As the study has it")
    assert props["survival-count"]["value"] == []


def test_groups_by_what_was_known_need_a_landmark(server: Flask) -> None:
    reader = Reader(server, "/study/aquila/survival?endpoint=OS")
    props = reader.props
    reader.change("survival-known", "value", "FLT")
    assert "guarantee time" in props["survival-island"]["data"]["html"]["page-notice"]
    assert props["survival-address"]["search"] == "?endpoint=OS"
    reader = Reader(server, "/study/aquila/survival?endpoint=OS&landmark=12")
    props = reader.props
    reader.change("survival-known", "value", "FLT")
    assert unquote_plus(props["survival-address"]["search"]) == (
        "?endpoint=OS&landmark=12&known=FLT"
    )
    without = "Without start of first-line treatment of myeloma by month 12"
    assert props["survival-reference"]["value"] == without
    assert without in [option["value"] for option in props["survival-arms"]["options"]]
    assert curve_names(reader)[0].startswith("With start of first-line")
    reader.change("survival-scale", "value", "incidence")
    assert "known=FLT" in props["survival-address"]["search"]
    asked = props["survival-address"]["search"] + "&f.TREATMENT_ARM=Daratumumab"
    reader.change("survival-address", "search", asked)
    assert rail(reader)["filters"]["TREATMENT_ARM"]["chosen"] == ["Daratumumab"]
    assert props["survival-flag-place"]["className"] == ""
    reader.change("survival-flag", "value", "EOTSTT")
    assert "known=EOTSTT@FLT" in unquote_plus(props["survival-address"]["search"])
    assert "end of treatment status: Discontinued" in curve_names(reader)[0]
    reader.change("survival-known", "value", None)
    assert props["survival-flag"]["value"] is None
    assert props["survival-flag-place"]["className"] == "hidden"
    assert "TREATMENT_ARM" not in props["survival-address"]["search"]
    assert props["survival-reference"]["value"] == "Active monitoring"


@pytest.mark.parametrize(("control", "value", "query"), CHANGES)
def test_the_way_back_ends_where_it_began(
    reader: Reader, control: str, value: Any, query: str
) -> None:
    """The back button sets the address; controls and figure follow."""
    before = {
        name: props.get("value") for name, props in reader.props.items() if "survival-" in name
    }
    figure = reader.props["survival-graph"]["figure"]
    reader.change(f"survival-{control}", "value", value)
    reader.change("survival-address", "search", "")
    after = {
        name: props.get("value") for name, props in reader.props.items() if "survival-" in name
    }
    assert after == before
    assert reader.props["survival-graph"]["figure"] == figure
    assert reader.posts == 2


def test_a_change_of_unit_keeps_the_times_asked_for_and_has_its_own_usual_ones(
    server: Flask,
) -> None:
    reader = Reader(server, PATH + "?at=6,30&tau=48")
    reader.change("survival-unit", "value", "years")
    assert reader.props["survival-address"]["search"] == "?unit=years&at=0.5,2.5&tau=4"
    reader.change("survival-at", "value", "")
    assert reader.props["survival-at"]["value"] == "1, 2, 3"


def test_an_arm_alone_is_its_own_reference(reader: Reader) -> None:
    reader.change("survival-arms", "value", ["Lenalidomide"])
    assert reader.props["survival-reference"]["value"] == "Lenalidomide"
    assert curve_names(reader) == ["Lenalidomide"]
    assert [p["value"] for p in reader.props["survival-plot"]["options"]] == ["curves", "types"]
    reader.change("survival-arms", "value", [])
    assert curve_names(reader) == ["Lenalidomide", "Observation"], "none chosen is all"


def test_an_endpoint_without_types_falls_back_to_curves(server: Flask) -> None:
    reader = Reader(server, PATH + "?plot=types")
    reader.change("survival-endpoint", "value", "OS")
    assert reader.props["survival-plot"]["value"] == "curves"
    assert "types" not in [p["value"] for p in reader.props["survival-plot"]["options"]]
    assert reader.props["survival-address"]["search"] == "?endpoint=OS"


# --- what cannot be shown ---------------------------------------------------------------------


def test_nobody_left_says_so_in_place_of_the_chart(reader: Reader) -> None:
    filters(reader, "?f.AGE=..30&f.RACE=")
    if record(reader.props["survival-address"]["search"]).reason is None:
        pytest.fail("the filters of this test leave somebody")
    assert "Nothing to show" in words(reader, "problem")
    assert set(hidden(reader).values()) == {True}
    assert "answer-main" not in words(reader, "answer")
    filters(reader, "")
    assert set(hidden(reader).values()) == {False}
    assert words(reader, "problem") == ""


def test_our_own_mistakes_are_an_apology_with_an_id(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> SurvivalPage:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("callbacks.study_page.StudyPage._asked", broken)
    reader.change("survival-tau", "value", "17.3")  # not answered before
    said = str(reader.props["survival-island"]["data"]["html"]["page-notice"])
    assert "Something went wrong on our side (error " in said
    assert "secret detail" not in said
    error_id = said.partition("(error ")[2][:8]
    assert error_id in caplog.text
    assert "secret detail" in caplog.text


def test_a_studys_words_are_never_markup(server: Flask) -> None:
    """What comes as HTML text is escaped: levels such as "< 65" are words."""
    reader = Reader(server, PATH)
    filters(reader, "?f.AGEGR1=< 65")
    assert "&lt; 65" in words(reader, "provenance")
    assert "< 65" not in words(reader, "provenance")


def test_every_control_of_the_page_has_a_field_of_the_view() -> None:
    from callbacks.study.survival import PAGE

    renamed = {"reference": "arms", "layers": "hide", "usual": "ice", "flag": "known"}
    assert {renamed.get(name, name) for name in PAGE.controls} <= {*View.__dataclass_fields__}


def test_the_chart_follows_the_endpoint_until_one_is_chosen(server: Flask) -> None:
    """With a competing event the incidence is drawn; Kaplan-Meier is one switch away."""
    reader = Reader(server, "/study/quiredex/survival")
    assert reader.props["survival-plot"]["value"] == "types"
    assert "Kaplan-Meier, if nobody died" in str(reader.props["survival-plot"]["options"])
    reader.change("survival-endpoint", "value", "OS")
    assert reader.props["survival-address"]["search"] == "?endpoint=OS"
    assert curve_names(reader)
    reader.change("survival-endpoint", "value", "TTP")
    assert reader.props["survival-address"]["search"] == ""
    assert not curve_names(reader)
    reader.change("survival-plot", "value", "curves")
    assert reader.props["survival-address"]["search"] == "?plot=curves"
    assert "if nobody died" in words(reader, "answer")
