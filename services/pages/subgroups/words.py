"""Sentences of the subgroups page: the answer, its caution, and what the numbers rest on."""

from __future__ import annotations

from collections.abc import Sequence

from services import format as fmt
from services import names
from services.pages import caution
from services.pages.paragraph import of_pair, of_view, patients, written
from services.pages.records import Methods
from services.pages.subgroups.records import Variable
from services.pages.survival import methods
from services.pages.survival.methods import stratified
from services.statistics.landmarks import difference_words
from services.statistics.results import ForestResult
from services.study.model import Endpoint, Study
from services.study.records import Population, Stratum
from services.views.study import View


def answer(
    forest: ForestResult,
    pair: tuple[str, str],
    population: Population,
    view: View,
    endpoint: Endpoint,
    stratified: bool,
    simulated: bool = False,
) -> tuple[str, str]:
    """The result in one sentence, and how many tests it took.

    ``simulated`` : the patients are; how their effect changes over time was published by nobody
    """
    ratio = forest.overall.hazard_ratio
    arm, reference = (names.arm(name) for name in reversed(pair))
    what, effect = "the effect", f"the effect of {arm}"
    if view.known:  # groups made after the start: a difference, no effect
        what = "the difference"
        effect = f"the difference between {arm} and {reference}"
    if ratio is None:
        n = sum(forest.overall.n.values())
        return (
            f"{names.capital(effect)} cannot be estimated in {names.count(n, 'patient')}:"
            f" {forest.overall.reason}.",
            "",
        )
    kind = "stratified " if stratified else ""
    kind += "cause-specific " if endpoint.competing else ""
    overall = f"{kind}HR {fmt.ratio(ratio.estimate)}, {fmt.level(view.level)} CI"
    overall += f" {fmt.ratio_interval(ratio.lower, ratio.upper)}"
    events = sum(forest.overall.events.values())
    small = caution.of_sizes([(name, forest.overall.n[name]) for name in reversed(pair)])
    changes = "" if simulated else caution.changes(forest.proportional_hazards, events)
    tested = caution.tested(forest)
    weak = [g for g in forest.groups if g.caution is not None]
    if not tested:
        first = f"{names.capital(arm)} versus {reference}: {overall}."
        if weak:
            first += f" Too few events ({events}) to test whether any variable changes {what}."
        else:
            first += " No variable could be tested."
        return first, f"{changes} {small}".strip()
    p, label = min((g.interaction.p, g.label) for g in tested if g.interaction is not None)
    several = len(tested) > 1
    who = f"any of the {len(tested)} variables" if several else names.label(label)
    test = f"{'smallest ' if several else ''}interaction {fmt.p_equals(p)}"
    test += f" ({names.label(label)})" if several else ""
    effect += f" ({overall})"
    if p < caution.SIGN:
        one_of = f", one of {forest.tests} tests" if forest.tests > 1 else ""
        first = (
            f"{names.capital(effect)} may depend on {names.label(label)}: interaction"
            f" {fmt.p_equals(p)}{one_of}."
        )
    elif p >= caution.NO_SIGN and events >= caution.ENOUGH_EVENTS:
        first = f"No sign that {effect} depends on {who}: {test}."
    else:
        first = f"Whether {effect} depends on {who} cannot be determined ({events} events): {test}."
    left = (
        f"Too few events to test {names.join_and([names.label(g.label) for g in weak])}."
        if weak
        else ""
    )
    parts = [changes, small, multiplicity(forest.tests, p), left]
    return first, " ".join(filter(None, parts))


def multiplicity(tests: int, smallest: float) -> str:
    """How much chance alone would show in so many tests.

    The chance of at least one p < 0.05 is that of independent tests without any interaction;
    the corrected p is Bonferroni's.
    """
    if tests < 2:
        return ""
    chance = 1 - 0.95**tests
    text = (
        f"{tests} interaction tests: with no true difference at all, the chance of at least one"
        f" p below 0.05 is about {fmt.percent(chance, 0)}."
    )
    if smallest < 0.05:
        corrected = fmt.p_value(min(1.0, smallest * tests))
        text += f" Corrected for the number of tests (Bonferroni), the smallest p is {corrected}."
    return text


def paragraph(
    study: Study,
    view: View,
    endpoint: Endpoint,
    pair: tuple[str, str],
    population: Population,
    strata: Sequence[Stratum],
    time: float,
    variables: str,
    tests: int,
    before: Sequence[str] = (),
    **more: str,
) -> Methods:
    """The methods of a forest as a manuscript tells them.

    Parameters
    ----------
    variables : in words; before : sentences that come first, filled by ``more``
    """
    arms = tuple(study.arm(name) for name in pair)
    difference = "difference_plain" if view.ci == "plain" else "difference_mover"
    named = of_pair(pair[1], pair[0])
    return written(
        [
            *(*before, "rows", *methods.entry_part(study, endpoint)),
            *(["interaction"] if tests else []),
            difference,
        ],
        ["subgroups"],
        study,
        **of_view(view),
        **named,
        **more,
        endpoint=names.label(endpoint.label) + ("," if view.what_if else ""),
        who=patients(study, population, arms),
        variables=variables,
        specific="cause-specific " if endpoint.competing else "",
        strata=stratified(strata),
        least=names.count(view.min_events, "event"),
        tests=names.count(tests, "test"),
        time=names.time(time, view.unit),
        rule=endpoint.ratio_rule(named["arm"]),
    )


def provenance(
    study: Study,
    view: View,
    endpoint: Endpoint,
    pair: tuple[str, str],
    population: Population,
    without_record: int,
    strata: Sequence[Stratum],
    time: float,
    variables: tuple[Variable, ...],
    tests: int,
    moved: str = "",
) -> tuple[tuple[str, str], ...]:
    """Label and text of each thing a number rests on, in reading order."""
    arms = tuple(study.arm(name) for name in pair)
    rows = dict(methods.provenance(study, view, endpoint, arms, population, without_record, strata))
    arm, reference = names.whom(pair[1]), names.whom(pair[0])
    specific = "cause-specific " if endpoint.competing else ""
    world = f", {names.if_nothing_else(endpoint.competing)}" if endpoint.competing else ""
    ours = {
        "Rows": f"Cox {specific}hazard ratio (Efron ties) with its {fmt.level(view.level)} Wald"
        f" interval, fitted within each level; strata: {methods.strata_words(strata)};"
        f" {arm} versus {reference}, {endpoint.ratio_rule(arm)};"
        f" none with fewer than {names.count(view.min_events, 'event')}",
        "P-values": "two-sided, of interaction alone: likelihood-ratio test, one per variable, on"
        f" patients with a value; {names.count(tests, 'test')}, p not corrected"
        if tests
        else "none: no variable could be tested for interaction",
        "Difference": f"Kaplan-Meier survival of {arm} minus {reference} at"
        f" {names.time(time, view.unit)},"
        f" limits {difference_words(view.ci, means=False)}{world}"
        + (f". {moved.removesuffix('.')}" if moved else ""),
    }
    driven = [v.label for v in variables if "data-driven" in v.marks]
    if driven:
        ours["Data-driven"] = f"{'; '.join(driven)}: cut points chosen after the data were seen"
    result = []
    for label, text in rows.items():
        if label not in ("Curves", "Comparison", "Differences", "P-values", "Incidence"):
            result.append((label, text))
        elif label == "Curves":
            result += list(ours.items())
    return tuple(result)
