"""One item. Oracle: the page's record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.pages.safety.page import safety_page
from services.pages.survival.page import survival_page
from services.report.item import NO_FIGURE, NOT_DRAWN, NOT_SENT, ONLY_SVG, Shown, item
from services.report.records import Asked, Figure
from services.study.model import Study
from services.views.study import View, decode
from tests.studies import as_such, bundled

TABLE = "<h2>T</h2><table><tbody><tr><th>HR (95% CI)</th><td>NE</td></tr></tbody></table>"


def test_what_is_said_is_what_the_record_says() -> None:
    page = survival_page(bundled("aquila"), View())
    shown = Shown(name="survival", title="Own", link="l", record=page, parts={"x": TABLE})
    made = item(Asked("a", "", "Mine"), shown, None, "2026-01-01", NO_FIGURE)
    assert (made.title, made.comment, made.answer) == ("Own", "Mine", page.answer)
    assert (made.whose, made.whose_answer) == (
        "AQUILA. Simulated patients",
        "In the simulated patients",
    )
    assert made.published[0].startswith("Published (Dimopoulos 2025): Progression-free survival")
    assert made.settings[: len(page.provenance)] == page.provenance
    assert dict(made.settings)["Date of this report"] == "2026-01-01"
    assert "lifelines" in dict(made.settings)["Software"]
    assert made.tables[0].notes == (
        "CI, confidence interval; HR, hazard ratio; NE, not estimable.",
    )
    known = [source.link for source in made.references]
    assert known[:-1] == [link for _, link in page.methods.references]
    assert known[-1] == "https://doi.org/10.1056/NEJMoa2409029"
    assert made.no_figure == NO_FIGURE
    assert made.sha256 == page.study.sha256


def test_why_there_is_no_figure() -> None:
    shown = Shown(name="s", title="", link="")
    svg, both = (Figure(3, 3, 11, "<svg/>", data) for data in (b"", b"png"))
    told = [
        item(Asked("a", no_figure=why), replace(shown, no_image=own), figure, "").no_figure
        for why, own, figure in (
            ("", "", None), ("", "", svg), ("", "", both), ("its PNG has 9.0 MB.", "", svg),
            ("", "Nothing is drawn.", None),
        )
    ]  # fmt: skip
    assert told == [NOT_SENT, ONLY_SVG, "", f"{NOT_DRAWN}its PNG has 9.0 MB.", "Nothing is drawn."]


@pytest.mark.parametrize("study", [bundled("aquila"), as_such("aquila")], ids=["made-up", "own"])
def test_what_reconsidered_times_changed_is_said_once(study: Study) -> None:
    page = survival_page(study, decode("ice=FLT:event"))
    assert page.what_if is not None
    made = item(Asked("a"), Shown(name="s", title="", link="", record=page), None, "")
    assert f"{made.answer} {made.detail}".count(page.what_if.sentence) == 1


def test_what_was_made_up_is_no_answer() -> None:
    page = safety_page(bundled(), View())
    assert page.made_up is not None
    made = item(Asked("a", "Title"), Shown(name="s", title="", link="", record=page), None, "")
    assert made.made_up
    assert (made.whose_answer, made.answer) == ("", page.made_up.sentence)
    partly = replace(page, answer=f"25 more. {page.made_up.sentence}")
    made = item(Asked("a"), Shown(name="s", title="", link="", record=partly), None, "")
    assert not made.made_up
    assert made.whose_answer == "In the simulated patients"


def test_marks_of_published_numbers_are_explained_where_they_stand() -> None:
    row = '<tr><td>{}</td><td><summary class="cite-{}">{}</summary></td></tr>'
    first = row.format("KRd", "secondary", "0.08") + row.format("Rd", "primary", "0.5")
    second = row.format("A", "derived", "51%")
    tables = [f"<table><tbody>{rows}</tbody></table>" for rows in (first, second)]
    html = "<h2>B</h2>".join(tables)
    made = item(Asked("a"), Shown(name="s", title="", link="", parts={"x": html}), None, "")
    told = [table.notes for table in made.tables]
    assert told == [
        ("°: not read in the paper itself.",), ("*: derived by arithmetic.",)
    ]  # fmt: skip
