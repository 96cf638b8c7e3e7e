"""The web page. Oracle: lxml, which reads it again."""

from __future__ import annotations

from dataclasses import replace

from lxml import html

from services.report.html import web_page
from services.report.records import Figure, Item, LeftOut, Reference, Report, Table

EVIL = '"><script>alert(1)</script>'


def test_words_of_others_stay_words() -> None:
    table = Table(EVIL, ("", EVIL), ((EVIL, EVIL), ("g", "")), frozenset({1}), (EVIL,))
    item = Item(
        title=EVIL, name="x", comment=EVIL, whose=EVIL, link=f"http://x/{EVIL}", answer=EVIL,
        tables=(table,), settings=((EVIL, EVIL),), methods=EVIL, published=(EVIL,),
        references=(Reference(EVIL, f"https://doi.org/{EVIL}"),), figure=Figure(3, 2, png=b"x"),
    )  # fmt: skip
    text = web_page(Report(EVIL, "2026-01-01", "SMM", (item, item), (LeftOut(2, EVIL, EVIL),)))
    root = html.document_fromstring(text)
    assert not root.xpath("//script | //@onload | //@onclick")
    assert text.count("alert(1)") > 10
    assert [head.get("scope") for head in root.xpath("//tr[@class='group']/th")] == ["rowgroup"] * 2
    assert root.xpath("//img/@alt")


def test_a_figure_higher_than_a_page_is_printed_in_parts_with_its_head_and_foot() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="300" viewBox="0 0 100 300"/>'
    tall = Figure(
        100,
        300,
        svg=svg,
        png=b"x",
        points=150 / 25.4 * 72,
        head=0.05,
        foot=0.1,
        cuts=(0.2, 0.35, 0.6, 0.8),
    )
    items = [Item(title="x", name="x", figure=f) for f in (tall, replace(tall, height=100))]
    root = html.document_fromstring(web_page(Report("x", "2026-01-01", "SMM", tuple(items))))
    (parts,) = root.xpath("//div[@class='parts']")  # none of the low one
    assert parts.get("aria-hidden") == "true"
    # By hand: 150 mm wide, so 450 mm high, of which a page has room for 225: half of it, 0.35
    # without head and foot, so from 0.05 to 0.35, to 0.6 (0.8 is too far), to 0.9.
    pages = [
        [[float(number) for number in svg.get("viewbox").split()] for svg in part.xpath("svg")]
        for part in parts.xpath("div[@class='part']")
    ]
    assert pages == [
        [[0, 0, 100, 105], [0, 270, 100, 30]],
        [[0, 0, 100, 15], [0, 105, 100, 75], [0, 270, 100, 30]],
        [[0, 0, 100, 15], [0, 180, 100, 120]],
    ]
    assert {svg.get("style") for svg in parts.iter("svg")} == {"width:150mm"}
    assert {use.get("href") for use in parts.iter("use")} == {"#figure-1"}
    assert root.xpath("//div[@class='whole']/svg/@id") == ["figure-1"]
