"""Questions of Dash as the pages ask them, with other values or in another shape."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from callbacks import pages
from services.views.study import View
from tests.callbacks.client import Reader
from tests.fuzz.watch import Sent
from tests.fuzz.words import (
    Site,
    itself,
    mostly,
    queries,
    study_words,
    texts,
    values,
    view_words,
    written,
)

COMPARED = "/compare?a=/study/e3a06/survival&b=/study/e3a06/survival%3Fendpoint%3DOS"

Question = tuple[str, dict[str, Any]]  # the address it is asked from, and its body


def asked_by_pages(site: Site) -> list[tuple[list[str], list[Question]]]:
    """Per study its words, and what its pages ask; the pages of the site among them."""
    found = []
    for study in site.studies():
        paths = [f"/study/{study.id}/{page}".rstrip("/") for page in pages.STUDY]
        found.append((study_words(study), [q for p in paths for q in _questions(site, p)]))
    paths = [*pages.SITE, COMPARED, *(f"/upload/{i}" for i in site.uploads)]
    found.append((study_words(study), [q for p in paths for q in _questions(site, p)]))
    return found


def _questions(site: Site, path: str) -> Iterator[Question]:
    reader = Reader(site.server, path)
    for callback in reader.callbacks:
        if callback.get("clientside_function"):
            continue
        try:
            yield path, reader.question(callback, "")
        except AssertionError:  # another page's
            continue


def questions(site: Site) -> st.SearchStrategy[Sent]:
    """Questions that a page would ask, with other values, or in another shape."""
    return st.one_of([_of(words, asked) for words, asked in asked_by_pages(site) if asked])


def _of(words: list[str], asked: list[Question]) -> st.SearchStrategy[Sent]:
    def bent(place: int) -> st.SearchStrategy[Sent]:
        return _bent(asked[place], words)

    # By its place: hypothesis writes out what is sampled from, and warns where that is long.
    return st.integers(0, len(asked) - 1).flatmap(bent)


def _bent(question: Question, words: list[str]) -> st.SearchStrategy[Sent]:
    path, body = question
    places = list(_told(body))
    which = [
        f"{json.dumps(p['id']) if isinstance(p['id'], dict) else p['id']}.{p['property']}"
        for p in places
    ]
    keys = view_words(View)
    search = queries(keys, words, []).map(lambda q: f"?{q}")
    held = st.sampled_from([mostly(texts(words), values(words)), search, values(words)]).flatmap(
        itself
    )
    changes = st.lists(st.tuples(st.integers(0, max(len(places) - 1, 0)), held), max_size=4)
    inside = st.lists(st.tuples(st.integers(0, 200), values(words)), min_size=1, max_size=2)
    changed = st.lists(st.sampled_from(which), max_size=2) if which else st.just([])

    def valued(told: tuple[Any, Any]) -> bytes:
        new = json.loads(json.dumps(body))
        new["changedPropIds"] = told[1]
        here = list(_told(new))
        for place, value in told[0]:
            if here:
                here[place]["value"] = value
        return written(new)

    def shaped(told: tuple[Any, Any]) -> bytes:
        new = json.loads(json.dumps(body))
        new["changedPropIds"] = told[1]
        spots = list(_spots(new))
        for place, value in told[0]:
            holder, key = spots[place % len(spots)]
            holder[key] = value
        return written(new)

    plain = json.dumps(body).encode()
    raw = st.sampled_from([
        plain[:-1], plain + b"x", b"\xff" + plain, plain.replace(b'"', b"'"), b"[" * 50_000, b"",
        b'{"output": "x", ' + plain[1:], plain[:-1] + b', "inputs": 3}', b"\xef\xbb\xbf" + plain,
        plain.decode().encode("utf-16"), b"null", b'"\\ud800"', b"1e999", b"9" * 5000,
    ])  # fmt: skip
    other = st.tuples(inside, changed).map(shaped)
    bodies = mostly(st.tuples(changes, changed).map(valued), other | raw)
    kinds = mostly(
        st.just("application/json"), st.sampled_from(["", "text/plain", "a/json; charset=x"])
    )
    headers = (("Referer", f"http://localhost{path}"),)
    return st.tuples(bodies, kinds).map(
        lambda b: Sent("/_dash-update-component", "", "POST", headers, b[0], b[1])
    )


def _told(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What a question tells of each input and state."""
    for part in (*body["inputs"], *body["state"]):
        yield from part if isinstance(part, list) else [part]


def _spots(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value."""
    inside: Iterable[tuple[Any, Any]] = ()
    if isinstance(tree, dict):
        inside = list(tree.items())
    elif isinstance(tree, list):
        inside = list(enumerate(tree))
    for key, value in inside:
        yield tree, key
        yield from _spots(value)
