"""One item of a report, made of what its page has: its record, the words it shows, its files."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from services import lists
from services.pages.paragraph import versions
from services.pages.records import published_line
from services.pages.words import kind_words
from services.report import tables as read
from services.report.records import Asked, Figure, Item, Notes, Reference, Table
from services.report.text import cleaned
from services.study.labels import RESPONSES
from services.study.model import SECRET_ID

if TYPE_CHECKING:
    from services.pages.patient.records import PatientPage
    from services.pages.records import PageRecord
    from services.study.model import Study

_WORDS: Mapping[str, Mapping[str, str]] = lists.beside(__file__)
NO_FIGURE = "The report was made without figures: a program asked for it, which has no browser."
NO_PICTURES = "A workbook holds no figures; the other formats do."
NOT_SENT = "No image of this figure was sent."
ONLY_SVG = "Only the SVG of this figure was sent; slides and documents need its PNG too."
NOT_DRAWN = "This figure is left out: "


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A view as its page has it.

    Attributes
    ----------
    name : of the page, "survival"; title : what the view is called
    whose : whose results a page without a study shows
    link : of the live view; "" if nobody but the reader may have it
    record : of a page of a study
    parts : id -> HTML of the words it shows
    body : its JSON; csv : its numbers, "" if it has none
    files : name -> text of what it offers to save, its JSON first
    left_out : what of these could not be made, and why
    rests_on : what a page without a study was asked for
    no_image : why nothing is drawn, "" where there is a figure
    repeated : ``head``, ``foot`` and ``cuts`` of its figure
    instead : how its figure is drawn, where that is not as it was asked for
    """

    name: str
    title: str
    link: str
    whose: str = ""
    record: PageRecord | PatientPage | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    csv: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    left_out: Sequence[str] = ()
    rests_on: Notes = ()
    no_image: str = ""
    repeated: Mapping[str, Any] = field(default_factory=dict)
    instead: str = ""


def software() -> str:
    """What computes and draws, with versions.

    >>> software().startswith("SMM Outcomes ")
    True
    """
    return ", ".join(f"{name} {version}" for name, version in versions())


def item(
    asked: Asked, shown: Shown, figure: Figure | None, made: str, unsent: str = NOT_SENT
) -> Item:
    """The item.

    Parameters
    ----------
    figure : as the browser drew it; made : the day
    unsent : why there is no image, if it is not the page's or the browser's doing
    """
    record = shown.record
    marks = read.marks(shown.parts)
    found = [
        replace(table, notes=(*table.notes, *_abbreviations(table, marks)))
        for table in read.tables(shown.parts) or read.of_csv(shown.csv)
    ]
    drawn = figure is not None and bool(figure.png)
    undrawn = asked.no_figure and f"{NOT_DRAWN}{asked.no_figure.rstrip('.')}."
    no_figure = shown.no_image or undrawn or (ONLY_SVG if figure else unsent)
    made_item = Item(
        title=asked.title or shown.title,
        name=shown.name,
        comment=asked.comment,
        link=shown.link,
        tables=tuple(found),
        settings=_settings(shown, shown.instead if drawn else "", made),
        methods=str(shown.body.get("methods_text", "")),
        footnote=str(shown.body.get("table_footnote", "")),
        references=_references(shown),
        files=shown.files,
        csv=shown.csv,
        left_out=tuple(shown.left_out),
        figure=replace(figure, **shown.repeated) if figure else None,
        no_figure="" if drawn else no_figure,
        **(_of_study(record) if record is not None else _of_site(shown)),
    )
    told: Item = cleaned(made_item)
    return told


def _of_study(record: Any) -> dict[str, Any]:
    study = record.study
    told = record.answer
    made_up = getattr(record, "made_up", None)  # of one patient nothing was published
    band = made_up.sentence if made_up and told else ""
    # Of benefit and risk one half may be published.
    result = told.removesuffix(band).strip()
    simulated = study.kind == "simulated"
    methods = record.methods.text  # the page of a study's data has no result
    return {
        "whose": f"{study.metadata.short_title or study.title}. {kind_words(study)}",
        "published": tuple(map(published_line, getattr(record, "headlines", ()))),
        "whose_answer": "In the simulated patients" if simulated and result and methods else "",
        "answer": told,
        "detail": " ".join(
            filter(None, (getattr(record, name, "") for name in ("changed", "answer_detail")))
        ),
        "made_up": bool(band) and not result,
        "reason": record.reason or "",
        "sha256": study.sha256,
    }


def _of_site(shown: Shown) -> dict[str, Any]:
    return {"whose": shown.whose, "answer": str(shown.body.get("note", ""))}


def _settings(shown: Shown, instead: str, made: str) -> Notes:
    rests_on = shown.record.provenance if shown.record else shown.rests_on
    if as_of := shown.body.get("as_of"):
        rests_on = (*rests_on, ("Published facts as of", str(as_of)))
    told = not shown.record or any(label == "P-values" for label, _ in rests_on)
    none = () if told else (("P-values", "none given"),)
    figure = (("Figure", instead),) if instead else ()
    made_with = (("Software", software()), ("Date of this report", made))
    return (*rests_on, *none, *figure, *made_with)


def _abbreviations(table: Table, marks: Collection[str]) -> tuple[str, ...]:
    """What the abbreviations and marks in a table stand for, in one line.

    Parameters
    ----------
    marks : of published numbers, that the page has
    """
    text = " ".join(
        (table.title, *table.columns, *table.notes, *(c for r in table.rows for c in r))
    )
    used = set(re.findall(r"\b[A-Z][A-Z0-9]+\b", text))
    used |= {mark for mark in marks if re.search(rf"[\d)%]{re.escape(mark)}(?!\w)", text)}
    known = {**_WORDS["abbreviations"], **RESPONSES}
    told = [f"{name}, {words}" for name, words in known.items() if name in used]
    told += [f"{mark}: {words}" for mark, words in _WORDS["marks"].items() if mark in used]
    return (f"{'; '.join(told)}.",) if told else ()


def _references(shown: Shown) -> tuple[Reference, ...]:
    study = [_of_trial(shown.record.study)] if shown.record else []
    known = [source for source in (*study, *read.sources(shown.parts)) if source is not None]
    methods = shown.record.methods.references if shown.record else ()
    found = [*(Reference(*source) for source in methods), *known]
    links = set()
    kept = []
    for source in found:  # a paper is named once, under whatever words
        if not source.link or source.link not in links:
            kept.append(source)
        links.add(source.link)
    return tuple(dict.fromkeys(kept))


def _of_trial(study: Study) -> Reference | None:
    """The publication of the study."""
    known = study.metadata.citation
    if not known.get("label"):
        return None
    doi = known.get("doi", "")
    words = ", ".join(filter(None, (known["label"], known.get("journal", ""))))
    return Reference(f"{words}.", f"https://doi.org/{doi}" if doi else "")


def is_secret(study: Study) -> bool:
    """Whether the study's address would open it to anyone, so that no file may hold it."""
    return SECRET_ID.fullmatch(study.id) is not None
