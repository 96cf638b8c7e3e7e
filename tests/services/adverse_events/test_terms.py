"""Terms and classes of adverse events. Oracle: small studies counted by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from services.adverse_events.terms import event_terms, no_events
from services.reading.files import read_study
from tests.services.adverse_events.events import build, counted, event, page, told


def test_terms_without_a_code_keep_their_own_words() -> None:
    study = build([event(1, AETERM="Itch"), event(2, AEDECOD="", AETERM="Itch"), event(4)])
    assert {r.name for r in page(study).leading} == {"Rash", "Itch"}
    assert event_terms(pd.DataFrame({"AEDECOD": ["", None]})).pairs == (
        ("No class recorded", "Not coded"),
    )


def test_terms_that_differ_in_case_are_one_and_told() -> None:
    study = build([event(1), event(2, AEDECOD="RASH", AEBODSYS="SKIN"), event(4)])
    assert [(r.name, r.arms["D"].subjects) for r in page(study).leading] == [("Rash", 2)]
    assert "written in several ways are counted as one: “Rash”, “RASH”" in told(study)
    assert "“Skin”, “SKIN”" in told(study)


def test_rows_without_an_event() -> None:
    blank = dict.fromkeys(event(1), "") | {"AESEQ": "1", "AGE": "60"}
    study = build(
        [event(1), blank | {"USUBJID": "P3"}, blank | {"USUBJID": "P6", "TRTEMFL": "N"},
         blank | {"USUBJID": "P5", "AETERM": "No adverse events"}]
    )  # fmt: skip
    assert counted(study, "any") == {"D": 1, "P": 0}
    assert "adae.csv: rows without an event (patients who had none) left out." in told(study)
    for word in ("-", "keine", "NONE", "No AE", "n/a"):
        assert no_events(pd.DataFrame({"AETERM": [word, "Rash"]})).tolist()[1] is False
        assert counted(build([event(1), blank | {"USUBJID": "P3", "AETERM": word}]), "any") == {
            "D": 1,
            "P": 0,
        }
    flagged = pd.DataFrame({"AEDECOD": ["", "x"], "TRTEMFL": ["Y", ""]})
    assert no_events(flagged).tolist() == [False, False]
    assert no_events(pd.DataFrame({"SEX": ["F"]})).tolist() == [False]


RANDOM = Path(__file__).parents[4] / "shared" / "data" / "adam" / "random_cdisc_data"


@pytest.mark.skipif(not RANDOM.is_dir(), reason="the public data are absent")
def test_classes_of_a_public_study_are_those_of_its_own_tables() -> None:
    """By AEBODSYS, as the tables of tern have them: cl B is B.1 and B.2."""
    found = page(read_study(RANDOM))
    assert sorted(c.row.name for c in found.classes) == [
        f"cl {name}" for name in ("A.1", "B.1", "B.2", "C.1", "C.2", "D.1", "D.2")
    ]
    rows = {c.row.name: c.row.arms["A: Drug X"].subjects for c in found.classes}
    assert (rows["cl B.1"], rows["cl B.2"]) == (47, 79)
