"""A figure's file is what its address asks for. Oracle: print sizes worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from callbacks.pages import STUDY
from components.studio import figure as studio
from services.errors import UserError
from services.pages.survival.page import survival_page
from services.study.model import Study
from services.text_width import text_width
from services.views.study import decode
from tests.studies import bundled, make_study

LONG = "Isatuximab subcutaneous with lenalidomide and dexamethasone, fixed duration"


def drawn(query: str, study: Study | None = None, page: str = "survival") -> dict[str, Any]:
    declared = STUDY[page]
    image: Any = declared.image
    return studio.figure(declared.make(study or bundled("e3a06"), decode(query)), image)


def letters(part: Any) -> Iterator[float]:
    """Sizes of all letters of a figure, in pixels."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("font", "textfont", "tickfont"):
                yield value["size"]
            else:
                yield from letters(value)
    elif isinstance(part, (list, tuple)):
        for item in part:
            yield from letters(item)


def points(figure: dict[str, Any]) -> float:
    """Points of a pixel in print."""
    layout = figure["layout"]
    return float(layout["meta"]["width_mm"] / layout["width"] * 72 / 25.4)


def said(figure: dict[str, Any]) -> str:
    return " ".join(a["text"] for a in figure["layout"]["annotations"]).replace("<br>", " ")


def test_without_settings_it_is_the_usual_image() -> None:
    page = survival_page(bundled("e3a06"), decode(""))
    image: Any = STUDY["survival"].image
    assert studio.figure(page, image) == image(page)
    assert drawn("")["layout"]["width"] == 1000


@pytest.mark.parametrize(
    ("size", "millimeters"),
    [("slide", (338.7, 190.5)), ("a4", (297, 210)), ("column", (85, None)), ("double", (175, None)),
     ("150x160", (150, 160)), ("120", (120, None))],
)  # fmt: skip
def test_a_size_is_kept_and_can_be_read(size: str, millimeters: tuple[float, float]) -> None:
    made = drawn(f"?fig_size={size}")
    layout = made["layout"]
    wide, high = millimeters
    assert layout["meta"]["width_mm"] == wide
    assert layout["meta"]["dpi"] == 300
    shape = layout["meta"]["height_mm"] / layout["meta"]["width_mm"]
    assert high is None or layout["meta"]["height_mm"] == high
    assert layout["height"] / layout["width"] == pytest.approx(shape, abs=0.003)
    assert min(letters(made)) * points(made) >= 7


@pytest.mark.parametrize("page", [name for name, page in STUDY.items() if page.image])
def test_every_chart_can_be_read_in_two_columns(page: str) -> None:
    made = drawn(f"?fig_size=double&id={bundled('e3a06').subjects.index[0]}", page=page)
    assert min(letters(made)) * points(made) >= 7


@pytest.mark.parametrize(
    ("page", "query"),
    [("subgroups", "fig_size=slide"), ("benefit-risk", "fig_size=slide"),
     ("states", "fig_size=a4&stateplot=lines"), ("risk-models", "fig_size=column")],
)  # fmt: skip
def test_what_is_high_or_wide_is_set_closer(page: str, query: str) -> None:
    made = drawn(f"?{query}", page=page)
    assert min(letters(made)) * points(made) >= 7
    if page == "risk-models":  # the second begins where the first ends
        (cut,) = made["layout"]["meta"]["repeated"]["cuts"]
        assert 0.3 < cut / made["layout"]["height"] < 0.6
    if page == "subgroups":  # a line of 11 pixels in each row
        edges = made["layout"]["meta"]["edges"]
        assert min(b - a for a, b in pairwise(edges)) >= 15


