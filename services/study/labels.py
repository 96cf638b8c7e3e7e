"""A study's own values as a person reads them."""

from __future__ import annotations

import re

from services import lists

_LISTS = lists.beside(__file__)
LABELS: dict[str, str] = _LISTS["labels"]
UNITS: dict[str, str] = _LISTS["units"]
RESPONSES: dict[str, str] = _LISTS["responses"]
MISSING = ""  # how a missing value is written in a filter
MISSING_LABEL = "Missing"


def level_label(level: str) -> str:
    """A level as a person reads it; Y and N are spelled out, and names stay as given.

    Only terms of CDISC's code lists, which are in capitals whoever writes them, are shown as a
    sentence is: anything else in capitals may be a name or a stage.

    >>> level_label(""), level_label("Y"), level_label("WHITE"), level_label("R-ISS III")
    ('Missing', 'Yes', 'White', 'R-ISS III')
    >>> level_label(">= 75"), level_label("10 to <=20 %"), level_label("LOST TO FOLLOW-UP")
    ('≥ 75', '10 to ≤20 %', 'Lost to follow-up')
    """
    words = {MISSING: MISSING_LABEL, "Y": "Yes", "N": "No"}.get(level, level)
    words = _COMPARED.sub(lambda found: _SIGNS[found[0]], words)
    if not words.isupper() or len(words) < 5:
        return words
    return _sentence(words) if set(re.findall(r"\w+", words)) <= _TERMS else words


_SIGNS = {"<=": "≤", ">=": "≥"}
_COMPARED = re.compile("[<>]=(?=[ \\d])")
_TERMS, _NAMES = ({*lists.words(_LISTS[kind])} for kind in ("terms", "names"))


def _sentence(capitals: str) -> str:
    words = capitals.capitalize().split(" ")
    return " ".join(w.capitalize() if w.capitalize() in _NAMES else w for w in words)


_RESPONSES = RESPONSES | {"NE": "not evaluable"}
_WORDS = {("SEX", "F"): "Female", ("SEX", "M"): "Male"}


def value_label(name: str, level: str) -> str:
    """As ``level_label``, with the field's own words where a code is shorter than a word.

    >>> value_label("SEX", "F"), value_label("BOR", "MR"), value_label("BOR", "NE")
    ('Female', 'MR (minor response)', 'NE (not evaluable)')
    """
    if name == "BOR" and (words := _RESPONSES.get(level.upper())):
        return f"{level} ({words})"
    return _WORDS.get((name, level)) or level_label(level)
