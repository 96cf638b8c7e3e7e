"""One cached entry per page: (study, View) -> record. Everything that shows a number calls this."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar, cast

import numpy as np
import pandas as pd
from cachetools import LRUCache

from services import population as pop
from services import survival, survival_plots, wording
from services.derived import with_cuts
from services.errors import UserError
from services.format import MISSING, MISSING_LABEL, value_label
from services.page_records import AtRisk, Competing, Extra, Stratum, StudyPage, SurvivalPage
from services.pages import lead, names
from services.pages.survival import methods, words
from services.records import Curve, SurvivalResult
from services.study import SUBJECT, Arm, Endpoint, Study
from services.view import DAYS_PER_UNIT, NOTHING, View, from_months

Page = TypeVar("Page", bound=StudyPage)

_cache: LRUCache[tuple[str, Study, View], StudyPage] = LRUCache(512)
_lock = threading.Lock()


def set_cache_size(size: int) -> None:
    """Keep at most ``size`` page results; drops what is there."""
    global _cache
    with _lock:
        _cache = LRUCache(size)


def forget(study: Study) -> None:
    """Drop what is kept of a study, so that a deleted one leaves the memory too."""
    with _lock:
        for key in [key for key in _cache if key[1] == study]:
            del _cache[key]


def _allowed(what: str, wanted: str, names: Sequence[str], study: Study) -> UserError:
    title = study.metadata.short_title or study.title
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
    columns = [c.name for c in pop.filter_columns(study) if c.kind == "categorical"]
    for name in (*view.strata, *view.by, *([view.facet] if view.facet else [])):
        if name not in columns:
            raise _allowed("grouping", name, columns, study)
    at = view.at or _default_landmarks(study.endpoint(endpoint_id), study, view.unit)
    hide = view.hide or _default_hide(arms)
    hide = () if hide == NOTHING and not _default_hide(arms) else hide
    return replace(view, endpoint=endpoint_id, arms=arms, at=at, hide=hide)


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


def _default_landmarks(endpoint: Endpoint, study: Study, unit: str) -> tuple[float, ...]:
    """The endpoint's own (given in months), else thirds of the follow-up on a round scale."""
    if endpoint.landmarks:
        return tuple(dict.fromkeys(from_months(m, unit) for m in endpoint.landmarks))
    longest = _last_time(study, endpoint, unit)
    step = tick_step(longest, 3)
    return tuple(float(t) for t in np.arange(step, longest, step)[:3]) or (step,)


def _last_time(study: Study, endpoint: Endpoint, unit: str) -> float:
    """The last time of an endpoint among all patients of the study, in ``unit``."""
    times = study.times["TIME"].to_numpy()[study.endpoint_rows(endpoint.id)]
    return float(times.max()) / DAYS_PER_UNIT[unit] if len(times) else 0.0


MOST_TICKS = 120
MANY_ARMS = 4


def tick_step(longest: float, most: int) -> float:
    """A round spacing that puts at most ``most`` ticks on 0..longest.

    >>> tick_step(58, 10), tick_step(200, 10)
    (6.0, 24.0)
    """
    if not longest > 0:
        return 1.0
    # Steps people count follow-up in: quarters, half-years and years; then 1-2-5.
    months = [1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 36.0, 60.0]
    for step in months:
        if step * most >= longest and longest >= step:
            return step
    power = 10.0 ** np.floor(np.log10(longest / most))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power * most >= longest))


def ticks(view: View, longest: float) -> tuple[float, ...]:
    """Where the time axis and the table under it have their ticks: from 0 to its end.

    A spacing too fine to be drawn becomes the finest round one that is not.
    """
    end = view.xmax or longest
    step = view.ticks or tick_step(end, 10)
    if end / step > MOST_TICKS:
        step = tick_step(end, MOST_TICKS)
    count = int(np.floor(end / step + 1e-9))
    return tuple(float(f"{i * step:.10g}") for i in range(count + 1))


def at_risk_table(curve: Curve, times: Sequence[float]) -> AtRisk:
    """Numbers at risk, with an event before and censored before each of ``times``."""
    position = np.searchsorted(curve.time, np.asarray(times) * (1 - 1e-9), side="left")
    events = np.concatenate([[0], np.cumsum(curve.n_event)])[position]
    censored = np.concatenate([[0], np.cumsum(curve.n_censor)])[position]
    left = curve.n - events - censored
    return AtRisk(
        curve.arm,
        curve.n,
        tuple(int(v) for v in left),
        tuple(int(v) for v in events),
        tuple(int(v) for v in censored),
    )


