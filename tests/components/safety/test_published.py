"""What was published about safety, and how values were read, on the page."""

from __future__ import annotations

from components.island import to_html
from components.safety.published import published, readings
from tests.adverse_events import tiny
from tests.components.safety.pages import page
from tests.studies import bundled


def test_published_figures_have_their_source_and_gaps_stay_gaps():
    html = to_html(published(page().published, "Simulated"))
    assert html.count("Not given") >= 6  # the observation arm, in every row
    assert "10.1200/JCO.19.01740" in html
    assert "25 of 88 (28%)" in html
    # Counts here have one digit, as in the tables above; published ones are as they were printed.
    assert "0 of 90 (0.0%)" in html
    assert "(0%)" not in html


def test_every_value_that_decides_a_count_is_shown():
    html = to_html(readings(page("", tiny()).readings))
    for value in ("PROBABLE", "REMOTE", "(blank)", "not stated, counted as not related"):
        assert value in html


def test_a_word_is_explained_where_it_stands():
    """AQUILA's evidence has every row of both arms, E3A06's none on observation."""
    alone = to_html(published(page("", bundled("aquila")).published, "Simulated"))
    both = to_html(published(page().published, "Simulated"))
    assert ("Not given" in alone, "“Not given”" in alone) == (False, False)
    assert ("Not given" in both, "“Not given”" in both) == (True, True)
