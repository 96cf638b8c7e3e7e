"""Records of the pages around an upload. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limits:
    """What an upload may be: shown on the page and kept by the server."""

    file_mb: int
    days: int


@dataclass(frozen=True)
class Problem:
    """What stands between the tables and a study, in words."""

    message: str
    hint: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableChoices:
    """A table's columns to choose among, with what was said of it.

    ``columns`` are (name, words) pairs; ``targets`` (ADaM name, words, optional); ``levels`` the
    distinct values of columns that have few; ``said`` the column for each target.
    """

    role: str
    name: str
    columns: tuple[tuple[str, str], ...]
    targets: tuple[tuple[str, str], ...]
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Readings:
    """What can be the event: the values of the status ``column`` with their rows, those chosen."""

    column: str
    rows: tuple[tuple[str, int], ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True)
class ModelPreview:
    """Where the endpoints say that patients are over time.

    ``states`` are names in their order; ``told`` (state, endpoint) pairs; ``arms`` (name, color)
    pairs; ``moves`` how many went each way, per arm; ``left_out`` who is not counted, in words.
    """

    states: tuple[str, ...]
    told: tuple[tuple[str, str], ...]
    arms: tuple[tuple[str, str], ...]
    moves: Mapping[tuple[int, int], tuple[int, ...]]
    left_out: str


@dataclass(frozen=True)
class MappingPage:
    """Everything the page shows on which columns of an upload are told what they are.

    ``good`` is what was said of the event; ``good_by_name`` what the endpoint's name says.
    ``status`` is the column of the status as its file spells it.
    ``readings`` is ``None`` without a status column of few values. ``among`` are the tables that
    may hold the times, of which ``table`` is shown; empty where there is no choice.
    ``arms_alike`` is what was said of arms that are written alike, ``alike`` are those arms.
    ``endpoints`` (id, label) are to choose among for the ``states`` that were said; ``by_name`` is
    what their names say, ``model`` what follows; ``None`` where it is none.
    ``keyed``: what is chosen is kept for those who have the key. ``edition`` tells whether another
    page has kept something since.
    """

    study_id: str
    draft: bool
    tables: tuple[TableChoices, ...]
    events: tuple[str, ...]
    unit: str
    units: tuple[str, ...]
    reference: str
    arms: tuple[str, ...]
    title: str
    endpoint: str
    problem: Problem | None
    preview: Preview | None
    until: str
    readings: Readings | None = None
    status: str = ""
    good: bool | None = None
    good_by_name: bool | None = None
    table: str = ""
    among: tuple[str, ...] = ()
    arms_alike: str = ""
    alike: tuple[str, ...] = ()
    endpoints: tuple[tuple[str, str], ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    by_name: Mapping[str, str] = field(default_factory=dict)
    model: ModelPreview | None = None
    keyed: bool = False
    edition: str = ""


@dataclass(frozen=True)
class Preview:
    """The first records as they are understood, and how many there are.

    ``rows`` hold patient, endpoint, arm, time in the file's unit, what the file says happened, and
    "Event", "Censored" or "Left out".
    """

    rows: tuple[tuple[str, str, str, str, str, str], ...]
    counts: tuple[tuple[str, int, int, int], ...]  # endpoint, patients, events, censored
    arms: tuple[tuple[str, int], ...]
    note: str = ""
