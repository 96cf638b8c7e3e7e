"""What a reader takes along: the figure as an image, the numbers, the link, the scripts.

The buttons carry what they need in ``data-`` attributes; ``assets/take_away.js`` does the rest in
the browser, so that no image is made on the server and none is sent anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from components import html

SECOND_OPINION = "second-opinion"  # among what is offered: the page can be recomputed by others
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


def take_away(
    base: str,
    query: str,
    offered: Collection[str],
    name: str = "",
    view: str = "",
    methods: str = "",
) -> Any:
    """The row of links under what a page shows.

    Parameters
    ----------
    base : the page's path, without ".json"
    query : of the view shown
    offered : endings of the files that there are
    name : of the figure's images, without ending
    view : what is shown, in words: with the page's title, the title of it in a report
    methods : how it was analyzed, for a manuscript
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
        opened = f"/studio{base.removeprefix('/study')}{query}"
        items.append(html.Button("Size and style", className="text-button", data_studio=opened))
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
    opinion: list[Any] = []
    if SECOND_OPINION in offered:
        asked = f"{base.replace('/study/', '/second-opinion/', 1)}{query}"
        items.append(
            html.Button("Second opinion", className="text-button", data_second_opinion=asked)
        )
        opinion = [html.Div(className="second-opinion", aria_live="polite")]
    add = html.Button("Add to report", className="text-button", data_add_report=view)
    copy = html.Button("Copy link", className="text-button", data_copy_link="true")
    told = html.Button("Copy methods", className="text-button", data_copy_text=methods)
    said = html.Span("", className="copied", role="status")
    # Two views are compared by numbers of patients (assets/pins.js).
    pin = html.Button("Pin to compare", className="text-button", data_pin=view)
    items += [pin] if "data.csv" in offered else []
    return [row([*items, add, print_button(), copy, *([told] if methods else []), said]), *opinion]


def _label(text: str) -> Any:
    return html.Span(text, className="take-away-label")


def print_button() -> Any:
    """Opens the browser's print dialog; ``assets/printing.js`` makes the page ready for paper."""
    return html.Button("Print", className="text-button", data_print="true")


def row(items: Sequence[Any]) -> Any:
    """Links beside each other, apart in plain text as well."""
    apart = [part for item in items for part in (item, " ")][:-1]
    return html.Div(apart, className="take-away-row")
