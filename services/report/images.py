"""Images that a browser sends along: checked, and of an SVG only what draws.

They come from outside, whoever says that they are figures of ours. An SVG is read without entities
and without a network, and rebuilt from a list of elements and attributes (``images.toml``): no
script, no event, no foreign content, no address but of its own parts.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from services import lists
from services.errors import UserError
from services.report.records import Figure

MOST_BYTES = {"svg": 4 << 20, "png": 8 << 20}
MOST_PIXELS = 50_000_000
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_LISTS = {name: frozenset(lists.words(text)) for name, text in lists.beside(__file__).items()}
_PART = re.compile(r"""url\(\s*["']?\s*[^"'()#]*#([\w.:-]+)["']?\s*\)""")  # of the same drawing
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_IN_PRINT = re.compile(r"(\d+(?:\.\d+)?)(mm|cm|in|pt)")  # how large it is on paper
_POINTS = {"mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0, "pt": 1.0}
_FONT = re.compile(r"(?:^|[\s;:])(\d+(?:\.\d+)?)px")
_MOST_ELEMENTS = 100_000
_LARGEST = 20_000.0  # pixels of a side


def figure(svg: bytes | None, png: bytes | None, number: int) -> Figure | None:
    """The figure of an item, or ``None`` without images.

    Parameters
    ----------
    svg, png : the files as sent; number : of the item, from 1, for ids of its own and messages

    Raises
    ------
    UserError : an image is not what it is called, or too large
    """
    if svg is None and png is None:
        return None
    size = (0.0, 0.0)
    text, smallest, points = "", 11.0, 0.0
    if png is not None:
        size = _png_size(_bounded(png, "png", number), number)
    if svg is not None:
        root = _read(_bounded(svg, "svg", number), number)
        size, smallest, points = _size(root, number), _smallest(root), _points(root)
        text = _rebuilt(root, f"f{number}-", size)
    return Figure(*size, smallest, text, png or b"", points)


def _bounded(data: bytes, kind: str, number: int) -> bytes:
    if len(data) > MOST_BYTES[kind]:
        raise UserError(
            f"The {kind.upper()} of item {number} has {len(data) / 1e6:,.1f} MB; at most"
            f" {MOST_BYTES[kind] >> 20} MB are taken.",
            "Send a smaller image, or none: the report has the tables without it.",
        )
    return data


def _wrong(kind: str, number: int, why: str) -> UserError:
    return UserError(
        f"The {kind.upper()} of item {number} is no {kind.upper()} image: {why}.",
        "Send the figure as plotly.js saves it, or no image: the report has the tables without it.",
    )


# --- PNG ------------------------------------------------------------------------------------------


def _png_size(data: bytes, number: int) -> tuple[float, float]:
    """Pixels of a PNG that can be read to its end."""
    from PIL import Image

    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise _wrong("png", number, "it does not start as one")
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            width, height = image.size
            if width * height <= MOST_PIXELS:
                image.load()
    except Exception as problem:  # whatever a broken file makes the reader raise
        raise _wrong("png", number, "it is damaged") from problem
    if width * height > MOST_PIXELS:
        raise UserError(
            f"The PNG of item {number} has {width:,} × {height:,} pixels.",
            f"At most {MOST_PIXELS // 1_000_000} million are taken. Send a smaller image.",
        )
    return float(width), float(height)


# --- SVG ------------------------------------------------------------------------------------------


def _read(data: bytes, number: int) -> Any:
    from lxml import etree

    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", data, re.IGNORECASE):
        raise _wrong("svg", number, "it declares a document type, which drawings do not need")
    reader = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True, huge_tree=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, reader)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise _wrong("svg", number, "it cannot be read as XML") from problem
    if root.getroottree().docinfo.doctype:
        raise _wrong("svg", number, "it declares a document type, which drawings do not need")
    if root.tag != f"{{{_SVG}}}svg":
        raise _wrong("svg", number, "its first element is not “svg”")
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise _wrong("svg", number, f"it has more than {_MOST_ELEMENTS:,} parts")
    return root


def _size(root: Any, number: int) -> tuple[float, float]:
    sides = [_LENGTH.fullmatch(root.get(name) or "") for name in ("width", "height")]
    found = [float(side[1]) for side in sides if side]
    if len(found) < 2:
        box = (root.get("viewBox") or "").replace(",", " ").split()
        try:
            found = [float(side) for side in box[2:4]]
        except ValueError:
            found = []
    if len(found) < 2 or not all(0 < side <= _LARGEST for side in found):
        raise _wrong("svg", number, "it does not say how large it is")
    return found[0], found[1]


def _points(root: Any) -> float:
    """The width on paper, 0 if it says none."""
    said = _IN_PRINT.fullmatch(root.get("width") or "")
    return float(said[1]) * _POINTS[said[2]] if said else 0.0


def _smallest(root: Any) -> float:
    """The smallest text that is drawn, pixels."""
    sizes = []
    for node in root.iter(f"{{{_SVG}}}text", f"{{{_SVG}}}tspan"):
        said = f"{node.get('style') or ''};font-size:{node.get('font-size') or ''}"
        if node.text and node.text.strip():
            sizes += [float(size) for size in _FONT.findall(said)]
    return min(sizes, default=11.0)


def _rebuilt(root: Any, prefix: str, size: tuple[float, float]) -> str:
    """The drawing, written anew from what is allowed; its ids with a prefix of their own."""
    from lxml import etree

    made = etree.Element(f"{{{_SVG}}}svg", nsmap={None: _SVG, "xlink": _XLINK})
    _copy(root, made, prefix)
    for side, pixels in zip(("width", "height"), size, strict=True):
        if not _IN_PRINT.fullmatch(made.get(side) or ""):
            made.set(side, f"{pixels:g}")
    if not made.get("viewBox"):
        made.set("viewBox", f"0 0 {size[0]:g} {size[1]:g}")
    text: str = etree.tostring(made, encoding="unicode")
    return text


def _copy(source: Any, made: Any, prefix: str) -> None:
    from lxml import etree

    stack = [(source, made)]  # no recursion: a file may be nested deeply
    while stack:
        old, new = stack.pop()
        for name, value in _attributes(old.attrib, prefix):
            new.set(name, value)
        new.text = old.text
        last = None
        for child in old:
            if not isinstance(child.tag, str):
                kept = False
            else:
                space, _, name = child.tag.rpartition("}")
                kept = space == f"{{{_SVG}" and name in _LISTS["elements"]
            if kept:
                last = etree.SubElement(new, child.tag)
                stack.append((child, last))
                last.tail = child.tail
            elif child.tail and child.tail.strip():
                if last is None:
                    new.text = (new.text or "") + child.tail
                else:
                    last.tail = (last.tail or "") + child.tail


def _attributes(given: Mapping[str, str], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        space, _, plain = name.rpartition("}")
        if space not in ("", f"{{{_XLINK}") or plain not in _LISTS["attributes"]:
            continue
        if plain == "href":
            if value.startswith("#"):
                yield f"{{{_XLINK}}}href", f"#{prefix}{value[1:]}"
        elif plain == "id":
            yield plain, prefix + value
        elif plain == "style":
            if told := _style(value, prefix):
                yield plain, told
        elif plain != "class" and (safe := _value(value, prefix)) is not None:
            yield plain, safe


def _style(text: str, prefix: str) -> str:
    kept = []
    for rule in re.split(r";(?![^(]*\))", text):
        name, _, value = rule.partition(":")
        safe = _value(value.strip(), prefix)
        if name.strip().lower() in _LISTS["properties"] and safe is not None:
            kept.append(f"{name.strip()}: {safe}")
    return "; ".join(kept)


def _value(text: str, prefix: str) -> str | None:
    """A value whose references are to parts of the same drawing, or ``None``."""
    own = _PART.sub(lambda part: f"url(#{prefix}{part[1]})", text)
    rest = _PART.sub("", text).lower()
    # Escapes and comments could hide what is looked for.
    odd = ("url", "\\", "/*", "expression", "javascript", "@import", "image(", "image-set", "src(")
    return None if any(word in rest for word in odd) else own
