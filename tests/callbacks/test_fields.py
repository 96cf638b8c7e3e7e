"""A wrong value in a field, and in a link: marked in plain words, and the page stays.

Oracle: the page as it was before the value was typed; a link without its wrong values.
"""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask

from components.page_notice import STORE
from tests.callbacks.client import Reader, id_text

PAGES = ("survival", "subgroups", "risk-models", "safety", "benefit-risk")
FIELDS = [
    ("survival", "at", "abc", "“abc” is not a time. Write numbers such as 12, 24, 36.", "12;24"),
    ("survival", "tau", "-1", "“-1” is not a time to count up to.", "24"),
    ("survival", "ticks", "-1", "“-1” is not a distance between marks.", "6"),
    ("survival", "xmax", "x", "“x” is not a time at which the axis can end.", "40"),
    ("subgroups", "diff", "12 24", "“12 24” is not a time.", "12"),
    ("subgroups", "min_events", "-2", "“-2” is not a number of events.", "7"),
    ("safety", "least", "150", "“150” is not a percentage.", "5 %"),
    ("benefit-risk", "diff", "soon", "“soon” is not a time.", "24"),
]


def shown(reader: Reader, page: str) -> str:
    """Charts, words and address of a page."""
    parts = [reader.props[f"{page}-{part}"] for part in ("island", "address")]
    figures = [props.get("figure") for i, props in reader.props.items() if "-graph" in i]
    return json.dumps([parts[0]["data"], parts[1].get("search"), figures], sort_keys=True)


def said_above(reader: Reader, page: str) -> str:
    """What stands above a page: said first, and by the last answer of its rail."""
    rail = reader.props.get(id_text({"type": "rail", "page": page}), {}).get("data") or {}
    parts = rail.get("html") or {}
    if "page-notice" in parts:
        return str(parts["page-notice"])
    return str(reader.props[STORE]["data"]["html"]["page-notice"])


@pytest.mark.parametrize(("page", "field", "wrong", "said", "right"), FIELDS)
def test_a_wrong_value_is_marked_and_everything_stays(
    server: Flask, page: str, field: str, wrong: str, said: str, right: str
) -> None:
    reader = Reader(server, f"/study/e3a06/{page}?f.SEX=F")
    unit = reader.props[f"{page}-unit"]["value"]
    reader.change(f"{page}-unit", "value", unit)  # the first answer, to compare with
    before = shown(reader, page)
    control = f"{page}-{field}"
    reader.change(control, "value", wrong)
    assert reader.props[control]["error"].startswith(said)
    assert "=" not in reader.props[control]["error"], "no address language"
    assert reader.props[control]["value"] == wrong, "to be mended"
    assert shown(reader, page) == before
    assert said_above(reader, page) == ""
    reader.change(control, "value", right)
    assert not reader.props[control]["error"]
    assert reader.props[control]["value"] == right, "nothing is rewritten"
    assert shown(reader, page) != before
    assert "f.SEX=F" in reader.props[f"{page}-address"]["search"]


def test_a_wrong_value_stays_marked_while_other_things_change(server: Flask) -> None:
    reader = Reader(server, "/study/e3a06/survival")
    reader.change("survival-at", "value", "abc")
    reader.change("survival-endpoint", "value", "OS")
    assert reader.props["survival-at"]["error"]
    assert reader.props["survival-at"]["value"] == "abc"
    assert reader.props["survival-address"]["search"] == "?endpoint=OS"
    # Back: the fields say what the address says.
    reader.change("survival-address", "search", "")
    assert not reader.props["survival-at"]["error"]
    assert reader.props["survival-at"]["value"] == "12, 24, 36"


# --- links ------------------------------------------------------------------------------------

WRONG = "?at=abc&endpoint=XX&tau=-1&f.AGE=abc&arms=Nobody&endpiont=OS"


@pytest.mark.parametrize("page", ["", *PAGES, "patient"])
def test_what_a_link_asks_wrongly_is_named_above_the_page(server: Flask, page: str) -> None:
    path = f"/study/e3a06/{page}".rstrip("/")
    reader = Reader(server, path + WRONG)
    said = said_above(reader, page or "overview")
    for part in ("times “abc”", "“-1”", "“endpiont”", "the study&#x27;s own times are shown"):
        assert part in said, part
    assert "cannot be opened" not in reader.text()
    if page != "patient":
        for part in ("endpoint “XX”", "Age “abc”", "arm “Nobody”"):
            assert part in said, part
        # Without them it is the same page.
        plain = Reader(server, path)
        name = page or "overview"
        assert reader.props[f"{name}-island"]["data"] == plain.props[f"{name}-island"]["data"]


@pytest.mark.parametrize("page", PAGES)
def test_the_address_is_mended_when_the_reader_changes_something(server: Flask, page: str) -> None:
    reader = Reader(server, f"/study/e3a06/{page}{WRONG}")
    reader.change(f"{page}-unit", "value", "months")  # asks, and changes nothing
    assert reader.props[f"{page}-address"]["search"] == WRONG
    assert "“abc”" in said_above(reader, page)
    reader.change(f"{page}-unit", "value", "years")
    assert reader.props[f"{page}-address"]["search"] == "?unit=years"
    assert said_above(reader, page) == ""


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/evidence?design=x", "the design “x”"),
        ("/evidence?drug=Nonsense", "the drug “Nonsense”"),
        ("/risk?mprot=a", "an M-protein of “a”"),
        ("/?order=size", "the order “size”"),
    ],
)
def test_pages_without_a_study_do_the_same(server: Flask, path: str, said: str) -> None:
    reader = Reader(server, path)
    assert said in str(reader.props[STORE]["data"]["html"]["page-notice"])
    assert "cannot be opened" not in reader.text()


@pytest.mark.parametrize("ending", ["json", "csv", "data.csv", "py", "R"])
def test_programs_are_refused(server: Flask, ending: str) -> None:
    answer = server.test_client().get(f"/study/e3a06/survival.{ending}?at=abc")
    assert answer.status_code == 422
    assert answer.get_json()["error"]["message"] == "“at=abc” cannot be used."


EXTREMES = [
    "?ticks=1e-300", "?ticks=1e300", "?xmax=1e-300", "?xmax=1e300", "?tau=1e300", "?at=1e300",
    "?diff=1e300", "?strata=SEX,SEX", "?by=SEX,SEX", "?cut=AGE:60,AGE:60&by=AGE:60,AGE:60",
    "?arms=Observation,Observation", "?at=0", "?ticks=5e-324&xmax=1e308",
]  # fmt: skip


@pytest.mark.parametrize("query", EXTREMES)
def test_extremes_and_repetitions_never_break_a_page(server: Flask, query: str) -> None:
    for page in PAGES:
        answer = server.test_client().get(f"/study/e3a06/{page}.json{query}")
        assert answer.status_code in (200, 422), (page, answer.get_data(as_text=True)[:200])
    text = Reader(server, f"/study/e3a06/survival{query}").text()
    assert "Something went wrong" not in text
    assert "cannot be opened" not in text


@pytest.mark.parametrize("page", PAGES)
def test_one_is_singular_and_nothing_is_said_of_time_0(server: Flask, page: str) -> None:
    for query in ("?at=1&diff=1&tau=1", "?at=0"):
        text = Reader(server, f"/study/e3a06/{page}{query}").text()
        assert not re.search(r"(?<![\d.,])1 (months|years|days)\b", text)
        assert not re.search(r"\b[Aa]t 0 months", text)