@pytest.mark.parametrize(
    ("report", "query", "millimeters", "instead_of"),
    [("docx", "fig_size=slide", (171, 96.2), "338.7 x 190.5 mm"),
     ("html", "fig_size=column", (85, None), ""),
     ("html", "fig_size=120x90&fig_font=8", (120, 90), ""),
     ("pptx", "fig_size=a4&fig_font=9", (218, 154.1), "297 x 210 mm"),
     ("docx", "fig_size=column&fig_font=24", (85, None), "letters of 24 points"),
     ("pptx", "fig_size=slide&fig_font=24", (218, 122.6),
      "338.7 x 190.5 mm and letters of 24 points"),
     ("pptx", "", None, "")],
)  # fmt: skip
def test_a_report_has_the_size_asked_for_or_says_that_there_is_no_room(
    report: str, query: str, millimeters: tuple[float, float | None] | None, instead_of: str
) -> None:
    declared = STUDY["survival"]
    image: Any = declared.image
    made = studio.figure(declared.make(bundled("e3a06"), decode(query)), image, report)
    assert "Simulated" not in said(made)
    meta = made["layout"].get("meta", {})
    assert meta.get("instead_of", "") == instead_of
    assert (instead_of in studio.instead(meta)) == bool(studio.instead(meta) or not instead_of)
    if millimeters is None:
        assert (meta, made["layout"]["width"]) == ({}, studio.BARE)
        return
    wide, high = millimeters
    assert meta["width_mm"] == wide
    assert high is None or meta["height_mm"] == high
    assert min(letters(made)) * points(made) >= 7
    tick = made["layout"]["xaxis"]["tickfont"]["size"] * points(made)
    assert meta["letters_pt"] == pytest.approx(tick, abs=0.05)
    if "font=9" in query:
        assert tick == pytest.approx(9, abs=0.05)


@pytest.mark.parametrize(("more", "high"), [(-40, 737), (60, 770), (130, 907)])
def test_a_chart_a_little_too_high_for_a_page_is_drawn_less_high(more: int, high: int) -> None:
    """A slide has 173 mm, in which 770 pixels have letters of 7 points."""

    def image(_page: Any, canvas: studio.Canvas) -> dict[str, Any]:
        return {"data": [], "layout": {"height": 777 + more + canvas.more, "width": canvas.width}}

    page = survival_page(bundled("e3a06"), decode(""))
    assert studio.figure(page, image, "pptx")["layout"]["height"] == high


def test_letters_are_as_large_as_asked_for_or_refused() -> None:
    made = drawn("?fig_size=a4&fig_font=9")
    assert made["layout"]["xaxis"]["tickfont"]["size"] * points(made) == pytest.approx(9, abs=0.05)
    with pytest.raises(UserError, match="24 points leave no room for the figure in 85 mm") as wrong:
        drawn("?fig_size=column&fig_font=24")
    assert wrong.value.to_json()["error"]["asks"] == "fig_font"  # type: ignore[index]
    with pytest.raises(UserError, match="does not fit into 60 x 40 mm"):
        drawn("?fig_size=60x40")


def test_dots() -> None:
    assert drawn("?fig_dpi=600")["layout"]["meta"]["dpi"] == 600


def test_whose_patients_they_are_is_never_left_out() -> None:
    made = said(drawn("?fig_hide=title,subtitle"))
    assert "Simulated patients" in made
    assert "At 36 months" not in made
    assert "<b>E3A06" not in made
    assert "At 36 months" in said(drawn("?fig_hide=title"))


def test_ratio_and_p_inside() -> None:
    made = survival_page(bundled("e3a06"), decode(""))
    assert made.result is not None
    ratio = made.result.comparisons[0].hazard_ratio
    assert ratio is not None
    inside = said(drawn("?fig_inside=hr,p&fig_hide=subtitle"))
    assert f"Hazard ratio {ratio.estimate:.2f} (95% CI {ratio.lower:.2f}" in inside
    assert "Log-rank p < 0.001" in inside
    assert "Stratified log-rank p" in said(drawn("?fig_inside=p&strata=SEX"))
    # No publication compares the subgroup: nothing made up is written into the figure.
    assert survival_page(bundled("e3a06"), decode("?f.SEX=F")).made_up is not None
    made_up = said(drawn("?fig_inside=hr&f.SEX=F&fig_hide=subtitle"))
    assert "Hazard ratio" not in made_up
    assert "made up" in made_up


