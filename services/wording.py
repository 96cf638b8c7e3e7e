"""Sentences made of results: the answer above a chart, the provenance line below it."""

from __future__ import annotations

from collections.abc import Sequence

from services import format as fmt
from services.page_records import Population
from services.records import Comparison, Curve, SurvivalResult
from services.study import Arm, Endpoint, Study
from services.view import View, format_number

FEW_EVENTS = 10
KIND_WORDS = {
    "simulated": "Simulated patients",
    "real": "Real patients",
    "uploaded": "Uploaded data",
}


def kind_words(study: Study) -> str:
    """Whose data these are. Nobody but who supplied a study without a citation can say."""
    if study.kind == "real" and not study.metadata.citation:
        return "Data as supplied"
    return KIND_WORDS[study.kind]


def with_caveat(study: Study, detail: str) -> str:
    """The detail, and for simulated patients what of their safety must not be believed."""
    if study.kind != "simulated":
        return detail
    caveat = "Simulated: adverse events that the publication does not give are illustrative."
    return f"{detail} {caveat}".strip()


def join_and(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c".

    >>> join_and(["a", "b", "c"])
    'a, b and c'
    """
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def arm_phrase(name: str) -> str:
    """An arm's name inside a sentence: "lenalidomide", but "Rd" and "A: Drug X" stay.

    >>> arm_phrase("Lenalidomide"), arm_phrase("Rd"), arm_phrase("A: Drug X")
    ('lenalidomide', 'Rd', 'A: Drug X')
    """
    first, rest = name[:1], name[1:]
    plain = len(name) > 3 and not any(c.isdigit() or c.isupper() or c == ":" for c in rest)
    return first.lower() + rest if plain else name


def _headline_time(curves: Sequence[Curve]) -> int | None:
    """Index of the latest landmark at which every arm still has 10 patients at risk.

    Failing that, the latest at which every arm can be estimated.
    """
    columns = list(zip(*(c.landmarks for c in curves), strict=False))
    usable = [i for i, marks in enumerate(columns) if all(m.survival is not None for m in marks)]
    solid = [i for i in usable if all(m.at_risk >= 10 for m in columns[i])]
    best = solid or usable
    return best[-1] if best else None


def _effect(comparison: Comparison, level: float) -> str:
    ratio = comparison.hazard_ratio
    if ratio is None:
        return f"hazard ratio not estimable: {comparison.reason}"
    limits = fmt.ratio_interval(ratio.lower, ratio.upper)
    return f"HR {fmt.ratio(ratio.estimate)}, {fmt.level(level)} CI {limits}"


def answer(result: SurvivalResult, endpoint: Endpoint, view: View) -> tuple[str, str]:
    """The result in one sentence, and a second one that says how sure it is.

    Returns
    -------
    (answer, detail) : plain text; detail may be empty
    """
    curves = [c for name in _display_order(view.arms) for c in result.curves if c.arm == name]
    events = sum(c.events for c in curves)
    several = len(curves) > 1
    counts = join_and(
        [
            f"{c.events} of {c.n}" + (f" on {arm_phrase(c.arm)}" if several else " patients")
            for c in curves
        ]
    )
    if events < FEW_EVENTS:
        total = "No events" if events == 0 else f"Only {events} event{'s' * (events > 1)}"
        first = f"{total} so far: {counts} had the event ({endpoint.event})."
        return first, _detail(result, view, few=True)
    index = _headline_time(curves)
    if index is None:
        return f"{counts} had the event ({endpoint.event}).", _detail(result, view, few=False)
    time = format_number(curves[0].landmarks[index].time)
    single = f"{time} {view.unit[:-1]}" if time == "1" else f"{time} {view.unit}"
    shares = []
    for curve in curves:
        share = curve.landmarks[index].survival
        assert share is not None  # _headline_time chose it so
        shares.append(
            f"{fmt.percent(share, 0)}" + (f" on {arm_phrase(curve.arm)}" if several else "")
        )
    sentence = f"At {single}, {join_and(shares)} were {endpoint.short}"
    if len(result.comparisons) == 1:
        sentence += f" ({_effect(result.comparisons[0], view.level)})"
    elif len(curves) == 1:
        mark = curves[0].landmarks[index]
        if mark.lower is not None and mark.upper is not None:
            sentence += (
                f" ({fmt.level(view.level)} CI {fmt.percent(mark.lower, 0)} to"
                f" {fmt.percent(mark.upper, 0)})"
            )
    return sentence + ".", _detail(result, view, few=False)


def _detail(result: SurvivalResult, view: View, few: bool) -> str:
    parts = []
    if len(result.comparisons) == 1:
        comparison = result.comparisons[0]
        ratio = comparison.hazard_ratio
        if few:
            parts.append(
                f"With so few events the comparison is very uncertain"
                f" ({_effect(comparison, view.level)})."
                if ratio
                else f"Too few to compare ({_effect(comparison, view.level)})."
            )
        elif ratio is not None:
            arm, reference = arm_phrase(comparison.arm), arm_phrase(comparison.reference)
            if ratio.upper < 1:
                parts.append(f"The whole interval favours {arm} over {reference}.")
            elif ratio.lower > 1:
                parts.append(f"The whole interval favours {reference} over {arm}.")
            else:
                parts.append(f"The interval includes no difference between {arm} and {reference}.")
    elif len(result.comparisons) > 1 and result.log_rank is not None:
        parts.append(
            f"Difference between the {len(result.curves)} arms:"
            f" log-rank {fmt.p_equals(result.log_rank.p)}."
        )
    return " ".join(parts)


def _display_order(arms: Sequence[str]) -> list[str]:
    """Experimental arms first, the reference last, as sentences and tables have it."""
    return [*arms[1:], arms[0]] if len(arms) > 1 else list(arms)


def _read_as(study: Study, endpoint: Endpoint) -> str:
    """How the times were taken from data that are not our own: never in silence."""
    if study.kind == "simulated":
        return ""
    source = dict(study.report.mapped).get(f"Time of {endpoint.id}")
    return f"; read as {source}" if source else ""


def provenance(
    study: Study,
    view: View,
    endpoint: Endpoint,
    arms: Sequence[Arm],
    population: Population,
    without_record: int,
) -> tuple[tuple[str, str], ...]:
    """Label and text of each thing a number rests on, in reading order."""
    who = f"{population.n} of {population.n_total} patients"
    who += f" ({population.summary})" if population.summary else ", no filter"
    if without_record:
        who += f"; {without_record} without a record of this endpoint"
    competing = ""
    if endpoint.competing:
        instead = join_and([name.lower() for name in endpoint.competing])
        competing = f"; {instead} before the event counted as censored (see Types of event)"
    rows = [
        ("Study", f"{study.metadata.short_title or study.title}. {kind_words(study)}"),
        ("Population", who),
        ("Endpoint", f"{endpoint.label}; event: {endpoint.event}"),
        ("Curves", f"Kaplan-Meier, {fmt.level(view.level)} CI ({view.ci}, Greenwood){competing}"),
    ]
    if len(arms) > 1:
        chosen = dict.fromkeys([*view.strata, *([view.facet] if view.facet else [])])
        strata = ", ".join(chosen) or "none"
        rows.append(
            (
                "Comparison",
                f"Cox hazard ratio (Efron ties) and log-rank test; strata: {strata};"
                f" reference: {view.arms[0]}; below 1 favours the other arm",
            )
        )
    rows.append(
        ("Time", f"{view.unit}, from the first day of the endpoint{_read_as(study, endpoint)}")
    )
    if study.metadata.data_cut:
        rows.append(("Data cut", study.metadata.data_cut))
    return tuple(rows)
