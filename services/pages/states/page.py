"""The page of states: the probability of each over time, and the mean time in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from services import survival
from services.arrays import BoolArray
from services.pages import defaults
from services.pages.cache import cached
from services.pages.lead import stands_for_trial
from services.pages.records import Methods
from services.pages.states import words
from services.pages.states.lead import LEAD
from services.pages.states.records import StatesOf, StatesPage, Told
from services.pages.words import alone, nobody
from services.replaced import replace
from services.statistics.states.aalen_johansen import at_time, in_state
from services.statistics.states.rows import CENSORED, Rows
from services.study import population as pop
from services.study.labels import MISSING, MISSING_LABEL, value_label
from services.study.model import Study
from services.study.records import Population
from services.study.rows import without_entry
from services.study.states import Courses, StateModel, courses, model_of, why_none
from services.units import DAYS_PER_UNIT
from services.views.axis import ticks
from services.views.study import View

FEW_LEFT = 10  # an arm with fewer under observation says little


@cached("states", LEAD)
def states_page(study: Study, asked: View) -> StatesPage:
    """The page of ``study`` as the view asks for it; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    model = model_of(study)
    view = resolve(study, asked, model)
    population = pop.select(study, view, view.arms)
    shown = tuple(a for a in study.arms if a.name in view.arms)
    found = courses(study, model, population.mask) if model else None
    late = _late(study, model)
    made = None
    if model and found is not None and late is None:
        made = _estimated(study, view, model, found)
    reason = late or _why_none(study, population, made, view)
    answer, detail = ("", "")
    if made is not None and reason is None:
        limits = not stands_for_trial(study)
        answer, detail = words.answer(made.whole, made.tau, view, limits)
    return StatesPage(
        **defaults.shared(study, view, view.arms, population, minimal(study, view)),
        states=model.states if model else (),
        told=_told(study, model) if model else (),
        tau=made.tau if made else 0.0,
        tau_words=made.tau_words if made else "",
        whole=made.whole if made else None,
        facets=made.facets if made else (),
        ticks=made.ticks if made else (),
        last_time=made.last if made else 0.0,
        stays=made.stays if made else _stays(None, np.empty(0), np.empty(0), np.empty(0), ()),
        contradictions=found.contradictions if found else (),
        reason=reason,
        answer=answer,
        answer_detail=detail,
        methods=words.paragraph(
            study, view, shown, population, model.states, made.tau, made.tau_words
        )
        if model and made and reason is None
        else Methods(),
        provenance=words.provenance(
            study,
            view,
            shown,
            population,
            model,
            found,
            made.tau if made else 0.0,
            made.tau_words if made else "",
        ),
    )


def resolve(study: Study, asked: View, model: StateModel | None) -> View:
    """The view with its defaults filled in; the landmarks are those of progression."""
    view = defaults.resolve(study, asked)
    if asked.at or model is None:
        return view
    return replace(view, at=_landmarks(study, model, view.unit))


def minimal(study: Study, view: View) -> View:
    """The view without what equals the study's defaults."""
    small = defaults.minimal(study, view)
    model = model_of(study)
    usual = _landmarks(study, model, view.unit) if model else ()
    return replace(small, at=() if view.at == usual else view.at)


def _landmarks(study: Study, model: StateModel, unit: str) -> tuple[float, ...]:
    return defaults.default_landmarks(study.endpoint(model.progression), study, unit)


def _told(study: Study, model: StateModel) -> tuple[Told, ...]:
    pairs = zip(model.states[1:], model.endpoints, strict=True)
    return tuple(Told(state, e, study.endpoint(e).label) for state, e in pairs)


def _late(study: Study, model: StateModel | None) -> str | None:
    """Why there are no numbers where an endpoint of the model has entry times."""
    said = (without_entry(study, endpoint) for endpoint in (model.endpoints if model else ()))
    return next(filter(None, said), None)


def _why_none(study: Study, population: Population, made: _Made | None, view: View) -> str | None:
    if model_of(study) is None:
        return why_none(study)
    if made is None or not population.n:
        return nobody(population, "each endpoint")
    if len(view.arms) > 1 and len(made.whole.curves) == 1:
        instead = "choose this arm alone in the address to see it"
        return alone(made.whole.curves[0].arm, population, instead)
    if made.last == 0:
        return "All times are 0."
    return None


@dataclass(frozen=True, eq=False)
class _Made:
    whole: StatesOf
    facets: tuple[StatesOf, ...]
    tau: float
    tau_words: str
    ticks: tuple[float, ...]
    last: float
    stays: pd.DataFrame


