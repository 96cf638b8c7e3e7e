"""Slides. Oracles: python-pptx, which reads them again, and the widths of the font."""

from __future__ import annotations

import io
import itertools
import re
from typing import Any

import pytest
from pptx import Presentation

from services.report.deck import HEIGHT, WIDTH
from services.report.flow import SMALLEST
from services.report.records import Figure, Reference
from services.report.slides import presentation
from tests.services.report.drawings import PLOT, png
from tests.services.report.sample import FEW, LONG, TABLE, a_report, an_item

SVG_BLIP = b'<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"'


def opened(*items: Any) -> Any:
    return Presentation(io.BytesIO(presentation(a_report(*items))))


def words(slide: Any) -> str:
    shapes = [s.text_frame.text for s in slide.shapes if s.has_text_frame]
    cells = [c.text for s in slide.shapes if s.has_table for r in s.table.rows for c in r.cells]
    return "\n".join([*shapes, *cells])


def test_a_figure_has_its_slide_with_title_answer_numbers_and_small_print() -> None:
    deck = opened(an_item())
    cover, first, *_ = deck.slides
    assert "Our trial: It was deleted." in words(cover)
    assert first.shapes.title.text_frame.text == LONG
    text = words(first)
    for part in ("Mine.", "In the simulated patients: ", "HR 0.49.", "Population: 10 of 10"):
        assert part in text
    assert "Cox." in first.notes_slide.notes_text_frame.text
    (picture,) = [shape for shape in first.shapes if shape.shape_type == 13]
    assert picture._element.nvPicPr.cNvPr.get("descr").startswith(LONG)
    assert picture.width / picture.height == pytest.approx(1.5, rel=1e-3)


def test_a_figure_is_an_svg_with_a_png_beside_it_as_powerpoint_writes_it() -> None:
    from lxml import etree

    slide = opened(an_item()).slides[1]
    (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]
    blip = next(picture._element.iter("{*}blip"))
    text = etree.tostring(blip)
    assert SVG_BLIP in text
    found = re.findall(rb'r:embed="(rId\d+)"', text)
    kinds = [slide.part.related_part(i.decode()).content_type for i in found]
    assert kinds == ["image/png", "image/svg+xml"]
    assert b"{96DAC541-7B7A-43D3-8B79-37D633B846F1}" in text


def test_tables_go_on_with_their_heads_and_hold_every_row() -> None:
    deck = opened(an_item())
    tables = [
        shape.table for slide in deck.slides for shape in slide.shapes
        if shape.has_table and "By arm" in words(slide) and len(shape.table.columns) == 3
    ]  # fmt: skip
    rows = [tuple(cell.text for cell in row.cells) for table in tables for row in table.rows]
    assert [row for row in rows if row[0].startswith("Row ")][-40:] == list(TABLE.rows[1:])
    assert sum(row == TABLE.columns for row in rows) > 2
    assert any(row[0] == "Group (continued)" for row in rows)
    assert any(FEW.rows[0][1] in words(slide) for slide in deck.slides)


@pytest.mark.parametrize(
    "changed",
    [{}, {"height": 900}, {"figure": None, "no_figure": "None."}, {"comment": f"{LONG}. " * 60},
     {"published": (LONG * 3,) * 12, "height": 500}],
)  # fmt: skip
def test_nothing_is_below_seven_points_or_off_a_slide(changed: dict[str, Any]) -> None:
    deck = opened(an_item(**changed))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left.pt + shape.width.pt <= WIDTH + 0.5
            assert shape.top.pt + shape.height.pt <= HEIGHT, words(slide)[:300]
            if shape.shape_type == 13:
                whole = shape.height.pt / (1 - shape.crop_top - shape.crop_bottom)
                assert 12 * whole / changed.get("height", 200) >= SMALLEST - 1e-3
        for size in re.findall(rb'\bsz="(\d+)"', slide.part.blob):
            assert int(size) >= 100 * SMALLEST


def test_a_figure_too_tall_for_a_slide_is_cut_into_parts_that_are_all_of_it() -> None:
    deck = opened(an_item(height=1500))
    parts = [
        (shape.crop_top, 1 - shape.crop_bottom)
        for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13
    ]  # fmt: skip
    assert len(parts) > 1
    assert parts[0][0] == 0
    assert parts[-1][1] == pytest.approx(1)
    for (_, end), (start, _) in itertools.pairwise(parts):
        assert start == pytest.approx(end, abs=1e-4)


def test_what_goes_on_is_cut_between_sentences_and_a_source_has_its_link_behind_it() -> None:
    said = "Curves were estimated by the Kaplan-Meier method in all patients. " * 60
    source = Reference("Cox 1972.", "https://doi.org/10.1/a")
    slides = opened(an_item(methods=said, tables=(), references=(source,), figure=None)).slides
    texts = [shape.text_frame for slide in slides for shape in slide.shapes if shape.has_text_frame]
    parts = [p.text for frame in texts for p in frame.paragraphs if "Kaplan" in p.text]
    assert len(parts) > 2
    assert all(part.startswith("Curves") and part.endswith("patients.") for part in parts)
    (listed,) = [p for frame in texts for p in frame.paragraphs if "Cox 1972" in p.text]
    assert [(run.text, run.hyperlink.address) for run in listed.runs] == [
        ("1. Cox 1972.", None), (f" {source.link}", source.link)
    ]  # fmt: skip


@pytest.mark.parametrize("height", [707, 722, 731, 758])
def test_a_figure_that_just_fits_a_slide_is_not_cut(height: int) -> None:
    drawn = Figure(760, height, 11, PLOT, png(76, 72))
    slides = opened(an_item(figure=drawn, tables=())).slides
    pictures = [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    assert [(p.crop_top, p.crop_bottom) for p in pictures] == [(0, 0)]
