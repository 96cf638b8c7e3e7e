"""What is said in hostile requests: words that are known, nasty ones, and anything."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from flask import Flask
from hypothesis import strategies as st

from services.studies import Catalogue
from services.study.model import Study
from services.views.codec import codecs
from services.views.parse import FieldError, join_list

Text = st.SearchStrategy[str]
Json = st.SearchStrategy[Any]


NASTY = [
    "", " ", "0", "-1", "-0", "1", "2", "12", "1e308", "-1e308", "1e-308", "5e-324", "1e9",
    "1e-6", "nan",
    "inf", "-inf", "1e400", "9" * 400, "0x10", "1_000", "١٢", "²", "½", "1,5", "12;24 36", "..",
    "1..",
    "..1", "nan..nan", "65..50", "0..1e308", "\0", "\x1b[31m", "\r\n", "\u202e", "\ufeff",
    "\ufffd", "🧬",
    "<script>alert(1)</script>", "'\"`", "../../etc/passwd", "%00", "%", "%zz", "{}", "[]",
    "{{7*7}}",
    "none", "*", ",", ",,,,", "\\", ":", "/", "AGE:q4", "AGE:60/70", "AGE:1/2/3/4/5/6", "SEX:F",
    "AGE:",
    "FLT:censor", ":event", "300x200", "1x1", "1e9x1e9", "a" * 9000, "," * 3000, "A," * 2000,
    "http://[", "__proto__", "constructor", "None", "true", "null", "2024-02-30", "0" * 32,
    "f" * 32, "\ud800",
]  # fmt: skip


def _allowed(codec: Any) -> list[str]:
    """What a field says may be written."""
    try:
        codec.parse("", "\0")
    except FieldError as problem:
        return problem.allowed.split(", ")
    return []


def view_words(kind: Any) -> dict[str, list[str]]:
    """Keys of a view with the words that each takes."""
    return {name: _allowed(codec) for name, codec in codecs(kind).items()}


def study_words(study: Study) -> list[str]:
    """What can be named of a study."""
    found = [e.id for e in study.endpoints] + [a.name for a in study.arms]
    columns = list(map(str, study.subjects.columns))
    found += columns + list(map(str, study.subjects.index[:2]))
    for name in columns:
        values = study.subjects[name].dropna().astype(str).unique()[:3]
        found += [*values, *(f"{name}:{value}" for value in values)]
        found += [f"{name}:q3", f"{name}:ignore", f"{name}:event"]
    if study.adverse_events is not None:
        for name in study.adverse_events.columns:
            found += list(study.adverse_events[name].dropna().astype(str).unique()[:2])
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Site:
    """What is there to be asked: the server, bundled studies, an upload and a draft."""

    server: Flask
    catalogue: Catalogue
    bundled: Sequence[str]
    uploads: Sequence[str]

    def studies(self) -> list[Study]:
        return [self.catalogue.get(i) for i in (*self.bundled, self.uploads[0])]


# --- texts and values -------------------------------------------------------------------------


def mostly(good: st.SearchStrategy[Any], bad: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The one nine times in ten: what is wrong everywhere is refused at its first place."""
    return st.sampled_from([good] * 9 + [bad]).flatmap(itself)


def itself(chosen: Any) -> Any:
    return chosen


def picked(words: Sequence[str]) -> Text:
    """One of them, by its place: hypothesis writes out what is sampled from, and warns of much."""

    def word(place: int) -> str:
        return words[place]

    return st.integers(0, len(words) - 1).map(word)


def texts(words: Sequence[str] = ()) -> Text:
    """A word that is known, a nasty one, several of them, or anything."""
    nasty = picked(NASTY)
    known = mostly(picked(list(words)), nasty) if words else nasty
    several = st.lists(known, min_size=1, max_size=8).map(join_list)
    return st.one_of(known, known, several, st.text(max_size=12), st.floats().map(str))


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 40), st.sampled_from([10**30, -(10**400), 2**63]),
    st.floats(), st.sampled_from(NASTY),
)  # fmt: skip


def values(words: Sequence[str] = ()) -> Json:
    """Any JSON, of known words more often than not."""
    word = texts(words)
    leaf = st.one_of(word, SCALARS)
    small = st.one_of(st.lists(leaf, max_size=4), st.dictionaries(word, leaf, max_size=3))
    deep = st.sampled_from([400, 3000]).map(_nested)
    return mostly(leaf, small | st.lists(small, max_size=3) | deep)


def _nested(depth: int) -> Any:
    found: Any = []
    for _ in range(depth):
        found = [found]
    return found


def written(value: Any) -> bytes:
    """As JSON, NaN and lone surrogates too; deeper than ``json.dumps`` goes."""
    try:
        return json.dumps(value).encode()
    except RecursionError:
        return b"[" * 100_000


def latin(text: str) -> str:
    """As WSGI has it."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def queries(keys: Mapping[str, Sequence[str]], words: Sequence[str], columns: list[str]) -> Text:
    """Queries of some keys, well encoded or not."""

    def pair(key: str) -> Text:
        own = picked(list(keys.get(key) or words or NASTY))
        return st.tuples(st.just(key), st.sampled_from([own, texts(words)]).flatmap(itself)).map(
            _pair
        )

    names = [*keys, *(f"f.{column}" for column in columns)]
    known = st.sampled_from(names or ["q"]).flatmap(pair)
    odd = st.tuples(texts(columns), texts(words)).map(_pair)
    raw = st.binary(max_size=20).map(lambda b: b.decode("latin-1"))
    many = st.tuples(known, st.sampled_from([2, 30, 1200])).map(lambda p: "&".join([p[0]] * p[1]))
    return st.lists(mostly(known, odd | raw | many), max_size=6).map("&".join)


def _pair(pair: tuple[str, str]) -> str:
    return "=".join(quote_plus(part, errors="replace") for part in pair)
