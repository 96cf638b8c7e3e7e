"""A report as one web page: no script, no address of another file, figures as SVG inside it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape
from pathlib import Path

from services.report import office
from services.report.records import Figure, Item, Reference, Report, Table
from services.report.said import described, said
from services.report.tables import width

_FEW, _ONE_LINE = 4, 26  # columns; characters of "0.28 (95% CI 0.12 to 0.62)"
_PAPER = 184.0, 225.0  # mm: a Letter page within the margins of html.css, less a caption
_MM_A_POINT, _MM_A_PIXEL = 25.4 / 72, 25.4 / 96
_STYLE = Path(__file__).with_name("html.css")


def web_page(report: Report) -> str:
    """The file's text."""
    many = len(report.items) > 1
    contents = "".join(
        f'<li><a href="#item-{i}">{escape(item.title)}</a></li>'
        for i, item in enumerate(report.items, 1)
    )
    items = "".join(_item(i, item) for i, item in enumerate(report.items, 1))
    title = escape(report.title)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # What stands inside the file is all that it may ever load.
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; img-src data:\">"
        f"<title>{title}</title><style>{_STYLE.read_text('utf-8')}</style></head><body>"
        f"<header><h1>{title}</h1>"
        f'<p class="small">Made on {escape(report.made)} with {escape(report.software)}</p>'
        f"{_left_out(report)}</header>"
        + (f'<nav aria-label="Contents"><ol>{contents}</ol></nav>' if many else "")
        + f"<main>{items}</main></body></html>\n"
    )


def _left_out(report: Report) -> str:
    if not report.left_out:
        return ""
    lines = [f"{left.number}. {left.name}: {left.why}" for left in report.left_out]
    return f'<div class="left-out"><p><b>Left out of this report</b></p>{_list(lines)}</div>'


def _item(number: int, item: Item) -> str:
    # Two views may have one title.
    named = escape(f"{number}. {item.title}", quote=True)
    head = f'<section class="item" aria-label="{named}">'
    head += f'<h2 id="item-{number}">{escape(item.title)}</h2>'
    head += _p(item.whose, "whose") + "".join(_p(words, kind) for kind, words in said(item))
    body = _figure(number, item) + "".join(
        _table(t, item.footnote, f"Table {number}.{i}. {t.title}")
        for i, t in enumerate(item.tables, 1)
    )
    foot = "<h3>What the numbers rest on</h3><dl>" + "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>"
        for label, text in item.settings
    )
    foot += "</dl>"
    if item.methods:
        foot += f"<h3>Statistical methods</h3>{_p(item.methods)}"
    if item.references:
        foot += f"<h3>References</h3><ol>{''.join(map(_reference, item.references))}</ol>"
    if item.link:
        live = escape(item.link, quote=True)
        foot += f'<p class="live"><a href="{live}">Open the live view: {escape(item.title)}</a></p>'
    return f"{head}{body}{foot}</section>"


def _p(text: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f"<p{named}>{_lines(text)}</p>" if text else ""


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _reference(source: Reference) -> str:
    if not source.link:
        return f"<li>{escape(source.text)}</li>"
    link = escape(source.link, quote=True)
    return f'<li>{escape(source.text)} <a href="{link}">{link}</a></li>'


def _figure(number: int, item: Item) -> str:
    if item.figure is None:
        return _p(item.no_figure, "small")
    caption = f"<figcaption>{escape(f'Figure {number}. {item.title}. {item.whose}')}</figcaption>"
    figure, words = item.figure, described(item)
    printed = _printed(number, figure)
    whole = _drawn(number, figure, words)
    if printed:
        whole = f'<div class="whole">{whole}</div>'
    return f"<figure>{whole}{printed}{caption}</figure>"


def _printed(number: int, figure: Figure) -> str:
    """The parts in which a figure higher than a page is printed; "" for one that is not."""
    if not (figure.svg and figure.png):  # where to cut may have to be seen
        return ""
    mm = figure.points * _MM_A_POINT or figure.width * _MM_A_PIXEL
    high = min(mm, _PAPER[0]) * figure.height / figure.width
    pages = office.parts(figure, _PAPER[1] / high)
    if len(pages) == 1:
        return ""
    width, height = figure.width, figure.height
    use = f'<use href="#figure-{number}" width="{width:g}" height="{height:g}"/>'
    made = ""
    for shares in pages:
        parts = "".join(
            f'<svg viewBox="0 {start * height:g} {width:g} {(end - start) * height:g}" '
            f'style="width:{min(mm, _PAPER[0]):g}mm">{use}</svg>'
            for start, end in shares
        )
        made += f'<div class="part">{parts}</div>'
    return f'<div class="parts" aria-hidden="true">{made}</div>'


def _drawn(number: int, figure: Figure, words: str) -> str:
    if figure.svg:
        named = f'id="figure-{number}" role="img" aria-label="{escape(words, quote=True)}"'
        return figure.svg.replace("<svg ", f"<svg {named} ", 1)
    data = base64.b64encode(figure.png).decode()
    return f'<img alt="{escape(words, quote=True)}" src="data:image/png;base64,{data}">'


def _table(table: Table, footnote: str, title: str) -> str:
    head = "".join(
        f'<th scope="col">{_lines(text)}</th>' if text else "<td></td>" for text in table.columns
    )
    # An estimate stays in one line where there are few columns.
    kept = ' class="one-line"' if width(table) <= _FEW else ""
    rows = []
    for i, (first, *rest) in enumerate(table.rows):
        if i in table.groups:
            span = width(table)
            rows.append(
                f'<tr class="group"><th scope="rowgroup" colspan="{span}">{_lines(first)}</th></tr>'
            )
            continue
        cells = "".join(
            f"<td{kept if len(cell) <= _ONE_LINE else ''}>{_lines(cell)}</td>" for cell in rest
        )
        name = f'<th scope="row">{_lines(first)}</th>' if first else "<td></td>"
        rows.append(f"<tr>{name}{cells}</tr>")
    notes = "".join(_p(note, "small") for note in (*table.notes, footnote))
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{escape(title, True)}">'
        f"<table><caption>{escape(title)}</caption>"
        + (f"<thead><tr>{head}</tr></thead>" if head else "")
        + f"<tbody>{''.join(rows)}</tbody></table></div>{notes}"
    )
