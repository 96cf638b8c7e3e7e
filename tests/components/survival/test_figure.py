"""What is drawn is what the record says: traces, bands, ticks, labels, hover, colors."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from components import theme
from components.survival.figure import survival_figure, thin_from
from services.pages.survival.page import survival_page
from services.study.model import Study
from services.text_width import text_width
from services.views.study import View, decode
from tests.components.figures import traces
from tests.components.survival.drawn import annotations, curves, drawn, e3a06, many_arms, step
from tests.components.survival.scales import SCALED
from tests.studies import bundled, make_study


@pytest.mark.parametrize("scale", SCALED)
def test_a_line_is_the_records_curve_on_that_scale(scale: str) -> None:
    page = e3a06(f"?scale={scale}")
    figure = survival_figure(page)
    for arm, curve in curves(page).items():
        x, y = drawn(figure, arm)
        with np.errstate(divide="ignore"):
            wanted = SCALED[scale](step(curve, curve.survival, x))
        np.testing.assert_allclose(y, np.where(np.isfinite(wanted), wanted, np.nan), atol=1e-12)
        assert x[0] == 0
        assert x[-1] == curve.time[-1], "the line ends where follow-up ends"
        drops = curve.time[curve.n_event > 0]
        assert set(drops) <= set(x), "every event is a step"


def test_lines_are_steps_and_never_markers() -> None:
    """Plotly puts markers on lines of fewer than 20 points, unless the mode says otherwise."""
    figure = survival_figure(e3a06())
    for trace in figure["data"]:
        assert trace["mode"] in ("lines", "text")
    for trace in [*traces(figure, "curve"), *traces(figure, "thin"), *traces(figure, "band")]:
        assert trace["line"]["shape"] == "hv"


def test_bands_are_the_records_limits() -> None:
    page = e3a06("?ci=log&level=0.9")
    figure = survival_figure(page)
    for band in traces(figure, "band"):
        curve = curves(page)[band["name"]]
        lower = figure["data"][figure["data"].index(band) - 1]
        assert band["fill"] == "tonexty"
        assert lower["x"] == band["x"]
        x = np.array(band["x"])
        np.testing.assert_allclose(band["y"], step(curve, curve.upper, x))
        np.testing.assert_allclose(lower["y"], step(curve, curve.lower, x))
    assert len(traces(figure, "band")) == 2


def test_censor_ticks_stand_on_the_curve() -> None:
    page = e3a06()
    for ticks in traces(survival_figure(page), "censored"):
        curve = curves(page)[ticks["name"]]
        at = curve.n_censor > 0
        assert ticks["x"][0::3] == ticks["x"][1::3] == curve.time[at].tolist()
        low, high = np.array(ticks["y"][0::3]), np.array(ticks["y"][1::3])
        np.testing.assert_allclose((low + high) / 2, curve.survival[at])
        np.testing.assert_allclose(high - low, 1.02 * 9 / 360, err_msg="9 of 360 pixels")
        assert set(ticks["x"][2::3]) == {None}, "a gap between two ticks"


@pytest.mark.parametrize(("layer", "meta"), [("bands", "band"), ("censors", "censored")])
def test_a_layer_can_be_hidden(layer: str, meta: str) -> None:
    assert traces(survival_figure(e3a06()), meta)
    assert not traces(survival_figure(e3a06(f"?hide={layer}")), meta)


# --- where few remain -------------------------------------------------------------------------


def test_the_line_is_lighter_from_where_fewer_than_ten_remain() -> None:
    """12 of 20 leave at 3 months, the rest stay to 60: from 3 months on, 8 are at risk."""
    study = make_study(
        ["A"] * 20 + ["B"] * 20,
        [*[3.0] * 12, *[60.0] * 8, *[1.0] * 2, *[60.0] * 18],
        [*[True] * 6, *[False] * 14, True, True, *[False] * 18],
        arms=["A", "B"],
    )
    page = survival_page(study, View())
    assert thin_from(curves(page)["A"]) == pytest.approx(3)
    assert thin_from(curves(page)["B"]) == pytest.approx(60), "never"
    figure = survival_figure(page)
    (light,) = traces(figure, "thin")
    assert light["name"] == "A"
    assert light["opacity"] < 0.6
    assert (light["x"][0], light["x"][-1]) == (pytest.approx(3), pytest.approx(60))
    dark = next(t for t in traces(figure, "curve") if t["name"] == "A")
    assert dark["x"][-1] == pytest.approx(3), "the two parts meet"
    assert any("Lighter line: fewer than 10" in text for text in annotations(figure))
    # Its lines have lines of the table under the numbers at risk, however narrow the chart.
    narrow = survival_figure(page, compact=True, pixels=250)["layout"]
    (remark,) = [a for a in narrow["annotations"] if "Lighter line" in a["text"]]
    lines = remark["text"].split("<br>")
    assert len(lines) > 1
    assert max(text_width(line, 11) for line in lines) <= 250
    last = narrow["yaxis2"]["range"][0]
    assert remark["y"] == last - len(lines) / 2


def test_ten_percent_counts_in_large_arms() -> None:
    n = 400
    study = make_study(["A"] * n, [float(i + 1) for i in range(n)], [False] * n)
    curve = curves(survival_page(study, View()))["A"]
    assert thin_from(curve) == pytest.approx(361), "after it, 39 of 400 remain"


def test_the_legend_says_nothing_where_nothing_is_lighter() -> None:
    study = make_study(["A", "B"] * 12, [30.0] * 24, [True, False] * 12, arms=["A", "B"])
    figure = survival_figure(survival_page(study, View()))
    assert not traces(figure, "thin")
    assert not any("Lighter" in text for text in annotations(figure))


# --- hover ------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?scale=incidence", "?level=0.9", "?unit=years"])
def test_one_hover_reads_every_arm_at_the_same_time(query: str) -> None:
    page = e3a06(query)
    figure = survival_figure(page)
    hover = {t["name"]: t for t in traces(figure, "hover")}
    assert set(hover) == set(curves(page))
    assert figure["layout"]["hovermode"] == "x unified"
    longest = max(hover.values(), key=lambda t: len(t["x"]))
    for arm, trace in hover.items():
        curve = curves(page)[arm]
        assert trace["x"] == longest["x"][: len(trace["x"])]
        for i in (0, 40, 90, len(trace["x"]) - 1):
            t = trace["x"][i]
            at = int(np.searchsorted(curve.time, t + 1e-9, side="right")) - 1
            at_risk = int(((curve.time >= t - 1e-9) * (curve.n_event + curve.n_censor)).sum())
            text = trace["customdata"][i]
            assert text.startswith(f"{100 * curve.survival[at]:.1f}%")
            assert text.endswith(f"{at_risk} at risk")
            if np.isfinite(curve.lower[at]):
                words = "90%" if "level" in query else "95%"
                limits = f"{100 * curve.lower[at]:.1f} to {100 * curve.upper[at]:.1f}"
                assert f"({words} CI {limits})" in text
            else:
                assert "CI" not in text
    spoken = {t.get("hoverinfo") for t in figure["data"] if t.get("meta") != "hover"}
    assert spoken == {"skip"}


# --- colors, labels, axes --------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_arms_keep_their_color_and_names_stand_at_the_ends(scheme: str) -> None:
    page = e3a06()
    figure = survival_figure(page, scheme)
    for arm in page.arms:
        line = next(t for t in traces(figure, "curve") if t["name"] == arm.name)["line"]
        assert line["color"] == theme.line_color(arm.color, scheme)
        label = next(
            a
            for a in figure["layout"]["annotations"]
            if a.get("xshift") == 7 and arm.name in a["text"]
        )
        assert label["x"] == curves(page)[arm.name].time[-1]
        assert label["font"]["color"] == theme.text_color(arm.color, scheme)
    assert figure["layout"]["font"]["color"] == theme.INKS[scheme].text
    assert figure["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)", "the card shows through"
    assert figure["layout"]["hoverlabel"]["bgcolor"] == theme.INKS[scheme].surface


def test_arms_are_told_apart_without_color() -> None:
    figure = survival_figure(survival_page(many_arms(4), View()))
    dashes = [t["line"]["dash"] for t in traces(figure, "curve")]
    assert len(set(dashes)) == 4


def test_a_long_endpoint_name_and_a_time_to_endpoint_on_the_axis() -> None:
    assert survival_figure(e3a06())["layout"]["yaxis"]["title"]["text"] == (
        "Progression-free survival"
    )
    title = survival_figure(e3a06("?endpoint=SPM"))["layout"]["yaxis"]["title"]["text"]
    assert title == "Free of a second<br>malignancy, if nobody died"


def test_a_toggle_keeps_the_zoom_and_what_moves_the_axes_does_not() -> None:
    def revision(query: str) -> str:
        return str(survival_figure(e3a06(query))["layout"]["uirevision"])

    usual = revision("")
    for query in ("?f.SEX=F", "?ci=log", "?strata=SEX", "?hide=bands", "?at=6"):
        assert revision(query) == usual, query
    others = ("?endpoint=OS", "?unit=years", "?scale=incidence", "?xmax=24")
    assert len({usual, *map(revision, others)}) == len(others) + 1


# --- any number of arms -----------------------------------------------------------------------


@pytest.mark.parametrize("arms", [1, 2, 3, 7, 9])
@pytest.mark.parametrize("compact", [False, True])
def test_any_number_of_arms(arms: int, compact: bool) -> None:
    page = survival_page(many_arms(arms), View())
    figure = survival_figure(page, "light", compact)
    assert len({t["name"] for t in traces(figure, "curve")}) == arms
    assert len(traces(figure, "hover")) == arms
    text = " ".join(annotations(figure))
    assert all(f"Arm {i + 1}" in text for i in range(arms))
    assert figure["layout"]["height"] > 360


def test_names_at_the_ends_do_not_overlap() -> None:
    page = survival_page(many_arms(7), View())
    figure = survival_figure(page)
    ys = sorted(a["y"] for a in figure["layout"]["annotations"] if a.get("xshift") == 7)
    if not ys:  # too near each other at the curves: a legend with a sample of each line
        samples = [s for s in figure["layout"]["shapes"] if s.get("xsizemode") == "pixel"]
        assert len(samples) == 7
        return
    assert len(ys) == 7
    top, bottom = figure["layout"]["yaxis"]["domain"][1], figure["layout"]["yaxis"]["domain"][0]
    inside = figure["layout"]["height"] - figure["layout"]["margin"]["t"]
    low, high = figure["layout"]["yaxis"]["range"]
    pixels = np.diff(ys) / (high - low) * (top - bottom) * inside
    assert (pixels >= 16).all()


def two_arms_that_end_at_zero() -> Study:
    return make_study(
        ["Placebo"] * 4 + ["Len"] * 4,
        [2, 4, 8, 15, 3, 7, 9, 16.5],
        [True, True, False, True] * 2,
        arms=["Placebo", "Len"],
    )


@pytest.mark.parametrize("query", ["", "?xmax=10", "?xmax=2", "?scale=hazard", "?scale=log-log"])
def test_both_names_stand_at_their_curves_inside_the_axes(query: str) -> None:
    figure = survival_figure(survival_page(two_arms_that_end_at_zero(), decode(query)))
    layout = figure["layout"]
    names = [a for a in layout["annotations"] if a.get("xshift") == 7]
    assert sorted(a["text"] for a in names) == ["<b>Len</b>", "<b>Placebo</b>"]
    for name in names:
        assert layout["yaxis"]["range"][0] < name["y"] < layout["yaxis"]["range"][1]
        assert layout["xaxis"]["range"][0] <= name["x"] <= layout["xaxis"]["range"][1]


def test_the_band_holds_its_last_limits_up_to_the_drop_to_zero() -> None:
    """R, log-log, of events at 1, 2, 3 and 4: on [3, 4) 0.25 (0.0089456 to 0.6653253)."""
    study = make_study(["A"] * 4, [1, 2, 3, 4], [True] * 4, arms=["A"])
    (band,) = traces(survival_figure(survival_page(study, View())), "band")
    assert band["x"][-2:] == pytest.approx([3, 4])
    assert band["y"][-2:] == pytest.approx([0.6653253428] * 2)


@pytest.mark.parametrize("scale", ["hazard", "log-log"])
def test_a_line_without_a_last_value_runs_on_to_its_end(scale: str) -> None:
    """-log S of events at 1 to 4 is log 4 on [3, 4) and has no value at 4: it holds until then."""
    study = make_study(["A"] * 4, [1, 2, 3, 4], [True] * 4, arms=["A"])
    figure = survival_figure(survival_page(study, decode(f"?scale={scale}")))
    lines = [*traces(figure, "curve"), *traces(figure, "thin")]
    assert max(x for t in lines for x in t["x"]) == pytest.approx(4)
    end = lines[-1]["y"][-1]
    assert end == pytest.approx(math.log(4) if scale == "hazard" else math.log(math.log(4)))


@pytest.mark.parametrize("ticks", [3, 1, 0.01])
def test_numbers_at_risk_never_overprint(ticks: float) -> None:
    """With the widths of the font; the narrowest chart of a window wider than a phone's."""
    page = survival_page(bundled("aquila"), decode(f"?ticks={ticks:g}"))
    figure = survival_figure(page)
    layout = figure["layout"]
    assert page.ticks[-1] + (page.ticks[1] - page.ticks[0]) > page.last_time, "the whole axis"
    pixels = 635 - layout["margin"]["l"] - layout["margin"]["r"]
    low, high = layout["xaxis"]["range"]
    for row in traces(figure, "table"):
        at = [(x - low) / (high - low) * pixels for x in row["x"]]
        edges = [
            (x - text_width(t, 12) / 2, x + text_width(t, 12) / 2)
            for x, t in zip(at, row["text"], strict=True)
        ]
        assert all(a[1] < b[0] for a, b in itertools.pairwise(edges))
        assert len(edges) >= 5
    shown = [t for t in layout["xaxis"]["ticktext"] if t]
    assert [float(t) for t in shown] == list(traces(figure, "table")[0]["x"])


