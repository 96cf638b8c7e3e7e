"""A report as slides: one for each figure, then its tables, which can be edited."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.report import office
from services.report.deck import EDGE, FOOT, HEIGHT, ROOM, TOP, WIDTH, Deck, Text, tall_of, titled
from services.report.flow import SMALLEST, Laid, Style, height, key_numbers, lay_out
from services.report.office import AMBER, INK, MUTED
from services.report.records import Figure, Item, Report, Table
from services.report.said import described, said

_PANEL = 262.0  # of the key numbers
_GAP = 14.0
_LONGEST = 400  # characters of a comment that stand on a figure's slide
_FEWEST = 3  # rows of key numbers
_LOOKS = {
    "comment": (13, False, "00507D"),
    "published": (11, False, INK),
    "made-up": (13, True, AMBER),
    "answer": (14, True, INK),
    "detail": (11, False, INK),
    "reason": (13, True, INK),
}


def presentation(report: Report) -> bytes:
    """The file."""
    from pptx import Presentation  # not before the first report
    from pptx.util import Pt

    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    deck.core_properties.title = report.title
    deck.core_properties.author = report.software.split(",")[0]
    writer = Deck(deck)
    _cover(writer, report)
    for item in report.items:
        _of_item(writer, item)
    _methods(writer, report)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


# --- the slides -----------------------------------------------------------------------------------


def _cover(writer: Deck, report: Report) -> None:
    writer.new(f"Made with {report.software}")
    y = writer.title(report.title, EDGE, 70, ROOM, 34) + 8
    texts = [Text(report.made, 14, color=MUTED, after=10)]
    texts += [Text(words, 14, True, after=2) for words in office.studies(report)]
    left = [Text("Left out of this report", 12, True, AMBER, after=2)] if report.left_out else []
    left += [Text(f"{x.number}. {x.name}: {x.why}", 11, color=AMBER) for x in report.left_out]
    without = {item.no_figure for item in report.items}
    if len(without) == 1:  # each item says it too
        left += [Text(words, 11, color=MUTED) for words in without if words]
    y = writer.text(texts, EDGE, y, ROOM) + 12
    for size in (13, 12, 11, 10):  # on one slide, where they fit
        contents = [Text(f"{i}. {item.title}", size) for i, item in enumerate(report.items, 1)]
        if y + tall_of([*left, *contents], ROOM) <= FOOT - 8:
            break
    _flow(writer, report.title, [*left, *contents], y, f"Made with {report.software}")


def _flow(writer: Deck, title: str, texts: Sequence[Text], y: float, foot: str) -> None:
    """Paragraphs below each other, on as many slides as they take."""
    here: list[Text] = []
    for text in _short_enough(texts):
        if here and y + tall_of([*here, text], ROOM) > FOOT - 8:
            writer.text(here, EDGE, y, ROOM)
            writer.new(foot)
            y = writer.title(f"{title} (continued)", EDGE, TOP, ROOM, 18) + 10
            here = []
        here.append(text)
    writer.text(here, EDGE, y, ROOM)


def _short_enough(texts: Iterable[Text]) -> Iterable[Text]:
    """Paragraphs of at most a third of a slide; longer ones in parts, cut between sentences."""
    for text in texts:
        words = text.words
        while height(words, ROOM, text.size, text.bold) > HEIGHT / 3:
            most = int(len(words) * HEIGHT / 3 / height(words, ROOM, text.size, text.bold))
            ends = (words.rfind(mark, most // 3, most) + 1 for mark in ("\n", ". ", " "))
            cut = next(filter(None, ends), most)
            yield replace(text, words=words[:cut].strip(), after=0)
            words = words[cut:].strip()
        yield replace(text, words=words)


def _of_item(writer: Deck, item: Item) -> None:
    foot = item.whose
    long = item.comment if len(item.comment) > _LONGEST else ""
    short = replace(item, comment="") if long else item
    key = key_numbers(item.tables)
    notes = "\n\n".join(filter(None, (item.comment, item.methods, item.footnote, item.link)))
    figure = item.figure if item.figure and item.figure.png else None
    if figure is None:
        _words_alone(writer, short, key, foot, notes)
    elif not _beside(writer, short, figure, key, foot, notes):
        _upright(writer, short, figure, key, foot, notes)
    if long:
        writer.new(foot)
        y = writer.title(f"{item.title}: comment", EDGE, TOP, ROOM, 18) + 10
        _flow(writer, item.title, [Text(part, 13) for part in long.split("\n")], y, foot)
    _tables(writer, item, foot)


def _said(item: Item, scale: float = 1.0) -> list[Text]:
    """The comment, what was published, and the answer."""
    return [
        Text(words, size * scale, bold, color)
        for kind, words in said(item)
        for size, bold, color in (_LOOKS[kind],)
    ]


def _small_print(item: Item) -> list[Text]:
    told = ". ".join(f"{label}: {words.removesuffix('.')}" for label, words in item.settings)
    texts = [Text(f"{told}.", SMALLEST, color=MUTED, after=1)]
    if item.link:
        texts.append(Text("Open the live view", SMALLEST, link=item.link, after=0))
    return texts


def _beside(writer: Deck, item: Item, figure: Figure, key: Sequence[Table], foot: str,
            notes: str) -> bool:  # fmt: skip
    """Title and answer above, the figure with its key numbers below; whether it is legible so."""
    small = _small_print(item)
    bottom = FOOT - 6 - tall_of(small, ROOM)
    top = TOP + titled(item.title, ROOM, 24)[1] + 6 + tall_of(_said(item), ROOM) + 6
    asked = figure.points or ROOM  # points, of a figure that has a size in print
    most = min(ROOM - (_PANEL + _GAP if key else 0), asked)
    wide = min(most, (bottom - top) * figure.width / figure.height)
    if wide * figure.smallest / figure.width < SMALLEST or wide < 0.97 * figure.points:
        return False
    writer.new(foot, notes)
    y = writer.title(item.title, EDGE, TOP, ROOM) + 6
    y = writer.text(_said(item), EDGE, y, ROOM) + 6
    wide = min(wide, (bottom - y) * figure.width / figure.height, asked)
    writer.picture(figure, EDGE, y, wide, described(item))
    beside = WIDTH - EDGE - max(_PANEL, min(ROOM - wide - _GAP, 380))
    _panel(writer, key, beside, y, WIDTH - EDGE - beside, bottom - y)
    writer.text(small, EDGE, bottom, ROOM)
    return True


def _upright(writer: Deck, item: Item, figure: Figure, key: Sequence[Table], foot: str,
             notes: str) -> None:  # fmt: skip
    """A tall figure at the left, on as many slides as it needs, all of them high; words beside."""
    wide, tall = ROOM - _PANEL - _GAP, FOOT - 22
    fitting = figure.points / figure.width if figure.points else tall / figure.height
    scale = max(min(wide / figure.width, fitting), SMALLEST / figure.smallest)
    parts = math.ceil(figure.height * scale / tall - 1e-6)
    filled = scale if figure.points else 0.9 * parts * tall / figure.height
    for tried in (max(scale, filled) if parts > 1 else scale, scale):  # they fill their slides
        shown = figure.width * min(tried, wide / figure.width)
        pages = office.parts(figure, tall / (figure.height * shown / figure.width))
        if len(pages) <= parts:
            break
    x = EDGE + shown + _GAP
    room = WIDTH - EDGE - x
    texts, small = _said(item, 0.9), _small_print(item)
    words = titled(item.title, room, 20)[1] + 6 + tall_of(texts, room) + 6 + tall_of(small, room)
    beside = TOP + words < FOOT - 6
    if not beside:
        _words_alone(writer, item, key, foot, notes)
    for page, shares in enumerate(pages):
        first = page == 0 and beside
        writer.new(foot, notes if first else "")
        more = "" if first else " (continued)"
        y = writer.title(f"{item.title}{more}", x, TOP, room, 20) + 6
        end = 14.0
        for part in shares:
            end = writer.picture(figure, EDGE, end, shown, described(item), part)
        if first:
            y = writer.text(texts, x, y, room) + 6
            bottom = FOOT - 6 - tall_of(small, room)
            _panel(writer, key, x, y, room, bottom - y)
            writer.text(small, x, bottom, room)


def _panel(writer: Deck, key: Sequence[Table], x: float, y: float, width: float,
           tall: float) -> None:  # fmt: skip
    """The key numbers below each other, as many rows as fit."""
    style = Style(9, 3, 1.5)
    end = y + tall
    for table in key:
        laid = lay_out(table, width, 1e6, style)
        rows = len(table.rows)
        while rows and y + 12 + laid.head + sum(laid.pages[0].heights[:rows]) > end:
            rows -= 1
        if rows < min(_FEWEST, len(table.rows)):
            return
        laid = lay_out(replace(table, rows=table.rows[:rows]), width, 1e6, style)
        y = writer.text([Text(table.title, 9, True, MUTED, after=0)], x, y, width)
        y = writer.table(laid, table.columns, 0, style, x, y, table.title) + 8


def _words_alone(writer: Deck, item: Item, key: Sequence[Table], foot: str, notes: str) -> None:
    """A slide of words: of an item without a figure, or with more of them than stand beside it."""
    writer.new(foot, notes)
    y = writer.title(item.title, EDGE, TOP, ROOM) + 8
    texts, small = _said(item, 1.15), _small_print(item)
    texts += [Text(item.no_figure, 10, color=MUTED)] if item.no_figure else []
    bottom = FOOT - 6 - tall_of(small, ROOM)
    if y + tall_of(texts, ROOM) > bottom:
        _flow(writer, item.title, [*texts, *small], y, foot)
        return
    y = writer.text(texts, EDGE, y, ROOM) + 10
    _panel(writer, key, EDGE, y, 560, bottom - y)
    writer.text(small, EDGE, bottom, ROOM)


def _tables(writer: Deck, item: Item, foot: str) -> None:
    """The tables, several on a slide where they fit; a long one goes on over several."""
    title = f"{item.title}: tables"
    top = TOP + titled(title, ROOM, 18)[1] + 10
    end = FOOT - 12 - tall_of(_under(item), ROOM)
    y = end
    for table in item.tables:
        head = [Text(table.title, 12, True, after=3)] if table.title else []
        notes = [Text(words, 8, color=MUTED) for words in table.notes]
        # Long notes go on a slide of their own.
        below = tall_of(notes, ROOM) + 4
        apart = below > (end - top) / 2
        around = tall_of(head, ROOM) + (0 if apart else below)
        style, laid = _set(table, end - top - around)
        tall = laid.head + sum(laid.pages[0].heights) + around
        for page in range(len(laid.pages)):
            if page or y + tall > end:
                writer.new(foot)
                writer.title(title, EDGE, TOP, ROOM, 18)
                writer.text(_under(item), EDGE, end + 6, ROOM)
                y = top
            more = f" ({page + 1} of {len(laid.pages)})" if len(laid.pages) > 1 else ""
            named = [replace(text, words=text.words + more) for text in head]
            y = writer.text(named, EDGE, y, ROOM)
            words = table.title or item.title
            y = writer.table(laid, table.columns, page, style, EDGE, y, words) + 4
            y = writer.text([] if apart else notes, EDGE, y, ROOM) + 10
        if apart:
            writer.new(foot)
            y = writer.title(f"{table.title}: notes", EDGE, TOP, ROOM, 18) + 8
            _flow(writer, table.title, [replace(note, size=10) for note in notes], y, foot)
            y = end


def _under(item: Item) -> list[Text]:
    """What stands under every table of a view."""
    return [Text(item.footnote, 8, color=MUTED, after=0)] if item.footnote else []


def _set(table: Table, tall: float) -> tuple[Style, Laid]:
    """A table in letters of a size with which it fits on one slide, or with which it goes on."""
    for size in (12.0, 11.0, 10.0, 9.0, 8.0):
        style = Style(size, pad_y=size / 5)
        laid = lay_out(table, ROOM, tall, style)
        if len(laid.pages) == 1 or (size <= 9 and len(laid.widths) < 6):
            break
    return style, laid


def _methods(writer: Deck, report: Report) -> None:
    """The methods and the references of all items, each once."""
    methods = list(dict.fromkeys(item.methods for item in report.items if item.methods))
    sources = list(dict.fromkeys(source for item in report.items for source in item.references))
    texts = [Text(words, 12, after=6) for words in methods]
    if sources:
        texts.append(Text("References", 13, True))
        texts += [
            Text(f"{i}. {source.text}", 9, link=source.link, linked=source.link, after=2)
            for i, source in enumerate(sources, 1)
        ]
    if not texts:
        return
    foot = f"Made on {report.made} with {report.software}"
    writer.new(foot)
    y = writer.title("Statistical methods and references", EDGE, TOP, ROOM, 22) + 10
    _flow(writer, "Statistical methods and references", texts, y, foot)
