"""How numbers are printed, everywhere: hazard ratios 2 digits, p 3, percent 1."""

from __future__ import annotations

from services.records import Estimate, HazardRatio
from services.view import format_number

NOT_REACHED = "NR"
NOT_ESTIMABLE = "NE"
DASH = "–"
MISSING = ""  # how a missing value is written in a filter
MISSING_LABEL = "Missing"


def ratio(value: float | None) -> str:
    """A hazard ratio to 2 digits.

    >>> ratio(0.2849), ratio(None)
    ('0.28', 'NE')
    """
    return NOT_ESTIMABLE if value is None else f"{value:.2f}"


def hazard_ratio(record: HazardRatio | None) -> str:
    """ "0.28 (0.12 to 0.62)"."""
    if record is None:
        return NOT_ESTIMABLE
    return f"{record.estimate:.2f} ({record.lower:.2f} to {record.upper:.2f})"


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


def percent(share: float | None, digits: int = 1) -> str:
    """A share of 1 as percent.

    >>> percent(0.909)
    '90.9%'
    """
    return NOT_ESTIMABLE if share is None else f"{100 * share:.{digits}f}%"


def number(value: float | None, digits: int = 1, missing: str = NOT_ESTIMABLE) -> str:
    """A plain number with a fixed number of digits."""
    return missing if value is None else f"{value:.{digits}f}"


def signed(value: float, digits: int = 1) -> str:
    """A difference with its sign; the minus is a minus, not a hyphen.

    >>> signed(25.31), signed(-2.0), signed(-0.01)
    ('+25.3', '−2.0', '0.0')
    """
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text if text.strip("+−0.") else text[1:]


def interval(record: Estimate, digits: int = 1) -> str:
    """A median with its interval: "41.5 (30.1 to NE)"; "NR (23.9 to NE)" if not reached."""
    estimate = number(record.estimate, digits, NOT_REACHED)
    return f"{estimate} ({number(record.lower, digits)} to {number(record.upper, digits)})"


def level(value: float) -> str:
    """A confidence level: "95%".

    >>> level(0.95), level(0.995)
    ('95%', '99.5%')
    """
    return f"{format_number(round(100 * value, 6))}%"


def p_text(label: str, p: float | None) -> str:
    """ "log-rank p = 0.001"."""
    return f"{label} {p_equals(p)}"


def level_label(level: str) -> str:
    """A level as a person reads it; Y and N are spelled out.

    >>> level_label(""), level_label("Y"), level_label("WHITE")
    ('Missing', 'Yes', 'White')
    """
    words = {MISSING: MISSING_LABEL, "Y": "Yes", "N": "No"}.get(level, level)
    # Data in capitals ("BLACK OR AFRICAN AMERICAN") are shown as a sentence is.
    return _sentence(words) if words.isupper() and len(words) > 4 else words


# Of races and ethnicities in CDISC's terms.
_PEOPLES = ("African", "American", "Asian", "Hawaiian", "Hispanic", "Indian", "Latino")
_NAMES = {*_PEOPLES, "Alaska", "Islander", "Native", "Pacific"}


def _sentence(capitals: str) -> str:
    words = capitals.capitalize().split(" ")
    return " ".join(w.capitalize() if w.capitalize() in _NAMES else w for w in words)


_WORDS = {("SEX", "F"): "Female", ("SEX", "M"): "Male"}


def value_label(name: str, level: str) -> str:
    """As ``level_label``, with the field's own words where a code is shorter than a word."""
    return _WORDS.get((name, level)) or level_label(level)
