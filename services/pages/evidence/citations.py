"""The sources of what a view of the evidence page shows, as BibTeX and RIS.

What a source does not say stays out: where the text read does not list the authors, those beyond
the first are "others", and a year that was not found is left out. The note says where and how much
of a source was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from services.evidence.facts import Source
from services.pages.evidence.page import evidence_page
from services.pages.evidence.records import EvidencePage
from services.views.site import EvidenceView

_DOI = "https://doi.org/"
_JOURNALS = ("paper", "review", "guideline")
_AUTHOR = re.compile(r"([^\W\d]+(?:-[^\W\d]+)*) ((?:19|20)\d\d)")  # "Pérez-Persona 2007"
_ISSUE = re.compile(r"(?P<name>[^\d;:,]+?) (?P<year>(?:19|20)\d\d)\b(?:;(?P<volume>\d+))?")
_SPECIAL = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip


def sources_shown(page: EvidencePage) -> tuple[Source, ...]:
    """The sources behind what the page shows, each once, in the page's order."""
    found: dict[tuple[str, str], Source] = {}
    for source in _walk(page):
        found.setdefault((source.link, source.title), source)
    return tuple(found.values())


def _walk(value: Any) -> Iterator[Source]:
    if isinstance(value, Source):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from _walk(getattr(value, each.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _walk(item)


def _known(source: Source) -> dict[str, str]:
    """What is known of a source, by the names of BibTeX."""
    told = _AUTHOR.fullmatch(source.label)
    issue = _ISSUE.match(source.where)
    year = source.date[:4] or (told[2] if told else "") or (issue["year"] if issue else "")
    journal = issue["name"] if issue and source.kind in _JOURNALS else ""
    doi = source.link.removeprefix(_DOI) if source.link.startswith(_DOI) else ""
    read = source.read and f"read: {source.read}"
    note = (source.kind_words, source.where, source.address, read)
    return {
        "author": told[1] if told else "",
        "title": source.title,
        "journal": journal,
        "year": year,
        "volume": (issue["volume"] or "") if journal and issue else "",
        "doi": doi,
        "url": source.link,
        "urldate": source.seen,
        "note": "; ".join(dict.fromkeys(part for part in note if part)),
    }


def _authors(source: Source) -> list[str]:
    """All authors as the formats want them; ``[]`` where the text read does not list them.

    >>> _authors(Source("a", "paper", "T", authors=("van de Donk NWCJ",)))
    ['van de Donk, N. W. C. J.']
    """
    parted = (name.rpartition(" ") for name in source.authors)
    return [f"{family}, {' '.join(f'{i}.' for i in initials)}" for family, _, initials in parted]


def bibtex(sources: tuple[Source, ...]) -> str:
    """An entry per source; its key is the source's id in our files, made unique."""
    entries, keys = [], set[str]()
    for source in sources:
        key, number = source.id, 2
        while key in keys:
            key, number = f"{source.id}_{number}", number + 1
        keys.add(key)
        known = _known(source)
        if all_of_them := " and ".join(_authors(source)):
            known["author"] = all_of_them
        elif known["author"]:
            known["author"] += " and others"
        kind = "article" if known["journal"] else "misc"
        lines = [
            f"  {name} = {{{value if name in ('doi', 'url') else value.translate(_SPECIAL)}}},"
            for name, value in known.items()
            if value
        ]
        entries.append("\n".join([f"@{kind}{{{key},", *lines, "}"]))
    return "\n\n".join(entries) + "\n"


def ris(sources: tuple[Source, ...]) -> str:
    """A record per source."""
    lines = []
    for source in sources:
        known = _known(source)
        kind = "JOUR" if known["journal"] else "ELEC" if known["url"] else "GEN"
        tags = (
            ("ID", source.id),
            *(("AU", name) for name in _authors(source) or [known["author"]]),
            ("TI", known["title"]),
            ("JO", known["journal"]),
            ("PY", known["year"]),
            ("VL", known["volume"]),
            ("DO", known["doi"]),
            ("UR", known["url"]),
            ("Y2", known["urldate"].replace("-", "/")),
            ("N1", known["note"]),
        )
        lines += [f"TY  - {kind}", *(f"{tag}  - {text}" for tag, text in tags if text), "ER  - "]
    return "\r\n".join(lines) + "\r\n"


def evidence_bib(view: EvidenceView) -> str:
    """The body of ``/evidence.bib``."""
    return bibtex(sources_shown(evidence_page(view)))


def evidence_ris(view: EvidenceView) -> str:
    """The body of ``/evidence.ris``."""
    return ris(sources_shown(evidence_page(view)))
