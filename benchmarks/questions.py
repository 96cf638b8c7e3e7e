"""What readers ask: pages opened and clicks on them, made by the pages themselves.

The questions of Dash are those that a page of this checkout sends, so a server that runs elsewhere
must run the same version.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from app import create_server
from callbacks import pages
from services.settings import Settings
from services.studies import Catalogue
from tests.callbacks.client import Reader

STUDIES = ("aquila", "e3a06", "mgus2")
NUMBER = "AGE"  # what every study knows, to filter by in ways that nobody has


@dataclass(frozen=True)
class Asked:
    """A request; one with a body is a POST."""

    kind: str
    path: str
    body: bytes = b""
    referer: str = ""


Action = tuple[Asked, ...]


@dataclass(frozen=True)
class Page:
    """A page that is open: where, and the clicks on it that change its view."""

    path: str
    clicks: tuple[Asked, ...]
    search: str  # the question that a filter asks, with a place for the address


def actions(seed: int, numbers: Iterator[int], new: float, opens: bool = False) -> Iterator[Action]:
    """What one reader does, without end: opens a page, then clicks on it a few times.

    Parameters
    ----------
    numbers : shared by all readers, so that new views are new to the server
    new : share of the clicks that show a view nobody has asked for
    opens : open pages only
    """
    chance = random.Random(seed)
    while True:
        page = chance.choice(_pages())
        yield _opened(page.path)
        for _ in range(0 if opens else chance.randint(2, 8)):
            if chance.random() < 0.1:
                yield (Asked("numbers", f"{page.path}.json"),)
            elif chance.random() < new or not page.clicks:
                yield (_filtered(page, next(numbers)),)
            else:
                yield (chance.choice(page.clicks),)


def every_page() -> list[Asked]:
    """Each page, without what Dash asks."""
    return [Asked("page", page.path) for page in _pages()]


def _opened(path: str) -> Action:
    """A visit whose scripts and styles the browser has kept already."""
    return (
        Asked("page", path),
        Asked("layout", "/_dash-layout", referer=path),
        Asked("dependencies", "/_dash-dependencies", referer=path),
    )


def _filtered(page: Page, number: int) -> Asked:
    """A filter nobody has used: an age from and to, in hundredths of years."""
    low, high = 18 + (number % 3000) / 100, 70 + (number // 3000 % 3000) / 100
    search = f"?f.{NUMBER}={low:.2f}..{high:.2f}"
    body = page.search.replace('"?place"', json.dumps(search))
    return Asked("new view", "/_dash-update-component", body.encode(), page.path)


@cache
def _pages() -> tuple[Page, ...]:
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Catalogue()
        server = create_server(
            Settings(browser=False, log="none", store_dir=Path(folder)), catalogue
        )
        found = []
        for study_id in STUDIES:
            study = catalogue.get(study_id)
            for page in pages.STUDY.values():
                if page.live and page.rail and page.shown(study):
                    path = f"/study/{study_id}/{page.name}".rstrip("/")
                    found.append(_page(Reader(server, path), path, page.id))
        return tuple(found)


def _page(reader: Reader, path: str, name: str) -> Page:
    """What a click on each choice asks, and a filter."""
    callback = next(
        c
        for c in reader.callbacks
        if f"{name}-island.data" in c["output"] and not c.get("clientside_function")
    )
    clicks = []
    for place, props in list(reader.props.items()):
        options = props.get("options")
        if not place.startswith(f"{name}-") or not isinstance(props.get("value"), str):
            continue
        known = {f"{i['id']}.{i['property']}" for i in callback["inputs"]}
        if not options or f"{place}.value" not in known:
            continue
        before = props["value"]
        for option in options[:4]:
            props["value"] = option["value"] if isinstance(option, dict) else option
            if props["value"] != before:
                body = json.dumps(reader.question(callback, f"{place}.value")).encode()
                clicks.append(Asked("click", "/_dash-update-component", body, path))
        props["value"] = before
    address = reader.props[f"{name}-address"]
    address["search"] = "?place"
    search = json.dumps(reader.question(callback, f"{name}-address.search"))
    return Page(quote(path), tuple(clicks), search)
