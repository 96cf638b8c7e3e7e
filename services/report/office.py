"""What slides and documents share: a picture as PowerPoint and Word write it, as SVG with a PNG."""

from __future__ import annotations

import io
import math
from typing import Any

from services.report.records import Figure, Report

# Of the ink and of the rules; "A5650B" is dark enough on white for small print.
INK, MUTED, RULE, AMBER = "1B1F24", "4A5361", "C8CED6", "8A5A00"
FONT = "Arial"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_LOCAL = "http://schemas.microsoft.com/office/drawing/2010/main"
_EXTENSION = {"svg": "{96DAC541-7B7A-43D3-8B79-37D633B846F1}",
              "dpi": "{28A0092B-C50C-407E-A947-70E740481C1C}"}  # fmt: skip


def studies(report: Report) -> list[str]:
    """Whose results the report shows, each once."""
    found = dict.fromkeys(item.whose for item in report.items if item.whose)
    several = [whose for whose in found if "; " in whose]  # of a comparison of two
    return [w for w in found if w not in several or not set(w.split("; ")) <= found.keys()]


def add_svg(blip: Any, relation: str) -> None:
    """Let a picture's PNG be the stand-in of an SVG, which Office turns into shapes on demand.

    Parameters
    ----------
    blip : the ``a:blip`` element of the PNG
    relation : id of the relation to the SVG's part
    """
    from lxml import etree

    found = etree.SubElement(blip, f"{{{_MAIN}}}extLst")
    dpi = etree.SubElement(found, f"{{{_MAIN}}}ext", uri=_EXTENSION["dpi"])
    etree.SubElement(dpi, f"{{{_LOCAL}}}useLocalDpi", nsmap={"a14": _LOCAL}).set("val", "0")
    svg = etree.SubElement(found, f"{{{_MAIN}}}ext", uri=_EXTENSION["svg"])
    drawn = etree.SubElement(svg, f"{{{_SVG}}}svgBlip", nsmap={"asvg": _SVG})
    drawn.set(f"{{{_RELATIONS}}}embed", relation)


def blip_of(picture: Any) -> Any:
    """The ``a:blip`` of a picture's element."""
    return next(picture.iter(f"{{{_MAIN}}}blip"))


def crop(picture: Any, start: float, end: float) -> None:
    """Show of a picture the part of its height between two shares."""
    from lxml import etree

    made = etree.Element(f"{{{_MAIN}}}srcRect")
    made.set("t", str(round(start * 100_000)))
    made.set("b", str(round((1 - end) * 100_000)))
    blip_of(picture).addnext(made)


def parts(figure: Figure, most: float) -> list[list[tuple[float, float]]]:
    """Shares of a figure's height between which it stands on pages, cut where least is drawn.

    Each page has a list of them, that stand below each other: what is repeated on each page
    (``Figure``) and a part of the rest.

    Parameters
    ----------
    most : share of the height that has room on one
    """
    if most >= 1 - 1e-6:
        return [[(0.0, 1.0)]]
    head, foot = figure.head, figure.foot
    if most - head - foot < 0.2 * most:  # no room for anything else
        head = foot = 0.0
    inner, room = 1 - head - foot, most - head - foot
    # With no place to cut about equal parts, and room to look for a gap between rows.
    full = room if figure.cuts else min(room, 1.1 * inner / math.ceil(inner / room))
    cut = _cut_at(figure, head, 1 - foot, full)
    # As few parts as there can be, and these about equal.
    tried = (_cut_at(figure, head, 1 - foot, room * k / 20, False) for k in range(10, 20))
    cut = next((found for found in tried if 0 < len(found) <= len(cut)), cut)
    return [_joined([(0.0, head), part, (1 - foot, 1.0)]) for part in cut]


def _cut_at(
    figure: Figure, start: float, end: float, room: float, anywhere: bool = True
) -> list[tuple[float, float]]:
    """Parts between two shares of the height, none higher than ``room``, cut before a group of rows
    or a chart; without such a place where least is drawn, or no parts unless ``anywhere``."""
    made = []
    while start < end:
        stop = end
        if start + room < end:
            whole = [cut for cut in figure.cuts if start + 0.2 * room <= cut <= start + room]
            if not (whole or anywhere):
                return []
            stop = whole[-1] if whole else _quiet(figure, start + 0.85 * room, start + room)
        made.append((start, stop))
        start = stop
    return made


def _joined(shares: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same without empty ones, and those that follow each other as one."""
    made: list[tuple[float, float]] = []
    for start, end in shares:
        if made and made[-1][1] == start:
            made[-1] = (made[-1][0], end)
        elif end > start:
            made.append((start, end))
    return made


def _quiet(figure: Figure, start: float, end: float) -> float:
    """The share of a figure's height, in a range, at which least is drawn."""
    from PIL import Image

    with Image.open(io.BytesIO(figure.png)) as image:
        gray = image.convert("L")
    rows = range(int(start * gray.height), int(end * gray.height))
    band = max(gray.height // 200, 1)

    def ink(row: int) -> int:
        part = gray.crop((0, row - band, gray.width, row + band)).histogram()
        return sum(part[:200])

    # Of equally quiet rows the last: more of the figure stays together.
    return min(rows, key=lambda row: (ink(row), -row), default=int(end * gray.height)) / gray.height
