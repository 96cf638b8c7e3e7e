"""What ``study.toml`` says. Oracle: the file, read by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.errors import UserError
from services.reading.files import read_study
from tests.services.reading.tables import build, write


def test_arms_of_the_study_file() -> None:
    arms = [{"name": "Drug", "color": "#123456", "regimen": "25 mg"}, {"name": "Placebo"}]
    drug = build(arms=arms).arm("Drug")
    assert (drug.color, drug.regimen, drug.role) == ("#123456", "25 mg", "experimental")
    with pytest.raises(UserError) as caught:
        build(arms=[{"name": "Drug"}, {"name": "placebo"}])
    assert caught.value.details == (
        "In the data, not in study.toml: Placebo",
        "In study.toml, not in the data: placebo",
    )
    with pytest.raises(UserError, match="The reference arm “X” is not an arm in the data"):
        build(reference_arm="X")


# --- the study file -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ({"titel": "x"}, "unknown key titel. Did you mean title?"),
        ({"kind": "fake"}, "kind = 'fake' cannot be used. Allowed: simulated, real, uploaded."),
        ({"id": "A B"}, "id = 'A B' cannot be used"),
        ({"title": ["x"]}, "title = ['x'] cannot be used. Allowed: a text."),
        ({"time_unit": "fortnights"}, "time_unit = 'fortnights'"),
        ({"arms": {"name": "A"}}, "Allowed: tables, each written [[arms]]"),
        ({"arms": [{"nam": "A"}]}, "unknown key arms[1].nam. Did you mean name?"),
        ({"arms": [{"role": "single"}]}, "arms[1].name is missing"),
        ({"arms": [{"name": "A", "role": "x"}]}, "arms[1].role = 'x'"),
        ({"arms": [{"name": "A", "color": "red"}]}, "arms[1].color = 'red'"),
        ({"arms": [{"name": "A"}, {"name": "A"}]}, "arms[2] repeats the name “A”"),
        ({"endpoints": [{"id": "OS", "landmarks": ["a"]}]}, "endpoints[1].landmarks"),
        ({"endpoints": [{"id": "OS", "good": "yes"}]}, "endpoints[1].good = 'yes'"),
        ({"columns": [{"name": "X", "filter": "yes"}]}, "columns[1].filter = 'yes'"),
        ({"columns": [{"name": "X", "levels": "yes"}]}, "columns[1].levels = 'yes'"),
        ({"columns": [{"name": "X", "provenance": "made up"}]}, "columns[1].provenance"),
        ({"columns": [{"name": "X", "file": "adxx"}]}, "columns[1].file"),
        ({"citation": "x"}, "citation = 'x' cannot be used. Allowed: a table, written [citation]."),
        ({"kind_note": {"txt": "x"}}, "unknown key kind_note.txt"),
    ],
)
def test_mistakes_in_the_study_file_are_named(meta: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError) as caught:
        build(**meta)
    assert words in str(caught.value)
    assert "study.toml" in str(caught.value)


@pytest.mark.parametrize(("said", "good"), [({}, False), ({"good": True}, True)])
def test_the_study_file_says_whether_an_event_is_good(said: dict[str, bool], good: bool) -> None:
    """By its name (overall survival) death is bad; the file goes before the name."""
    study = build(endpoints=[{"id": "OS", **said}])
    assert study.endpoint("OS").good is good


def test_metadata(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "study.toml").write_text(
        """id = "x1"
title = "Title"
kind = "simulated"
data_cut = 2019-02-15
[kind_note]
text = "Simulated."
[citation]
label = "Someone 2020"
pmid = 123
[[figures]]
id = "f"
label = "l"
published = "1"
reproduced = "1"
source = "s"
verification = "primary"
[[conflicts]]
title = "t"
text = "c"
"""
    )
    study = read_study(tmp_path)
    assert (study.id, study.title, study.kind) == ("x1", "Title", "simulated")
    assert study.metadata.kind_note == "Simulated."
    assert study.metadata.data_cut == "2019-02-15"
    assert study.metadata.citation == {"label": "Someone 2020", "pmid": "123"}
    assert study.metadata.figures[0].published == "1"
    assert study.metadata.conflicts == (("t", "c"),)
    (tmp_path / "study.toml").write_text("id = ")
    with pytest.raises(UserError, match=r"study\.toml is not valid TOML"):
        read_study(tmp_path)
