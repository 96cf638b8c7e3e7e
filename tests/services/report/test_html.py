"""The web page. Oracle: lxml, which reads it again."""

from __future__ import annotations

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