def endpoint_records(study: Study, endpoint_id: str, mask: np.ndarray) -> pd.DataFrame:
    """Rows of ``study.times`` of one endpoint for the subjects in ``mask``, with their arm."""
    records = study.times.iloc[study.endpoint_rows(endpoint_id)]
    rows = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
    inside = (rows >= 0) & mask[rows]
    arm = study.subjects["ARM_PLANNED"].to_numpy()[rows[inside]]
    found: pd.DataFrame = records[inside].assign(ARM_PLANNED=arm)
    return found


def strata_codes(study: Study, columns: Sequence[str], subjects: pd.Series) -> np.ndarray | None:
    """One code per subject for the crossing of ``columns``; a missing value is a stratum."""
    if not columns:
        return None
    rows = study.subjects.index.get_indexer(pd.Index(subjects))
    combined = np.zeros(len(rows), dtype=np.int64)
    for name in columns:
        codes, levels = pop.level_codes(study, name)
        combined = combined * (len(levels) + 1) + codes[rows] + 1
    return combined


def _levels(study: Study, column: str, subjects: pd.Series) -> np.ndarray:
    """Each subject's level of a column; ``None`` is a missing value, "" no column."""
    if not column:
        return np.full(len(subjects), "", dtype=object)
    codes, levels = pop.level_codes(study, column)
    rows = study.subjects.index.get_indexer(pd.Index(subjects))
    found: np.ndarray = np.array([*levels, None], dtype=object)[codes[rows]]
    return found


def _strata_names(study: Study, columns: Sequence[str], subjects: pd.Series) -> pd.Series:
    """The stratum of each subject in words: "<= 1 year / F"; "" without strata.

    Words alone do not tell strata apart: a level may hold " / ". The codes do.
    """
    rows = study.subjects.index.get_indexer(pd.Index(subjects))
    names = pd.Series("", index=subjects.index)
    for name in columns:
        codes, levels = pop.level_codes(study, name)
        texts = np.array([*levels, f"({MISSING_LABEL.lower()})"], dtype=object)[codes[rows]]
        names = names.where(names == "", names + " / ") + texts
    return names


def strata_told(
    study: Study, columns: Sequence[str], facet: str, subjects: pd.Series
) -> tuple[Stratum, ...]:
    """What is said of the strata: ``columns``, and the factor of the small charts."""
    rows = study.subjects.index.get_indexer(pd.Index(subjects))
    labels = {c.name: c.label for c in pop.filter_columns(study)}
    return tuple(
        Stratum(
            name,
            labels.get(name, name),
            int((pop.level_codes(study, name)[0][rows] < 0).sum()),
            name not in columns,
        )
        for name in dict.fromkeys([*columns, *([facet] if facet else [])])
    )


def cached(name: str, study: Study, view: View, make: Callable[[Study, View], Page]) -> Page:
    """The page record of that name, made once per (study content, view).

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    study = with_cuts(study, view.cut)
    key = (name, study, view)
    with _lock:
        found = _cache.get(key)
    if found is None:
        found = lead.of_page(name, make(study, view))
        with _lock:
            _cache[key] = found
    return cast(Page, found)


def survival_page(study: Study, view: View) -> SurvivalPage:
    """The survival page of ``study`` as ``view`` asks for it; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    return cached("survival", study, view, _survival_page)


