"""What the pages without a study show, to and from a URL query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from services.views import parse
from services.views.codec import (
    ITEMS,
    Codec,
    WithFigure,
    between,
    codecs,
    one_of,
    query_pairs,
    read_pairs,
    some_of,
    written,
)
from services.views.parse import FieldError
from services.views.study import DPI, HEADS, PALETTES

CATALOGUE_SORTS = ("given", "name", "patients", "follow-up")
DESIGNS = ("all", "randomized", "single-arm")
REPORTS = ("latest", "all")
FISH = ("unknown", "yes", "no")
PROTEIN_UNITS = ("g/dL", "g/L")
CHAINS = ("ratio", "chains")
REDUCED = ("unknown", "0", "1", "2")
ISOTYPES = ("unknown", "IgG", "IgA", "other")
SURE = ("bmpc", "mprot")
LONGEST_ADDRESS = 8000  # characters


class _Query(WithFigure):
    @property
    def query(self: AnyView) -> str:  # type: ignore[misc]
        """The view as an address has it, "?" included; "" for the default one."""
        return encode_site(self)


@dataclass(frozen=True, kw_only=True)
class _Drawn(_Query):
    """A view with a chart, and what is asked of its file (see ``View``)."""

    fig_size: Annotated[str, Codec(parse.figure_size)] = ""
    fig_dpi: Annotated[str, one_of(DPI)] = ""
    fig_font: Annotated[float | None, between(8, 24)] = None
    fig_hide: Annotated[tuple[str, ...], some_of(HEADS)] = ()
    fig_palette: Annotated[str, one_of(PALETTES)] = "color"


@dataclass(frozen=True)
class CatalogueView(_Query):
    """The first page: ``q`` is searched for, ``order`` is one of ``CATALOGUE_SORTS``."""

    q: Annotated[str, Codec(parse.short_text)] = ""
    order: Annotated[str, one_of(CATALOGUE_SORTS)] = "given"


@dataclass(frozen=True)
class EvidenceView(_Drawn):
    """The evidence page: drug classes and populations (empty: all), design, which reports.

    ``q`` is searched for, brand names of drugs among it.
    """

    drug: Annotated[tuple[str, ...], ITEMS] = ()
    risk: Annotated[tuple[str, ...], ITEMS] = ()
    design: Annotated[str, one_of(DESIGNS)] = "all"
    reports: Annotated[str, one_of(REPORTS)] = "latest"
    q: Annotated[str, Codec(parse.short_text)] = ""


@dataclass(frozen=True)
class RiskView(_Drawn):
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

    bmpc: Annotated[float | None, between(0, 100)] = None
    mprot: Annotated[float | None, between(0, 200)] = None
    flcr: Annotated[float | None, between(0, 100_000)] = None
    fish: Annotated[str, one_of(FISH)] = "unknown"
    mprot_unit: Annotated[str, one_of(PROTEIN_UNITS)] = "g/dL"
    flc: Annotated[str, one_of(CHAINS)] = "ratio"
    kappa_flc: Annotated[float | None, between(0, 1_000_000)] = None
    lambda_flc: Annotated[float | None, between(0, 1_000_000)] = None
    aberrant: Annotated[float | None, between(0, 100)] = None
    reduced: Annotated[str, one_of(REDUCED)] = "unknown"
    isotype: Annotated[str, one_of(ISOTYPES)] = "unknown"
    months: Annotated[float | None, between(0, 1200)] = None
    sure: Annotated[tuple[str, ...], some_of(SURE)] = ()


def _address(key: str, text: str) -> str:
    if len(text) > LONGEST_ADDRESS:
        most = f"an address of at most {LONGEST_ADDRESS:,} characters"
        raise FieldError(key, f"{text[:40]}…", most, "is too long")
    return text


@dataclass(frozen=True)
class CompareView(_Drawn):
    """Two views of a page against each other, by their addresses on this site; "" for none."""

    a: Annotated[str, Codec(_address)] = ""
    b: Annotated[str, Codec(_address)] = ""


AnyView = CatalogueView | EvidenceView | RiskView | CompareView
SiteView = TypeVar("SiteView", CatalogueView, EvidenceView, RiskView, CompareView)


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
    return codecs(RiskView)[key].parse(key, plain) if plain else None


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
    values, problems, unknown = read_pairs(kind, query_pairs(query, 100))
    return kind(**values), problems, unknown


def encode_site(view: AnyView) -> str:
    """The query of a view: "" for the default one.

    >>> encode_site(EvidenceView(drug=("Anti-CD38 antibody",), reports="all"))
    '?drug=Anti-CD38+antibody&reports=all'
    """
    parts = written(view)
    return "?" + "&".join(parts) if parts else ""
