"""One hazard ratio of a case of the oracles, for tests."""

from __future__ import annotations

from services import survival
from tests.oracles.engine import case


def ratio(name, **options):
    d = case(name).pair()
    return survival.hazard_ratio(
        d["time"], d["event"], d["treated"], entry=d.get("entry"), **options
    )
