"""Sentences of the subgroups page: the answer, its caution, and what the numbers rest on."""

from __future__ import annotations

from services import format as fmt
from services import wording
from services.landmarks import difference_words
from services.page_records import Population
from services.pages import names
from services.study import Endpoint, Study
from services.subgroups import ForestResult
from services.subgroups_records import Variable
from services.view import View, format_number


def answer(
    forest: ForestResult, pair: tuple[str, str], population: Population, view: View
) -> tuple[str, str]:
    """The result in one sentence, and how many tests it took."""
    ratio = forest.overall.hazard_ratio
    arm, reference = (names.arm(name) for name in reversed(pair))
    if ratio is None:
        return (
            f"The effect of {arm} cannot be estimated in these {population.n} patients:"
            f" {forest.overall.reason}.",
            "",
        )
    overall = (
        f"HR {fmt.ratio(ratio.estimate)}, {fmt.level(view.level)} CI"
        f" {fmt.ratio_interval(ratio.lower, ratio.upper)}"
    )
    tested = [(g.interaction.p, g.label) for g in forest.groups if g.interaction is not None]
    if not tested:
        return f"{_capital(arm)} against {reference}: {overall}. No variable could be tested.", ""
    p, label = min(tested)
    if p >= 0.05:
        who = f"any of the {len(tested)} variables" if len(tested) > 1 else label.lower()
        first = (
            f"No sign that the effect of {arm} ({overall}) depends on {who}: "
            f"{'smallest ' if len(tested) > 1 else ''}interaction {fmt.p_equals(p)}"
        )
        first += f" ({label})." if len(tested) > 1 else "."
    else:
        first = (
            f"The effect of {arm} ({overall}) may depend on {_inside(label)}:"
            f" interaction {fmt.p_equals(p)}, one of {len(tested)} tests."
            if len(tested) > 1
            else f"The effect of {arm} ({overall}) may depend on {_inside(label)}:"
            f" interaction {fmt.p_equals(p)}."
        )
    return first, multiplicity(forest.tests, p)


def _inside(label: str) -> str:
    plain = label[1:2].islower() and not any(c.isdigit() for c in label)
    return label[:1].lower() + label[1:] if plain else label


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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


def provenance(
    study: Study,
    view: View,
    endpoint: Endpoint,
    pair: tuple[str, str],
    population: Population,
    without_record: int,
    time: float,
    variables: tuple[Variable, ...],
    tests: int,
) -> tuple[tuple[str, str], ...]:
    """Label and text of each thing a number rests on, in reading order."""
    arms = tuple(study.arm(name) for name in pair)
    rows = dict(wording.provenance(study, view, endpoint, arms, population, without_record))
    strata = ", ".join(view.strata) or "none"
    ours = {
        "Rows": f"Cox hazard ratio (Efron ties) with its {fmt.level(view.level)} Wald interval,"
        f" fitted within each level; strata: {strata}; {pair[1]} against {pair[0]}, below 1"
        f" favours {pair[1]}; none with fewer than {view.min_events} events",
        "Interaction": "likelihood-ratio test, one per variable, on patients with a value;"
        f" {tests} {'test' if tests == 1 else 'tests'}, p not corrected",
        "Difference": f"Kaplan-Meier survival of {pair[1]} minus {pair[0]} at"
        f" {format_number(time)} {view.unit}, limits {difference_words(view.ci)}",
    }
    driven = [v.label for v in variables if "data-driven" in v.marks]
    if driven:
        ours["Data-driven"] = f"{'; '.join(driven)}: cut after the data were seen"
    result = []
    for label, text in rows.items():
        if label not in ("Curves", "Comparison", "Differences"):
            result.append((label, text))
        elif label == "Curves":
            result += list(ours.items())
    return tuple(result)
