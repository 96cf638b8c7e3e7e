"""The forest's texts on the screen. Oracle: the axes' labels that Plotly draws of its file."""

from __future__ import annotations

from playwright.sync_api import Page

from components.subgroups.figure import forest_figure
from tests.browser import harness
from tests.components.subgroups.drawn import page_of

# The left, right and middle of each text left and right of the plot, from the chart's left top.
PLACES = r"""(graph) => {
    const origin = graph.getBoundingClientRect();
    const texts = '.forest-text text, .annotation-text, g[class$="tick"] text';
    return Array.from(graph.querySelectorAll(texts)).filter((t) => t.textContent).map((text) => {
        const box = text.getBoundingClientRect();
        const middle = (box.top + box.bottom) / 2 - origin.top;
        const ends = [box.left, box.right].map((x) => x - origin.left);
        return [text.textContent, ...ends, middle];
    });
}"""
DRAWN_AS_A_FILE = """async (figure) => {
    const shown = document.querySelector('#subgroups-graph .js-plotly-plot');
    const place = document.createElement('div');
    place.id = 'as-a-file';
    document.body.appendChild(place);
    const size = { width: shown.clientWidth, height: shown.clientHeight };
    await Plotly.newPlot(place, figure.data, Object.assign({}, figure.layout, size));
}"""


def places(page: Page, selector: str) -> dict[str, tuple[float, ...]]:
    found = page.locator(selector).evaluate(PLACES)
    return {" ".join(text.split()): tuple(place) for text, *place in found}


def test_texts_stand_where_a_file_has_them(page: Page) -> None:
    page.goto("/study/e3a06/subgroups?per_arm=landmark")
    harness.settle(page)
    page.evaluate(DRAWN_AS_A_FILE, forest_figure(page_of("per_arm=landmark")))
    ours = places(page, "#subgroups-graph .js-plotly-plot")
    theirs = places(page, "#as-a-file")
    assert len(ours) > 60
    assert ours.keys() == theirs.keys()
    apart = {
        text: (place, theirs[text])
        for text, place in ours.items()
        if max(abs(a - b) for a, b in zip(place, theirs[text], strict=True)) > 1
    }
    assert not apart
