"""What is wrong with a value, in the words of who typed it or followed a link to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.errors import FilterError, UserError, short
from services.views.parse import FieldError

SHOWN = "is shown instead"


@dataclass(frozen=True)
class _Words:
    """Of one key.

    Attributes
    ----------
    named : what a link asks for with it; many : it is a plural
    instead : what is shown in its place
    is_not : what a field's value is not; write : what to write into the field
    """

    named: str
    instead: str
    many: bool = False
    is_not: str = ""
    write: str = ""


_DEFAULT = "the page is shown without it"
_KEYS: dict[str, _Words] = {
    "endpoint": _Words("the endpoint", f"the study's first one {SHOWN}"),
    "arms": _Words("the arm", "the study's own arms are shown instead"),
    "ci": _Words("the kind of confidence interval", f"log-log {SHOWN}"),
    "level": _Words("the confidence level", "95% is used instead"),
    "unit": _Words("the time unit", "months are used instead"),
    "at": _Words(
        "times",
        "the study's own times are shown instead",
        True,
        "a time",
        "Write numbers such as 12, 24, 36.",
    ),
    "tau": _Words(
        "the time limit of the mean",
        "the arms' common follow-up is used instead",
        is_not="a time to count up to",
        write="Write a number above 0, such as 36, or leave it empty.",
    ),
    "ticks": _Words(
        "the distance between the marks of the time axis",
        "one that fits the data is used instead",
        is_not="a distance between marks",
        write="Write a number above 0, such as 12, or leave it empty.",
    ),
    "xmax": _Words(
        "the end of the time axis",
        "the last time of the data is used instead",
        is_not="a time at which the axis can end",
        write="Write a number above 0, such as 60, or leave it empty.",
    ),
    "diff": _Words(
        "the time of the difference",
        "the page's own time is used instead",
        is_not="a time",
        write="Write one number above 0, such as 36, or leave it empty.",
    ),
    "min_events": _Words(
        "the fewest events",
        "5 is used instead",
        is_not="a number of events",
        write="Write a whole number from 0 to 9999, such as 5.",
    ),
    "least": _Words(
        "the smallest percentage",
        "all terms are shown",
        is_not="a percentage",
        write="Write a number from 0 to 100, such as 5.",
    ),
    "cut": _Words(
        "groups cut at",
        "they are left out",
        True,
        "a number to cut at",
        "Write numbers such as 60, 70.",
    ),
    "strata": _Words("strata", "they are left out", True),
    "by": _Words("the characteristic", "it is left out"),
    "fold": _Words("the folded characteristic", "it is left out"),
    "facet": _Words("a chart for each group of", f"one chart {SHOWN}"),
    "row": _Words("the open row", "none is open"),
    "scale": _Words("the scale of the curves", f"survival {SHOWN}"),
    "plot": _Words("the chart", "the curves are shown instead"),
    "hide": _Words("the layers left out", "the usual ones are shown", True),
    "per_arm": _Words("the figure beside each arm", f"the median {SHOWN}"),
    "sort": _Words("the order", f"the study's own order {SHOWN}"),
    "models": _Words("the risk model", "the study's first two are compared instead"),
    "of": _Words("the arm", f"the reference arm {SHOWN}"),
    "versus": _Words("the compared arm", f"the first other arm {SHOWN}"),
    "section": _Words("the part of the page", f"the overview {SHOWN}"),
    "emergent": _Words("the events counted", "those on treatment are counted", True),
    "grade": _Words("the grade", "any grade is counted"),
    "only": _Words("only events that are", "all are counted", True),
    "effect": _Words("the comparison", f"the difference {SHOWN}"),
    "order": _Words("the order", f"the usual one {SHOWN}"),
    "timeplot": _Words("the chart over time", f"the first event {SHOWN}"),
    "term": _Words("the term", f"any event {SHOWN}"),
    "open": _Words("the open class", "it is left out"),
    "page": _Words("the page of the list", f"the first {SHOWN}"),
    "id": _Words("the patient", f"none {SHOWN}"),
    "q": _Words("the words", "nothing is searched for", True),
    "drug": _Words("the drug", "trials of all drugs are shown"),
    "risk": _Words("the population", "trials of all populations are shown"),
    "design": _Words("the design", "all designs are shown"),
    "reports": _Words("the reports", "the latest are shown", True),
    "bmpc": _Words("plasma cells of", "the field is left empty", True),
    "mprot": _Words("an M-protein of", "the field is left empty"),
    "flcr": _Words("a free light chain ratio of", "the field is left empty"),
    "kappa_flc": _Words("kappa light chains of", "the field is left empty", True),
    "lambda_flc": _Words("lambda light chains of", "the field is left empty", True),
    "aberrant": _Words("aberrant plasma cells of", "the field is left empty", True),
    "months": _Words("months since diagnosis of", "the field is left empty", True),
    "mprot_unit": _Words("the unit of the M-protein", "g/dL is used instead"),
    "flc": _Words("light chains entered as", "their ratio is asked for", True),
    "fish": _Words("high-risk cytogenetics", "they count as unknown", True),
    "reduced": _Words("reduced immunoglobulins", "they count as unknown", True),
    "isotype": _Words("the heavy chain", "it counts as unknown"),
}


def beside(problem: FieldError) -> str:
    """What stands under a field whose value cannot be used.

    >>> from services.views.parse import times
    >>> try: times("at", "abc")
    ... except FieldError as problem: beside(problem)
    '“abc” is not a time. Write numbers such as 12, 24, 36.'
    """
    words = _KEYS[problem.key]
    return problem.said or f"“{short(problem.value)}” is not {words.is_not}. {words.write}"


def left_out(problem: UserError, text: str) -> str:
    """What stands under a field of the calculator whose value does not count.

    >>> from services.views.parse import between
    >>> try: between(0, 100)("bmpc", "150")
    ... except FieldError as problem: left_out(problem, "150")
    '“150” is left out. Write a number from 0 to 100.'
    """
    return f"“{short(text)}” is left out. Write {problem.hint.removeprefix('Allowed: ')}"


def in_link(key: str, value: str, problem: UserError, left: bool = False) -> str:
    """What is said above a page of one value of its link that cannot be used.

    Parameters
    ----------
    problem : why; left : other values of the same key stay

    >>> from services.views.parse import times
    >>> try: times("at", "abc")
    ... except FieldError as problem: print(in_link("at", "abc", problem))
    The link asked for times “abc”, which are no numbers: the study's own times are shown instead.
    """
    if key.startswith("f."):
        label = problem.label if isinstance(problem, FilterError) else key[2:]
        words = _Words(f"the filter {label}", "it is left out")
    else:
        words = _KEYS.get(key, _Words(f"“{key}”", _DEFAULT))
    why = problem.why if isinstance(problem, (FieldError, FilterError)) else "cannot be used here"
    if words.many and why.startswith("is "):
        why = f"are {why[3:]}"
    instead = "it is left out" if left else words.instead
    return f"The link asked for {words.named} “{short(value)}”, which {why}: {instead}."


def unknown(keys: Sequence[str]) -> str:
    """What is said of keys that no page has."""
    named = ", ".join(f"“{short(key)}”" for key in keys[:3])
    more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
    it = "it is" if len(keys) == 1 else "they are"
    return f"The link asked for {named}{more}, which this page does not know: {it} left out."
