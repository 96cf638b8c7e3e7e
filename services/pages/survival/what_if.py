"""What a page says of times that a reader reconsidered: estimand, movers, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from services import format as fmt
from services import names
from services.json_text import to_json
from services.pages.records import (
    Compared,
    Estimand,
    Methods,
    Mover,
    PageRecord,
    Status,
    Totals,
    WhatIf,
)
from services.pages.survival.basis import Basis, basis_of
from services.replaced import replace
from services.study import dates, known, what_if
from services.study.labels import level_label
from services.study.model import SUBJECT, Reconsidered, Study
from services.units import DAYS_PER_UNIT
from services.views.study import WHAT_IF, View

if TYPE_CHECKING:
    from services.pages.survival.records import SurvivalPage

Page = TypeVar("Page", bound=PageRecord)
ONE_DAY = "on one day the endpoint's own event counts before a censoring"
NO_VISITS = "at that day: the data hold no dates of assessments"


def of_view(study: Study, asked: View) -> WhatIf | None:
    """What was done to the times of a survival view, and what that changed; ``None``: nothing."""
    if study.reconsidered is None:
        return None
    return of_basis(study, asked, basis_of(study, asked, whole=False))


def of_basis(study: Study, asked: View, basis: Basis) -> WhatIf | None:
    """The same of a view whose basis is known."""
    done = study.reconsidered
    if done is None:
        return None
    view = basis.view
    movers = _movers(done, basis)
    ending = _left_out_words(basis.left_out, view, done.given.endpoint(view.endpoint).competing)
    totals = basis_of(done.given, asked.as_given(), whole=False).totals, basis.totals
    return WhatIf(
        sentence=_sentence(done.given, view, movers, ending, *totals, _ratio_name(basis)),
        estimand=_estimand(done.given, basis),
        movers=movers,
        left_out=ending,
        as_given=totals[0],
        reconsidered=totals[1],
    )


def reconsidered(page: SurvivalPage, study: Study, found: WhatIf | None) -> SurvivalPage:
    """The page with what was done to its times, and what that changed."""
    if found is None or study.reconsidered is None:
        return page
    view = page.view
    answer, detail = page.answer, page.answer_detail
    if answer:
        counted = f"Times are counted from {view.since}. " if view.since else ""
        answer, detail = found.sentence, f"{counted}{answer} {detail}".strip()
    page = with_line(page, found, study.reconsidered.given)
    return replace(page, answer=answer, answer_detail=detail)


def with_line(page: Page, found: WhatIf | None, given: Study) -> Page:
    """The page with the record and a line of its own among what its numbers rest on."""
    if found is None:
        return page
    parts = [*found.estimand.intercurrent_events, found.left_out]
    if page.view.count or page.view.ice:
        parts += [f"{names.count(len(found.movers), 'patient')} moved; {ONE_DAY}"]
    line = ("What if", "; ".join(filter(None, parts)))
    rows: list[tuple[str, str]] = []
    for label, text in page.provenance:
        if label == "Time" and page.view.since:
            text = text.replace(" from ", f" from {page.view.since} after ", 1)
        rows.append((label, text))
        if label == "Endpoint":
            rows.append(line)
    if line not in rows:
        rows.append(line)
    methods = in_methods(page.methods, found)
    groups = page.study.arms if page.view.known else ()
    return replace(
        page,
        what_if=found,
        provenance=tuple(rows),
        methods=methods,
        study=given,
        known_groups=groups,
    )


def in_methods(told: Methods, found: WhatIf | None) -> Methods:
    """The paragraph for a manuscript, with how intercurrent events were handled."""
    if found is None or not told.text:
        return told
    handled = "; ".join(filter(None, (*found.estimand.intercurrent_events, found.left_out)))
    return replace(told, text=f"{told.text} Intercurrent events: {handled}.")


def beside(page: Page, study: Study, found: WhatIf | None) -> Page:
    """A page of the same reconsidered times, with what the survival page says of them."""
    if study.reconsidered is None or found is None:
        return page
    detail = f"{found.sentence} {page.answer_detail}".strip() if page.answer else ""
    return replace(with_line(page, found, study.reconsidered.given), answer_detail=detail)


def as_on(base: PageRecord, page: Page) -> Page:
    """A page whose numbers and provenance are those of another, with its times."""
    told = in_methods(page.methods, base.what_if)
    groups = base.known_groups
    return replace(
        page,
        study=base.study,
        ways=base.ways,
        what_if=base.what_if,
        methods=told,
        known_groups=groups,
    )


def of_same_times(view: View, arms: tuple[str, ...]) -> View:
    """The view of the survival page that compares these arms over the times of ``view``."""
    same = ("endpoint", "unit", "ci", "level", "strata", "filters", "cut", "at", *WHAT_IF)
    return replace(View(arms=arms), **{name: getattr(view, name) for name in same})


def _movers(done: Reconsidered, basis: Basis) -> tuple[Mover, ...]:
    moved, study, scale = done.moved, done.given, DAYS_PER_UNIT[basis.view.unit]
    rows = study.subjects.index.get_indexer(pd.Index(moved[SUBJECT]))
    inside = basis.population.mask[rows] if len(rows) else np.zeros(0, dtype=bool)
    planned = study.subjects["ARM_PLANNED"].to_numpy(dtype=str)[rows]

    def of_inside(name: str) -> list[Any]:
        return list(moved[name].to_numpy()[inside].tolist())

    def statuses(*names: str) -> Iterator[Status]:
        for time, event, text in zip(*map(of_inside, names), strict=True):
            yield Status(time / scale, bool(event), str(text))

    given = statuses("TIME_GIVEN", "EVENT_GIVEN", "TEXT_GIVEN")
    now = statuses("TIME", "EVENT", "EVENT_TEXT")
    subjects, arms = map(str, of_inside(SUBJECT)), map(str, planned[inside])
    return tuple(map(Mover, subjects, arms, given, now))


# --- words ---------------------------------------------------------------------------------------


def _other_words(study: Study, view: View, item: str) -> tuple[str, str, int]:
    """What happened at another time, in words, what is done then, and of how many."""
    key, _, strategy = item.rpartition(":")
    other = what_if.other_time(study, view.endpoint, key, item)
    return names.uncapital(other.words), strategy, other.patients


def _counted(study: Study, view: View) -> list[str]:
    """The reasons for censoring that count as events, in words, each once."""
    found = (what_if.reason_words(study, view.endpoint, key) for key in view.count)
    return list(dict.fromkeys(map(level_label, found)))


_DOING = {
    "ignore": "ignoring {}",
    "censor": "censoring at {}",
    "event": "counting {} as an event",
}
_HANDLED = {
    "ignore": "{}: ignored, patients are followed on (treatment policy); {}",
    "censor": "{}: follow-up ends there (hypothetical), {}; {}",
    "event": "{}: counts as the event (composite); {}",
}


def _assessed(study: Study, endpoint: str, key: str) -> tuple[int, tuple[str, ...]]:
    """Of how many who had another time first an assessment before it is known, and by what dates.

    The labels of the dates are empty where the data hold none.
    """
    labels = tuple(study.columns[name].label for name in dates.assessments(study))
    records = study.times.iloc[study.endpoint_rows(endpoint)]
    day = what_if.other_days(study, endpoint, records[SUBJECT], key)
    before = day < records["TIME"].to_numpy(dtype=float) - what_if.SAME_DAY
    seen = dates.last_assessment(study, endpoint, records[SUBJECT], day)
    return int((before & ~np.isnan(seen)).sum()), labels


def _where(study: Study, view: View, item: str) -> str:
    """Where follow-up ends at another time, which the data decide."""
    n, visits = _assessed(study, view.endpoint, item.rpartition(":")[0])
    if not visits:
        return NO_VISITS
    told = f"{names.join_and(list(map(level_label, visits)))}: {names.count(n, 'patient')}"
    return f"at the last assessment before it where one is known ({told}), else at that day"


def _sentence(
    study: Study,
    view: View,
    movers: Sequence[Mover],
    ending: str,
    given: Totals,
    now: Totals,
    ratio: str,
) -> str:
    reasons = [f"“{words}”" for words in _counted(study, view)]
    doing = [f"counting {names.join_and(reasons)} as events"] if reasons else []
    for item in view.ice:
        words, strategy, _ = _other_words(study, view, item)
        doing.append(_DOING[strategy].format(words))
    change = _change(given, now, view, ratio)
    parts = []
    if doing:
        doing = list(dict.fromkeys(doing))
        verb = "moves" if len(doing) == 1 else "move"
        who = names.count(len(movers), "patient") if movers else "no patient"
        parts.append(f"{names.join_and(doing)} {verb} {who}")
    if view.landmark is not None:
        parts.append(f"from {view.since} on, with {ending}")
    if view.known:
        parts.append(f"grouped by what was known by {view.since}, not by chance")
    return f"{names.capital('; '.join(parts))}: {change}."


def _ratio_name(basis: Basis) -> str:
    return "stratified hazard ratio" if basis.leading == "stratified" else "hazard ratio"


def _change(given: Totals, now: Totals, view: View, ratio: str) -> str:
    """What the numbers became, and what they were, but for groups that were not there."""
    if not now.comparisons:
        total, earlier = sum(now.events.values()), sum(given.events.values())
        if view.known:
            return names.count(total, "event")
        then = ", as in the data as given" if total == earlier else f" instead of {earlier:,}"
        return names.count(total, "event") + then
    was = {c.arm: c for c in given.comparisons}
    several = len(now.comparisons) > 1
    parts = []
    level = fmt.level(view.level)
    for found in now.comparisons:
        whose = f" for {names.arm(found.arm)}" if several else ""
        if view.known:
            parts.append(f"{_ratio(found, level)}{whose}")
            continue
        before = was.get(found.arm)
        then = _ratio(before) if before else "none"
        parts.append(
            f"{_ratio(found, level)}{whose}, as in the data as given"
            if before and before.hazard_ratio == found.hazard_ratio
            else f"{_ratio(found, level)} instead of {then}{whose}"
        )
    return f"{ratio} {'; '.join(parts)}"


def _ratio(found: Compared, level: str = "") -> str:
    ratio = found.hazard_ratio
    if ratio is None:
        return "not estimable"
    limits = fmt.ratio_interval(ratio.lower, ratio.upper)
    return f"{fmt.ratio(ratio.estimate)} ({f'{level} CI ' if level else ''}{limits})"


def _left_out_words(out: pd.DataFrame, view: View, competing: Sequence[str]) -> str:
    if view.landmark is None:
        return ""
    if not len(out):
        return "nobody left out"
    event = out["EVENT"].to_numpy(dtype=bool)
    other = [~event & (out["EVENT_TYPE"] == kind).to_numpy() for kind in competing]
    unknown = ~np.logical_or.reduce([event, *other])
    parts = [
        (int(event.sum()), f"with the event by {view.since}"),
        *(
            (int(these.sum()), f"who {names.came_first(kind)}")
            for kind, these in zip(competing, other, strict=True)
        ),
        (int(unknown.sum()), f"not followed beyond {'it' if event.any() else view.since}"),
    ]
    told = [(n, words) for n, words in parts if n]
    said = ", ".join(f"{n:,} {words}" if len(told) > 1 else words for n, words in told)
    return f"{names.count(len(out), 'patient')} left out ({said})"


def _estimand(study: Study, basis: Basis) -> Estimand:
    view, told = basis.view, dict(basis.provenance)
    several = len(view.arms) > 1
    handled = [f"{words}: counts as the event (composite)" for words in _counted(study, view)]
    for item in view.ice:
        words, strategy, n = _other_words(study, view, item)
        had = f"{names.count(n, 'patient')} of the study had it first"
        where = [_where(study, view, item)] if strategy == "censor" else []
        handled.append(names.capital(_HANDLED[strategy].format(words, *where, had)))
    flag, key = known.split(view.known)
    if flag:
        label = study.columns[flag].label if flag in study.columns else flag
        words, _, _ = _other_words(study, view, f"{key}:")
        handled.append(
            f"{names.capital(names.label(label))}: as the data have it for each patient; it is"
            f" taken to have been known from {words} on"
        )
    asked = {item.rpartition(":")[0] for item in view.ice if not item.endswith(":ignore")}
    first, assumed = dates.first_day(study, view.endpoint)
    if assumed and not {*asked, key}.isdisjoint(dates.of(study)):
        handled.append(f"the start is day {first:.0f} of the times ({assumed})")
    ended = basis.records[~basis.records["EVENT"].to_numpy(dtype=bool)]
    competes = ended["EVENT_TYPE"].isin(basis.endpoint.competing)
    given = what_if.reasons(study, view.endpoint)
    for how, these in (("competing", ended[competes]), ("censored", ended[~competes])):
        rest = [level_label(r.words) for r in given if r.key in set(these["EVENT_TEXT"])]
        handled += [f"{how} as given: {names.join_and(rest)}"] if rest else []
    origin = study.metadata.time_origin or "the start of observation"
    since = f"{view.since} after " if view.since else ""
    how = ", not randomized" if view.known else ", as planned"
    return Estimand(
        treatment=(
            names.versus(view.arms[1:], view.arms[0]) + how
            if several
            else names.isolated(view.arms[0])
        ),
        population=told["Population"],
        variable=f"time from {since}{origin} to {basis.endpoint.event}",
        intercurrent_events=tuple(handled),
        summary_measure=told["Comparison"] if several else told["Curves"],
    )


# --- for programs --------------------------------------------------------------------------------


def what_if_json(page: PageRecord) -> dict[str, Any]:
    """The key ``what_if``; ``None`` where the times are as the study gives them."""
    found = page.what_if
    if found is None:
        return {"what_if": None}
    return {
        "what_if": {
            "sentence": found.sentence,
            "estimand": to_json(found.estimand),
            "moved": len(found.movers),
            "movers": [
                {"subject": m.subject, "arm": m.arm, "from": to_json(m.given), "to": to_json(m.now)}
                for m in found.movers
            ],
            "left_out": found.left_out or None,
            "as_given": _totals_json(found.as_given),
            "reconsidered": _totals_json(found.reconsidered),
        }
    }


def _totals_json(found: Totals) -> dict[str, Any]:
    first = found.comparisons[0] if len(found.comparisons) == 1 else None
    return {
        "n": sum(found.n.values()),
        "events": sum(found.events.values()),
        "arms": [{"arm": a, "n": n, "events": found.events[a]} for a, n in found.n.items()],
        "hazard_ratio": to_json(first.hazard_ratio) if first else None,
        "comparisons": to_json(found.comparisons),
    }
