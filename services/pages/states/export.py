"""The page of states as JSON, CSV and start-stop rows, at full precision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from services.csv_text import SafeWriter, write_frame
from services.errors import UserError
from services.json_text import to_json
from services.pages.export import csv_head, json_head, limits_words, told
from services.pages.scripts import Scripts, Value, named
from services.pages.states.records import StatesOf, StatesPage
from services.statistics.states.records import InState, MeanTimes, StateCurves


def states_json(page: StatesPage) -> dict[str, Any]:
    """The body of ``/study/<id>/states.json``; probabilities are 0 to 1."""
    view = page.view
    whole = _group(page.whole, page) if page.whole else {"moves": {}, "arms": [], "differences": []}
    return json_head(page) | {
        "settings": {
            "tau": page.tau or None,
            "unit": view.unit,
            "level": view.level,
            "ci": "log",
            "mean_time_interval": "log-log",
            "difference_interval": "mover",
            "at": list(view.at),
            "reference": view.arms[0] if len(view.arms) > 1 else None,
            "by": view.facet or None,
        },
        **told(page),
        "states": list(page.states),
        "model": [to_json(item) for item in page.told],
        **whole,
        "facets": [
            {"level": f.level, "label": f.label, "n": f.n, **_group(f, page)} for f in page.facets
        ],
        "contradictions": [{"patient": who, "says": says} for who, says in page.contradictions],
    }


def _group(group: StatesOf, page: StatesPage) -> dict[str, Any]:
    names = page.states
    return {
        "moves": {
            c.arm: [{"from": names[m.origin], "to": names[m.target], "n": m.n} for m in c.moves]
            for c in group.curves
        },
        "arms": [_arm(curve, names) for curve in group.curves],
        "differences": [
            {
                "arm": d.arm,
                "reference": d.reference,
                "landmarks": [
                    {"time": time, "probability": _by_state(states, names)}
                    for time, states in d.landmarks
                ],
                "mean_time": _means(d.mean_times, names),
            }
            for d in group.differences
        ],
    }


def _arm(curve: StateCurves, names: Sequence[str]) -> dict[str, Any]:
    def columns(table: Any) -> dict[str, Any]:
        return {name: to_json(table[:, i]) for i, name in enumerate(names)}

    return {
        "arm": curve.arm,
        "n": curve.n,
        "time": to_json(curve.time),
        "at_risk": columns(curve.at_risk),
        "probability": columns(curve.probability),
        "std_err": columns(curve.std_err),
        "landmarks": [
            {
                "time": mark.time,
                "at_risk": dict(zip(names, mark.at_risk, strict=True)),
                "probability": _by_state(mark.states, names),
            }
            for mark in curve.landmarks
        ],
        "mean_time": _means(curve.mean_times, names),
    }


def _by_state(states: Sequence[InState], names: Sequence[str]) -> dict[str, Any]:
    return {name: to_json(found) for name, found in zip(names, states, strict=True)}


def _means(means: MeanTimes, names: Sequence[str]) -> dict[str, Any]:
    return {"tau": means.tau, **_by_state(means.states, names)}


HEADS = (
    *("level", "arm", "quantity", "state", "time"),
    *("estimate", "std_err", "lower", "upper", "n", "reason"),
)


def states_csv(page: StatesPage) -> str:
    """One row per number: moves, probabilities at landmarks, mean times, differences, curves."""
    columns = (
        f"probabilities 0 to 1, times in {page.view.unit}; time of a mean is tau; n: patients,"
        f" under observation in the state, or moving; {limits_words(page.view.level)}"
    )
    out = csv_head(page.provenance, columns, page.reason)
    writer = SafeWriter(out)
    writer.writerow(HEADS)
    for group in (*([page.whole] if page.whole else []), *page.facets):
        for arm, quantity, state, time, found, n in _rows(group, page):
            values = (found.estimate, found.std_err, found.lower, found.upper)
            cells = ["" if v is None else v for v in values]
            writer.writerow(
                [group.label, arm, quantity, state, time, *cells, n, found.reason or ""]
            )
    return out.getvalue()


_Row = tuple[str, str, str, Any, InState, Any]


def _rows(group: StatesOf, page: StatesPage) -> Iterator[_Row]:
    names = page.states
    for curve in group.curves:
        count = InState(None, None, None, None)
        yield curve.arm, "patients", "", "", count, curve.n
        for move in curve.moves:
            way = f"{names[move.origin]} to {names[move.target]}"
            yield curve.arm, "moves", way, "", count, move.n
        for mark in curve.landmarks:
            for name, found, n in zip(names, mark.states, mark.at_risk, strict=True):
                yield curve.arm, "probability", name, mark.time, found, n
        for name, found in zip(names, curve.mean_times.states, strict=True):
            yield curve.arm, "mean time", name, curve.mean_times.tau, found, ""
    for d in group.differences:
        pair = f"{d.arm} minus {d.reference}"
        for time, states in d.landmarks:
            for name, found in zip(names, states, strict=True):
                yield pair, "difference of probabilities", name, time, found, ""
        for name, found in zip(names, d.mean_times.states, strict=True):
            yield pair, "difference of mean times", name, d.mean_times.tau, found, ""
    for curve in group.curves:
        for i, time in enumerate(curve.time):
            for k, name in enumerate(names):
                columns = (curve.probability, curve.std_err, curve.lower, curve.upper)
                value, error, low, high = (
                    None if np.isnan(column[i, k]) else float(column[i, k]) for column in columns
                )
                told = InState(value, error, low, high)
                yield curve.arm, "curve", name, float(time), told, int(curve.at_risk[i, k])


def patients_csv(page: StatesPage) -> str:
    """A row per stay, as the scripts and R's ``survfit`` with ``id`` read them."""
    before = len(page.stays) > 0 and page.stays["START"].min() < 0
    origin = (
        "; START is -1 for those there from the beginning, as something happens at 0"
        if before
        else ""
    )
    by = f"; LEVEL is that of {page.view.facet}" if page.view.facet else ""
    out = csv_head(
        page.provenance,
        f"START and STOP in {page.view.unit}: at risk of leaving FROM after START and up to STOP;"
        f" TO is the state entered at STOP, blank for the end of observation{origin}{by}",
        page.reason,
    )
    write_frame(out, page.stays)
    return out.getvalue()


def _values(page: StatesPage) -> dict[str, Value]:
    if page.reason is not None or page.whole is None:
        raise UserError("There is nothing to recompute.", page.reason or "")
    view = page.view
    there = [c.arm for c in page.whole.curves]
    return {
        "ARMS": named(there),
        "REFERENCE": named([view.arms[0] if view.arms[0] in there else ""])[0],
        "STATES": list(page.states),
        "LEVELS": named(dict.fromkeys(f.label for f in page.facets)),
        "AT": list(view.at),
        "TAU": page.tau,
        "LEVEL": view.level,
    }


SCRIPTS: Scripts[StatesPage] = Scripts(
    name="states",
    title=lambda _: "probability in state",
    patients=patients_csv,
    values=_values,
    address=lambda page: page.address,
    endpoint=False,
)
