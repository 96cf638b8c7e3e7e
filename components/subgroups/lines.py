"""The forest's lines and how each says its numbers: shared by the figure and the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services import format as fmt
from services import names
from services.names import isolated
from services.pages.subgroups.records import SubgroupsPage
from services.study import labels

if TYPE_CHECKING:
    from services.evidence.cited import CitedRatio
    from services.statistics.results import Group, Row


@dataclass(frozen=True)
class Line:
    """One line of the forest: all patients, a variable's heading, a level or what was published."""

    y: int
    kind: str  # "overall", "heading", "published" or "level"
    label: str
    group: Group | None
    row: Row | None
    published: CitedRatio | None = None  # of the level that stands under it

    @property
    def target(self) -> str:
        """What a click on the line asks for."""
        if self.group and self.row:
            return f"row:{self.group.variable}:{self.row.level}"
        return f"fold:{self.group.variable}" if self.group else ""


def lines(page: SubgroupsPage) -> list[Line]:
    """The lines from top to bottom; folded variables keep only their heading.

    What a trial published for a level stands above what is simulated.
    """
    assert page.forest is not None
    found = [Line(0, "overall", page.forest.overall.level, None, page.forest.overall)]
    for group in page.forest.groups:
        found.append(Line(len(found), "heading", group.label, group, None))
        if group.variable in page.view.fold:
            continue
        for row in group.levels:
            label = labels.value_label(group.variable, row.level)
            told = page.published.get(f"{group.variable}:{row.level}")
            if told is not None and told.estimate is not None:
                said = f"{label}, published ({_source(told)})"
                found.append(Line(len(found), "published", said, group, row, told))
            found.append(Line(len(found), "level", label, group, row))
    return found


def _source(told: CitedRatio) -> str:
    first = told.sources[0]
    return first.label or first.title


def hover_text(page: SubgroupsPage, line: Line) -> str:
    """The whole line in words."""
    assert page.pair is not None
    if line.published is not None:
        return f"Published: HR {line.published.text}\n{line.published.about}\nClick for its curves"
    if line.row is None:
        assert line.group is not None
        test = line.group.interaction
        words = f"{isolated(line.label)}\n"
        words += (
            f"Interaction: chi-square {test.chi2:.2f} on {test.df} df, {fmt.p_equals(test.p)}"
            if test
            else f"Not tested: {line.group.interaction_reason}"
        )
        words += f"\n{names.capital(line.group.told)}" if line.group.told else ""
        if line.group.n_missing:
            words += f"\n{names.count(line.group.n_missing, 'patient')} without a value left out"
        return words + "\nClick to fold or unfold"
    row = line.row
    words = f"{isolated(line.group.label)}: {isolated(line.label)}" if line.group else line.label
    for arm in reversed(page.pair):
        words += f"\n{isolated(arm)}: {row.events[arm]} of {row.n[arm]} had the event"
        words += (
            f", median {fmt.time(row.median[arm], page.view.unit, fmt.NOT_REACHED)}"
            if row.n[arm]
            else ""
        )
        survival = row.survival[arm] if row.survival else None
        if survival is not None:
            at = names.time(page.time, page.view.unit)
            words += f", {fmt.percent(survival)} {page.endpoint.short} at {at}"
            competing = page.endpoint.competing
            words += f", {names.if_nothing_else(competing)}" if competing else ""
    ratio = row.hazard_ratio
    interval = fmt.level(page.view.level)
    words += (
        f"\nHR {fmt.ratio(ratio.estimate)}"
        f" ({interval} CI {fmt.ratio_interval(ratio.lower, ratio.upper)})"
        if ratio
        else f"\nNo hazard ratio: {row.reason}"
    )
    return words + ("\nClick for its curves" if line.kind == "level" else "")


def difference_text(row: Row) -> str:
    """ "+25.3 (11.4 to 39.2)" in percentage points; "NE" where it cannot be given."""
    change = row.difference
    if change is None or change.estimate is None:
        return fmt.NOT_ESTIMABLE
    text = fmt.points(change.estimate)
    if change.lower is None or change.upper is None:
        return text
    # A plus at every limit would cost a narrow column its room.
    return f"{text} ({fmt.points_interval(change.lower, change.upper).replace('+', '')})"


def drawn_ratio(line: Line) -> tuple[float, float, float] | None:
    """Lower limit, estimate and upper limit of what a line draws; without limits the estimate."""
    told = line.published
    if told is not None and told.estimate is not None:
        return (
            told.estimate if told.lower is None else told.lower,
            told.estimate,
            told.estimate if told.upper is None else told.upper,
        )
    ratio = line.row.hazard_ratio if line.row is not None else None
    return (ratio.lower, ratio.estimate, ratio.upper) if ratio is not None else None


def ratio_text(row: Row) -> str:
    """ "0.28 (0.12 to 0.62)" or "NE"."""
    return fmt.hazard_ratio(row.hazard_ratio)


def arm_text(page: SubgroupsPage, row: Row, arm: str) -> str:
    """Events of patients, and the median or the survival at the page's time."""
    counts = f"{row.events[arm]:,}/{row.n[arm]:,}"
    if not row.n[arm]:
        return counts
    if page.view.per_arm == "median":
        return f"{counts} · {fmt.time(row.median[arm], page.view.unit, fmt.NOT_REACHED)}"
    survival = row.survival[arm] if row.survival else None
    return f"{counts} · {fmt.percent(survival, 0)}"


def marks_text(page: SubgroupsPage, group: Group) -> str:
    """What to know of a variable: "pre-specified, illustrative; 6 without a value"."""
    marks = next((v.marks for v in page.variables if v.name == group.variable), ())
    parts = [", ".join(marks)] if marks else []
    parts += [f"{group.n_missing} without a value"] if group.n_missing else []
    return "; ".join(parts)
