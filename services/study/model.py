"""A study: its patients, times, adverse events, and what is known about them.

A study is read once (``services/reading/``), never changed, and hashed by content, so that results
can be cached on (study hash, View).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from services.names import isolated

if TYPE_CHECKING:
    from services.statistics.results import HazardRatio

Kind = Literal["simulated", "real", "uploaded"]
Provenance = Literal[
    "calibrated", "illustrative", "prespecified", "derived", "observed", "data-driven"
]

SUBJECT = "USUBJID"
ARMS_OF_SUBJECTS = ("ARM_PLANNED", "ARM_ACTUAL")  # columns of ``subjects`` that are not a file's
# The id of an upload: whoever knows it opens, corrects and deletes the study.
SECRET_ID = re.compile(r"[0-9a-f]{32}")
IntArray = NDArray[np.int64]

# Okabe-Ito's hues but for its second blue, which is taken for the first, and two more; doubled
# by dashes. The reference arm is neutral.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#6A3D9A", "#B0123F")
NEUTRAL = "#4D545E"
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


@dataclass(frozen=True)
class Arm:
    """A treatment arm; it keeps its color and dash pattern on every page."""

    name: str
    role: Literal["experimental", "reference", "single"]
    color: str
    dash: str = "solid"
    regimen: str = ""


@dataclass(frozen=True)
class Endpoint:
    """A time-to-event parameter.

    ``event`` says what counts as one; ``short`` completes "at 36 months 91% were ...",
    ``happened`` "by 36 months 9% ...". ``good``: the event is good for the patient (a response);
    ``None`` if nobody said: words then tell in which arm the event came earlier, and favor none.
    ``first_day``: what the day of the start counts as, 1 (ADT - start + 1) or 0; ``None`` if the
    dates of ADTTE do not tell.
    """

    id: str
    label: str
    short: str
    event: str
    landmarks: tuple[float, ...] = ()  # months
    type_column: str | None = None  # what kind of event it was, for competing risks
    competing: tuple[str, ...] = ()  # what, coded as censored, can happen instead of the event
    good: bool | None = None
    happened: str = ""
    first_day: float | None = None

    def sides(self, arm: str, reference: str) -> tuple[str, str]:
        """What stands below and above 1 under a forest: "favors A", "favors B"."""
        if self.good is None:
            return f"event earlier on {isolated(reference)}", f"event earlier on {isolated(arm)}"
        low, high = (reference, arm) if self.good else (arm, reference)
        return f"favors {isolated(low)}", f"favors {isolated(high)}"

    def ratio_rule(self, arm: str = "the other arm") -> str:
        """How a hazard ratio of ``arm`` is read, for a provenance line.

        >>> Endpoint("PFS", "", "", "", good=False).ratio_rule("A")
        'below 1 favors A'
        >>> Endpoint("DOR", "", "", "", good=True).ratio_rule("A")
        'above 1 favors A'
        >>> Endpoint("ANY", "", "", "").ratio_rule("A")
        'below 1: the event occurs later on A'
        """
        if self.good is None:
            return f"below 1: the event occurs later on {isolated(arm)}"
        return f"{'above' if self.good else 'below'} 1 favors {isolated(arm)}"

    def verdict(self, ratio: HazardRatio, arm: str, reference: str) -> str:
        """What the interval of a hazard ratio says, as a sentence."""
        if ratio.lower <= 1 <= ratio.upper:
            return f"The interval is compatible with no difference between {arm} and {reference}."
        if self.good is None:
            early, late = (arm, reference) if ratio.lower > 1 else (reference, arm)
            return f"Over the entire interval, the event occurs earlier on {early} than on {late}."
        better = arm if (ratio.lower > 1) == self.good else reference
        other = reference if better == arm else arm
        return f"The entire interval favors {better} over {other}."

    def gained(self, unit: str) -> str:
        """What the difference in restricted means is called: time is gained before a bad event.

        >>> Endpoint("PFS", "", "", "", good=False).gained("months")
        'Months gained'
        >>> Endpoint("ANY", "", "", "").gained("years")
        'Years until the event, difference'
        """
        name = unit.capitalize()
        return f"{name} gained" if self.good is False else f"{name} until the event, difference"


@dataclass(frozen=True)
class Column:
    """What is known of a column of the subjects table."""

    name: str
    label: str
    unit: str = ""
    provenance: Provenance = "observed"
    filter: bool | None = None  # None: decided from the data
    derived_from: tuple[str, ...] = ()
    note: str = ""
    levels: tuple[str, ...] = ()  # display order, where the data do not give one


@dataclass(frozen=True)
class Finding:
    """One thing the reader found in a study's files."""

    severity: Literal["error", "warning", "note"]
    message: str
    remedy: str = ""
    count: int | None = None


