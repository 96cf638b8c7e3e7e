"""Whether Dash works inside as ``assets/dash_bridge.js`` says; what does not is told in words.

A newer Dash is let in (``pyproject.toml``) when this passes with it.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import harness

# Beneath the scripts of assets/: what reaches the server, and what it answers.
OVERHEAR = """
window.heard = [];
const ask = window.fetch;
window.fetch = function (address, options) {
  const asked = ask.apply(window, arguments);
  const about = { address: String(address), body: options && options.body };
  window.heard.push(about);
  asked.then((answer) => answer.clone().text()).then((text) => { about.answer = text; });
  return asked;
};
"""

# Above them: what Dash asks, whoever answers it; and what its first question is foretold to be.
OVERASK = """() => {
  window.asks = [];
  const ask = window.fetch;
  window.fetch = function (address, options) {
    const about = { address: String(address), body: options && options.body };
    window.asks.push(about);
    const asked = ask.apply(window, arguments);
    asked.then((answer) => answer.clone().text()).then((text) => { about.answer = text; });
    return asked;
  };
  window.foretold = window.dashBridge.questionAbout("survival-address", "search");
}"""

# How dcc.Graph draws: through Plotly's own object, as it is when Dash draws.
OVERSEE = """() => {
  window.drawings = [];
  const react = window.Plotly.react;
  window.Plotly.react = function (graph, figure) {
    if (!Array.isArray(figure)) window.drawings.push([graph, figure]);
    return react.apply(window.Plotly, arguments);
  };
}"""

# A note takes a moment; one that does not come is told below.
POINTED = """() => new Promise((done) => {
  const end = performance.now() + 5000;
  (function look() {
    if (document.querySelector('.hoverlayer text') || performance.now() > end) done(true);
    else requestAnimationFrame(look);
  })();
})"""

# The last question of the page's callback, as Dash wrote it.
_QUESTION = """
  const bridge = window.dashBridge;
  const questions = window.asks.filter((one) => one.answer && /-answered"/.test(one.body));
  const asked = questions.at(-1);
  const body = asked ? JSON.parse(asked.body) : {};
  const answer = asked ? JSON.parse(asked.answer) : {};
  const graph = bridge.graphIn(document.getElementById('survival-graph'));
"""

# What is assumed, the name of what in dash_bridge.js relies on it, and whether it holds.
AFTER_A_CHOICE = (
    (
        "Dash asks for a page's components by window.fetch at .../_dash-layout, once",
        "LAYOUT, layoutAhead, layoutFor",
        "window.heard.filter((one) => /_dash-layout/.test(one.address)).length === 1",
    ),
    (
        'components are {"type", "props"}; a "Graph" has "id", "figure" and "config"',
        "chartsOf",
        "bridge.chartsOf(JSON.parse(window.heard.find((one) => /_dash-layout/.test(one.address))"
        ".answer)).map((chart) => [chart.id, chart.figure.data.length > 0,"
        " typeof chart.config].join()).includes('survival-graph,true,object')",
    ),
    (
        "Dash draws into #react-entry-point",
        "whenDrawn",
        "document.querySelector('#react-entry-point #page main')",
    ),
    (
        "Dash asks the server by window.fetch(address, {body: text}) at .../_dash-update-component",
        "UPDATE, questionOf, answerWith",
        "bridge.questionOf(asked.address, { body: asked.body }) && window.questions.asked > 0",
    ),
    (
        'a question names its "output" ("..id.property...") and "outputs"',
        "Question.output, Question.outputs, Question.fills",
        "/^\\.\\.survival-.+\\..+\\.\\.$/.test(body.output)"
        " && body.outputs.flat(9).some((one) => one.id && one.property)",
    ),
    (
        'a question has "inputs" and "state", each entry an {id, property, value}',
        "Question.given, Question.with",
        "[body.inputs, body.state].every((list) => list.some("
        "(one) => typeof one.id === 'string' && one.property && 'value' in one))",
    ),
    (
        'a question says in "changedPropIds" and "parsedChangedPropsIds" that an address was set',
        "Question.changed, Question.with",
        "[body.changedPropIds, body.parsedChangedPropsIds].every("
        "(list) => JSON.stringify(list) === '[\"survival-address.search\"]')",
    ),
    (
        "a question that these scripts make is written as Dash writes it",
        "Question.with",
        "bridge.questionOf(asked.address, { body: asked.body })"
        ".with({}, body.changedPropIds).text === asked.body",
    ),
    (
        "the first question is known before Dash asks it, from /_dash-dependencies and getLayout",
        "questionAbout",
        "questions[0].body === window.foretold.with({"
        "'survival-address': { search: location.search }, 'survival-answered': { data:"
        " JSON.parse(questions[0].body).state.find((one) => one.id === 'survival-answered').value }"
        "}, ['survival-address.search']).text",
    ),
    (
        'an answer has {"response": {id: {property: value}}}',
        "readAnswer, outputs",
        "bridge.readAnswer(asked.answer).outputs['survival-graph'].figure.data.length > 0",
    ),
    (
        "window.dash_clientside.set_props on a dcc.Location and a dcc.Store asks their callback",
        "set",
        "body.inputs.some((one) => one.id === 'survival-address' && one.value === location.search)"
        " && body.state.some((one) => one.id === 'survival-answered' && one.value)",
    ),
    (
        "dcc.Graph has its id on the parent of Plotly's element, whose class is js-plotly-plot",
        "GRAPH, graphIn, nameOf",
        "graph && bridge.nameOf(graph) === 'survival-graph'",
    ),
    (
        "dcc.Graph draws by window.Plotly.react(element, figure)",
        "drawWith",
        "drawings.some(([drawn]) => drawn === graph)",
    ),
    (
        "dcc.Graph draws the answer's figure, with other values only of autosize, height, width",
        "contentOf, draw",
        "bridge.contentOf(drawings.filter(([drawn]) => drawn === graph).pop()[1])"
        " === bridge.contentOf(answer.response['survival-graph'].figure)",
    ),
    (
        "what an answer brings is drawn before dcc.Graph asks for it, and then not drawn again",
        "contentOf, draw",
        "window.answers.isDrawn(graph,"
        " bridge.contentOf(drawings.filter(([drawn]) => drawn === graph).pop()[1]))",
    ),
    (
        "functions given to Dash are still there when Dash has started, and no_update exists",
        "provide, unchanged",
        "window.dash_clientside.island.put && window.dash_clientside.display.toggleRail"
        " && bridge.unchanged() !== undefined",
    ),
    (
        "Plotly keeps all traces with their index in _fullData",
        "tracesOf",
        "bridge.tracesOf(graph).every((trace, i) => trace.index === i)",
    ),
    (
        "Plotly keeps the layout in _fullLayout: hovermode, yaxis with range and d2c",
        "graphsIn, isReadAcross, depthOf",
        "bridge.isReadAcross(graph) && bridge.depthOf(graph, 0.2) > bridge.depthOf(graph, 0.8)"
        " && Number.isFinite(graph._fullLayout.yaxis.d2c('0.5'))",
    ),
    (
        "Plotly keeps where the plot lies in _fullLayout._size: l, t, w, h in pixels",
        "plotOf",
        "((plot) => plot.layer.tagName === 'svg'"
        " && plot.left + plot.width <= graph.clientWidth && plot.width > 100"
        " && plot.top + plot.height <= graph.clientHeight && plot.height > 100)"
        "(bridge.plotOf(graph))",
    ),
    (
        "a chart is drawn in the .main-svg of its .svg-container, which can be one image",
        "pictureOf",
        "new Promise((done) => { const picture = bridge.pictureOf(graph);"
        " picture.addEventListener('load', () => done(picture.naturalWidth === graph.clientWidth));"
        " picture.addEventListener('error', () => done(false)); })",
    ),
    (
        "a chart's texts and lines are in .main-svg",
        "inksOf",
        "bridge.inksOf(graph).some((ink) => ink.matches('text'))"
        " && bridge.inksOf(graph).some((ink) => ink.matches('path'))",
    ),
    (
        "what a finger drags in a chart is in .draglayer",
        "isDragged",
        "bridge.isDragged(graph.querySelector('.nsewdrag'))",
    ),
)

AFTER_POINTING = (
    (
        "a chart's note is text in .hoverlayer",
        "noteOf",
        "bridge.noteOf(graph).length > 0",
    ),
)

AFTER_ANOTHER_ENDPOINT = (
    (
        'what a callback sets beside its outputs is in "sideUpdate": {id: {property: value}}',
        "readAnswer, beside",
        "questions.some((one) =>"
        " bridge.readAnswer(one.answer).beside['survival-endpoint']?.value === 'OS')",
    ),
)


def broken(page: Page, assumed: tuple[tuple[str, str, str], ...]) -> list[str]:
    """A line for each assumption that does not hold on the page as it is now.

    Where the first one does not hold the others cannot be asked.
    """
    found = []
    for words, users, holds in assumed:
        held = page.evaluate(
            f"async () => {{ try {{ {_QUESTION}"
            f" return Boolean(await ({holds})) || 'it is not so'; }}"
            " catch (problem) { return String(problem); } }"
        )
        if held is not True:
            found.append(f"Assumed: {words}.\n    Found: {held}. Used by: {users}.")
            if words == assumed[0][0]:
                break
    return found


def test_dash_is_inside_as_the_bridge_takes_it_to_be(open_page: harness.OpenPage) -> None:
    page = open_page(own=True)
    page.add_init_script(OVERHEAR)
    harness.visit(page, "/study/e3a06/survival")
    page.evaluate(OVERSEE)
    page.evaluate(OVERASK)

    box = page.locator(".rail [data-column] input[type=checkbox]").first
    expect(box, "the page does not start with this Dash: see the server's log").to_be_visible()
    box.check()
    page.wait_for_function("() => window.location.search.includes('f.')")
    harness.settle(page)
    wrong = broken(page, AFTER_A_CHOICE)

    page.evaluate("Plotly.Fx.hover(document.querySelector('.js-plotly-plot'), {xval: 12})")
    page.evaluate(POINTED)
    wrong += broken(page, AFTER_POINTING)
    page.evaluate("window.dashBridge.stopPointing(document.querySelector('.js-plotly-plot'))")
    wrong += [] if page.locator(".hoverlayer text").count() == 0 else ["Fx.unhover: stopPointing"]

    page.evaluate("window.dashBridge.set('survival-address', {search: '?endpoint=OS'})")
    harness.settle(page)
    wrong += [] if wrong else broken(page, AFTER_ANOTHER_ENDPOINT)

    assert not wrong, "Dash or Plotly changed: mend assets/dash_bridge.js\n" + "\n".join(wrong)


def test_dash_takes_no_content_for_nothing_changed(page: Page) -> None:
    harness.visit(page, "/study/e3a06/survival")
    before = page.locator("#survival-graph").inner_text()
    page.evaluate("""() => {
        window.unanswered = 0;
        window.dashBridge.answerWith(async () => { window.unanswered += 1; return null; });
        window.dashBridge.set('survival-address', {search: '?endpoint=OS'});
    }""")
    page.wait_for_function("window.unanswered === 1")
    # Dash marks what still waits; a failure would be an error on the console.
    harness.settle(page)
    assert page.locator("#survival-graph").inner_text() == before, (
        "Dash takes an answer of status 204 for a change: answerWith in assets/dash_bridge.js"
    )


def test_an_answer_may_set_what_left_with_its_page(page: Page) -> None:
    """Oracle: the ids of the page. What is gone is left out, by name and by pattern."""
    harness.visit(page, "/study/e3a06/survival")
    told = page.evaluate("""async () => {
        const gone = { "not-there": {}, '{"index":"A","type":"gone"}': {} };
        const sets = { ...gone, "survival-endpoint": {} };
        const answer = JSON.stringify({ response: {}, sideUpdate: sets });
        window.dashBridge.answerWith(async () => answer);
        const body = JSON.stringify({ output: "a.b", outputs: {}, inputs: [] });
        const given = await window.fetch("/_dash-update-component", { method: "POST", body });
        return Object.keys((await given.json()).sideUpdate);
    }""")
    assert told == ["survival-endpoint"]
    assert page.evaluate("window.dashBridge.held('not-there', 'value') === undefined")
    assert page.evaluate("window.dashBridge.held('survival-endpoint', 'value')") == "PFS"


def test_a_page_is_opened_without_loading_anew(page: Page) -> None:
    harness.visit(page, "/study/e3a06/survival")
    page.evaluate("window.stays = true; window.dashBridge.open('/methods')")
    expect(
        page.locator("main h1"),
        "dcc.Location no longer hears of _dashprivate_pushstate: open in assets/dash_bridge.js",
    ).to_have_text("How the numbers are computed")
    assert page.evaluate("window.stays"), "the page was loaded anew"
