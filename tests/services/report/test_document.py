"""The document. Oracle: python-docx, which reads it again."""

from __future__ import annotations

import io
import re

import docx
import pytest

from services.report.document import document
from tests.services.report.sample import FEW, TABLE, a_report, an_item


def test_a_document_has_every_word_every_row_and_the_figure() -> None:
    made = docx.Document(io.BytesIO(document(a_report(an_item(), an_item(height=1500)))))
    text = "\n".join(paragraph.text for paragraph in made.paragraphs)
    for part in ("Our trial: It was deleted.", "Mine.", "In the simulated patients: ", "HR 0.49.",
                 "Statistical methods", "Cox.", "References", "1. Cox 1972", "Open the live view",
                 "Population: 10 of 10 patients", "T. Simulated patients", "A note."):  # fmt: skip
        assert part in text
    first, second, *_ = made.tables
    assert [tuple(c.text for c in row.cells) for row in first.rows][2:] == list(TABLE.rows[1:])
    assert [cell.text for cell in first.rows[0].cells] == list(TABLE.columns)
    assert [tuple(c.text for c in row.cells) for row in second.rows] == list(FEW.rows)
    assert "w:tblHeader" in first.rows[0]._tr.xml
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in first.rows]
    assert kept[:3] == [True, True, None], "a name of a group of rows stays with its first row"
    assert "Simulated patients" in made.sections[0].footer.paragraphs[0].text
    kinds = {
        rel.target_part.content_type for rel in made.part.rels.values() if "image" in rel.reltype
    }
    assert kinds == {"image/png", "image/svg+xml"}
    assert len(made.inline_shapes) > 2, "a tall figure is cut"
    assert made.part.blob.count(b"asvg:svgBlip xmlns") == len(made.inline_shapes)
    whole = made.inline_shapes[0]
    assert whole.width / whole.height == pytest.approx(1.5, rel=1e-2)
    assert 12 * whole.width.pt / 300 >= 7
    sizes = re.findall(rb'<w:sz w:val="(\d+)"', made.part.blob)
    assert min(map(int, sizes)) >= 2 * 7
