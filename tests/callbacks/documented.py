"""What ``docs/design.md`` says of addresses and of the keys of their JSON."""

from __future__ import annotations

import re

from services.settings import ROOT

TEXT = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
# Of every JSON of a study.
SHARED = frozenset(
    re.findall(r"`(\w+)`", TEXT.split("Every JSON of a study begins with")[1].split("\n\n")[0])
)


def row(address: str) -> str:
    """What the tables say of an address, the first row of it; an error if there is none."""
    found: list[str] = re.findall(rf"^\| `{re.escape(address)}` \| (.*) \|$", TEXT, re.MULTILINE)
    return found[0]


def keys(address: str) -> set[str]:
    """The keys that are named of an address, "/study/<id>/survival.json"."""
    return set(re.findall(r"`(\w+)`", row(address)))
