"""Survival of each arm as if it had the covariates of all: direct standardization."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from services.arrays import FloatArray
from services.statistics import adjusted, inputs, times
from services.statistics.results import NotEstimable

_CELLS = 4_000_000  # of the table of subjects by times that is held at once


def standardized(
    time: ArrayLike,
    event: ArrayLike,
    arm: ArrayLike,
    covariates: pd.DataFrame,
    *,
    arms: Sequence[str],
) -> tuple[FloatArray, FloatArray]:
    """Marginal survival of each arm, the covariates held to those of all subjects together.

    One Cox model of arm and covariates; each subject's predicted curve with the arm set to ``a`` is
    exp(-H(t) exp(eta)), H the cumulative baseline hazard after Efron's rule, and the curve of ``a``
    is their mean (Makuch 1982; R: the mean over ``survfit(fit, newdata)`` of all subjects).

    Parameters
    ----------
    time, event, covariates : as in :func:`services.statistics.adjusted.cox`
    arm : (n,) names, each among ``arms``, the first of which is the reference

    Returns
    -------
    (time, survival) : distinct times of events (J,) with 0 before them, and (arms, J) survival

    Raises
    ------
    NotEstimable : a coefficient of the model has no estimate

    >>> t, s = standardized([1, 2, 3, 4], [1, 1, 1, 1], list("abab"),
    ...     pd.DataFrame({"x": [1.0, 2, 2, 1]}), arms=["a", "b"])
    >>> t, s.shape
    (array([0., 1., 2., 3., 4.]), (2, 5))
    """
    subjects = times.read(time, event)
    named = np.asarray(arm)
    inputs.same_length(subjects.n, arm=named)
    rows = adjusted.complete(covariates, subjects.n)
    subjects, named = subjects.take(rows), named[rows]
    own = adjusted.design(covariates.loc[rows]).values
    of_arm = np.array([named == name for name in arms[1:]], dtype=np.float64).T
    x = np.hstack([of_arm.reshape(subjects.n, -1), own])
    solved = adjusted.solve(subjects, x, None)
    if len(solved.kept) < x.shape[1] or solved.running.any():
        raise NotEstimable("a coefficient of the model has no estimate")
    eta = (x - x.mean(axis=0)) @ (solved.beta / solved.scale)
    total = solved.sets.sums(np.exp(eta))
    steps = np.bincount(solved.sets.clock_index, weights=1 / total, minlength=len(subjects.clock))
    at = np.flatnonzero(steps)
    hazard = np.concatenate([[0.0], np.cumsum(steps[at])])
    moved = (of_arm.reshape(subjects.n, -1) @ (solved.beta / solved.scale)[: len(arms) - 1])[
        :, None
    ]
    effects = np.concatenate([[0.0], (solved.beta / solved.scale)[: len(arms) - 1]])
    risk = np.exp(eta[:, None] - moved + effects)  # (n, arms)
    width = max(1, _CELLS // max(1, subjects.n))
    found = [
        np.concatenate(
            [
                np.exp(-risk[:, k, None] * hazard[None, start : start + width]).mean(axis=0)
                for start in range(0, len(hazard), width)
            ]
        )
        for k in range(len(arms))
    ]
    return np.concatenate([[0.0], subjects.clock[at]]), np.array(found)
