"""Records of whole pages: what a page's maker answers and a page shows. Nothing here computes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.replaced import replace

if TYPE_CHECKING:
    from services.arrays import FloatArray
    from services.evidence.cited import Headline
    from services.statistics.results import HazardRatio
    from services.study.model import Arm, Study
    from services.study.records import FilterColumn, OtherTime, Population, Reason
    from services.views.study import View


@dataclass(frozen=True)
class MadeUp:
    """Why what a page shows of simulated patients is no result: it was never published.

    ``what`` names it ("adverse events of observation"), ``sentence`` stands for the answer.
    """

    what: str
    sentence: str


@dataclass(frozen=True)
class Methods:
    """How a view was analyzed, for a manuscript: a paragraph and a footnote for its tables.

    ``references`` has each source in full, and its link or "".
    """

    text: str = ""
    footnote: str = ""
    references: tuple[tuple[str, str], ...] = ()

    @property
    def whole(self) -> str:
        """All of it, to be pasted: paragraph, footnote, references."""
        cited = (f"{text} {link}".strip() for text, link in self.references)
        sources = [f"{i}. {source}" for i, source in enumerate(cited, 1)]
        note = f"Under tables: {self.footnote}" if self.footnote else ""
        return "\n\n".join(filter(None, (self.text, note, "\n".join(sources))))


USUAL = "Usual ways"  # what the first choices are about: all times at once


@dataclass(frozen=True)
class Choice:
    """A way of handling times that the data can answer, as a view; or why they cannot.

    ``about`` says of which time or reason; ``view`` is ``None`` where ``label`` says why not.
    """

    about: str
    label: str
    view: View | None
    chosen: bool = False


@dataclass(frozen=True)
class Ways:
    """What can be reconsidered of an endpoint's times, in these data.

    ``choices`` are the usual ways, ``reasons`` those for censoring, ``other_times`` those that came
    first in some patient; ``known_times`` can make groups at a landmark, alone or with the levels
    of one of ``known_flags``, which are columns with their labels.
    """

    choices: tuple[Choice, ...] = ()
    reasons: tuple[Reason, ...] = ()
    other_times: tuple[OtherTime, ...] = ()
    known_times: tuple[OtherTime, ...] = ()
    known_flags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Estimand:
    """What is estimated, in the five attributes of ICH E9 (R1)."""

    treatment: str
    population: str
    variable: str
    intercurrent_events: tuple[str, ...]
    summary_measure: str


@dataclass(frozen=True)
class Status:
    """Where a patient's time ends, in the page's unit, and with what."""

    time: float
    event: bool
    reason: str


@dataclass(frozen=True)
class Mover:
    """A patient whose time or status is another than the study gives."""

    subject: str
    arm: str
    given: Status
    now: Status


@dataclass(frozen=True)
class Compared:
    """The leading hazard ratio of an arm and the reference, or why there is none."""

    arm: str
    reference: str
    hazard_ratio: HazardRatio | None
    reason: str | None


@dataclass(frozen=True)
class Totals:
    """Patients and events per arm, and what compares them."""

    n: Mapping[str, int]
    events: Mapping[str, int]
    comparisons: tuple[Compared, ...]


@dataclass(frozen=True)
class WhatIf:
    """What a reader's choice of times does to an endpoint: who moves, and what they change.

    ``left_out`` says who is not counted from a landmark on; "" without one.
    """

    sentence: str
    estimand: Estimand
    movers: tuple[Mover, ...]
    left_out: str
    as_given: Totals
    reconsidered: Totals


@dataclass(frozen=True, eq=False)
class PageRecord:
    """What every page of a study has: ``view`` with its defaults filled in, and who is shown.

    ``counts`` holds, per filter column and level, the patients that pass all other filters.
    ``address`` is ``view`` without what equals the study's defaults, for links and file names.
    ``among`` says of whom the population is a part, where not of all patients.
    ``headlines`` is what the trial's own publication says of what the page shows; it stands first.
    ``answer`` is the result in a sentence, ``answer_detail`` what there is to say of it; ``reason``
    says why there is none. ``provenance`` has label and text of what the numbers rest on,
    ``methods`` the same as a manuscript tells it.
    ``ways`` are those in which its times can be reconsidered, on pages that do; ``what_if`` is
    there where they are not as the study gives them; ``known_groups`` are those by what was known
    at a landmark, in place of the study's arms.
    """

    study: Study
    view: View
    arms: tuple[Arm, ...]
    population: Population
    filters: tuple[FilterColumn, ...]
    counts: Mapping[str, Mapping[str, int]]
    address: View = field(kw_only=True)
    among: str = field(default="", kw_only=True)
    headlines: tuple[Headline, ...] = field(default=(), kw_only=True)
    made_up: MadeUp | None = field(default=None, kw_only=True)
    reason: str | None = field(default=None, kw_only=True)
    answer: str = field(default="", kw_only=True)
    answer_detail: str = field(default="", kw_only=True)
    provenance: tuple[tuple[str, str], ...] = field(kw_only=True)
    methods: Methods = field(default=Methods(), kw_only=True)
    ways: Ways = field(default=Ways(), kw_only=True)
    what_if: WhatIf | None = field(default=None, kw_only=True)
    known_groups: tuple[Arm, ...] = field(default=(), kw_only=True)

    @property
    def tells(self) -> bool:
        """Whether it has numbers, which may stand without a sentence or a chart."""
        return bool(self.answer)

    @property
    def changed(self) -> str:
        """What reconsidered times changed, where the answer does not say it; "" without any."""
        if self.what_if is None or not self.answer:
            return ""
        sentence = self.what_if.sentence
        return "" if sentence in f"{self.answer} {self.answer_detail}" else sentence

    @property
    def all_arms(self) -> tuple[Arm, ...]:
        """The arms that can be shown: the study's, or the groups that a landmark made."""
        return self.known_groups or self.study.arms