def _estimated(study: Study, view: View, model: StateModel, found: Courses) -> _Made | None:
    if not len(found.rows):
        return None
    days = DAYS_PER_UNIT[view.unit]
    rows = survival.rows_of(found.entered / days, found.end / days)
    arm = study.subjects["ARM_PLANNED"].to_numpy()[found.rows]
    last = float(rows.stop.max())
    marks = ticks(view, last)
    tau, said = _tau(study, view, model, rows, arm)
    level = np.full(rows.n, "", dtype=object)
    facets: tuple[StatesOf, ...] = ()
    if view.facet:
        codes, levels = pop.level_codes(study, view.facet)
        mine = codes[found.rows]
        labels = [value_label(view.facet, name) for name in levels]
        level = np.array([*labels, MISSING_LABEL], dtype=object)[mine]
        # -1, a missing value, comes last.
        there = sorted(set(mine.tolist()), key=lambda code: (code < 0, code))
        facets = tuple(
            replace(
                _arms(rows, mine == code, arm, view, len(model.states), tau, marks),
                level=levels[code] if code >= 0 else MISSING,
                label=labels[code] if code >= 0 else MISSING_LABEL,
            )
            for code in there
        )
    everyone = np.ones(rows.n, dtype=bool)
    ids = study.subjects.index.to_numpy()[found.rows]
    return _Made(
        _arms(rows, everyone, arm, view, len(model.states), tau, marks),
        facets,
        tau,
        said,
        marks,
        last,
        _stays(rows, ids, arm, level, model.states),
    )


def _arms(
    rows: Rows,
    chosen: BoolArray,
    arm: np.ndarray,
    view: View,
    states: int,
    tau: float,
    marks: Sequence[float],
) -> StatesOf:
    curves, told = [], []
    for name in view.arms:
        mine = chosen & (arm == name)
        if not mine.any():
            continue
        own = rows.of(mine)
        curve = survival.probability_in_state(
            own, states, tau=tau, landmarks=view.at, level=view.level, arm=name
        )
        curves.append(curve)
        told.append(tuple(at_time(curve, own, t) for t in marks))
    reference = next((c for c in curves if c.arm == view.arms[0]), None)
    differences = tuple(
        survival.state_differences(c, reference, view.level)
        for c in curves
        if reference is not None and c is not reference
    )
    return StatesOf(tuple(curves), differences, tuple(told), int(chosen.sum()))


def _tau(
    study: Study, view: View, model: StateModel, rows: Rows, arm: np.ndarray
) -> tuple[float, str]:
    """The end of the mean times, and where it comes from."""
    if view.tau:
        return view.tau, "the time set"
    sides = [rows.of(arm == name) for name in view.arms if (arm == name).any()]
    last = min(float(side.stop.max()) for side in sides)
    usual = [t for t in _landmarks(study, model, view.unit) if t <= last]
    counts = [in_state(side, len(model.states), usual)[:, :-1].sum(axis=1) for side in sides]
    solid = [t for t, n in zip(usual, np.min(counts, axis=0), strict=True) if n >= FEW_LEFT]
    if solid:
        each = " in each arm" if len(sides) > 1 else ""
        return solid[-1], f"the latest usual time with {FEW_LEFT} patients under observation{each}"
    return last, "the shortest of the arms' last times" if len(sides) > 1 else "the last time"


def _stays(
    rows: Rows | None, ids: np.ndarray, arm: np.ndarray, level: np.ndarray, states: Sequence[str]
) -> pd.DataFrame:
    """A row per stay, as R's ``Surv(START, STOP, TO)`` takes it; who is seen no more goes nowhere.

    Everyone starts at 0, or before it where something happens at 0: R takes no stay of no length.
    """
    if rows is None:
        return pd.DataFrame(columns=["USUBJID", "ARM", "LEVEL", "START", "STOP", "FROM", "TO"])
    called = np.array([*states, ""], dtype=object)
    assert CENSORED == -1
    begun = -1.0 if (rows.stop == 0).any() else 0.0
    return pd.DataFrame(
        {
            "USUBJID": ids[rows.subject],
            "ARM": arm[rows.subject],
            "LEVEL": level[rows.subject],
            "START": np.where(rows.start < 0, begun, rows.start),
            "STOP": rows.stop,
            "FROM": called[rows.state],
            "TO": called[rows.to],
        }
    )