@dataclass(frozen=True)
class ImportReport:
    """What was read, what it was taken for, and what was left out."""

    files: tuple[tuple[str, int, int], ...] = ()  # name, rows, columns
    mapped: tuple[tuple[str, str], ...] = ()  # meaning, column or rule
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A published figure beside the one this project's engine prints for the same data."""

    id: str
    label: str
    published: str
    reproduced: str
    source: str
    verification: str


@dataclass(frozen=True)
class Calibrated:
    """What of a simulated study comes out as published: nothing else may lead a page.

    Attributes
    ----------
    endpoints : ids of those whose comparison of the arms is published
    subgroups : per endpoint the levels whose comparison is: ("PFS", ("MAYO2018:High",))
    types : endpoints whose split by type of event is
    severe_events : arms whose severe adverse events are
    """

    endpoints: tuple[str, ...] = ()
    subgroups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    types: tuple[str, ...] = ()
    severe_events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Metadata:
    """The words around a study: design, citation, caveats."""

    short_title: str = ""
    summary: str = ""
    design: str = ""
    data_cut: str = ""
    kind_note: str = ""
    citation: Mapping[str, str] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()
    stratification: tuple[str, ...] = ()  # columns the randomization was stratified by
    time_origin: str = ""  # what times to an event are counted from: "randomization"
    calibrated: Calibrated = field(default_factory=Calibrated)


@dataclass(frozen=True, eq=False)
class Reconsidered:
    """What a reader did to the times of one endpoint (``services/study/what_if.py``).

    Attributes
    ----------
    asked : endpoint, count, ice, landmark (days, 0 for none) and what was known by then
    given : the study as it was
    moved : the records that changed, as reconsidered, with TIME_GIVEN, EVENT_GIVEN, TEXT_GIVEN
    left_out : records that ended by the landmark: USUBJID, EVENT, EVENT_TYPE
    """

    asked: tuple[str, tuple[str, ...], tuple[str, ...], float, str]
    given: Study
    moved: pd.DataFrame
    left_out: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Study:
    """One study.

    Attributes
    ----------
    subjects : DataFrame, one row per subject, indexed by USUBJID; columns as in ADSL and the
        derived groups; ``ARM_PLANNED`` and ``ARM_ACTUAL`` hold the arms' names ("" for none);
        a file's own columns of these names stand ``apart``
    times : DataFrame, one row per subject and endpoint: USUBJID, PARAMCD, TIME (days, float),
        EVENT (bool), EVENT_TEXT (what happened or why censored), EVENT_TYPE ("" if unknown); a
        record with an EVENT_TYPE that is no EVENT competes with it; CNSR (float) as coded; where
        somebody came under observation late, ENTRY (days, 0: from the start on); where some are
        not counted from the subjects' own start, START (a date)
    adverse_events : DataFrame or None
    arms : in display order, experimental arms first
    columns : by name, for every column of ``subjects``
    sha256 : of the content
    cuts : groups a reader cut from its numbers ("AGE:65"), which are columns of ``subjects`` too
    states : what was said of the model of states: which endpoint tells "progression", "treatment"
        and "death"; what was not said follows from the endpoints' names
    keyed : whether a reader needs the key of the upload to correct or delete it
    """

    id: str
    title: str
    kind: Kind
    subjects: pd.DataFrame
    times: pd.DataFrame
    adverse_events: pd.DataFrame | None
    arms: tuple[Arm, ...]
    endpoints: tuple[Endpoint, ...]
    columns: Mapping[str, Column]
    metadata: Metadata
    report: ImportReport
    sha256: str
    cuts: tuple[str, ...] = ()
    states: tuple[tuple[str, str], ...] = ()
    reconsidered: Reconsidered | None = None
    keyed: bool = False

    @property
    def _key(self) -> tuple[Any, ...]:
        return self.sha256, self.cuts, self.reconsidered and self.reconsidered.asked

    @property
    def grouped(self) -> tuple[Any, ...] | None:
        """What tells apart the subjects of a study whose arms are groups made at a landmark."""
        asked = self.reconsidered.asked if self.reconsidered else None
        return asked if asked and asked[-1] else None

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Study) and other._key == self._key

    @property
    def short_title(self) -> str:
        """What the study is called for short."""
        return self.metadata.short_title or self.title

    @property
    def public_name(self) -> str:
        """The study in names of files and scripts, which are passed on.

        The id, unless that is an upload's, which opens the study: then its title and content.
        """
        if not SECRET_ID.fullmatch(self.id):
            return self.id
        return f"{slug(self.short_title)}-{self.sha256[:6]}"

    @property
    def reference_arm(self) -> str | None:
        """Name of the arm others are compared with; ``None`` in a single-arm study."""
        if len(self.arms) < 2:
            return None
        return next((a.name for a in self.arms if a.role == "reference"), self.arms[-1].name)

    def endpoint_rows(self, endpoint_id: str) -> IntArray:
        """Row numbers of ``times`` of an endpoint."""
        return self._endpoint_rows.get(endpoint_id, np.empty(0, dtype=np.int64))

    @cached_property
    def subject_rows(self) -> IntArray:
        """The row of ``subjects`` of each row of ``times``; -1 for none."""
        return self.subjects.index.get_indexer(pd.Index(self.times[SUBJECT]))

    @cached_property
    def _endpoint_rows(self) -> dict[str, IntArray]:
        # Once for all endpoints: to compare a million texts takes longer than most pages.
        codes, names = pd.factorize(self.times["PARAMCD"].to_numpy())
        order = np.argsort(codes, kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(codes, minlength=len(names)))[:-1])
        return {str(name): rows for name, rows in zip(names, parts, strict=False)}

    def delayed(self, endpoint_id: str) -> int:
        """How many records of an endpoint have an entry time after the start (left truncation)."""
        if "ENTRY" not in self.times:
            return 0
        entry = self.times["ENTRY"].to_numpy(dtype=float)
        return int((entry[self.endpoint_rows(endpoint_id)] > 0).sum())

    def provenances(self, name: str) -> set[str]:
        """How a column of ``subjects`` came to be, and those it was derived from."""
        column = self.columns[name]
        sources = [self.columns[i] for i in column.derived_from if i in self.columns]
        return {found.provenance for found in (column, *sources)}

    def arm(self, name: str) -> Arm:
        """The arm of that name; KeyError if there is none."""
        return {arm.name: arm for arm in self.arms}[name]

    def endpoint(self, endpoint_id: str) -> Endpoint:
        """The endpoint of that id; KeyError if there is none."""
        return {endpoint.id: endpoint for endpoint in self.endpoints}[endpoint_id]