def test_the_intervals_of_many_arms_are_drawn_when_asked_for() -> None:
    assert not traces(survival_figure(survival_page(many_arms(4), View())), "band")
    assert traces(survival_figure(survival_page(many_arms(4), decode("?hide=none"))), "band")
    assert traces(survival_figure(survival_page(many_arms(3), View())), "band")


def test_the_reference_is_neutral_and_the_hover_reads_from_the_upper_curve() -> None:
    figure = survival_figure(e3a06(""))
    lower, upper = traces(figure, "hover")  # with bands Plotly turns them around
    first, _ = traces(survival_figure(e3a06("?hide=bands")), "hover")
    assert first["name"] == "Lenalidomide"
    assert upper["name"] == "Lenalidomide"
    assert lower["hovertemplate"].startswith('<span style="color:#4D545E">■</span> Observation: ')
    assert " :" not in upper["hovertemplate"]


def test_a_single_arm_looks_right() -> None:
    page = e3a06("", "e3a06-run-in")
    figure = survival_figure(page)
    assert len(traces(figure, "curve")) == 1
    assert any("Lenalidomide" in text for text in annotations(figure))


def test_an_arms_name_is_text_whatever_it_looks_like() -> None:
    evil = '<a href="https://example.org">x</a>%{x}'
    study = make_study([evil, "B"] * 4, range(1, 9), [True] * 8, arms=[evil, "B"])
    figure = survival_figure(survival_page(study, View()))
    drawn_names = [t["name"] for t in figure["data"] if t.get("meta") != "table"]
    for text in [*annotations(figure), *drawn_names]:
        assert "<a " not in text
        assert "%{" not in text
