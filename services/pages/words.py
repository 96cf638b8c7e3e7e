"""Words that several pages share: whose data, who was counted, what drugs are called."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from services import names
from services.study.model import Arm, Study


def who(n: int, n_study: int, shown: Sequence[Arm], all_arms: Sequence[Arm], filters: str) -> str:
    """Who is counted: "56 of 182 patients (female)", and which arms if not all are shown."""
    said = []
    if len(shown) < len(all_arms):
        kind = "arms" if len(shown) > 1 else "arm"
        said.append(f"{kind} {names.join_and([names.isolated(a.name) for a in shown])} only")
    if filters:
        said.append(filters)
    return f"{n:,} of {n_study:,} patients" + (f" ({'; '.join(said)})" if said else ", no filter")


def nobody(n: int, of: str = "this endpoint") -> str:
    """Why there are no numbers: no patient passes the filters, or none of ``n`` has a record."""
    if n:
        return f"None of these {n:,} patients has a record of {of}."
    return "No patient matches all the filters. Remove one or reset them."


KIND_WORDS = {
    "simulated": "Simulated patients",
    "real": "Real patients",
    "uploaded": "Uploaded data",
}


def kind_words(study: Study) -> str:
    """Whose data these are. Nobody but who supplied a study without a citation can say."""
    if study.kind == "real" and not study.metadata.citation:
        return "Data as supplied"
    return KIND_WORDS[study.kind]


def with_caveat(study: Study, detail: str) -> str:
    """The detail, and for simulated patients what of their safety must not be believed."""
    if study.kind != "simulated":
        return detail
    caveat = "Simulated: adverse events that the publication does not give are illustrative."
    return f"{detail} {caveat}".strip()


_FILE = Path(__file__).resolve().parents[2] / "data" / "drug_names.toml"


@cache
def brand_names() -> dict[str, str]:
    """Brand name -> generic name, longer brand names first."""
    known: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["brands"]
    pairs = [(brand, generic) for generic, named in known.items() for brand in named]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


def generic_names(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A text with brand names made generic, and (brand, generic) of each that was.

    >>> generic_names("revlimid or observation")
    ('lenalidomide or observation', (('Revlimid', 'lenalidomide'),))
    """
    found = []
    for brand, name in brand_names().items():
        text, times = re.subn(rf"\b{re.escape(brand)}\b", name, text, flags=re.IGNORECASE)
        if times:
            found.append((brand, name))
    return text, tuple(found)
