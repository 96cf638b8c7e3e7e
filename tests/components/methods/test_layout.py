"""The methods page. Oracle: its record."""

from __future__ import annotations

from components.methods.layout import check, departures, failure, makers, words
from services.pages.methods.records import (
    CheckedCase,
    CheckedFigure,
    Departure,
    Maker,
    SelfCheck,
)
from tests.components.text import text, walk

GOOD = CheckedFigure("Median", (1.0, None), (1.0, None), 0.0, True)
BAD = CheckedFigure("p", (0.5,), (None,), None, False)


def checked(*figures: CheckedFigure) -> SelfCheck:
    return SelfCheck("R 4.2", 1e-6, 0.25, (CheckedCase("GBSG2", 686, figures),))


def test_a_figure_that_differs_is_open_to_view() -> None:
    for figures, kind, opened in (
        ((GOOD, GOOD), "notice-good", False),
        ((GOOD, BAD), "error", True),
    ):
        made = check(checked(*figures))
        assert kind in made[0].className
        details = next(p for p in walk(made) if getattr(p, "_type", "") == "Details")
        assert details.open is opened
        said = " ".join(text(made).split())
        agreeing = sum(f.agrees for f in figures)
        assert f"{agreeing} of 2 statistics agree with R" in said
        assert ("differs" in said) is opened
    assert "1, none" in text(check(checked(GOOD)))


def test_the_browser_gets_the_check_or_why_there_is_none() -> None:
    assert "1 of 1 statistics" in words(checked(GOOD))["html"]["methods-check"]
    assert "It failed" in failure("It failed", "so", "again")["html"]["methods-check"]


def test_every_departure_and_maker_is_a_row() -> None:
    made = text(departures([Departure("Ties", "Efron", "Breslow")]))
    assert all(word in made for word in ("Ties", "Efron", "Breslow"))
    made = text(
        makers([Maker("Curve", "lifelines", "", "test_x"), Maker("Test", "numpy", "no", "t")])
    )
    assert all(word in made for word in ("Curve", "lifelines", "—", "numpy", "no"))