def apart(name: str, own: Collection[str]) -> str:
    """What a study's column is called in a table that has columns of its own.

    Its own name, unless that is one of ``own`` with any number of underscores behind it: then with
    one more. No two names become one, and none becomes one of ``own``.

    >>> [apart(name, ("TIME",)) for name in ("SEX", "TIME", "TIME_")]
    ['SEX', 'TIME_', 'TIME__']
    """
    return f"{name}_" if name.rstrip("_") in own else name


def slug(name: str) -> str:
    """An id for addresses, from any name.

    >>> slug("My Study (v2)")
    'my-study-v2'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64] or "study"


def content_hash(frames: Mapping[str, pd.DataFrame | None], extra: str = "") -> str:
    """SHA-256 of tables (by name, column and value) and of ``extra`` text.

    Independent of the file format the tables came in. An index with a name is a column; text may
    be categorical.
    """
    digest = hashlib.sha256(extra.encode())
    for name in sorted(frames):
        frame = frames[name]
        if frame is None:
            continue
        columns: dict[str, Any] = {str(c): frame[c] for c in frame.columns}
        if frame.index.name is not None:
            columns = {str(frame.index.name): frame.index, **columns}
        shape = (len(frame), len(columns))
        digest.update(f"{name}\x1f{shape}\x1f{'|'.join(columns)}".encode())
        for values in columns.values():
            if isinstance(values, pd.Index) and values.is_unique and not values.hasnans:
                digest.update(np.arange(len(values), dtype=np.int32).tobytes())
                digest.update("\x1f".join(map(str, values)).encode("utf-8", "replace"))
            elif pd.api.types.is_numeric_dtype(values) and not isinstance(
                values.dtype, pd.CategoricalDtype
            ):
                digest.update(np.ascontiguousarray(values.to_numpy(dtype=np.float64)).tobytes())
            else:
                # By first appearance: -1 is missing.
                codes, levels = pd.factorize(values)
                digest.update(codes.astype(np.int32).tobytes())
                digest.update(_joined(levels).encode("utf-8", "replace"))
    return digest.hexdigest()


def _joined(levels: Any) -> str:
    """The texts of distinct values; of dates all at once, as ``str`` writes each."""
    if isinstance(levels, pd.DatetimeIndex) and levels.tz is None:
        seconds = levels.to_numpy().astype("datetime64[s]")
        if (seconds == levels.to_numpy()).all():
            return "\x1f".join(np.datetime_as_string(seconds)).replace("T", " ")
    return "\x1f".join(map(str, levels))
