"""How numbers are printed, everywhere: hazard ratios 2 digits, p 3, percent 1."""

from __future__ import annotations

import math

from services.numbers import format_number
from services.statistics.results import HazardRatio

NOT_REACHED = "NR"
NOT_ESTIMABLE = "NE"
DASH = "–"

_NOTHING = 1e-9  # a difference this small is that of two floating-point numbers
_MOST_DIGITS = 6


def _apart(value: float, bound: float, digits: int) -> str:
    """Fixed digits, and more of them where a value would print as the bound that it is not.

    >>> _apart(0.9956, 1.0, 2), _apart(1.0, 1.0, 2), _apart(0.5, 1.0, 2)
    ('0.996', '1.00', '0.50')
    """
    shown, same = f"{value:.{digits}f}", f"{bound:.{digits}f}"
    if shown != same or abs(value - bound) <= _NOTHING:
        return shown
    for more in range(digits + 1, _MOST_DIGITS + 1):
        text = f"{value:.{more}f}"
        if float(text) != bound:
            return text
    return same


def ratio(value: float | None) -> str:
    """A ratio (hazards, risks, odds, means) to 2 digits.

    A positive one is never "0.00", and one that is not 1 shows the side of 1 it is on.

    >>> ratio(0.2849), ratio(None), ratio(0.0003), ratio(0.9956), ratio(1.004)
    ('0.28', 'NE', '<0.01', '0.996', '1.004')
    """
    if value is None or not math.isfinite(value):
        return NOT_ESTIMABLE
    if value == 0:
        return "0"
    return "<0.01" if value < 0.005 else _apart(value, 1.0, 2)


def ratio_interval(lower: float | None, upper: float | None) -> str:
    """Limits of a ratio.

    >>> ratio_interval(0.0035, 0.9956)
    '<0.01 to 0.996'
    """
    return f"{ratio(lower)} to {ratio(upper)}"


def hazard_ratio(record: HazardRatio | None) -> str:
    """ "0.28 (0.12 to 0.62)"."""
    if record is None:
        return NOT_ESTIMABLE
    return f"{ratio(record.estimate)} ({ratio_interval(record.lower, record.upper)})"


def p_value(p: float | None) -> str:
    """Three digits; "<0.001" below, ">0.999" above; never "0.000".

    >>> p_value(0.0004), p_value(0.0023), p_value(0.9999)
    ('<0.001', '0.002', '>0.999')
    """
    if p is None:
        return NOT_ESTIMABLE
    if p < 0.001:
        return "<0.001"
    if p > 0.999:
        return ">0.999"
    return f"{p:.3f}"


def p_equals(p: float | None) -> str:
    """ "p = 0.002" or "p < 0.001"."""
    text = p_value(p)
    return f"p {text[0]} {text[1:]}" if text[0] in "<>" else f"p = {text}"


def share(value: float | None, digits: int = 1) -> str:
    """A share of 1 in percent, without the sign.

    "100" and "0" only where it is all or none.

    >>> share(0.909), share(0.9998), share(0.0003), share(1.0), share(0.9962, 0)
    ('90.9', '>99.9', '<0.1', '100.0', '>99')
    """
    if value is None or math.isnan(value):
        return NOT_ESTIMABLE
    text = f"{100 * value:.{digits}f}"
    shown = float(text)
    if 0 < shown < 100:
        return text
    step = 10.0**-digits
    if shown >= 100 and value < 1 - _NOTHING:
        return f">{100 - step:.{digits}f}"
    if shown <= 0 and value > _NOTHING:
        return f"<{step:.{digits}f}"
    return text.removeprefix("-") if shown == 0 else text


def percent(value: float | None, digits: int = 1) -> str:
    """A share of 1 as percent; ">99.9%" and "<0.1%" where it is not all or none.

    >>> percent(0.909), percent(0.9962, 0)
    ('90.9%', '>99%')
    """
    text = share(value, digits)
    return text if text == NOT_ESTIMABLE else f"{text}%"


def share_interval(lower: float | None, upper: float | None, digits: int = 1) -> str:
    """Limits of a share, in percent without the sign.

    >>> share_interval(0.8512, 0.99991)
    '85.1 to >99.9'
    """
    return f"{share(lower, digits)} to {share(upper, digits)}"


def number(value: float | None, digits: int = 1) -> str:
    """A plain number with a fixed number of digits."""
    return NOT_ESTIMABLE if value is None else f"{value:.{digits}f}"


def signed(value: float, digits: int = 1) -> str:
    """A difference with its sign; the minus is a minus, not a hyphen.

    One that is not 0 shows its side.

    >>> signed(25.31), signed(-2.0), signed(-0.01), signed(0.0)
    ('+25.3', '−2.0', '−0.01', '0.0')
    """
    text = _apart(abs(value), 0.0, digits)
    return text if float(text) == 0 else f"{'−' if value < 0 else '+'}{text}"


def points(value: float | None, digits: int = 1) -> str:
    """A difference of shares of 1 in percentage points; 100 only where it is all against none.

    >>> points(0.2531), points(-0.99996)
    ('+25.3', '−99.996')
    """
    if value is None or math.isnan(value):
        return NOT_ESTIMABLE
    text = _apart(abs(100 * value), 100.0, digits)
    return signed(100 * value, digits) if abs(value) < 0.5 else ("−" if value < 0 else "+") + text


def points_interval(lower: float | None, upper: float | None, digits: int = 1) -> str:
    """Limits of a difference of shares, in percentage points.

    >>> points_interval(-0.021, 0.3)
    '−2.1 to +30.0'
    """
    return f"{points(lower, digits)} to {points(upper, digits)}"


def _time_digits(unit: str) -> int:
    """Decimals of a time: a day is 0.003 years."""
    return 2 if unit == "years" else 1


def time(value: float | None, unit: str, missing: str = NOT_ESTIMABLE) -> str:
    """A length of time in its unit: years with two decimals, and a short one never as 0.

    >>> time(41.52, "months"), time(3.456, "years"), time(0.04, "months"), time(None, "days")
    ('41.5', '3.46', '0.04', 'NE')
    """
    return missing if value is None else _apart(value, 0.0, _time_digits(unit))


def time_interval(lower: float | None, upper: float | None, unit: str) -> str:
    """Limits of a length of time.

    >>> time_interval(30.14, None, "months")
    '30.1 to NE'
    """
    return f"{time(lower, unit)} to {time(upper, unit)}"


def rate(value: float | None) -> str:
    """A rate, or a number needed: one decimal; what is not 0 is never "0.0".

    >>> rate(3.14), rate(0.004), rate(0.0)
    ('3.1', '0.004', '0.0')
    """
    return NOT_ESTIMABLE if value is None else _apart(value, 0.0, 1)


def signed_time(value: float | None, unit: str) -> str:
    """A difference of two lengths of time.

    >>> signed_time(0.049, "years"), signed_time(-0.3, "months")
    ('+0.05', '−0.3')
    """
    return NOT_ESTIMABLE if value is None else signed(value, _time_digits(unit))


def level(value: float) -> str:
    """A confidence level: "95%".

    >>> level(0.95), level(0.995)
    ('95%', '99.5%')
    """
    return f"{format_number(round(100 * value, 6))}%"


def counted(n: int, one: str, many: str) -> str:
    """A number with the words that fit it.

    >>> counted(1, "event has", "events have"), counted(1200, "event has", "events have")
    ('1 event has', '1,200 events have')
    """
    return f"{n:,} {one if n == 1 else many}"
