"""Words that several pages share: whose data, who was counted, what drugs are called."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from services import names
from services.study.model import Arm, Study
from services.study.records import Population


def who(population: Population, shown: Sequence[Arm], all_arms: Sequence[Arm]) -> str:
    """Who is counted: "56 of 182 patients (female)", and which arms if not all are shown."""
    said = []
    if len(shown) < len(all_arms):
        kind = names.side(shown[0].name) if shown else "arm"
        kind += "s" if len(shown) > 1 else ""
        said.append(f"{kind} {names.join_and([names.isolated(a.name) for a in shown])} only")
    if population.summary:
        said.append(population.summary)
    of = f"{population.n:,} of {names.count(population.n_study, 'patient')}"
    return of + (f" ({'; '.join(said)})" if said else ", no filter")


def at_landmark(population: Population) -> str:
    """How many a landmark leaves: "360 analyzed, followed without the event at month 6"; or ""."""
    if population.analyzed is None:
        return ""
    return f"{population.analyzed:,} analyzed, followed without the event at {population.since}"


def nobody(population: Population, of: str = "this endpoint") -> str:
    """Why there are no numbers: whom filters or a landmark leave, or who has no record."""
    if not population.n:
        return "No patient matches all the filters. Remove one or reset them."
    if population.analyzed is not None:
        return (
            f"None of these {population.n:,} patients is followed without the event at"
            f" {population.since}. Choose an earlier landmark."
        )
    return f"None of these {population.n:,} patients has a record of {of}."


def alone(arm: str, population: Population, instead: str) -> str:
    """Why there is nothing to compare, where only one arm (or “group”) has patients.

    ``instead`` is a remedy: "choose this arm alone".
    """
    only = names.isolated(arm)
    if population.analyzed is not None:
        who, ways = (
            f"Only {only} has patients followed without the event at {population.since}",
            ["choose another landmark"],
        )
    elif population.summary:
        who, ways = f"With these filters only {only} has patients", []
    else:
        who, ways = f"Only {only} has patients with a time of this endpoint", []
    ways = ["remove a filter"] * bool(population.summary) + [*ways, instead]
    return f"{who}, so there is nothing to compare them with. {names.capital(names.join_or(ways))}."


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
