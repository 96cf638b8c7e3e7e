"""No two texts of a chart overlap and none is cut, by what the browser measures.

At every width from a small tablet's to a desk's, with bundled studies and with uploaded ones of
many arms and long names.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence

import pytest
from playwright.sync_api import Page

from tests.browser import harness

WIDTHS = (720, 820, 1024, 1440)
LONG = (
    "Isatuximab subcutaneous with lenalidomide and dexamethasone",
    "Isatuximab with pomalidomide",
    "LENALIDOMIDE + DEXAMETHASONE",
    "Carfilzomib, lenalidomide and dexamethasone weekly",
    "OBSERVATION WITH MONTHLY MONITORING",
)
DOSES = tuple(f"Dose {k} mg/kg every other week" for k in range(1, 13))
RACES = ("BLACK OR AFRICAN AMERICAN", "WHITE", "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER")

# Of each line of text in each chart; letters rarely fill the upper and lower fifth of its box.
TROUBLE = """() => {
    const found = [];
    for (const plot of document.querySelectorAll('.js-plotly-plot')) {
        const host = plot.getBoundingClientRect();
        if (!host.width) continue;
        const boxes = [];
        for (const text of plot.querySelectorAll('svg.main-svg text')) {
            const style = getComputedStyle(text);
            if (text.closest('.hoverlayer') || style.visibility === 'hidden') continue;
            if (Number(style.opacity) === 0) continue;
            const lines = text.querySelectorAll('tspan.line');
            for (const line of lines.length ? lines : [text]) {
                if (!line.textContent.trim()) continue;
                const box = line.getBoundingClientRect();
                if (box.width) boxes.push([line.textContent, box.left, box.right,
                    box.top + 0.2 * box.height, box.bottom - 0.2 * box.height]);
            }
        }
        boxes.forEach(([text, left, right, top, bottom], i) => {
            if (left < host.left - 1 || right > host.right + 1) found.push('cut: ' + text);
            for (const [other, l, r, t, b] of boxes.slice(i + 1))
                if (Math.min(right, r) - Math.max(left, l) > 1
                    && Math.min(bottom, b) - Math.max(top, t) > 1)
                    found.push(text + ' | ' + other);
        });
    }
    return found;
}"""


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue()


@pytest.fixture(scope="module")
def uploaded() -> dict[str, tuple[str, str]]:
    """ADTTE and ADSL of a study of five long names and of one of twelve."""
    made = {}
    for name, arms in (("five", LONG), ("twelve", DOSES)):
        draw = random.Random(7)
        times, subjects = [], []
        for i in range(24 * len(arms)):
            arm, time = arms[i % len(arms)], draw.uniform(0.5, 60)
            record = ("PFS", "Progression-free survival", f"{time:.2f}", "MONTHS")
            times.append((i, *record, draw.randint(0, 1), arm))
            subjects.append((i, arm, draw.choice("FM"), draw.choice(RACES)))
        made[name] = (
            table(("USUBJID", "PARAMCD", "PARAM", "AVAL", "AVALU", "CNSR", "TRTP"), times),
            table(("USUBJID", "TRT01P", "SEX", "RACE"), subjects),
        )
    return made


def upload(page: Page, tables: tuple[str, str]) -> str:
    """The address of the study."""
    files = {
        name: {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": text.encode()}
        for name, text in zip(("adtte", "adsl"), tables, strict=True)
    }
    answer = page.request.post("/study", multipart=files)
    assert answer.status == 201, answer.text()
    return "/".join(str(answer.json()["url"]).split("/")[:3])


@pytest.mark.parametrize(
    ("study", "views"),
    [
        ("e3a06", ("survival?ticks=1", "survival?plot=types", "subgroups", "risk-models")),
        ("five", ("survival", "survival?facet=RACE", "subgroups?by=SEX,RACE")),
        ("twelve", ("survival?xmax=24", "survival?plot=hazards")),
    ],
)
def test_texts_of_charts_stay_apart(
    page: Page, study: str, views: tuple[str, ...], uploaded: dict[str, tuple[str, str]]
) -> None:
    home = upload(page, uploaded[study]) if study in uploaded else f"/study/{study}"
    for view in views:
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        harness.visit(page, f"{home}/{view}")
        assert page.locator(".js-plotly-plot:visible").count()
        for width in WIDTHS:
            harness.widen(page, width)
            assert page.evaluate(TROUBLE) == [], f"{view} at {width}"


def test_a_long_name_of_a_characteristic_widens_no_page(page: Page) -> None:
    """No blank to break at: the rail, the answer and the table still fit a phone."""
    name, level = "PRIORTHERAPYCLASSIFICATIONATSCREENING", "IMMUNOMODULATORYDRUGANDINHIBITOR"
    rows = [(i, "AB"[i % 2], level if i % 3 else "Y") for i in range(60)]
    times = [(i, "OS", "Overall survival", i + 1, "MONTHS", i // 2 % 2, "AB"[i % 2])
             for i in range(60)]  # fmt: skip
    home = upload(
        page,
        (
            table(("USUBJID", "PARAMCD", "PARAM", "AVAL", "AVALU", "CNSR", "TRTP"), times),
            table(("USUBJID", "TRT01P", name), rows),
        ),
    )
    page.set_viewport_size({"width": 390, "height": 844})
    harness.visit(page, f"{home}/subgroups")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size({"width": 1280, "height": 844})
    harness.visit(page, f"{home}/survival")
    legend = page.locator(".filter legend").first
    assert legend.evaluate("e => e.scrollWidth <= e.parentElement.clientWidth")


@pytest.mark.parametrize("hide", ["", "?hide=bands"])
def test_the_hover_has_swatches_and_the_order_of_the_curves(page: Page, hide: str) -> None:
    harness.visit(page, f"/study/e3a06/survival{hide}")
    box = page.locator("#survival-graph .js-plotly-plot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 150)
    page.mouse.move(box["x"] + 320, box["y"] + 160)
    page.wait_for_selector(".hoverlayer .legendtext")
    lines = page.locator(".hoverlayer .legendtext").all_text_contents()
    assert [line.split(":")[0] for line in lines] == ["■ Lenalidomide", "■ Observation"]
