"""A report as a document: of each view the answer, figure, tables, methods and references."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from typing import Any

from services.report import office
from services.report.flow import SMALLEST, Style, widths
from services.report.office import AMBER, FONT, INK, MUTED, RULE
from services.report.records import Figure, Item, Report, Table
from services.report.said import described, said
from services.report.tables import width as columns_of

_PAGE, _MARGIN = (595.3, 841.9), 54.0  # A4, points
_ROOM = _PAGE[0] - 2 * _MARGIN
_TALLEST = 560.0  # of a figure
_BROAD = 7  # columns of a table that is set smaller
_LINK = "00507D"
_LOOKS = {
    "comment": (10.5, _LINK, False),
    "published": (10.5, INK, False),
    "made-up": (11.5, AMBER, True),
    "answer": (11.5, INK, True),
    "detail": (10.5, INK, False),
    "reason": (10.5, INK, True),
}
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(report: Report) -> bytes:
    """The file."""
    import docx  # not before the first report
    from docx.shared import Pt

    made = _Document(docx.Document())
    section = made.file.sections[0]
    section.page_width, section.page_height = Pt(_PAGE[0]), Pt(_PAGE[1])
    section.left_margin = section.right_margin = Pt(_MARGIN)
    section.top_margin = section.bottom_margin = Pt(_MARGIN)
    made.file.core_properties.title = report.title
    made.file.core_properties.author = report.software.split(",")[0]
    made.styles()
    made.heading(report.title, 0)
    made.paragraph(f"Made on {report.made} with {report.software}", 9, MUTED)
    for left in report.left_out:
        made.paragraph(f"Left out: {left.number}. {left.name}: {left.why}", 10, AMBER)
    for number, item in enumerate(report.items, 1):
        _item(made, number, item)
    footer = section.footer.paragraphs[0]
    made.run(footer, " · ".join(office.studies(report)), 8, MUTED)
    out = io.BytesIO()
    made.file.save(out)
    return out.getvalue()


class _Document:
    """A document that is being written."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.svgs = 0

    def styles(self) -> None:
        """One font for everything, and headings in the color of ink."""
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        for name, size in (("Normal", 10.5), ("Title", 22), ("Heading 1", 16), ("Heading 2", 12)):
            style = self.file.styles[name]
            style.font.name, style.font.size = FONT, Pt(size)
            style.font.color.rgb = RGBColor.from_string(INK)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{kind}"), None)
        self.file.styles["Normal"].paragraph_format.space_after = Pt(4)

    def heading(self, words: str, level: int, new_page: bool = False) -> None:
        """A heading; level 0 is the title."""
        self.file.add_heading(words, level).paragraph_format.page_break_before = new_page

    def paragraph(self, words: str, size: float = 10.5, color: str = INK, bold: bool = False,
                  keep: bool = False) -> Any:  # fmt: skip
        """A paragraph; ``keep`` holds it on the page of the next."""
        made = self.file.add_paragraph()
        self.run(made, words, size, color, bold)
        made.paragraph_format.keep_with_next = keep
        return made

    def run(self, paragraph: Any, words: str, size: float, color: str = INK,
            bold: bool = False) -> None:  # fmt: skip
        """Words of one look, "\\n" between lines."""
        from docx.shared import Pt, RGBColor

        made = paragraph.add_run(words)
        made.font.size, made.font.bold = Pt(size), bold
        made.font.color.rgb = RGBColor.from_string(color)

    def link(self, paragraph: Any, words: str, address: str, size: float) -> None:
        """Words that open an address."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        made = OxmlElement("w:hyperlink")
        made.set(qn("r:id"), relation)
        self.run(paragraph, words, size, _LINK)
        made.append(paragraph.runs[-1]._r)
        paragraph._p.append(made)

    def picture(self, figure: Figure, words: str) -> None:
        """The figure, as wide as the page or as high as there is room."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part
        from docx.shared import Pt

        least = SMALLEST / figure.smallest  # points of a pixel
        tallest = figure.points / figure.width if figure.points else _TALLEST / figure.height
        scale = min(_ROOM / figure.width, max(tallest, least))
        most = _TALLEST / (figure.height * scale)
        pages = office.parts(figure, most)
        last = [k == len(pages) - 1 or j < len(shares) - 1
                for k, shares in enumerate(pages) for j in range(len(shares))]  # fmt: skip
        places = (part for shares in pages for part in shares)
        for (start, end), keep in zip(places, last, strict=True):
            paragraph = self.file.add_paragraph()
            paragraph.paragraph_format.keep_with_next = keep
            paragraph.paragraph_format.space_after = Pt(0)
            shape = paragraph.add_run().add_picture(
                io.BytesIO(figure.png), Pt(figure.width * scale),
                Pt(figure.height * scale * (end - start)),
            )  # fmt: skip
            shape._inline.docPr.set("descr", words)
            office.crop(shape._inline, start, end)
            if not figure.svg:
                continue
            self.svgs += 1
            name = PackURI(f"/word/media/figure{self.svgs}.svg")
            part = self.file.part
            svg = Part(name, "image/svg+xml", figure.svg.encode(), part.package)
            relation = part.relate_to(svg, RELATIONSHIP_TYPE.IMAGE)
            office.add_svg(office.blip_of(shape._inline), relation)

    def table(self, table: Table) -> None:
        """A table that can be edited; its heads are repeated on every page."""
        from docx.oxml import parse_xml

        style = Style(8 if columns_of(table) >= _BROAD else 9)
        wide = [round(width * 20) for width in widths(table, _ROOM, style)]
        rows = [_row(table.columns, wide, style, True, True)] if table.columns else []
        rows += [
            _row(cells, wide, style, i in table.groups, False) for i, cells in enumerate(table.rows)
        ]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in wide)
        edges = {"top": style.pad_y, "left": style.pad_x, "bottom": style.pad_y,
                 "right": style.pad_x}  # fmt: skip
        room = "".join(
            f'<w:{side} w:w="{round(points * 20)}" w:type="dxa"/>' for side, points in edges.items()
        )
        # Written at once: to set each cell takes python-docx some milliseconds.
        made = parse_xml(
            f'<w:tbl xmlns:w="{_WORD}"><w:tblPr><w:tblW w:w="{sum(wide)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{room}</w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )
        self.file.element.body.insert_element_before(made, "w:sectPr")


def _row(cells: Sequence[str], wide: Sequence[int], style: Style, bold: bool, head: bool) -> str:
    """A row of a table; one in bold that is no head stretches its first cell over all columns."""
    repeated = "<w:tblHeader/>" if head else ""
    size, color = (8, INK) if head else (4, RULE)
    line = f'<w:tcBorders><w:bottom w:val="single" w:sz="{size}" w:color="{color}"/></w:tcBorders>'
    look = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{round(style.size * 2)}"/></w:rPr>'
    across = bold and not head and len(cells) > 1
    # A row that names others stays on their page.
    kept = "<w:keepNext/>" if head or across else ""
    made = []
    for i, words in enumerate(cells[:1] if across else cells):
        span = f'<w:gridSpan w:val="{len(cells)}"/>' if across else ""
        width = sum(wide) if across else wide[i]
        runs = "<w:r><w:br/></w:r>".join(
            f'<w:r>{look}<w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
            for part in words.split("\n")
        )
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{line}</w:tcPr><w:p><w:pPr>'
            f'{kept}<w:spacing w:before="0" w:after="0"/></w:pPr>{runs}</w:p></w:tc>'
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(made)}</w:tr>"


