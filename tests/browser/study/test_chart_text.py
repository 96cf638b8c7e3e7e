"""Texts that a chart's own script writes. Oracle: those that Plotly draws of the same figure."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from components.subgroups.figure import forest_figure
from tests.browser import harness
from tests.components.subgroups.drawn import page_of

# The left, right and middle of each text left and right of the plot, from the chart's left top.
PLACES = r"""(graph) => {
    const origin = graph.getBoundingClientRect();
    const texts = '.chart-text text, .annotation-text, g[class$="tick"] text';
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


NUMBERS = """(graph) => {
    const origin = graph.getBoundingClientRect();
    return Array.from(graph.querySelectorAll('.textpoint text')).map((text) => {
        const box = text.getBoundingClientRect();
        const style = getComputedStyle(text);
        const look = [text.textContent, style.fill, style.fontSize, style.fontFamily];
        return [...look, box.left - origin.left, box.right - origin.left, box.top - origin.top];
    });
}"""
BY_PLOTLY = """async (shown) => {
    const place = document.createElement('div');
    place.id = 'by-plotly';
    document.body.appendChild(place);
    const data = shown.data.map((trace) => Object.assign({}, trace, { visible: true }));
    const size = { width: shown.clientWidth, height: shown.clientHeight };
    await Plotly.newPlot(place, data, Object.assign({}, shown.layout, size));
}"""


def test_numbers_at_risk_stand_where_plotly_has_them_in_a_zoomed_chart_too(page: Page) -> None:
    harness.visit(page, "/study/e3a06/survival")
    graph = page.locator("#survival-graph .js-plotly-plot")
    whole = len(graph.evaluate(NUMBERS))
    graph.evaluate("(graph) => Plotly.relayout(graph, { 'xaxis.range': [10, 40] })")
    harness.settle(page)
    graph.evaluate(BY_PLOTLY)
    hidden = page.locator("#by-plotly .textpoint[display=none]")
    hidden.evaluate_all("all => all.forEach((one) => one.remove())")
    ours = graph.evaluate(NUMBERS)
    theirs = page.locator("#by-plotly").evaluate(NUMBERS)
    assert 6 < len(ours) < whole
    assert [place[:4] for place in ours] == [place[:4] for place in theirs]
    assert all(
        abs(a - b) < 0.1
        for place, other in zip(ours, theirs, strict=True)
        for a, b in zip(place[4:], other[4:], strict=True)
    )


HEIGHTS = """(g) => {
    g.drawn = [];
    g.on('plotly_afterplot', () => g.drawn.push(g._fullLayout.height));
}"""


def test_a_forest_of_another_height_is_drawn_with_it_at_once(page: Page) -> None:
    harness.visit(page, "/study/aquila/subgroups")
    graph = page.locator("#subgroups-graph .js-plotly-plot")
    graph.evaluate(HEIGHTS)
    before = graph.evaluate("(g) => g.clientHeight")
    page.get_by_role("checkbox", name="Female").check()
    expect(page.locator("#population-summary")).to_contain_text("female")
    harness.settle(page)
    now = graph.evaluate("(g) => g.clientHeight")
    assert now != before
    assert set(graph.evaluate("(g) => g.drawn")) == {now}
