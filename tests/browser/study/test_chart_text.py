"""Texts that a chart's own script writes. Oracle: those that Plotly draws of the same figure."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

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


# The lines from side to side: color, how far down, from where to where.
RULES = r"""(graph) => {
    const LINE = /M([\d.]+),([\d.]+)(?:h([\d.]+)|L([\d.]+),([\d.]+))/g;
    const found = {};
    for (const path of graph.querySelectorAll('.chart-rules path, .shapelayer path')) {
        for (const [, x, y, across, end, down] of path.getAttribute('d').matchAll(LINE)) {
            if (down && down !== y) continue;
            const rule = [getComputedStyle(path).stroke, Math.round(y)].join(' ');
            found[rule] = (found[rule] || []).concat(+x, across ? +x + +across : +end);
        }
    }
    const edges = (all) => [Math.min(...all), Math.max(...all)];
    return Object.entries(found).map(([rule, all]) => [rule, ...edges(all)]).sort();
}"""


def test_rules_between_rows_stand_where_a_file_has_them(page: Page) -> None:
    page.goto("/study/e3a06/subgroups")
    harness.settle(page)
    page.evaluate(DRAWN_AS_A_FILE, forest_figure(page_of("")))
    ours = page.locator("#subgroups-graph .js-plotly-plot").evaluate(RULES)
    assert len(ours) > 5
    assert ours == page.locator("#as-a-file").evaluate(RULES)


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


# Text, color, size and edges of the annotations written by the chart's own script, and of the same
# drawn by Plotly.
NOTES = r"""async (graph) => {
    const place = document.createElement('div');
    document.body.appendChild(place);
    const copy = JSON.parse(JSON.stringify({ data: graph.data, layout: graph.layout }));
    const notes = copy.layout.annotations.filter((note) => note.visible === false);
    notes.forEach((note) => { delete note.visible; });
    const size = { width: graph.clientWidth, height: graph.clientHeight, autosize: false };
    await Plotly.newPlot(place, copy.data, { ...copy.layout, ...size, annotations: notes });
    const placesIn = (part, selector) => {
        const origin = part.getBoundingClientRect();
        return Array.from(part.querySelectorAll(selector), (text) => {
            const box = text.getBoundingClientRect();
            const style = getComputedStyle(text);
            const look = [text.textContent, style.fill, style.fontSize, style.fontFamily];
            const edges = [box.left - origin.left, box.right - origin.left];
            return [look, [...edges, box.top - origin.top, box.bottom - origin.top]];
        });
    };
    const found = [
        placesIn(graph, '.chart-text > g:not(.textpoint) text'), placesIn(place, '.annotation-text')
    ];
    place.remove();
    return [...found, notes.length];
}"""


def assert_as_by_plotly(graph: Locator) -> int:
    ours, theirs, notes = graph.evaluate(NOTES)
    assert [look for look, _ in ours] == [look for look, _ in theirs]
    for (look, edges), (_, others) in zip(ours, theirs, strict=True):
        assert max(abs(a - b) for a, b in zip(edges, others, strict=True)) < 1.5, look
    return int(notes) - len(ours)


def test_annotations_stand_where_plotly_has_them(page: Page) -> None:
    for path in (
        "e3a06/survival",
        "aquila/survival?facet=SEX",
        "aquila/survival?plot=hazards",
        "aquila/risk-models",
        "aquila/benefit-risk",
        "aquila/states",
        "quiredex/safety",
    ):
        for width in (1280, 390):
            harness.widen(page, width)
            harness.visit(page, f"/study/{path}")
            for graph in page.locator(".js-plotly-plot:visible").all():
                assert_as_by_plotly(graph)


def test_an_annotation_out_of_a_zoomed_chart_is_not_written(page: Page) -> None:
    """The names at the ends of the curves, as Plotly has it."""
    harness.visit(page, "/study/e3a06/survival")
    graph = page.locator("#survival-graph .js-plotly-plot")
    assert assert_as_by_plotly(graph) == 0
    graph.evaluate("(graph) => Plotly.relayout(graph, { 'xaxis.range': [10, 40] })")
    harness.settle(page)
    assert assert_as_by_plotly(graph) > 0


def test_annotations_with_a_box_or_an_arrow_are_left_to_plotly(page: Page) -> None:
    harness.visit(page, "/study/aquila/states")
    graph = page.locator("#states-graphmodel .js-plotly-plot")
    drawn = graph.locator(".annotation")
    assert drawn.locator(".annotation-arrow-g").count() > 0
    assert drawn.count() + graph.locator(".chart-text text").count() == graph.evaluate(
        "(graph) => graph.layout.annotations.length"
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
