"""Types of event: stacked incidences per arm, and the table beside them."""

from __future__ import annotations

import numpy as np
import pytest

from components.survival.types_figure import type_color, types_figure, types_panel
from services import format as fmt
from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage, TypesOfEvent
from services.study.model import PALETTE
from services.views.study import decode
from tests.components.text import table, text, walk
from tests.studies import bundled


def page(query: str = "?plot=types", study_id: str = "e3a06") -> tuple[SurvivalPage, TypesOfEvent]:
    made = survival_page(bundled(study_id), decode(query))
    assert isinstance(made.extra, TypesOfEvent)
    return made, made.extra


@pytest.mark.parametrize("compact", [False, True])
def test_each_panel_stacks_its_arms_incidences(compact: bool) -> None:
    made, found = page()
    figure = types_figure(made, found, "light", compact)
    by_arm = {c.arm: c for c in found.incidences}
    for i, arm in enumerate(made.arms):
        suffix = "" if i == 0 else str(i + 1)
        mine = [
            t for t in figure["data"] if t.get("meta") == "incidence" and t["yaxis"] == f"y{suffix}"
        ]
        curve = by_arm[arm.name]
        assert [t["name"] for t in mine] == list(found.types)
        stacked = np.zeros(len(curve.time))
        for trace, cause in zip(mine, curve.causes, strict=True):
            stacked = stacked + cause.incidence
            np.testing.assert_allclose(trace["y"], stacked)
            np.testing.assert_allclose(trace["x"], curve.time)
            assert trace["line"]["shape"] == "hv"
            assert trace["customdata"][-1] == fmt.percent(float(cause.incidence[-1]))
        np.testing.assert_allclose(stacked, 1 - curve.event_free, atol=1e-12)


def test_panels_share_their_axes_and_hold_everything() -> None:
    made, found = page()
    layout = types_figure(made, found, "light", False)["layout"]
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"]
    assert layout["xaxis"]["range"] == layout["xaxis2"]["range"]
    highest = max(float((1 - c.event_free).max()) for c in found.incidences)
    assert highest < layout["yaxis"]["range"][1] <= 1
    assert layout["xaxis"]["domain"][1] < layout["xaxis2"]["domain"][0]
    narrow = types_figure(made, found, "light", True)["layout"]
    assert narrow["yaxis"]["domain"][0] > narrow["yaxis2"]["domain"][1], "below each other"


def test_every_arm_and_type_is_named() -> None:
    made, found = page()
    for scheme in ("light", "dark"):
        figure = types_figure(made, found, scheme, False)
        words = " ".join(a["text"] for a in figure["layout"]["annotations"])
        assert all(arm.name in words for arm in made.arms)
        assert all(f"<b>{name}</b>" in words for name in found.types)


def test_a_types_color_is_its_own_and_no_arms() -> None:
    types = ("CRAB", "SLiM", "Other", "Death")
    colors = [type_color(types, name) for name in types]
    assert len(set(colors)) == 4
    assert not set(colors) & set(PALETTE)
    assert type_color(("Death",), "Death") == colors[3]


def test_the_zoom_is_not_kept_across_endpoints_and_units() -> None:
    revisions = {
        types_figure(*page(query), "light", False)["layout"]["uirevision"]
        for query in ("?plot=types", "?plot=types&unit=years", "?plot=types&endpoint=SPM")
    }
    assert len(revisions) == 3


def test_the_panel_prints_events_incidences_and_tests() -> None:
    made, found = page()
    panel = types_panel(made, found)
    words = text(panel)
    tables = [c for c in walk(panel) if getattr(c, "_type", "") == "Table"]
    # Of each type its numbers by arm, then its hazard ratios.
    assert len(tables) == 2 * len(found.types)
    by_arm = {c.arm: c for c in found.incidences}
    for code, shown in enumerate(tables[::2]):
        rows = table(shown)
        causes = [by_arm[arm.name].causes[code] for arm in made.arms]
        assert rows["Events"] == [str(c.events) for c in causes]
        for i, time in enumerate(made.view.at):
            for cell, cause in zip(rows[f"By {time:.0f} months"], causes, strict=True):
                mark = cause.landmarks[i]
                assert cell.startswith(fmt.percent(mark.incidence))
    for test, _ in found.tests:
        assert test is not None
        assert f"Gray's test {fmt.p_equals(test.p)}" in words


def test_a_single_arm_has_no_test() -> None:
    made, found = page("?plot=types", "e3a06-run-in")
    assert "Gray's test p" not in text(types_panel(made, found))
    drawn = types_figure(made, found, "dark", False)["data"]
    assert len(drawn) == 1 + len(found.types) + 1, "the base, the types and the numbers at risk"
    assert drawn[-1]["text"][:2] == [str(n) for n in made.at_risk[0].at_risk[:2]]
