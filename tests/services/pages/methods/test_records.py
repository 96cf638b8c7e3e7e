"""Records of the methods page: a self-check counts what agrees."""

from __future__ import annotations

from services.pages.methods.records import CheckedCase, CheckedFigure, SelfCheck


def test_figures_are_counted_over_all_cases() -> None:
    good = CheckedFigure("median", (1.0,), (1.0,), 0.0, True)
    bad = CheckedFigure("p", (0.5,), (None,), None, False)
    cases = (CheckedCase("one", 9, (good, bad)), CheckedCase("two", 9, (good,)))
    check = SelfCheck("R 4.2", 1e-6, 0.1, cases)
    assert (check.total, check.agreeing) == (3, 2)
    assert (SelfCheck("R 4.2", 1e-6, 0.1, ()).total) == 0
