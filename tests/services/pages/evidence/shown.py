"""What the evidence page shows and what its files hold, for tests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from services.evidence import load as evidence
from services.evidence.cited import Cited
from services.pages.evidence.records import EvidencePage
from services.views.site import EvidenceView

ALL = EvidenceView(reports="all")


def raw(name: str) -> Any:
    """A file with every scalar as the text it is written as."""
    path = Path(evidence.FOLDER) / f"{name}.yaml"
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def digits(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def numbers(value: Any) -> set[str]:
    """Every number in a YAML value as it is written, those inside its texts too."""
    if isinstance(value, dict):
        return set().union(*(numbers(v) for v in value.values()), set())
    if isinstance(value, list):
        return set().union(*(numbers(v) for v in value), set())
    return digits(value)


def shown(page: EvidencePage) -> list[tuple[str, Cited]]:
    """Every number of the page with the acronym it stands under."""
    found = [(r.acronym, r.cited) for f in (*page.forests, page.subgroups) for r in f.rows]
    for rows in (page.landmarks, page.responses, page.events):
        found += [(r.acronym, cited) for r in rows for _, cited in r.arms]
    found += [(r.acronym.split(",")[0], c) for r in page.single_arm for _, c in r.results]
    found += [(s.acronym, p.cited) for s in page.follow_up for p in s.points]
    return found