def _survival_page(study: Study, asked: View) -> SurvivalPage:
    view = resolve(study, asked)
    endpoint = study.endpoint(view.endpoint)
    chosen: tuple[Arm, ...] = tuple(a for a in study.arms if a.name in view.arms)
    view = replace(view, plot=view.plot or default_plot(endpoint, view))
    population = pop.select(study, view, view.arms)
    records = endpoint_records(study, endpoint.id, population.mask)
    rows = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
    without = population.n - int((np.bincount(rows) > 0).sum())
    plots = survival_plots.available(endpoint, records, len(view.arms))
    address = minimal(study, view if view.plot in plots else replace(view, plot=""))
    if view.plot not in plots:
        view = replace(view, plot="curves")
    result: SurvivalResult | None = None
    extra: Extra = None
    competing: Competing | None = None
    # Small charts are compared within their factor, as the strata are.
    told = strata_told(study, view.strata, view.facet, records[SUBJECT])
    strata = tuple(stratum.name for stratum in told)
    codes = strata_codes(study, strata, records[SUBJECT])
    last_time = _last_time(study, endpoint, view.unit)
    marks = ticks(view, last_time)
    if len(records):
        time = records["TIME"].to_numpy(dtype=float) / DAYS_PER_UNIT[view.unit]
        result = survival.analyse(
            time,
            records["EVENT"].to_numpy(dtype=bool),
            records["ARM_PLANNED"].to_numpy(dtype=str),
            arms=view.arms,
            strata=codes,
            ci=view.ci,
            level=view.level,
            landmarks=view.at,
            tau=view.tau,
        )
        extra = _extra(study, view, records, time, result, codes, marks)
        competing = survival_plots.competing_events(endpoint, records, time, view)
    reason = _why_no_chart(population.n, result, endpoint, view)
    curves = result.curves if result else ()
    answer, detail = ("", "")
    if result is not None and reason is None:
        usual = _usual(study, asked, population.summary) if asked.filters else None
        answer, detail = words.answer(result, endpoint, view, competing, usual)
    return SurvivalPage(
        study=study,
        view=view,
        arms=chosen,
        population=population,
        filters=pop.filter_columns(study),
        counts=pop.live_counts(study, view, view.arms),
        address=address,
        endpoint=endpoint,
        without_record=without,
        result=result,
        reason=reason,
        ticks=marks,
        at_risk=tuple(at_risk_table(c, marks) for c in curves),
        answer=answer,
        answer_detail=detail,
        provenance=methods.of_plot(
            wording.provenance(study, view, endpoint, chosen, population, without, told),
            view,
            told,
            next((stratum.label for stratum in told if stratum.name == view.facet), ""),
        ),
        records=records.assign(
            STRATUM="" if codes is None else np.unique(codes, return_inverse=True)[1] + 1,
            STRATUM_LABEL=_strata_names(study, strata, records[SUBJECT]),
            LEVEL=_levels(study, view.facet, records[SUBJECT]),
        ),
        plots=plots,
        extra=extra,
        competing=competing,
        last_time=last_time,
    )


def _usual(study: Study, asked: View, filters: str) -> words.Usual | None:
    """What the headline tells of everyone, whom the reader has mostly just seen."""
    page = survival_page(study, replace(asked, filters=()))
    if page.result is None or page.reason is not None:
        return None
    return words.Usual(words.told_time(page.result, page.view, page.competing), filters)


def _extra(
    study: Study,
    view: View,
    records: pd.DataFrame,
    time: np.ndarray,
    result: SurvivalResult,
    strata: np.ndarray | None,
    marks: Sequence[float],
) -> Extra:
    event = records["EVENT"].to_numpy(dtype=bool)
    arm = records["ARM_PLANNED"].to_numpy(dtype=str)
    if view.plot == "types":
        return survival_plots.types_of_event(records, time, view)
    if view.plot == "hazards":
        return survival_plots.hazards_over_time(time, event, arm, view, strata)
    if view.plot == "means":
        return survival_plots.means_over_time(view, result)
    if view.facet:
        codes, levels = pop.level_codes(study, view.facet)
        rows = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
        labels = {i: (name, value_label(view.facet, name)) for i, name in enumerate(levels)}
        labels[-1] = (MISSING, MISSING_LABEL)
        found = survival_plots.facets(records, time, codes[rows], labels, view)
        return tuple(
            replace(f, at_risk=tuple(at_risk_table(c, marks) for c in f.result.curves))
            for f in found
        )
    return None


def _why_no_chart(
    n: int, result: SurvivalResult | None, endpoint: Endpoint, view: View
) -> str | None:
    if n == 0:
        return "No patient matches all the filters. Take one away or reset them."
    if result is None:
        return f"None of these {n:,} patients has a record of {names.label(endpoint.label)}."
    if len(view.arms) > 1 and len(result.curves) == 1:
        only = names.isolated(result.curves[0].arm)
        return (
            f"With these filters only {only} has patients, so there is nothing to compare them"
            " with. Take a filter away, or choose this arm alone under Analysis to see its curve."
        )
    return None
