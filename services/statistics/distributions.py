"""Quantiles and tails of the normal and the chi-square distribution."""

from __future__ import annotations

from services.errors import UserError


def quantile_z(level: float) -> float:
    """Two-sided normal quantile of a confidence level.

    >>> round(quantile_z(0.95), 6)
    1.959964
    """
    from scipy.special import ndtri

    if not 0 < level < 1:
        raise UserError(
            f"The confidence level {level} is not between 0 and 1.", "Use 0.95 for 95%."
        )
    return float(ndtri(0.5 + level / 2))


def chi2_p(chi2: float, df: int) -> float:
    """Upper tail of the chi-square distribution.

    >>> round(chi2_p(3.841458820694124, 1), 6)
    0.05
    """
    from scipy.special import chdtrc

    return float(chdtrc(df, max(chi2, 0.0)))


def normal_p(z: float) -> float:
    """Two-sided normal p-value.

    >>> round(normal_p(-1.959963984540054), 6)
    0.05
    """
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(z)))
