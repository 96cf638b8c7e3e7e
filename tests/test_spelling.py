"""One spelling, American, in everything a user or a contributor reads."""

from __future__ import annotations

import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Written by others: answers of R, locked packages, patient data (MedDRA's terms are British).
NOT_OURS = re.compile(r"tests/oracles/|.*\.(lock|csv|png)$|.*SHA256SUMS$|tests/test_spelling\.py$")

# British wherever they stand in a word; $ ends the word.
BRITISH = re.compile(
    r"""
    colour|favour|behaviour|neighbour|honour|labour|humour|rumour|tumour|harbour|endeavour|vapour|
    haem(?!atol)|leukaem|anaem|glycaem|kalaem|natraem|uraem|ischaem|oedema|oestr|oesoph|diarrhoea|
    dyspnoea|paediatr|gynaec|orthopaed|anaesth|foet(us|al)|faec|sulphat|smoulder|
    labell(?!um|edby)|modell|cancell(?!ation)|travell|signall|levell|totall(?!y)|channell|fuell|
    counsell|centre|centring|litre|fibre|theatre|calibre|spectre|meagre|licence|defence|offence|
    pretence|practis|judgement|acknowledgement|artefact|sceptic|cheque|ageing|mould|plough|
    manoeuvre|aluminium|skilful|wilful|instalment|learnt|spelt|whilst|amongst|
    (ana|para|cata)lys(e[dr]?|ing)$|dialogue|analogue|catalogue|enrol(s|ments?)?$|
    fulfil(s|ment)?$|instals?$|programmes?$|grey|towards$|afterwards$|upwards$|downwards$
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A verb in -ise with what is made of it, but for words that have no z in America either.
ISE = re.compile(r"[a-z]{3,}is(e|ed|es|ing|er|ers|able|ations?|ational)$", re.IGNORECASE)
NEVER_Z = re.compile(
    r".*wis|.*rais|.*prais|.*prom|.*prem|.*precis|.*concis|exerc|.*adv|.*rev|superv|dev|improv|"
    r"telev|surpr|.*compr|enterpr|.*nois|pois|disgu|expert|franch|merchand|parad|treat|.*excis|"
    r".*incis|.*aris|desp|demis|bruis|cruis|chis",
    re.IGNORECASE,
)
# Names that programs rely on: right as names, in no sentence.
NAMES = ("analyse", "catalogue", "catalogues", "enrolment")
# Somebody else's words: where, and which.
QUOTED = {
    "data/evidence/": ("smouldering", "specialisation"),  # titles and addresses
    "services/reading/arms.toml": ("enrol",),  # a pattern
    "services/values/flags.toml": ("randomised", "analysed", "hospitalised", "hospitalisation"),
    "tests/services/reading/test_arms.py": ("randomisation",),  # a value in a file
    "components/catalogue/layout.py": ("catalogue",),  # classes of the style sheet
    "tests/test_architecture.py": ("analyse", "catalogue"),  # lines of code
    "tests/callbacks/": ("anaemia",),  # a term of MedDRA
}
WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+")
# What looks like code within a sentence.
CODE = re.compile(r">>>.*|`+[^`]+`+|\w*[./_#]\w[\w./_#]*|\w+(?=[(=\[])|['\"]\w+['\"]")


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [name for name in done.stdout.decode().split("\0") if (ROOT / name).is_file() and name]


@cache
def is_british(word: str) -> bool:
    return bool(BRITISH.search(word) or (ISE.fullmatch(word) and not NEVER_Z.match(word)))


def british(text: str) -> set[str]:
    """The British words of a text, in lower case."""
    return {word.lower() for word in set(WORD.findall(text)) if is_british(word)}


def sentences(name: str, text: str) -> Iterator[str]:
    """Comments and texts of more than a word, without the code in them."""
    if name.endswith(".md"):
        yield CODE.sub(" ", text)
    elif name.endswith(".py"):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            prose = token.type in (tokenize.STRING, tokenize.COMMENT) or (
                token.type == getattr(tokenize, "FSTRING_MIDDLE", -1)
            )
            if prose and " " in token.string.strip():
                yield CODE.sub(" ", token.string)


def test_one_spelling() -> None:
    found = []
    for name in tracked():
        if NOT_OURS.match(name):
            continue
        if name.endswith(".ico"):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        words = british(text)
        if not words:
            continue
        quoted = {w for where, those in QUOTED.items() if name.startswith(where) for w in those}
        as_names = words & set(NAMES)
        told = {w for w in as_names for s in sentences(name, text) if w in WORD.findall(s.lower())}
        found += [f"{name}: {w}" for w in sorted(((words - as_names) | told) - quoted)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text", ["arms' colours", "randomised", "MAXIMISED", "reLabelled", "grey rows", "analysed"]
)
def test_british_words_are_found(text: str) -> None:
    assert len(british(text)) == 1


def test_american_words_are_not() -> None:
    assert not british(
        "otherwise raises precise exercise compromise advised noises analyses analysis promised "
        "revised premises millisecond licensed program favors cancellation labels likewise wiser"
    )
