"""What the pages without a study show, and its codec to and from a URL query.

As ``views.study``: defaults are left out, unknown keys are ignored, a bad value is a ``UserError``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar
from urllib.parse import quote

from services.numbers import format_number
from services.views import parse
from services.views.parse import FieldError, join_list
from services.views.study import query_pairs

CATALOGUE_SORTS = ("given", "name", "patients", "follow-up")
DESIGNS = ("all", "randomized", "single-arm")
REPORTS = ("latest", "all")
FISH = ("unknown", "yes", "no")
PROTEIN_UNITS = ("g/dL", "g/L")
CHAINS = ("ratio", "chains")
REDUCED = ("unknown", "0", "1", "2")
ISOTYPES = ("unknown", "IgG", "IgA", "other")
SURE = ("bmpc", "mprot")


class _Query:
    @property
    def query(self: CatalogueView | EvidenceView | RiskView) -> str:  # type: ignore[misc]
        """The view as an address has it, "?" included; "" for the default one."""
        return encode_site(self)


@dataclass(frozen=True)
class CatalogueView(_Query):
    """The first page: ``q`` is searched for, ``order`` is one of ``CATALOGUE_SORTS``."""

    q: str = ""
    order: str = "given"


@dataclass(frozen=True)
class EvidenceView(_Query):
    """The evidence page: drug classes and populations (empty: all), design, which reports.

    ``q`` is searched for, brand names of drugs among it.
    """

    drug: tuple[str, ...] = ()
    risk: tuple[str, ...] = ()
    design: str = "all"
    reports: str = "latest"
    q: str = ""


@dataclass(frozen=True)
class RiskView(_Query):
    """The calculator, as typed: nothing here is converted or corrected.

    Attributes
    ----------
    bmpc : marrow plasma cells, %
    mprot : serum M-protein in ``mprot_unit``
    flcr : free light chain ratio, used unless ``flc`` is "chains"
    fish : whether high-risk cytogenetics were found
    kappa_flc, lambda_flc : free light chains, mg/L
    aberrant : % of marrow plasma cells; reduced : uninvolved immunoglobulins reduced, "2" or more
    isotype : heavy chain; months : since diagnosis
    sure : values that look wrong and are meant so
    """

    bmpc: float | None = None
    mprot: float | None = None
    flcr: float | None = None
    fish: str = "unknown"
    mprot_unit: str = "g/dL"
    flc: str = "ratio"
    kappa_flc: float | None = None
    lambda_flc: float | None = None
    aberrant: float | None = None
    reduced: str = "unknown"
    isotype: str = "unknown"
    months: float | None = None
    sure: tuple[str, ...] = ()


SiteView = TypeVar("SiteView", CatalogueView, EvidenceView, RiskView)


_PARSE: dict[str, tuple[Callable[[str, str], Any], Callable[[Any], str]]] = {
    "q": (parse.short_text, str),
    "order": (parse.one_of(CATALOGUE_SORTS), str),
    "drug": (parse.items, join_list),
    "risk": (parse.items, join_list),
    "design": (parse.one_of(DESIGNS), str),
    "reports": (parse.one_of(REPORTS), str),
    "bmpc": (parse.between(0, 100), format_number),
    "mprot": (parse.between(0, 200), format_number),
    "flcr": (parse.between(0, 100_000), format_number),
    "fish": (parse.one_of(FISH), str),
    "mprot_unit": (parse.one_of(PROTEIN_UNITS), str),
    "flc": (parse.one_of(CHAINS), str),
    "kappa_flc": (parse.between(0, 1_000_000), format_number),
    "lambda_flc": (parse.between(0, 1_000_000), format_number),
    "aberrant": (parse.between(0, 100), format_number),
    "reduced": (parse.one_of(REDUCED), str),
    "isotype": (parse.one_of(ISOTYPES), str),
    "months": (parse.between(0, 1200), format_number),
    "sure": (parse.some_of(SURE), join_list),
}


def read_typed(key: str, text: str) -> Any:
    """A value as a person types it: "2,5" and "25 %" too; ``None`` for nothing.

    Raises
    ------
    UserError : what cannot be used, as of :func:`decode_site`

    >>> read_typed("mprot", "2,5"), read_typed("bmpc", " "), read_typed("bmpc", "1e1")
    (2.5, None, 10.0)
    """
    plain = text.strip().rstrip("%").strip()
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    return _PARSE[key][0](key, plain) if plain else None


def decode_site(kind: type[SiteView], query: str) -> SiteView:
    """Read a URL query (with or without its "?").

    Raises
    ------
    UserError : a value that cannot be used

    >>> found = decode_site(RiskView, "?bmpc=22&fish=yes")
    >>> found.bmpc, found.mprot, found.fish
    (22.0, None, 'yes')
    """
    view, problems, _ = decode_site_each(kind, query)
    if problems:
        raise problems[0]
    return view


def decode_site_each(
    kind: type[SiteView], query: str
) -> tuple[SiteView, tuple[FieldError, ...], tuple[str, ...]]:
    """The view of what can be used in a query, what is wrong with the rest, and unknown keys.

    Raises
    ------
    UserError : the query is too long
    """
    names = {f.name for f in fields(kind)}
    values: dict[str, Any] = {}
    problems: dict[str, FieldError] = {}
    unknown: list[str] = []
    for key, text in query_pairs(query, 100):
        if key not in names:
            unknown.append(key)
        elif text:
            problems.pop(key, None)
            try:
                values[key] = _PARSE[key][0](key, text)
            except FieldError as problem:
                values.pop(key, None)
                problems[key] = problem
    return kind(**values), tuple(problems.values()), tuple(dict.fromkeys(unknown))


def write_site_field(view: CatalogueView | EvidenceView | RiskView, name: str) -> str:
    """One field of a view as an address has it."""
    return _PARSE[name][1](getattr(view, name))


def encode_site(view: CatalogueView | EvidenceView | RiskView) -> str:
    """The query of a view: "" for the default one.

    >>> encode_site(EvidenceView(drug=("Anti-CD38 antibody",), reports="all"))
    '?drug=Anti-CD38+antibody&reports=all'
    """
    parts = []
    for field in fields(view):
        value = getattr(view, field.name)
        if value != field.default:
            text = quote(_PARSE[field.name][1](value), safe=",: ").replace(" ", "+")
            parts.append(f"{field.name}={text}")
    return "?" + "&".join(parts) if parts else ""
