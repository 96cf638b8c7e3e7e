"""Sentences of the page of benefit and risk: the answer, its detail, what the numbers rest on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from services import format as fmt
from services import names
from services.names import arm as arm_phrase
from services.pages import caution
from services.pages.benefit_risk.records import Outcome
from services.pages.paragraph import of_view, patients, written
from services.pages.records import Methods
from services.pages.words import kind_words
from services.pages.words import who as counted
from services.statistics.results import Estimate
from services.study.model import Arm, Endpoint, Study
from services.study.records import Population
from services.views.study import View


def per_hundred(value: float) -> str:
    """A share as whole patients of 100; "<1" where it is not none."""
    return fmt.share(abs(value), 0)


def time_words(asked: View, time: float, view: View) -> str:
    """The page's time; of several asked for as the survival page's "at", that they are not used."""
    text = names.time(time, view.unit)
    if asked.diff is None and len(asked.at) > 1:
        text += " (one time on this page, set by “diff”; the times of “at” are the survival page's)"
    return text


def answer(
    outcomes: tuple[Outcome, ...], pair: tuple[str, str] | None, time: float, view: View
) -> tuple[str, str]:
    """What changes for 100 patients, and what cannot be said, with the reason.

    Of an arm with fewer patients than a share is given for only that is said.
    """
    sizes = _sizes(outcomes)
    careful = caution.of_sizes(sizes)
    if careful and caution.too_few(sizes):
        return careful, ""
    told = [(o, _clause(o, pair, view.level)) for o in outcomes]
    known = [(o, clause) for o, clause in told if clause]
    detail = []
    if len(known) > 1:
        detail.append("The two are counted separately: a patient can have both.")
    unsure = [names.uncapital(o.title) for o, _ in known if pair and _includes_none(o.difference)]
    if unsure:
        detail.append(f"The interval is compatible with no difference for: {', '.join(unsure)}.")
    if pair and any(_rounded_apart(o, pair) for o, _ in known):
        detail.append(
            "Shares and their difference are each rounded, so they may be one patient apart."
        )
    absent = [f"{_unknown(o, pair)}." for o, clause in told if not clause]
    when = names.time(time, view.unit)
    against = f", on {arm_phrase(pair[0])} rather than {arm_phrase(pair[1])}" if pair else ""
    if not known:
        return f"At {when}{against}: " + " ".join(absent), ""
    parts = ("; " if pair else " and ").join(clause for _, clause in known)
    sentence = f"Of 100 patients like these, at {when}{against}: {parts}."
    # What is missing of the benefit belongs to the answer, not to the small print.
    lead = [f"{_unknown(o, pair)}." for o, clause in told if not clause and o.id == "benefit"]
    rest = [text for text in absent if text not in lead]
    return " ".join([sentence, *lead]), " ".join(filter(None, [*detail, careful, *rest]))


def _sizes(outcomes: Sequence[Outcome]) -> list[tuple[str, int]]:
    """Each arm with the fewest patients any outcome counts on it; without those nobody is on."""
    sizes: dict[str, int] = {}
    for outcome in outcomes:
        for name, arm in outcome.arms.items():
            if arm.n:
                sizes[name] = min(arm.n, sizes.get(name, arm.n))
    return list(sizes.items())


def _rounded_apart(outcome: Outcome, pair: tuple[str, str]) -> bool:
    """Whether the whole patients of 100 of the arms differ by others than the sentence says."""
    shares = [outcome.arms[name].share.estimate for name in pair]
    d = outcome.difference
    if d is None or d.estimate is None or None in shares:
        return False
    arm, reference = (round(100 * share) for share in shares if share is not None)
    return arm - reference != round(100 * d.estimate)


def _clause(outcome: Outcome, pair: tuple[str, str] | None, level: float) -> str:
    """ "25 more are progression-free (95% CI +15 to +35)"; "" if it cannot be estimated.

    Of a single arm how many there are: "87 are progression-free (95% CI 72 to 94)".
    """
    until = f" {outcome.beyond}" if outcome.beyond else ""
    if pair is None:
        share = next(iter(outcome.arms.values())).share if outcome.arms else None
        if share is None or share.estimate is None:
            return ""
        n = per_hundred(share.estimate)
        return f"{n} {_verb(outcome.label, n)} ({_limits(share, level, fmt.share_interval)}){until}"
    d = outcome.difference
    if d is None or d.estimate is None:
        return ""
    limits = _limits(d, level, fmt.points_interval)
    n = per_hundred(d.estimate)
    how = f"{n} {'more' if d.estimate >= 0 else 'fewer'}" if n != "0" else "about as many"
    return f"{how} {_verb(outcome.label, n)} ({limits}){until}"


def _limits(found: Estimate, level: float, printed: Callable[[float, float, int], str]) -> str:
    if found.lower is None or found.upper is None:
        return f"no interval; {found.reason}"
    return f"{fmt.level(level)} CI {printed(found.lower, found.upper, 0)}"


def _verb(label: str, n: str) -> str:
    """The label after a number: "are alive", after 1 "is alive"."""
    return re.sub(r"\b(are|have)\b", lambda m: _SINGULAR[m[0]], label) if n == "1" else label


_SINGULAR = {"are": "is", "have": "has"}


def benefit(endpoint: Endpoint, competes: bool) -> tuple[str, str]:
    """What is counted of an endpoint: as the end of a sentence after a number, and as a title."""
    if endpoint.good:
        happened = endpoint.happened.removeprefix("had ")
        if happened:
            return f"have {happened}", names.capital(happened)
        return f"have had the event ({names.label(endpoint.event)})", names.capital(endpoint.event)
    if not competes:
        return f"are {endpoint.short}", names.capital(endpoint.short)
    instead = [names.came_first(name).removeprefix("had ") for name in endpoint.competing]
    had = [w if w.startswith("died") else f"had {w}" for w in instead]
    label = names.join_or([f"are {endpoint.short}", *(f"have {w}" for w in had)])
    return label, names.capital(names.join_or([endpoint.short, *had]))


def _includes_none(d: Estimate | None) -> bool:
    return d is not None and d.lower is not None and d.upper is not None and d.lower <= 0 <= d.upper


def _unknown(outcome: Outcome, pair: tuple[str, str] | None) -> str:
    """Why an outcome is not in the sentence."""
    if outcome.reason is not None:
        return f"{outcome.title}: {outcome.reason.rstrip('.')}"
    reasons = [a.share.reason for a in outcome.arms.values() if a.share.reason]
    reason = (outcome.difference.reason if outcome.difference else None) or next(
        iter(reasons), None
    )
    which = "the difference" if pair else "how many"
    return f"{outcome.title}: {which} cannot be estimated ({reason or 'no patients'})"


def paragraph(
    study: Study,
    view: View,
    population: Population,
    arms: Sequence[Arm],
    outcomes: Sequence[Outcome],
    time: float,
    competes: bool,
) -> Methods:
    """The methods as a manuscript tells them; ``competes``: whether something does for the benefit.

    A harm that is not there is not told of.
    """
    benefit, *harms = outcomes
    harm = [outcome for outcome in harms if outcome.reason is None]
    parts = ["hundred" if harm else "hundred_alone"]
    parts += ["benefit_incidence" if competes else "benefit_curve", *(["harm"] if harm else [])]
    return written(
        [*parts, *(["needed"] if len(arms) > 1 else [])],
        ["benefit_risk"],
        study,
        **of_view(view),
        benefit=names.uncapital(benefit.title),
        harm=names.join_and([names.uncapital(outcome.title) for outcome in harm]),
        time=names.time(time, view.unit),
        who=patients(study, population, arms),
    )


def not_estimated(reason: str | None) -> str:
    """What stands in place of a method that was not used; "" without a reason.

    >>> not_estimated("This study has no adverse event table (ADAE).")
    'not estimated: this study has no adverse event table (ADAE)'
    """
    return f"not estimated: {names.uncapital(reason).removesuffix('.')}" if reason else ""


def provenance(
    study: Study,
    population: Population,
    arms: Sequence[Arm],
    outcomes: tuple[Outcome, ...],
    when: str,
) -> tuple[tuple[str, str], ...]:
    """Label and text of each thing a number rests on; ``when`` is the time in words."""
    who = counted(population, arms, study.arms)
    rows = [
        ("Study", f"{study.short_title}. {kind_words(study)}"),
        ("Population", who),
        ("Time", when),
    ]
    for outcome in outcomes:
        until = f"; {outcome.beyond}" if outcome.beyond else ""
        how = f"{outcome.population}; {outcome.method}{until}"
        rows.append((outcome.title, not_estimated(outcome.reason) or how))
    if study.metadata.data_cut:
        rows.append(("Data cut", study.metadata.data_cut))
    return tuple(rows)
