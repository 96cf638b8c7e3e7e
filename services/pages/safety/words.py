"""Sentences of the safety page: the answer, its detail, notes and provenance."""

from __future__ import annotations

from collections.abc import Sequence

from services import format as fmt
from services import names
from services.adverse_events.coded import Coded, limits
from services.adverse_events.counts import Chosen
from services.adverse_events.records import EventRow, Watched
from services.arrays import IntArray
from services.names import arm as arm_phrase
from services.names import isolated, join_and
from services.pages import caution
from services.pages.paragraph import of_pair, of_view, patients, written
from services.pages.records import Methods
from services.pages.words import kind_words
from services.statistics.results import Estimate
from services.study.model import Study
from services.study.records import Population
from services.views.study import View

POPULATION = "safety population"
NOBODY = "No patient of the safety population matches all the filters. Remove one or reset them."
UNEQUAL = 1.25  # arms watched for longer than this times another's are not compared on counts


def limited_label(view: View, events: Coded) -> str:
    """What the view leaves, before "adverse events": "Serious and related grade 3 or higher"."""
    severe = view.grade == "severe" and events.severity
    grade = f" {events.severity.severe_title.lower()}" if severe and events.severity else ""
    return f"{join_and(view.only)}{grade}".capitalize()


def counted(view: View, events: Coded) -> str:
    """The kind of events counted: "treatment-emergent adverse events"."""
    emergent = view.emergent == "yes" and "emergent" not in events.unknown
    return "treatment-emergent adverse events" if emergent else "all adverse events"


def points(difference: Estimate, level: float) -> str:
    """ "34.2 points more (95% CI 22.9 to 45.3)"."""
    if difference.estimate is None or difference.lower is None or difference.upper is None:
        return f"difference not estimable: {difference.reason}"
    size = fmt.points(difference.estimate)
    how = "more" if size.startswith("+") else "fewer" if size.startswith("−") else "apart"
    return (
        f"{size.lstrip('+−')} points {how} ({fmt.level(level)} CI"
        f" {fmt.points_interval(difference.lower, difference.upper)})"
    )


def _shares(row: EventRow, arms: Sequence[str], n: IntArray) -> str:
    parts = []
    for i, arm in enumerate(arms):
        count = row.arms[arm]
        on = f" on {arm_phrase(arm)}" if len(arms) > 1 else ""
        share = fmt.percent((count.percent or 0.0) / 100, 0)
        parts.append(f"{count.subjects:,} of {int(n[i]):,} ({share}){on}")
    return join_and(parts)


def answer(
    n: IntArray,
    arms: tuple[str, ...],
    overview: Sequence[EventRow],
    pair: tuple[str, str] | None,
    view: View,
    watched: Sequence[Watched],
    limited: EventRow | None = None,
) -> tuple[str, str]:
    """The severe events in one sentence, then how that compares.

    Without a severity the sentence is about any event. Arms without patients are left out.

    Parameters
    ----------
    limited : any event of those the view leaves, where it asks for serious or related ones: then
        the sentence is about these
    """
    rows = {row.id: row for row in overview}
    row = rows["severe"] if rows["severe"].reason is None else rows["any"]
    row = limited or row
    present = [i for i in range(len(arms)) if n[i]]
    names = tuple(arms[i] for i in present)
    if not names:
        return "", ""
    event = "" if row.id == "any" else " adverse events"
    sentence = f"{row.label.capitalize()}{event}: {_shares(row, names, n[present])}."
    detail = []
    if pair is not None and row.difference is not None and row.difference.estimate is not None:
        change = points(row.difference, view.level)
        detail.append(f"{isolated(pair[0])} versus {arm_phrase(pair[1])}: {change}.")
        sizes = dict(zip(arms, map(int, n), strict=True))
        detail += filter(None, [caution.of_sizes([(arm, sizes[arm]) for arm in pair])])
    if watched and len(names) > 1:
        times = [
            f"{fmt.time(w.median, view.unit)} {view.unit} on {arm_phrase(w.arm)}"
            for w in watched
            if w.arm in names
        ]
        detail.append(f"Median observation: {join_and(times)}.")
    if row.id == "severe" and any(row.arms[arm].grades.get("5") for arm in names):
        # Published counts may be of grade 3 and 4 alone.
        detail.append("Grade 5 (fatal) events count among these.")
    return sentence, " ".join(detail)


def unequal(watched: Sequence[Watched]) -> bool:
    """Whether some arm was watched much longer than another, per patient."""
    means = [w.patient_years / w.subjects for w in watched if w.subjects]
    return len(means) > 1 and max(means) > UNEQUAL * min(means)


def listed(shown: int, unlisted: int) -> tuple[tuple[str, str], ...]:
    """That not every term is listed, for what stands under the figure and in files."""
    if not unlisted:
        return ()
    text = (
        f"the {shown:,} that most patients had, of {shown + unlisted:,}; a search or a higher "
        "minimum percentage lists others"
    )
    return (("Terms", text),)


