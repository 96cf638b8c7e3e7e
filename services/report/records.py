"""Records of a report. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.errors import UserError

Notes = tuple[tuple[str, str], ...]  # (label, text) pairs


@dataclass(frozen=True)
class Asked:
    """What a reader put into a report: the address of a view, and words about it ("" for none).

    ``no_figure`` is why the reader's browser could not draw its figure, ``problem`` what is wrong
    with how it is asked for.
    """

    address: str
    title: str = ""
    comment: str = ""
    no_figure: str = ""
    problem: UserError | None = None


@dataclass(frozen=True)
class Request:
    """A report as it is asked for; ``format`` is one of ``request.FORMATS``."""

    format: str
    title: str
    items: tuple[Asked, ...]


@dataclass(frozen=True)
class Table:
    """A table as the page prints it.

    Attributes
    ----------
    title : the heading it stands under
    columns : heads; the first may be "", none at all are possible
    rows : cells as printed, each row as long as the others
    groups : numbers of rows whose first cell names those that follow
    notes : sentences that stand under it
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    groups: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A source in words, and its link, "" if it has none."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure as the reader's browser drew it; sizes in its own pixels.

    ``svg`` is sanitized; ``png`` may be missing, and so may ``svg``, never both. ``smallest`` is
    the size of its smallest text. ``points`` is its width on paper if it has one, else 0.
    Where it goes on over pages, ``head`` and ``foot`` (shares of its height) stand on each, and it
    is cut at one of ``cuts`` if it says where.
    """

    width: float
    height: float
    smallest: float = 11.0
    svg: str = ""
    png: bytes = b""
    points: float = 0.0
    head: float = 0.0
    foot: float = 0.0
    cuts: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Item:
    """One view in a report: everything that is said of it, taken from its page's record.

    Attributes
    ----------
    title : the reader's, or the page's own; ``name`` of the page, "survival"
    comment : the reader's words
    whose : study and whose patients these are: "E3A06. Simulated patients"
    link : of the live view; "" of an upload, whose address would open it to anyone
    published : what was published of it, which stands first
    answer, detail : the result in words; ``whose_answer`` stands before it for simulated patients
    made_up : whether ``answer`` says that there is no result
    reason : why there are no numbers; "" where there are
    tables : as the page shows them
    settings : what the numbers rest on: population, endpoint, intervals, software, day
    methods : a paragraph for a manuscript; ``footnote`` for its tables
    files : name -> text, what the page offers for saving; the first is its JSON
    left_out : files that it could not make, and why
    sha256 : of the study's data, "" for published facts
    no_figure : why a file that needs a PNG shows no figure; "" where there is one
    """

    title: str
    name: str
    comment: str = ""
    whose: str = ""
    link: str = ""
    published: tuple[str, ...] = ()
    whose_answer: str = ""
    answer: str = ""
    detail: str = ""
    made_up: bool = False
    reason: str = ""
    tables: tuple[Table, ...] = ()
    settings: Notes = ()
    methods: str = ""
    footnote: str = ""
    references: tuple[Reference, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    csv: str = ""
    left_out: tuple[str, ...] = ()
    sha256: str = ""
    figure: Figure | None = None
    no_figure: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A view that could not be shown: its number in the request from 1, its name, and why."""

    number: int
    name: str
    why: str


@dataclass(frozen=True)
class Report:
    """Everything a file is written of. ``made`` is the day, ``software`` what made it."""

    title: str
    made: str
    software: str
    items: tuple[Item, ...]
    left_out: tuple[LeftOut, ...] = ()
