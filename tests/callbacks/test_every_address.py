"""A walk over every study, page and ending: each is there, or 404 or 422 in its own format."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import takewhile
from typing import Any

import pytest
from flask import Flask

from callbacks import pages
from services.studies import Catalogue
from tests.callbacks.documented import SHARED, keys

STUDIES = Catalogue().ids()
ENDINGS = {
    "json": "application/json",
    "figure.json": "application/json",
    "csv": "text/csv",
    "data.csv": "text/csv",
    "events.csv": "text/csv",
    "py": "text/plain",
    "R": "text/plain",
    "xyz": "",
}
NOBODY = "?f.AGE=..1"


def get(server: Flask, address: str) -> Any:
    return server.test_client().get(address)


def endings_of(server: Flask, page: str) -> set[str]:
    """What a page of a study has, by the server's own rules."""
    start = f"/study/<study_id>/{page}." if page else "/study/<study_id>."
    rules = [rule.rule for rule in server.url_map.iter_rules()]
    return {rule.removeprefix(start) for rule in rules if rule.startswith(start)}


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("page", pages.STUDY)
@pytest.mark.parametrize("query", ["", NOBODY])
def test_every_ending_of_every_page(server: Flask, study: str, page: str, query: str) -> None:
    there = endings_of(server, page)
    path = f"/study/{study}/{page}" if page else f"/study/{study}"
    for ending in ENDINGS:
        answer = get(server, f"{path}.{ending}{query}")
        where = (path, ending, query, answer.text[:200])
        if ending not in there:
            assert answer.status_code == 404, where
            kind = "application/json" if ending.endswith("json") else "text/plain"
            assert answer.mimetype == kind, where
        elif answer.status_code == 200:
            assert answer.mimetype == ENDINGS[ending], where
            if ending.endswith("csv"):
                assert_a_table(answer.text)
            elif ending.endswith("json"):
                body = json.loads(answer.text)
                if ending == "json":
                    said = f"/study/<id>/{page}".rstrip("/") + ".json"
                    assert body.keys() - SHARED - keys(said) == set(), where
        else:
            assert answer.status_code == 422, where
            assert answer.mimetype == "application/json", where
        if answer.status_code != 200 and answer.mimetype == "application/json":
            error = json.loads(answer.text)["error"]
            assert error["message"]
            assert error["hint"]
            assert ": ." not in error["message"] + error["hint"], where


def assert_a_table(text: str) -> None:
    """Lines that say what the numbers are, then a table with its header, empty or not."""
    lines = text.splitlines()
    notes = list(takewhile(lambda line: line.startswith("#"), lines))
    assert notes[0].startswith("# Study: ")
    head, *rows = csv.reader(io.StringIO("\n".join(lines[len(notes) :])))
    assert len(head) > 1
    assert len(set(head)) == len(head)
    if not any(line.startswith("#") for line in lines[len(notes) :]):
        assert all(len(row) == len(head) for row in rows)


@pytest.mark.parametrize("query", ["?section=events", "?section=grades", "?section=time"])
@pytest.mark.parametrize("study", STUDIES)
def test_the_sections_of_safety_have_a_figure_or_say_why(
    server: Flask, study: str, query: str
) -> None:
    answer = get(server, f"/study/{study}/safety.figure.json{query}")
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 422:
        assert json.loads(answer.text)["error"]["message"] == "There is no figure to save."


@pytest.mark.parametrize("page", pages.STUDY)
@pytest.mark.parametrize("study", STUDIES)
def test_every_page_is_there(server: Flask, study: str, page: str) -> None:
    answer = get(server, f"/study/{study}/{page}")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")


