"""The frame of every page. Oracle: where its links lead."""

from __future__ import annotations

from typing import Any

import pytest

from components.shell import Navigation, frame, header, kind_badge, notice, tabs, ways_on, whose
from tests.components.text import text, walk
from tests.studies import bundled

NAVIGATION = Navigation((("", "Overview"), ("survival", "Survival")), (("/evidence", "Evidence"),))


def hrefs(tree: Any) -> list[str]:
    return [part.href for part in walk(tree) if getattr(part, "href", None)]


def test_tabs_carry_the_query_and_mark_the_open_page() -> None:
    made = tabs(NAVIGATION, bundled(), "survival", "?f.SEX=F")
    assert hrefs(made) == ["/study/e3a06?f.SEX=F", "/study/e3a06/survival?f.SEX=F"]
    opened = [part for part in walk(made) if "page-tab-open" in getattr(part, "className", "")]
    assert [text(part) for part in opened] == ["Survival"]


def test_another_study_opens_on_the_page_one_looks_at() -> None:
    made = header(NAVIGATION, [("mgus2", "MGUS")], bundled(), "survival")
    assert "/study/mgus2/survival" in hrefs(made)
    assert {"/", "/evidence"} <= set(hrefs(made))
    assert "/study/mgus2" in hrefs(header(NAVIGATION, [("mgus2", "MGUS")]))


@pytest.mark.parametrize(("study", "words"), [("e3a06", "Simulated patients"), ("mgus2", "Real")])
def test_the_badge_says_whose_patients_these_are(study: str, words: str) -> None:
    badge = kind_badge(bundled(study))
    assert text(badge).startswith(words)
    assert getattr(badge, "data-tip") in getattr(badge, "aria-label")
    assert text(badge) in whose(bundled(study))


def test_an_error_interrupts_and_a_notice_does_not() -> None:
    assert notice("A", "b", kind="error").role == "alert"
    made = notice("A", "b", "c")
    assert (made.role, text(made)) == ("status", "A b c")


def test_a_wrong_address_leads_on_and_the_keyboard_past_the_header() -> None:
    assert hrefs(ways_on(NAVIGATION, [("e3a06", "E3A06")])) == [
        "/study/e3a06", "/", "/evidence",
    ]  # fmt: skip
    assert hrefs(frame(None, "x"))[0] == "#main"
