"""The scales that curves are drawn on, by their formulas."""

from __future__ import annotations

import numpy as np

SCALED = {
    "survival": lambda s: s,
    "incidence": lambda s: 1 - s,
    "hazard": lambda s: -np.log(s),
    "log-log": lambda s: np.log(-np.log(s)),
}
