"""How the chart of a survival view is made, for the line under it and everything taken away."""

from __future__ import annotations

from collections.abc import Sequence

from services import format as fmt
from services.pages.survival.words import strata_words
from services.statistics.landmarks import difference_words
from services.study.records import Stratum
from services.views.study import View

Notes = tuple[tuple[str, str], ...]


def of_plot(rows: Notes, view: View, strata: Sequence[Stratum], label: str = "") -> Notes:
    """The provenance of the view ``plot`` names: its chart's own method, then that of the numbers.

    Parameters
    ----------
    rows : the provenance of Kaplan-Meier curves, whose line "Curves" is theirs
    strata : of the comparisons
    label : of the column small charts are drawn by
    """
    own = _method(view, strata, label)
    if not own:
        return rows
    # With competing events the sentence is of the incidence, and a line of its own says so.
    types = view.plot == "types"
    kept = not (types and any(name == "Incidence" for name, _ in rows))
    beside = "Sentence" if types else "Numbers"
    found: list[tuple[str, str]] = []
    for name, text in rows:
        if name != "Curves":
            found.append((name, text))
        elif view.plot == "curves":  # small charts: the same method in each
            found.append((name, f"{text}; {own}"))
        else:
            found += [(name, own), (beside, text)] if kept else [(name, own)]
    return tuple(found)


def _method(view: View, strata: Sequence[Stratum], label: str) -> str:
    level = fmt.level(view.level)
    if view.plot == "types":
        return (
            "cumulative incidence of each type of event, the others competing (Aalen-Johansen),"
            f" {level} CI ({view.ci}); Gray's test of all arms for each type, without strata"
        )
    if view.plot == "hazards":
        return (
            "hazard ratio over time: scaled Schoenfeld residuals of Cox's model, smoothed by a"
            f" natural cubic spline of 4 degrees of freedom, pointwise {level} limits;"
            f" strata: {strata_words(strata)}; score test of proportional hazards"
            " (Kaplan-Meier time)"
        )
    if view.plot == "means":
        return (
            "difference of restricted mean times up to each time, from Kaplan-Meier;"
            f" {level} limits {difference_words(view.ci)}"
        )
    return f"each level of {label} separately" if label else ""
