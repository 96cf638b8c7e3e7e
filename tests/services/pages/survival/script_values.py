"""The numbers of a survival page as its scripts print them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from scipy.stats import chi2 as chi_square

from services.csv_text import safe_cell
from services.json_text import to_json
from services.pages.survival import export
from services.pages.survival.records import SurvivalPage
from tests.recorded import recorded, unseen

FIELDS = ("at_risk", "events", "censored", "estimate", "se", "lower", "upper", "df", "p")
Row = tuple[tuple[str, str, str, float | None], dict[str, float | None]]

# Numbers of the record that the scripts need not print.
NOT_COMPUTED = (
    "population.*",  # who is counted: the file of patients holds them
    "settings.*",
    "entered_late",  # how many of the file's patients have an ENTRY after 0
    "*quartiles.p",  # which quartile it is
    "*causes.code",  # the place of a cause in the list of them
    "headlines*",  # published
    "what_if.*",  # now: the comparisons; as given: by the script of that view
    "extra.change.weighted.rho",  # which weights
    "extra.change.weighted.gamma",
    "extra.change.max_combo.weights",
    "extra.change.max_combo.largest",
    "extra.ratios.*.p_score",
    "extra.ratios.*.p_likelihood",
    "extra.change.piecewise.*.p_score",  # the scripts print Wald's
    "extra.change.piecewise.*.p_likelihood",
)


def expected(page: SurvivalPage) -> list[Row]:
    """Every number of ``survival.json`` as the scripts print it: its key and its values.

    (quantity, group, arm, time) -> values. Arms and groups are named as in the patients' file.
    """
    made = export.survival_json(page) | {"at_risk": to_json(page.at_risk), "ticks": page.ticks}
    body = recorded(json.loads(json.dumps(made)))
    found: list[Row] = []
    seen: list[Any] = [body["ticks"]]  # and those said twice, or of the start of a curve

    def put(
        quantity: str,
        arm: str = "",
        time: float | None = None,
        *values: float | None,
        group: str = "",
        **more: float | None,
    ) -> None:
        named = dict(zip(("estimate", "lower", "upper"), values, strict=False)) | more
        key = (quantity, safe_cell(group), safe_cell(arm), time)
        found.append((key, {name: named.get(name) for name in FIELDS}))

    def put_test(quantity: str, test: Any, arm: str = "", group: str = "") -> None:
        test = test or {}
        put(quantity, arm, None, test.get("chi2"), group=group, df=test.get("df"), p=test.get("p"))

    def put_result(result: Any, at_risk: Any, stratified: bool, group: str = "") -> None:
        for curve, table in zip(result["curves"], at_risk, strict=True):
            arm = curve["arm"]
            put("patients", arm, None, curve["n"], group=group)
            put("events", arm, None, curve["events"], group=group)
            put("censored", arm, None, curve["censored"], group=group)
            names = ("first quartile", "median", "third quartile")
            for name, q in zip(names, curve["quartiles"], strict=True):
                put(name, arm, None, *limits(q), group=group)
            assert limits(curve["median"]) == limits(curve["quartiles"][1])
            assert table["n"] == curve["n"]
            seen.extend([curve["median"], table["n"]])
            put("follow-up", arm, None, *limits(curve["follow_up"]), group=group)
            for m in curve["landmarks"]:
                counts = {k: m[k] for k in ("at_risk", "events", "censored")}
                put("survival", arm, m["time"], m["survival"], m["lower"], m["upper"],
                    group=group, **counts)  # fmt: skip
            mean = curve["rmst"]
            put("restricted mean", arm, mean["tau"], *limits(mean), group=group, se=mean["se"])
            for i, tick in enumerate(page.ticks):
                counts = {k: table[k][i] for k in ("at_risk", "events", "censored")}
                put("at risk", arm, tick, counts["at_risk"], group=group, **counts)
            for row in curve_rows(
                curve, ("survival", "lower", "upper", "std_err", "n_censor"), seen
            ):
                put("curve", arm, row["time"], row["survival"], row["lower"], row["upper"],
                    group=group, se=row["std_err"], at_risk=row["at_risk"],
                    events=row["n_event"], censored=row["n_censor"])  # fmt: skip
        if len(page.view.arms) < 2:
            return
        kinds = ("", "stratified ") if stratified else ("",)
        for kind in kinds:
            put_test(f"{kind}log-rank", result[f"{kind}log_rank".replace(" ", "_")], group=group)
        for pair in result["comparisons"]:
            arm = pair["arm"]
            for kind in kinds:
                own = {k: pair[f"{kind}{k}".replace(" ", "_")] for k in
                       ("hazard_ratio", "log_rank", "proportional_hazards")}  # fmt: skip
                ratio = own["hazard_ratio"]
                put(f"{kind}hazard ratio", arm, None, *(limits(ratio) if ratio else ()),
                    group=group, **{k: ratio[v] if ratio else None for k, v in
                                    (("se", "log_se"), ("p", "p"))})  # fmt: skip
                for name, key in (("score", "p_score"), ("likelihood-ratio", "p_likelihood")):
                    p = ratio[key] if ratio else None
                    test = None if p is None else {"chi2": chi_square.isf(p, 1), "df": 1, "p": p}
                    put_test(f"{kind}hazard ratio, {name} test", test, arm, group)
                put_test(f"{kind}log-rank of the pair", own["log_rank"], arm, group)
                put_test(f"{kind}proportional hazards", own["proportional_hazards"], arm, group)
            for where, step in zip(_sides(pair), pair.get("tipping", ()), strict=False):
                ratio = step["hazard_ratio"]
                name = f"hazard ratio, further events {where}"
                put(name, arm, step["k"], *(limits(ratio) if ratio else ()))
            for where, point in zip(SIDES, pair.get("tipping_points", ()), strict=False):
                put(f"further events until the limits include 1, {where}", arm, None, point["k"])
                put(f"who could have had one, {where}", arm, None, point["candidates"])
                ratio = point["hazard_ratio"]
                put(f"hazard ratio then, {where}", arm, None, *(limits(ratio) if ratio else ()))
            if pair.get("adjusted"):
                put_adjusted(pair, put, put_test, seen)
            for d in pair["landmark_differences"]:
                put("difference", arm, d["time"], *limits(d), group=group, p=d["p"])
            if pair["rmst_difference"]:
                d = pair["rmst_difference"]
                put("difference of restricted means", arm, d["tau"], *limits(d), group=group,
                    p=d["p"])  # fmt: skip
                ratio = limits(d["ratio"]) if d["ratio"] else ()
                put("ratio of restricted means", arm, d["tau"], *ratio, group=group)

    put_result(body, body["at_risk"], bool(page.view.factors))
    for curve in body.get("adjustment", {}).get("curves", ()):
        put("adjusted curve, patients", curve["arm"], None, curve["n"])
        for time, value in zip(curve["time"], curve["survival"], strict=True):
            put("adjusted curve", curve["arm"], time, value)
    extra = body["extra"] or []
    if page.view.plot == "types":
        put_incidences("incidence", extra["incidences"], put, seen)
        for name, (test, _) in zip(extra["types"], extra["tests"], strict=True):
            put_test("Gray's test", test, group=name)
        for pair in extra["ratios"]:
            for name, key in (
                ("cause-specific", "cause_specific"),
                ("Fine-Gray", "subdistribution"),
            ):
                ratio = pair[key]
                numbers = {"se": ratio["log_se"], "p": ratio["p"]} if ratio else {}
                values = limits(ratio) if ratio else ()
                name = f"{name} hazard ratio"
                put(name, pair["arm"], None, *values, group=pair["cause"], **numbers)
    elif page.view.plot == "hazards":
        for pair, own in zip(extra, body["comparisons"], strict=True):
            put_changes(pair["arm"], pair["change"], put, put_test)
            residuals = pair["residuals"]
            if residuals is None:
                put("hazard ratio over time", pair["arm"])
                continue
            put("log hazard ratio", pair["arm"], None, residuals["log_hazard_ratio"])
            lead = "stratified_" if page.view.factors else ""
            test = own[f"{lead}proportional_hazards"]
            assert (residuals["test"] is None) == (test is None)
            if test:
                assert residuals["test"]["chi2"] == pytest.approx(test["chi2"], rel=1e-9)
            seen.append(residuals["test"])
            columns = [residuals[k] for k in ("time", "residual", "transformed")]
            for time, value, transformed in zip(*columns, strict=True):
                put("residual", pair["arm"], time, value)
                put("residual, transformed time", pair["arm"], time, transformed)
            for time, transformed in zip(
                residuals["smooth_time"], residuals["smooth_transformed"], strict=True
            ):
                name = "smoothed log hazard ratio, transformed time"
                put(name, pair["arm"], time, transformed)
            smooth = [residuals[k] for k in ("smooth", "smooth_lower", "smooth_upper")]
            for time, *values in zip(residuals["smooth_time"], *smooth, strict=True):
                put("smoothed log hazard ratio", pair["arm"], time, *values)
    elif page.view.plot == "means":
        for pair in extra:
            columns = [pair[k] for k in ("tau", "estimate", "lower", "upper")]
            for tau, *values in zip(*columns, strict=True):
                put("time gained", pair["arm"], tau, *values)
    else:
        for facet in extra:
            level = facet["level"] or "(no value)"
            put("patients", "", None, facet["n"], group=level)
            put_result(facet["result"], facet["at_risk"], False, level)
    if body["competing"]:
        name = "incidence, the others competing"
        put_incidences(name, body["competing"]["incidences"], put, seen)
    assert unseen(body, [found, seen], NOT_COMPUTED) == []
    return found


def put_adjusted(
    pair: Any, put: Callable[..., None], put_test: Callable[..., None], seen: list[Any]
) -> None:
    """The adjusted model of a comparison: who is in it, its coefficients, its tests."""
    arm, own = pair["arm"], pair["adjusted"]
    for name, key in (("patients", "n"), ("left out", "n_missing"), ("events", "events")):
        put(f"adjusted, {name}", arm, None, own[key])

    def put_ratio(name: str, ratio: Any, group: str = "") -> None:
        numbers = {"se": ratio["log_se"], "p": ratio["p"]} if ratio else {}
        put(name, arm, None, *(limits(ratio) if ratio else ()), group=group, **numbers)

    put_ratio("hazard ratio of the same patients", own["same_patients"])
    put_ratio("adjusted hazard ratio", pair["adjusted_hazard_ratio"])
    if own["terms"]:
        assert own["terms"][0]["hazard_ratio"] == pair["adjusted_hazard_ratio"]
        seen.append(own["terms"][0])
    for term in own["terms"][1:]:
        name = f"{term['column']}={term['level']}" if term["level"] else term["column"]
        put_ratio("adjusted, factor", term["hazard_ratio"], name)
    for name, test in own["tests"].items():
        put_test("adjusted, proportional hazards", test, arm, name)


def put_changes(
    arm: str, change: Any, put: Callable[..., None], put_test: Callable[..., None]
) -> None:
    """What is said of an effect that changes, where not all times are 0."""
    if change is None:
        return
    pieces = change["piecewise"]
    for name, key in (("up to", "before"), ("after", "after")):
        ratio = pieces[key]
        numbers = {"se": ratio["log_se"], "p": ratio["p"]} if ratio else {}
        values = limits(ratio) if ratio else ()
        put(f"hazard ratio {name} a time", arm, pieces["cut"], *values, **numbers)
    put_test("difference of the two", change["change"], arm)
    for item in change["weighted"]:
        put_test("weighted log-rank", item["test"], arm, item["key"])
    largest = change["max_combo"]
    if change["weighted"]:
        put("max-combo, p", arm, None, largest and largest["p"])
    for item, z in zip(change["weighted"], largest["statistics"] if largest else (), strict=False):
        put("max-combo, statistic", arm, None, z, group=item["key"])


SIDES = ("on the arm", "on the reference")


def _sides(pair: Any) -> list[str]:
    """Which arm each of the steps of a comparison is of: two arms may have odd names."""
    half = len(pair.get("tipping", ())) // 2
    return [SIDES[i // half] for i in range(2 * half)]


def put_incidences(
    quantity: str, incidences: Any, put: Callable[..., None], seen: list[Any]
) -> None:
    for arm in incidences:
        put(f"{quantity}, patients", arm["arm"], None, arm["n"])
        put(f"{quantity}, censored", arm["arm"], None, arm["censored"])
        free = arm | {"n_event": arm["n_censor"]}
        for row in curve_rows(free, ("event_free",), seen):
            put(f"{quantity}, free of all", arm["arm"], row["time"], row["event_free"],
                at_risk=row["at_risk"], censored=row["n_event"])  # fmt: skip
        for cause in arm["causes"]:
            name = cause["cause"]
            put(f"{quantity}, patients with it", arm["arm"], None, cause["events"], group=name)
            rows = curve_rows(arm | cause, ("incidence", "lower", "upper", "std_err"), seen)
            for row in rows:
                put(quantity, arm["arm"], row["time"], row["incidence"], row["lower"], row["upper"],
                    group=name, se=row["std_err"], at_risk=row["at_risk"],
                    events=row["n_event"])  # fmt: skip
            for m in cause["landmarks"]:
                counts = {k: m[k] for k in ("at_risk", "events", "censored")}
                put(f"{quantity}, at a time", arm["arm"], m["time"], m["incidence"], m["lower"],
                    m["upper"], group=name, **counts)  # fmt: skip
                put(f"{quantity}, others before a time", arm["arm"], m["time"], m["other_events"],
                    group=name)  # fmt: skip


def limits(record: Any) -> list[float | None]:
    return [record[k] for k in ("estimate", "lower", "upper")]


def curve_rows(curve: Any, names: tuple[str, ...], seen: list[Any]) -> list[dict[str, Any]]:
    """The steps of a curve at its patients' times: the point it starts from says nothing."""
    keys = ("time", "at_risk", "n_event", *names)
    rows = [dict(zip(keys, v, strict=True)) for v in zip(*(curve[k] for k in keys), strict=True)]
    leaving = [*(r["at_risk"] for r in rows[1:]), 0]
    if rows[0]["at_risk"] > leaving[0]:
        return rows
    # With entry times some are still to come.
    at_start = min(curve["n"], rows[0]["at_risk"])
    start = rows[0] | {"time": 0, "n_event": 0, "at_risk": at_start}
    assert rows[0] == start, "a step, not the start"
    assert all(v in (0, 1, None) for k, v in start.items() if k != "at_risk")
    seen.append(list(rows[0].values()))
    return rows[1:]