@dataclass(frozen=True, eq=False)
class FirstLook:
    """What a study's own page draws first, in months.

    Attributes
    ----------
    endpoint : in words, and what is drawn of it
    lines : per arm with patients, its times and the shares (0 to 1) from each on
    longest : the last time of all arms
    follow_up : the medians of the arms where they can be estimated
    """

    endpoint: str
    lines: Mapping[str, tuple[FloatArray, FloatArray]]
    longest: float
    follow_up: tuple[float, ...]


def file_name(page: PageRecord, name: str, ending: str = "", *, endpoint: bool = True) -> str:
    """Of a page's file: "e3a06-PFS-survival-patients.csv".

    A view that is not the study's default adds a hash of it, so that the files of two views never
    have one name. An upload's secret id is in none: see ``Study.public_name``.

    Parameters
    ----------
    name : the page and the part of it, such as "survival-patients"
    ending : without its dot; "" leaves it to the browser, which makes images in several formats
    endpoint : whether the numbers are those of the view's endpoint
    """
    parts = [page.study.public_name, page.view.endpoint if endpoint else "", name]
    rest = replace(page.address, endpoint="").query
    if rest:
        parts.append(hashlib.sha256(rest.encode()).hexdigest()[:6])
    stem = ascii_name("-".join(filter(None, parts)))
    return f"{stem}.{ending}" if ending else stem


def published_line(item: Headline) -> str:
    """A published result in one line, with its source: for images and files."""
    source = item.cited.sources[0]
    return f"Published ({source.label or source.title}): {item.told}: {item.cited.text}"


def ascii_name(name: str) -> str:
    """A file's name of letters, digits, "-", "_" and "." alone: a header holds no more.

    >>> ascii_name('a"b\\n.csv')
    'a-b-.csv'
    """
    return "".join(c if (c.isascii() and c.isalnum()) or c in "-_." else "-" for c in name)
