"""What the pages without a study show, and its codec to and from a URL query.

As ``view``: defaults are left out, unknown keys are ignored, a bad value is a ``UserError``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote

from services.errors import UserError
from services.view import format_number, join_list, split_list

CATALOGUE_SORTS = ("given", "name", "patients", "follow-up")
DESIGNS = ("all", "randomized", "single-arm")
REPORTS = ("latest", "all")
FISH = ("unknown", "yes", "no")
PROTEIN_UNITS = ("g/dL", "g/L")
CHAINS = ("ratio", "chains")
REDUCED = ("unknown", "0", "1", "2")
ISOTYPES = ("unknown", "IgG", "IgA", "other")
SURE = ("bmpc", "mprot")


@dataclass(frozen=True)
class CatalogueView:
    """The first page: ``q`` is searched for, ``order`` is one of ``CATALOGUE_SORTS``."""

    q: str = ""
    order: str = "given"


@dataclass(frozen=True)
class EvidenceView:
    """The evidence page: drug classes and populations (empty: all), design, which reports."""

    drug: tuple[str, ...] = ()
    risk: tuple[str, ...] = ()
    design: str = "all"
    reports: str = "latest"


@dataclass(frozen=True)
class RiskView:
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


def _bad(key: str, value: str, allowed: str) -> UserError:
    return UserError(f"“{key}={value}” cannot be used.", f"Allowed: {allowed}.")


def _one_of(allowed: tuple[str, ...]) -> Callable[[str, str], str]:
    def parse(key: str, text: str) -> str:
        if text not in allowed:
            raise _bad(key, text, ", ".join(allowed))
        return text

    return parse


def _several(allowed: tuple[str, ...]) -> Callable[[str, str], tuple[str, ...]]:
    def parse(key: str, text: str) -> tuple[str, ...]:
        found = split_list(text)
        if not set(found) <= set(allowed):
            raise _bad(key, text, ", ".join(allowed))
        return found

    return parse


def _between(low: float, high: float) -> Callable[[str, str], float]:
    def parse(key: str, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise _bad(key, text, f"a number from {low:g} to {high:g}")
        return number

    return parse


def _words(key: str, text: str) -> str:
    if len(text) > 200:
        raise _bad(key, text[:20] + "…", "at most 200 characters")
    return text


def _list(key: str, text: str) -> tuple[str, ...]:
    return split_list(text)


_PARSE: dict[str, tuple[Callable[[str, str], Any], Callable[[Any], str]]] = {
    "q": (_words, str),
    "order": (_one_of(CATALOGUE_SORTS), str),
    "drug": (_list, join_list),
    "risk": (_list, join_list),
    "design": (_one_of(DESIGNS), str),
    "reports": (_one_of(REPORTS), str),
    "bmpc": (_between(0, 100), format_number),
    "mprot": (_between(0, 200), format_number),
    "flcr": (_between(0, 100_000), format_number),
    "fish": (_one_of(FISH), str),
    "mprot_unit": (_one_of(PROTEIN_UNITS), str),
    "flc": (_one_of(CHAINS), str),
    "kappa_flc": (_between(0, 1_000_000), format_number),
    "lambda_flc": (_between(0, 1_000_000), format_number),
    "aberrant": (_between(0, 100), format_number),
    "reduced": (_one_of(REDUCED), str),
    "isotype": (_one_of(ISOTYPES), str),
    "months": (_between(0, 1200), format_number),
    "sure": (_several(SURE), join_list),
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
    names = {f.name for f in fields(kind)}
    try:
        pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True, max_num_fields=100)
    except ValueError as problem:
        raise UserError("The address is too long.", "Use fewer than 100 values.") from problem
    values = {k: _PARSE[k][0](k, text) for k, text in pairs if k in names and text}
    return kind(**values)


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
