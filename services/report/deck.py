"""Slides and what is drawn on them: text, tables that can be edited, figures as SVG with a PNG.

Places and sizes are points; heights are measured before anything is drawn: nothing is clipped.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from services.report import office
from services.report.flow import Laid, Style, height, lines
from services.report.office import FONT, INK, MUTED, RULE
from services.report.records import Figure

WIDTH, HEIGHT = 960.0, 540.0  # 16:9
EDGE, TOP, FOOT = 32.0, 26.0, 514.0  # margins, and where the running foot begins
ROOM = WIDTH - 2 * EDGE
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid


@dataclass(frozen=True)
class Text:
    """A paragraph; ``linked`` are words after it that open ``link``, all of them if "" """

    words: str
    size: float
    bold: bool = False
    color: str = INK
    link: str = ""
    after: float = 3.0
    linked: str = ""

    @property
    def whole(self) -> str:
        """All that is to be read."""
        return f"{self.words} {self.linked}".strip()


class Deck:
    """Slides, and what is drawn on the last of them; places in points."""

    def __init__(self, deck: Any) -> None:
        self.deck = deck
        self.slide: Any = None
        self.svgs: dict[str, Any] = {}

    def new(self, foot: str, notes: str = "") -> None:
        """A blank slide with a running foot and a speaker's notes."""
        self.slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])  # title only
        number = f"{len(self.deck.slides)}"
        self.text([Text(foot, 8, color=MUTED)], EDGE, FOOT, ROOM - 40)
        self.text([Text(number, 8, color=MUTED)], WIDTH - EDGE - 30, FOOT, 30, right=True)
        if notes:
            self.slide.notes_slide.notes_text_frame.text = notes

    def title(self, words: str, x: float, y: float, width: float, size: float = 24) -> float:
        """The slide's title; answers where it ends."""
        size, tall = titled(words, width, size)
        self._place(self.slide.shapes.title, x, y, width, tall)
        self._fill(self.slide.shapes.title.text_frame, [Text(words, size, True, after=0)])
        return y + tall

    def text(
        self, texts: Sequence[Text], x: float, y: float, width: float, right: bool = False
    ) -> float:
        """Paragraphs from there on; answers where they end."""
        if not texts:
            return y
        tall = tall_of(texts, width)
        box = self.slide.shapes.add_textbox(0, 0, 0, 0)
        self._place(box, x, y, width, tall)
        self._fill(box.text_frame, texts, right)
        return y + tall

    def _place(self, shape: Any, x: float, y: float, width: float, tall: float) -> None:
        from pptx.util import Pt

        shape.left, shape.top = Pt(x), Pt(y)
        shape.width, shape.height = Pt(width), Pt(tall)

    def _fill(self, frame: Any, texts: Sequence[Text], right: bool = False) -> None:
        from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
        from pptx.util import Pt

        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.vertical_anchor = MSO_ANCHOR.TOP
        for i, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            paragraph.space_after, paragraph.space_before = Pt(text.after), Pt(0)
            paragraph.line_spacing = 1.0
            paragraph.font.size = Pt(text.size)  # of an empty one, which has a height too
            for j, part in enumerate(text.words.split("\n")):
                if j:
                    paragraph.add_line_break()
                run = _run(paragraph, text, part)
            if text.linked:
                run = _run(paragraph, text, f" {text.linked}")
            if text.link:
                run.hyperlink.address = text.link

    def table(self, laid: Laid, columns: Sequence[str], page: int, style: Style, x: float,
              y: float, words: str) -> float:  # fmt: skip
        """One page of a table; answers where it ends."""
        from pptx.oxml import parse_xml
        from pptx.util import Pt

        part = laid.pages[page]
        heights = ([laid.head] if columns else []) + list(part.heights)
        shape = self.slide.shapes.add_table(
            1, 1, Pt(x), Pt(y), Pt(sum(laid.widths)), Pt(sum(heights))
        )
        shape.name = words[:80]
        shape._element.nvGraphicFramePr.cNvPr.set("descr", words)
        rows = [(columns, True, True)] if columns else []
        rows += [(cells, named, False) for cells, named in part.rows]
        # Written at once: to set each cell takes python-pptx some milliseconds.
        lines = "".join(
            _row(cells, tall, style, bold, head)
            for (cells, bold, head), tall in zip(rows, heights, strict=True)
        )
        grid = "".join(f'<a:gridCol w="{_emu(width)}"/>' for width in laid.widths)
        made = parse_xml(
            f'<a:tbl xmlns:a="{_MAIN}"><a:tblPr firstRow="{int(bool(columns))}">'
            f"<a:tableStyleId>{_PLAIN_TABLE}</a:tableStyleId></a:tblPr>"
            f"<a:tblGrid>{grid}</a:tblGrid>{lines}</a:tbl>"
        )
        old = shape.table._tbl
        old.getparent().replace(old, made)
        return y + sum(heights)

    def picture(self, figure: Figure, x: float, y: float, width: float, words: str,
                part: tuple[float, float] = (0.0, 1.0)) -> float:  # fmt: skip
        """The figure, or the part of its height between two shares; answers where it ends."""
        from pptx.opc.constants import RELATIONSHIP_TYPE
        from pptx.opc.package import Part
        from pptx.opc.packuri import PackURI
        from pptx.util import Pt

        tall = width * figure.height / figure.width * (part[1] - part[0])
        shape = self.slide.shapes.add_picture(
            io.BytesIO(figure.png), Pt(x), Pt(y), Pt(width), Pt(tall)
        )
        shape.crop_top, shape.crop_bottom = part[0], 1 - part[1]
        shape._element.nvPicPr.cNvPr.set("descr", words)
        if figure.svg:
            svg = self.svgs.get(figure.svg)
            if svg is None:
                name = PackURI(f"/ppt/media/figure{len(self.svgs) + 1}.svg")
                package = self.slide.part.package
                svg = Part(name, "image/svg+xml", package, figure.svg.encode())
                self.svgs[figure.svg] = svg
            relation = self.slide.part.relate_to(svg, RELATIONSHIP_TYPE.IMAGE)
            office.add_svg(office.blip_of(shape._element), relation)
        return y + tall


