"""Subgroups pages for tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from services.pages.subgroups.page import subgroups_page
from services.pages.subgroups.records import SubgroupsPage
from services.reading.files import read_study
from services.study.model import Study
from services.views.study import decode
from tests.studies import bundled

ROOT = Path(__file__).resolve().parents[4]
RANDOM = ROOT.parent / "shared" / "data" / "adam" / "random_cdisc_data"


@cache
def e3a06() -> Study:
    return bundled()


@cache
def random_cdisc() -> Study:
    if not RANDOM.is_dir():
        pytest.skip(f"{RANDOM} is not here")
    return read_study(RANDOM)


def page_of(query: str, study: Study | None = None) -> SubgroupsPage:
    return subgroups_page(study or e3a06(), decode(query))
