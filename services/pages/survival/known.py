"""What patients can be grouped by at a landmark: what may have happened to them by then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from services.study import what_if
from services.study.model import Study
from services.study.records import OtherTime

_RESPONSE = ("RESP", "RSP", "BOR")  # parts of the names of dates of a response


def known_times(study: Study, endpoint: str) -> tuple[OtherTime, ...]:
    """The other times of the data that some patient has, whenever it came.

    The best response, where the data have it, stands with each date of a response.
    """
    keys = [e.id for e in study.endpoints if e.id != endpoint]
    keys += what_if.reached_dates(study)
    everyone = study.subjects.index.to_series()
    found = []
    for key in keys:
        patients = int((~np.isnan(what_if.other_days(study, endpoint, everyone, key))).sum())
        if not patients:
            continue
        other = replace(what_if.other_time(study, endpoint, key, ""), patients=patients)
        found.append(other)
        if "BOR" in study.columns and any(part in key for part in _RESPONSE):
            found.append(replace(other, key=f"BOR@{key}", words=study.columns["BOR"].label))
    return tuple(found)
