"""Sources of published facts. Oracle: the hosts that a reader can trust."""

from __future__ import annotations

import re

from services.evidence import load as evidence
from services.evidence.facts import LINK_HOSTS


def test_every_link_is_one_a_reader_can_trust() -> None:
    found = evidence.evidence()
    sources = [s for t in found.trials for s in t.sources]
    sources += [s for m in found.risk_models for s in m.sources]
    links = {s.link for s in sources if s.link}
    assert len(links) > 25
    for link in links:
        assert re.match(r"https://[a-z.-]+/", link), link
        assert link.split("/")[2] in LINK_HOSTS, link
