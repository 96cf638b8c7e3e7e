"""Hostile requests of every kind. Oracle: no answer of 5xx, no traceback, nothing slow.

``make fuzz`` sends 20,000 of them (``SMM_FUZZ=20000``), the suite a few, always the same.
``SMM_FUZZ_SEED`` asks for others.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from callbacks.dash_app import create_server
from services.settings import Settings
from services.studies import Catalogue
from services.survival import warm_up
from tests.bad_files import GOOD, SHORT
from tests.fuzz.addresses import addresses, odd_ones
from tests.fuzz.bodies import opened, reports, uploads
from tests.fuzz.questions import questions
from tests.fuzz.watch import Sent, Watch
from tests.fuzz.words import Site
from tests.uploads import importer, send

REQUESTS = int(os.environ.get("SMM_FUZZ", "80"))
SEED = int(os.environ.get("SMM_FUZZ_SEED", "1"))

# Percent of all requests, and what they are.
KINDS: dict[str, tuple[int, Callable[[Site], st.SearchStrategy[Sent]]]] = {
    "addresses": (35, addresses),
    "questions": (45, questions),
    "reports": (5, reports),
    "uploads": (5, uploads),  # each is followed by all the pages it makes
    "odd ones": (10, odd_ones),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("fuzz")
    catalogue = Catalogue()
    catalogue.uploads = importer(folder)  # reads in this process, where it is watched
    server = create_server(Settings(browser=False, store_dir=folder / "store"), catalogue)
    ids = [send(catalogue.uploads, {"adtte.csv": text.encode()}).id for text in (GOOD, SHORT)]
    warm_up()  # what is imported once is nobody's request
    bundled = catalogue.ids() if REQUESTS > 1000 else ["e3a06"]
    site = Site(server, catalogue, bundled, ids)
    site.studies()  # nor is the reading of a study
    return site


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_sent_is_answered(site: Site, kind: str) -> None:
    # Looking through what thousands of requests left in this process takes seconds of its own.
    gc.collect()
    gc.freeze()
    watch = Watch(site.server)
    share, strategy = KINDS[kind]

    @seed(SEED)
    @settings(
        max_examples=max(2, REQUESTS * share // 100),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy(site))
    def ask(sent: Sent) -> None:
        answer = watch.send(sent)
        for more in opened(*answer) if kind == "uploads" else ():
            watch.send(more)

    ask()
    print(watch.summary())
    assert not watch.faults, watch.report()
