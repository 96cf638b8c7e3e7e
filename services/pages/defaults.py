"""A view's defaults: filled in for a study, and left out of its address again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from services.arrays import BoolArray
from services.errors import UserError
from services.replaced import replace
from services.study import population as pop
from services.study.model import Endpoint, Study
from services.study.records import Population
from services.units import DAYS_PER_UNIT
from services.views.axis import tick_step
from services.views.study import NOTHING, View, from_months


def _allowed(what: str, wanted: str, names: Sequence[str], study: Study) -> UserError:
    title = study.short_title
    has = f"It has: {', '.join(names)}." if names else f"It has no {what} at all."
    return UserError(f"{title} has no {what} “{wanted}”.", has)


def resolve(study: Study, view: View) -> View:
    """The view with this study's defaults filled in.

    Raises
    ------
    UserError : an endpoint, arm or column the study does not have; names those it has
    """
    ids = [e.id for e in study.endpoints]
    endpoint_id = view.endpoint or ids[0]
    if endpoint_id not in ids:
        raise _allowed("endpoint", endpoint_id, ids, study)
    names = [a.name for a in study.arms]
    for name in view.arms:
        if name not in names:
            raise _allowed("arm", name, names, study)
    arms = view.arms or _default_arms(study)
    if len(set(arms)) < len(arms):
        raise UserError(f"“arms={','.join(arms)}” names an arm twice.", "Name each arm once.")
    offered = pop.filter_columns(study)
    for name in view.adjust:
        if all(name != c.name for c in offered):
            raise _allowed("baseline factor", name, [c.name for c in offered], study)
    columns = [c.name for c in offered if c.kind == "categorical"]
    for name in (*view.strata, *view.by, *([view.facet] if view.facet else [])):
        if name not in columns and pop.known_later(study, name):
            raise UserError(
                f"{name} was known only after time 0: patients had to live without the event until"
                " then, so the groups cannot be compared from the start (guarantee time).",
                f"Group by what was known at the start: {', '.join(columns) or 'none'}; or from a"
                " landmark on, by a date (landmark=6 and known=COLUMN@DATE).",
            )
        if name not in columns:
            raise _allowed("grouping", name, columns, study)
    at = view.at or default_landmarks(study.endpoint(endpoint_id), study, view.unit)
    hide = view.hide or _default_hide(arms)
    hide = () if hide == NOTHING and not _default_hide(arms) else hide
    return replace(view, endpoint=endpoint_id, arms=arms, at=at, hide=hide)


def shared(
    study: Study,
    view: View,
    arms: tuple[str, ...],
    population: Population,
    address: View,
    base: BoolArray | None = None,
) -> dict[str, Any]:
    """Fields that the record of every page has: who is shown, and who could be.

    Parameters
    ----------
    arms : names of those shown; base : patients that are counted at all, as of ``pop.select``
    """
    return {
        "study": study,
        "view": view,
        "arms": tuple(a for a in study.arms if a.name in arms),
        "population": population,
        "filters": pop.filter_columns(study),
        "counts": pop.live_counts(study, view, arms, base),
        "address": address,
    }


def default_plot(endpoint: Endpoint, view: View) -> str:
    """What is drawn where nothing is asked for: where something competes, what became of patients.

    Small charts and scales are of curves.
    """
    of_curves = view.facet or view.scale != "survival"
    return "types" if endpoint.competing and not of_curves else "curves"


def _default_hide(arms: Sequence[str]) -> tuple[str, ...]:
    """The intervals of many arms cover each other and hide the curves."""
    return ("bands",) if len(arms) >= MANY_ARMS else ()


def minimal(study: Study, view: View) -> View:
    """The inverse of ``resolve``: what equals the study's default is left empty."""
    default = resolve(study, View(endpoint=view.endpoint, unit=view.unit))
    endpoint = study.endpoint(default.endpoint)
    blank = View()
    return replace(
        view,
        endpoint="" if view.endpoint == study.endpoints[0].id else view.endpoint,
        arms=blank.arms if view.arms == default.arms else view.arms,
        at=blank.at if view.at == default.at else view.at,
        hide=blank.hide if view.hide in _same_as_default(view.arms or default.arms) else view.hide,
        plot=blank.plot if view.plot == default_plot(endpoint, view) else view.plot,
    )


def _same_as_default(arms: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    default = _default_hide(arms)
    return (default,) if default else ((), NOTHING)


def _default_arms(study: Study) -> tuple[str, ...]:
    reference = study.reference_arm
    others = tuple(a.name for a in study.arms if a.name != reference)
    return (reference, *others) if reference is not None else others


def default_landmarks(endpoint: Endpoint, study: Study, unit: str) -> tuple[float, ...]:
    """The endpoint's own (given in months), else thirds of the follow-up on a round scale."""
    if endpoint.landmarks:
        return tuple(dict.fromkeys(from_months(m, unit) for m in endpoint.landmarks))
    longest = last_time_of(study, endpoint, unit)
    step = tick_step(longest, 3, unit)
    return tuple(float(t) for t in np.arange(step, longest, step)[:3]) or (step,)


def last_time_of(study: Study, endpoint: Endpoint, unit: str) -> float:
    """The last time of an endpoint among all patients of the study, in ``unit``."""
    times = study.times["TIME"].to_numpy()[study.endpoint_rows(endpoint.id)]
    return float(times.max()) / DAYS_PER_UNIT[unit] if len(times) else 0.0


MANY_ARMS = 4


def resolve_pair(study: Study, asked: View) -> tuple[View, tuple[str, str] | None]:
    """The view with its defaults filled in, and the pair (arm, reference) that is compared.

    Raises
    ------
    UserError : an arm the study does not have, or one compared with itself
    """
    view = resolve(study, asked)
    if len(view.arms) < 2:
        return replace(view, versus=""), None
    reference, *others = view.arms
    versus = view.versus or others[0]
    if versus not in others:
        raise UserError(
            f"“versus={versus}” cannot be compared with {reference}.",
            f"Choose one of {', '.join(others)}.",
        )
    return replace(view, versus=versus), (versus, reference)


def minimal_pair(study: Study, view: View) -> View:
    """The inverse of ``resolve_pair``: what equals the study's default is left empty."""
    small = minimal(study, view)
    default = resolve_pair(study, replace(view, versus=""))[0]
    return replace(small, versus="" if view.versus == default.versus else view.versus)