@pytest.mark.parametrize(
    ("rows", "labels"),
    [("risk", {"At risk"}), ("events,censored", {"Events", "Censored"}), ("none", set())],
)
def test_rows(rows: str, labels: set[str]) -> None:
    for size in ("", "&fig_size=column"):
        made = drawn(f"?fig_rows={rows}{size}")
        table = [t for t in made["data"] if t.get("meta") == "table"]
        assert {t["name"].rpartition(": ")[2] for t in table} == labels
        assert set(filter(None, made["layout"]["yaxis2"]["ticktext"])) == labels


def test_the_vertical_axis() -> None:
    axis = drawn("?fig_range=40..100&fig_y=fraction")["layout"]["yaxis"]
    assert axis["range"] == pytest.approx([0.4, 1.012])
    assert axis["tickformat"] == ""
    assert drawn("?fig_size=column")["layout"]["yaxis"]["tickformat"] == ".0%"
    assert drawn("?fig_range=-50..400")["layout"]["yaxis"]["range"] == pytest.approx([0, 1.02])
    assert drawn("?scale=hazard&fig_range=0..2")["layout"]["yaxis"]["range"][0] == 0


def test_arms_by_other_names_colors_and_order() -> None:
    query = "?fig_names=Observation,Watching&fig_colors=Observation,AA0000&fig_order=Observation"
    made = drawn(query)
    curves = {t["name"]: t["line"]["color"] for t in made["data"] if t.get("meta") == "curve"}
    assert list(curves) == ["Watching", "Lenalidomide"]
    assert curves["Watching"] == "#AA0000"
    assert "Arms in the figure: Watching is Observation" in said(made)
    risk = [t["text"] for t in drawn("")["data"] if t.get("name") == "Observation: At risk"]
    assert risk == [t["text"] for t in made["data"] if t.get("name") == "Watching: At risk"]
    for wrong in ("fig_names=Placebo,P", "fig_order=X", "fig_names=Observation,Lenalidomide"):
        with pytest.raises(UserError):
            drawn(f"?{wrong}")


def test_gray_is_told_apart_by_dashes() -> None:
    lines = [t["line"] for t in drawn("?fig_palette=gray")["data"] if t.get("meta") == "curve"]
    assert len({line["dash"] for line in lines}) == len(lines) == 2
    assert all(re.fullmatch(r"#(1b1f24|6b6b6b)", line["color"]) for line in lines)


@pytest.mark.parametrize("size", [*studio.SIZES, "100"])
def test_the_longest_names_are_not_cut(size: str) -> None:
    arms = [f"{LONG} {i}" for i in range(4)]
    months = [float(m) for m in range(1, 11)] * 4
    study = make_study([a for a in arms for _ in range(10)], months, [m % 2 == 0 for m in months])
    made = drawn(f"?fig_size={size}&fig_inside=hr,p", study)
    layout = made["layout"]
    left, right = layout["margin"]["l"], layout["margin"]["r"]
    for note in layout["annotations"]:
        for line in note["text"].split("<br>"):
            plain = re.sub("<[^>]*>", "", line)
            wide = text_width(plain, note["font"]["size"], "<b>" in line)
            if note.get("xref") == "paper" and note["x"] == 0:
                start = left + note.get("xshift", 0)
                assert start >= 0
                assert start + wide <= layout["width"] + 1, plain
            elif "xshift" in note and note.get("xref") is None:  # at a curve's end
                assert wide <= right, plain
    text = said(made).replace(" ", "")
    assert all(arm.replace(" ", "") in re.sub("<[^>]*>", "", text) for arm in arms)


def test_settings_of_the_figure_leave_the_page_as_it_is() -> None:
    plain, asked = (survival_page(bundled("e3a06"), decode(q)) for q in ("", "?fig_size=slide"))
    assert asked.result is plain.result
    assert asked.view.fig_size == asked.address.fig_size == "slide"
