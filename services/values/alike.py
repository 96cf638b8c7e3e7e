"""Texts that differ only in case, spaces or Unicode form: one thing under several spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from services.errors import short

# Drawn as nothing: zero-width spaces and joiners, soft hyphen, byte order mark.
_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


def key(text: str) -> str:
    """What texts that read alike have in common.

    >>> key("Len  dex") == key("LEN\\u00a0DEX"), key("9mg") == key("9 mg"), key("1 0") == key("10")
    (True, True, False)
    """
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    # Once more: the lower case of some letters is a form of its own.
    return _SPACES.sub(_between_digits, unicodedata.normalize("NFKC", shown.casefold()).strip())


def _between_digits(spaces: re.Match[str]) -> str:
    """ "10mg" reads as "10 mg", but "1 0" not as "10"."""
    text, start, end = spaces.string, spaces.start(), spaces.end()
    return " " if text[start - 1].isdigit() and text[end].isdigit() else ""


def spellings(texts: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of two texts or more that read alike, each in order of appearance.

    >>> spellings(["Rash", "Fever", "RASH"])
    (('Rash', 'RASH'),)
    """
    groups: dict[str, list[str]] = {}
    for text in dict.fromkeys(texts):
        if text:
            groups.setdefault(key(text), []).append(text)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


_ZEROS = re.compile(r"(?<!\d)0+(?=\d)|(?<=\d)\.0+$")


def otherwise_written(unknown: Iterable[str], known: Iterable[str]) -> str:
    """That identifiers nobody has are those of others but for their spelling; "" if none is.

    >>> otherwise_written(["s1", "s2", "s9"], ["S1", "S2"])
    '“s1” there and “S1” here differ only in case, and 1 more likewise.'
    >>> otherwise_written(["7"], ["007"])
    '“7” there and “007” here differ only in zeros.'
    """
    ours = {text for text in known if text}
    by_key = {_ZEROS.sub("", key(text)): text for text in sorted(ours)}
    pairs = [
        (text, by_key[as_key])
        for text in unknown
        if text and text not in ours and (as_key := _ZEROS.sub("", key(text))) in by_key
    ]
    if not pairs:
        return ""
    there, here = pairs[0]
    what = difference((there, here)) if key(there) == key(here) else "zeros"
    more = f", and {len(pairs) - 1:,} more likewise" if len(pairs) > 1 else ""
    return f"“{short(there)}” there and “{short(here)}” here differ only in {what}{more}."


def as_one(
    counts: Mapping[str, int], preferred: Iterable[str] = ()
) -> tuple[dict[str, str], tuple[tuple[str, ...], ...]]:
    """The one spelling that stands for each text that has several.

    Parameters
    ----------
    counts : how often each text is there
    preferred : spellings that win wherever they are

    Returns
    -------
    (spelling of each other text, the groups with the one that stands for them first)

    >>> as_one({"RASH": 3, "Rash": 1, "Fever": 2})
    ({'Rash': 'RASH'}, (('RASH', 'Rash'),))
    """
    wanted = set(preferred)
    renamed: dict[str, str] = {}
    groups = []
    for group in spellings(counts):
        first, *rest = sorted(group, key=lambda t: (t not in wanted, -counts[t], t))
        renamed |= dict.fromkeys(rest, first)
        groups.append((first, *rest))
    return renamed, tuple(groups)


def difference(group: Iterable[str]) -> str:
    """In what a group of spellings differs: "case", "spaces" or "the form of a letter".

    >>> difference(("Len", "LEN")), difference(("Len dex", "Len  dex"))
    ('case', 'spaces')
    """
    texts = list(group)
    shown = [unicodedata.normalize("NFKC", _INVISIBLE.sub("", t)) for t in texts]
    found = []
    if len({"".join(t.split()) for t in shown}) > 1:
        found.append("case")
    if (
        len({"".join(t.split()).casefold() for t in shown}) == 1
        and len({re.sub(r"\S", "", t) for t in texts}) > 1
    ):
        found.append("spaces")
    if len({unicodedata.normalize("NFKC", "".join(t.split())) for t in texts}) < len(
        {"".join(t.split()) for t in texts}
    ):
        found.append("the Unicode form of a letter")
    return " and ".join(found) or "invisible characters"