@pytest.mark.parametrize("path", pages.SITE)
def test_every_page_of_the_site_is_there(server: Flask, path: str) -> None:
    assert get(server, path).status_code == 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/zz", "There is no page /zz here."),
        ("/study", "There is no page /study here."),
        ("/study/nope", "There is no study “nope”."),
        ("/study/nope/survival", "There is no study “nope”."),
        ("/study/e3a06/zz", "There is no page /study/e3a06/zz here."),
        ("/study/e3a06/survival/x", "There is no page /study/e3a06/survival/x here."),
        ("/study/e3a06/<b>", "There is no page /study/e3a06/&lt;b&gt; here."),
        (f"/study/{'0' * 32}/survival", "no longer here"),
        (f"/upload/{'0' * 32}", "no longer here"),
    ],
)
def test_an_unknown_page_is_404_in_words(server: Flask, path: str, words: str) -> None:
    answer = get(server, path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    said = answer.text.partition('id="first-words"')[2].partition('id="react-entry-point"')[0]
    assert words in said
    # Without JavaScript it leads to studies whose numbers can be read.
    assert 'href="/study/e3a06"' in said
    assert "react-entry-point" in answer.text, "the frame is there, so that links lead on"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/zz.json", "There is no file /zz.json here."),
        ("/evidence.py", "This page offers .bib, .csv, .figure.json, .json, .ris."),
        ("/study/e3a06/zz.csv", "There is no file /study/e3a06/zz.csv here."),
        ("/study/e3a06/patient.py", "This page offers .csv, .figure.json, .json."),
        ("/study/e3a06.py", "This page offers .csv, .json."),
        ("/study/nope/survival.csv", "There is no study “nope”."),
        ("/study/nope/survival.py", "There is no study “nope”."),
        ("/study/nope/survival.json", "There is no study “nope”."),
        ("/study/nope/zz.R", "There is no file /study/nope/zz.R here."),
    ],
)
def test_an_unknown_file_is_404_in_its_own_format(server: Flask, path: str, words: str) -> None:
    answer = get(server, path)
    assert answer.status_code == 404
    assert words in answer.text
    if path.endswith(".json"):
        assert set(json.loads(answer.text)["error"]) == {"message", "hint", "details"}
    else:
        assert answer.mimetype == "text/plain"


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("/study/mgus2/risk-models.json?models=A,B", "none, its inputs are missing"),
        ("/study/e3a06/risk-models.json?models=MAYO2018,MAYO2018", "two of"),
    ],
)
def test_no_hint_ends_in_an_empty_list(server: Flask, address: str, hint: str) -> None:
    error = json.loads(get(server, address).text)["error"]
    assert hint in error["hint"]


ODD = "USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,TRTP\n" + "".join(
    f"S{i},{code},{code},{time},MONTHS,{censored},{'Drug' if i % 2 else 'Placebo'}\n"
    for code, at in (
        ("NOW", lambda i: (0, i % 3 == 0)),  # every time is 0
        ("NONE", lambda _: (12, True)),  # nobody had the event
        ("ALL", lambda _: (5, False)),  # everybody at once
        ("LATE", lambda i: (20 + i, i % 4 == 0)),  # far behind the end of a short axis
    )
    for i in range(12)
    for time, censored in [(at(i)[0], int(at(i)[1]))]
)


def test_odd_endpoints_have_their_pages_and_files_in_every_view(server: Flask) -> None:
    client = server.test_client()
    files = {"adtte": (io.BytesIO(ODD.encode()), "adtte.csv")}
    study = client.post("/study", data=files).get_json()["study"]
    views = ["", *(f"&plot={p}" for p in ("hazards", "means")), "&xmax=1&scale=log-log"]
    views += [f"&scale={s}" for s in ("log-log", "hazard")] + ["&level=0.8&unit=years&tau=0.01"]
    for endpoint in ("NOW", "NONE", "ALL", "LATE"):
        for view in views:
            address = f"/study/{study}/survival.{{}}?endpoint={endpoint}{view}"
            for ending in ("json", "csv", "py"):
                assert get(server, address.format(ending)).status_code == 200, (address, ending)
            figure = get(server, address.format("figure.json"))
            if figure.status_code != 200:
                error = json.loads(figure.text)["error"]
                assert error["hint"] in ("All times are 0.", "Drug versus Placebo: 0 events.")


def test_no_time_of_one_is_in_the_plural(server: Flask) -> None:
    for page in ("subgroups", "benefit-risk", "risk-models"):
        for ending in ("csv", "py", "figure.json"):
            address = f"/study/e3a06/{page}.{ending}?unit=years&diff=1&min_events=1"
            text = get(server, address).text
            assert "1 year" in text
            assert not re.search(r"\b1 (years|events|patients)\b", text), address
