"""What a reader takes along: the figure as an image, the numbers, the link, the scripts.

The buttons carry what they need in ``data-`` attributes; ``assets/take_away.js`` does the rest in
the browser, so that no image is made on the server and none is sent anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from components import html
from components.chart import Figure, annotation, plain
from components.text_width import fold
from services.errors import UserError

if TYPE_CHECKING:
    from services.evidence.cited import Headline

IMAGE_WIDTH = 1000
_LINE = 16
_CHARACTERS = 150  # of the small print that fit on a line


# What else than the figure a page may offer: ending, group and words of the link, in this order.
_LINKS = (
    ("csv", "Numbers:", "CSV"),
    ("json", "Numbers:", "JSON"),
    ("events.csv", "Numbers:", "Every event (CSV)"),
    ("bib", "Cite the sources:", "BibTeX"),
    ("ris", "Cite the sources:", "RIS"),
    ("data.csv", "Recompute it:", "Patients (CSV)"),
    ("py", "Recompute it:", "Python script"),
    ("R", "Recompute it:", "R script"),
)


def take_away(base: str, query: str, offered: Collection[str], name: str = "") -> Any:
    """The row of links under what a page shows.

    Parameters
    ----------
    base : the page's path, without ".json"
    query : of the view shown
    offered : endings of the files that there are
    name : of the figure's images, without ending
    """

    def image(kind: str) -> Any:
        return html.Button(
            kind.upper(),
            className="text-button",
            data_figure=f"{base}.figure.json{query}",
            data_format=kind,
            data_name=name,
            aria_label=f"Download the figure as {kind.upper()}",
        )

    items: list[Any] = []
    if "figure.json" in offered:
        items += [_label("Figure:"), image("svg"), image("png")]
    last = ""
    for ending, group, words in _LINKS:
        if ending not in offered:
            continue
        if group != last:
            items.append(_label(group))
        last = group
        path = f"{base}.{ending}{query}"
        if ending == "json":
            items.append(html.A(words, href=path, target="_blank", rel="noopener"))
        else:
            items.append(html.A(words, href=path, download=""))
    copy = html.Button("Copy link", className="text-button", data_copy_link="true")
    return row([*items, print_button(), copy, html.Span("", className="copied", role="status")])


def _label(text: str) -> Any:
    return html.Span(text, className="take-away-label")


def print_button() -> Any:
    """Opens the browser's print dialog; ``assets/printing.js`` makes the page ready for paper."""
    return html.Button("Print", className="text-button", data_print="true")


def row(items: Sequence[Any]) -> Any:
    """Links beside each other, apart in plain text as well."""
    apart = [part for item in items for part in (item, " ")][:-1]
    return html.Div(apart, className="take-away-row")


def with_frame(
    figure: Figure,
    title: str,
    kind: str,
    provenance: Sequence[tuple[str, str]],
    reason: str | None = None,
    published: Sequence[Headline] = (),
) -> Figure:
    """The figure as an image stands alone: white, with its title, whose data, and small print.

    Parameters
    ----------
    title : the answer in words
    kind : the study and whose patients these are: "E3A06. Simulated patients"
    provenance : (label, text) pairs
    reason : why there is nothing to draw
    published : the trial's own results, which stand first here too

    Raises
    ------
    UserError : the figure is empty
    """
    if not figure["data"]:
        raise UserError("There is no figure to save.", reason or "This view draws nothing.")
    layout = dict(figure["layout"])
    room = IMAGE_WIDTH - 20
    head = [f"<b>{plain(line)}</b>" for line in fold(kind, room, 14, bold=True)]
    for item in published:
        source = item.cited.sources[0]
        told = f"Published ({source.label or source.title}): {item.label}: {item.cited.text}"
        head += map(plain, fold(told, room, 14))
    head += map(plain, fold(title, room, 14))
    small_print = [f"{label}: {text}" for label, text in provenance]
    foot = [plain(line) for text in small_print for line in _lines(text, _CHARACTERS)]
    top, bottom = 20 + 20 * len(head), 14 + _LINE * len(foot)
    margin = dict(layout["margin"])
    before_top, before_bottom = margin["t"], margin["b"]
    margin["t"] += top
    margin["b"] += bottom
    place = {"align": "left", "xshift": 10 - margin["l"]}
    above = place | {"yanchor": "bottom", "yshift": before_top + 4}
    below = place | {"yanchor": "top", "yshift": -before_bottom - 4}
    layout |= {
        "margin": margin,
        "width": IMAGE_WIDTH,
        "height": layout["height"] + top + bottom,
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "annotations": [
            *layout.get("annotations", ()),
            annotation("<br>".join(head), 0, 1, 14, "#1b1f24", **above),
            annotation("<br>".join(foot), 0, 0, 11, "#566070", **below),
        ],
    }
    return {"data": figure["data"], "layout": layout}


def _lines(text: str, most: int) -> list[str]:
    """Break at spaces into lines of at most ``most`` characters."""
    lines, current = [], ""
    for word in text.split():
        if current and len(current) + 1 + len(word) > most:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return [*lines, current] if current else lines
