"""Sentences that several pages share: whose data, and who was counted."""

from __future__ import annotations

from collections.abc import Sequence

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
