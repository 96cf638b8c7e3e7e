"""The survival page as a reader has it open, for tests."""

from __future__ import annotations

from typing import Any

from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage
from services.views.study import decode
from tests.callbacks.client import Reader, id_text
from tests.studies import bundled

PATH = "/study/e3a06/survival"


def rail(reader: Reader) -> dict[str, Any]:
    """What the rail was told to show: with the first answer as it was drawn, then what changed."""
    stores = [{"type": kind, "page": "survival"} for kind in ("rail", "rail-drawn")]
    first, then = (reader.props[id_text(store)]["data"] for store in reversed(stores))
    return dict(then or first)


def filters(reader: Reader, search: str) -> dict[str, Any]:
    """Ask as ``assets/rail.js`` does: what is chosen goes into the address."""
    return reader.change("survival-address", "search", search)


def record(query: str) -> SurvivalPage:
    return survival_page(bundled(), decode(query))


def words(reader: Reader, name: str) -> str:
    """The HTML that the browser was told to put in the part of that name."""
    return str(reader.props["survival-island"]["data"]["html"][f"survival-{name}"])
