"""Numbers at risk. Oracle: patients counted one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from services.pages.survival.page import survival_page
from services.statistics.steps import at_risk_table
from services.views.study import View
from tests.studies import make_study

# --- numbers at risk --------------------------------------------------------------------------

patients = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 12), st.booleans()), min_size=2, max_size=25
)


@settings(deadline=None)
@given(patients, st.lists(st.floats(0, 15), max_size=6))
def test_at_risk_events_and_censored_add_to_n_at_every_time(
    rows: list[tuple[str, int, bool]], times: list[float]
) -> None:
    """Oracle: counting patients one by one (at risk T >= t, the others before t)."""
    arms, months, events = zip(*rows, strict=True)
    found = survival_page(make_study(arms, months, events, arms=["A", "B"]), View())
    assert found.result is not None
    for curve in found.result.curves:
        mine = [(t, e) for a, t, e in rows if a == curve.arm]
        table = at_risk_table(curve, [*times, *range(13)])
        for i, at in enumerate([*times, *range(13)]):
            near = [m for m in months if abs(m - at) <= 1e-6 and m != at]
            if near:
                continue  # the engine takes times this close for one
            expected = (
                sum(t >= at for t, _ in mine),
                sum(e and t < at for t, e in mine),
                sum(not e and t < at for t, e in mine),
            )
            assert (table.at_risk[i], table.events[i], table.censored[i]) == expected, at
            assert sum(expected) == curve.n == table.n
