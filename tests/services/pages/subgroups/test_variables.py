"""What readers are told of a variable. Oracle: the study's own description."""

from __future__ import annotations

from services.pages.subgroups import variables
from tests.services.pages.subgroups.pages import page_of


def test_marks() -> None:
    study = page_of("?cut=MPROT:q4,AGE:65").study
    marks = {v.name: v.marks for v in variables.choices(study)}
    assert marks["TSDIAGGR"] == ("pre-specified", "illustrative")
    assert marks["MAYO2018"] == ("calibrated",)
    assert marks["IMWG2020C"] == ("illustrative",)  # one of its inputs is
    assert marks["MPROT:q4"] == ("data-driven", "calibrated")
    assert marks["AGE:65"] == ("data-driven", "illustrative")