def _run(paragraph: Any, text: Text, words: str) -> Any:
    """Words of one look."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = words
    run.font.name, run.font.size, run.font.bold = FONT, Pt(text.size), text.bold
    run.font.color.rgb = RGBColor.from_string(text.color)
    return run


def _emu(points: float) -> int:
    return round(points * 12_700)


def _row(cells: Sequence[str], tall: float, style: Style, bold: bool, head: bool) -> str:
    """A row of a table; one in bold that is no head stretches its first cell over all columns."""
    across = bold and not head and len(cells) > 1
    line, color = (12_700, INK) if head else (6_350, RULE)
    none = "".join(f'<a:{side} w="0"><a:noFill/></a:{side}>' for side in ("lnL", "lnR", "lnT"))
    room = f'marL="{_emu(style.pad_x)}" marR="{_emu(style.pad_x)}"'
    room += f' marT="{_emu(style.pad_y)}" marB="{_emu(style.pad_y)}"'
    properties = (
        f'<a:tcPr {room}>{none}<a:lnB w="{line}"><a:solidFill><a:srgbClr val="{color}"/>'
        "</a:solidFill></a:lnB></a:tcPr>"
    )
    look = f'sz="{round(style.size * 100)}" b="{int(bold)}" lang="en-US"'
    inside = f'<a:solidFill><a:srgbClr val="{INK}"/></a:solidFill><a:latin typeface="{FONT}"/>'
    made = []
    for i, words in enumerate(cells):
        runs = "<a:br/>".join(
            f"<a:r><a:rPr {look}>{inside}</a:rPr><a:t>{escape(part)}</a:t></a:r>"
            for part in words.split("\n") if part
        )  # fmt: skip
        merged = ' hMerge="1"' if across and i else f' gridSpan="{len(cells)}"' if across else ""
        made.append(
            f"<a:tc{merged}><a:txBody><a:bodyPr/><a:lstStyle/><a:p>{runs}"
            f"<a:endParaRPr {look}/></a:p></a:txBody>{properties}</a:tc>"
        )
    return f'<a:tr h="{_emu(tall)}">{"".join(made)}</a:tr>'


def titled(words: str, width: float, size: float) -> tuple[float, float]:
    """The size of a title that should take two lines, and how high it then is."""
    while size > 14 and lines(words, width, size, True) > 2:
        size -= 1
    return size, height(words, width, size, True)


def tall_of(texts: Iterable[Text], width: float) -> float:
    """How high paragraphs are below each other."""
    return sum(height(t.whole, width, t.size, t.bold) + t.after for t in texts)
