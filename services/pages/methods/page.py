"""The methods page, and as JSON: how each number is made, with formula and reference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from services import lists
from services.json_text import to_json
from services.pages.methods.records import DataCard, Departure, Maker, Method, MethodsPage
from services.pages.methods.self_check import recent, self_check
from services.pages.paragraph import versions
from services.studies import BUNDLED
from services.study.model import Study

_TEXTS = lists.beside(__file__)
METHODS = TypeAdapter(tuple[Method, ...]).validate_python(_TEXTS["methods"])
DEPARTURES = TypeAdapter(tuple[Departure, ...]).validate_python(_TEXTS["departures"])
MAKERS = TypeAdapter(tuple[Maker, ...]).validate_python(_TEXTS["makers"])


def data_cards(studies: Iterable[Study]) -> tuple[DataCard, ...]:
    """The cards of the bundled studies; a study from elsewhere has none."""
    cards = []
    for study in studies:
        file = BUNDLED / study.id / "CARD.md"
        if file.is_file():
            title = study.short_title
            cards.append(DataCard(study.id, title, _below_title(file.read_text("utf-8"))))
    return tuple(cards)


def _below_title(text: str) -> str:
    """A card without its own heading, and its others two levels lower, under the page's."""
    lines = text.strip().splitlines()
    if lines and lines[0].startswith("# "):
        lines = lines[1:]
    return "\n".join("##" + line if line.startswith("#") else line for line in lines).strip()


def methods_page(studies: Iterable[Study]) -> MethodsPage:
    """Everything on the page; the self-check runs now, or ran within the last minute."""
    return MethodsPage(METHODS, versions(), data_cards(studies), recent(), DEPARTURES, MAKERS)


def methods_json() -> dict[str, Any]:
    """The body of ``/methods.json``: versions, departures from R, the self-check made now."""
    check = self_check()
    return {
        "note": f"{check.agreeing} of {check.total} statistics agree with R to"
        f" {check.tolerance:g}, recomputed on this server. R's answers: {check.made_with}.",
        "versions": dict(versions()),
        "departures": to_json(DEPARTURES),
        "makers": to_json(MAKERS),
        "self_check": to_json(check),
    }