def _item(made: _Document, number: int, item: Item) -> None:
    made.heading(item.title, 1, new_page=number > 1)
    if item.whose:
        made.paragraph(item.whose, bold=True)
    for kind, words in said(item):
        for line in words.split("\n"):
            made.paragraph(line, *_LOOKS[kind])
    if item.figure and item.figure.png:
        made.picture(item.figure, described(item))
        made.paragraph(f"Figure {number}. {item.title}. {item.whose}.", 9, MUTED)
    elif item.no_figure:
        made.paragraph(item.no_figure, 9, MUTED)
    for i, table in enumerate(item.tables, 1):
        made.paragraph(f"Table {number}.{i}. {table.title}", 10, bold=True, keep=True)
        made.table(table)
        _notes(made, [*table.notes, item.footnote])
    if item.methods:
        made.heading("Statistical methods", 2)
        made.paragraph(item.methods)
    made.heading("What the numbers rest on", 2)
    for label, words in item.settings:
        paragraph = made.paragraph(f"{label}: ", 9, bold=True)
        made.run(paragraph, words, 9)
    if item.references:
        made.heading("References", 2)
    for i, source in enumerate(item.references, 1):
        paragraph = made.paragraph(f"{i}. {source.text} ", 9)
        if source.link:
            made.link(paragraph, source.link, source.link, 9)
    if item.link:
        made.link(made.paragraph("", 9), "Open the live view", item.link, 9)


def _notes(made: _Document, notes: Sequence[str]) -> None:
    for words in notes:
        if words:
            made.paragraph(words, 8, MUTED)
    made.paragraph("", 7)