def notes(
    chosen: Chosen,
    view: View,
    watched: Sequence[Watched],
    listed: Sequence[EventRow],
) -> tuple[str, ...]:
    """What a reader has to know before comparing, of the patients and events that are counted."""
    result = []
    events, pair = chosen.coded, chosen.pair
    if "emergent" in events.unknown:
        result.append(f"All events are counted: {events.unknown['emergent']}.")
    elif "emergent" in events.partly:
        result.append(f"{events.partly['emergent']}.")
    if "emergent" not in events.unknown and view.emergent == "no":
        result.append("Events that are not treatment-emergent are counted too.")
    if pair is not None and unequal(watched):
        result.append(
            "The arms were observed for different lengths of time, so counts alone are not a fair "
            "comparison: see the rates per 100 patient-years under “Over time”."
        )
    compared = [row for row in listed if _compared(row, pair)]
    if len(compared) > 1:
        chance = (1 - view.level) * len(compared)
        result.append(
            f"{len(compared)} terms are compared, and the intervals are not adjusted for "
            "multiplicity: about"
            f" {max(chance, 0.1):.{0 if chance >= 1 else 1}f} of them would exclude “no"
            " difference” by chance alone if the arms did not differ at all."
        )
    if events.severity:
        result += _ungraded(chosen, view)
    return tuple(result)


def _compared(row: EventRow, pair: tuple[str, str] | None) -> bool:
    """Whether the pair is compared on a term that at least one of its patients had."""
    if pair is None or row.difference is None or row.difference.estimate is None:
        return False
    return any(row.arms[arm].subjects for arm in pair)


def _ungraded(chosen: Chosen, view: View) -> list[str]:
    events = chosen.coded
    kept = chosen.counted & (events.grade < 0)
    for name in view.only:
        kept &= getattr(events, name)
    n = int(kept.sum())
    if not n:
        return []
    emergent = view.emergent == "yes" and "emergent" not in events.unknown
    kind = " ".join([*(["treatment-emergent"] if emergent else []), *view.only])
    what = fmt.counted(n, f"{kind} event has".strip(), f"{kind} events have".strip())
    graded = events.severity is not None and events.severity.levels[-1] == "5"
    text = f"{what} no {'grade' if graded else 'severity'}"
    if view.grade == "severe" and events.severity:
        text += f", and {'is' if n == 1 else 'are'} not among “{events.severity.severe_short}”"
    return [text + "."]


def _comparison(pair: tuple[str, str], view: View) -> str:
    words = fmt.level(view.level)
    if view.section == "time":
        return f"{isolated(pair[0])} minus {isolated(pair[1])}: rates with {words} score CI"
    if view.effect == "difference":
        how = f"{isolated(pair[0])} minus {isolated(pair[1])}"
    else:
        ratio = "risk ratio" if view.effect == "ratio" else "odds ratio"
        how = f"{ratio} of {isolated(pair[0])} over {isolated(pair[1])}"
    return f"{how}, {words} CI (Miettinen-Nurminen), not adjusted for multiplicity"


_EFFECTS = {
    "difference": "difference of percentages",
    "ratio": "risk ratio",
    "odds": "odds ratio",
}


def paragraph(
    study: Study,
    view: View,
    population: Population,
    events: Coded,
    pair: tuple[str, str] | None,
) -> Methods:
    """The methods as a manuscript tells them."""
    parts = ["events", *(["percentages"] if pair else [])]
    parts += ["over_time"] if view.section == "time" else []
    return written(
        parts,
        ["safety" if pair else "alone"],
        study,
        **of_view(view),
        **(of_pair(*pair) if pair else {}),
        Events=counted(view, events).capitalize(),
        who=patients(study, population, study.arms),
        effect=_EFFECTS[view.effect],
    )


def provenance(
    study: Study,
    view: View,
    population: Population,
    events: Coded | None,
    pair: tuple[str, str] | None,
) -> tuple[tuple[str, str], ...]:
    """Label and text of each thing a number rests on, in reading order."""
    everyone = names.count(population.n_study, "patient")
    who = f"{POPULATION} by actual arm, {population.n:,} of {everyone}"
    who += f" ({population.summary})" if population.summary else ", no filter"
    if events is None:
        who = "no patients are counted, because there are no adverse events to count"
    rows = [
        ("Study", f"{study.short_title}. {kind_words(study)}"),
        ("Population", who),
    ]
    if events is not None:
        kind, only = counted(view, events), limits(view, events)
        if only:
            kind += f" ({only}; the overview counts all)"
        severity = events.severity.title if events.severity else "no severity recorded"
        rows.append(("Events", f"{kind}; each patient once per row, at the worst grade"))
        rows.append(("Severity", severity))
    if pair is not None and events is not None and view.section != "events":
        rows.append(("Comparison", _comparison(pair, view)))
    if study.metadata.data_cut:
        rows.append(("Data cut", study.metadata.data_cut))
    return tuple(rows)
