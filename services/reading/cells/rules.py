"""What ``study.toml`` may say of how a study's values are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Partial = Literal["missing", "first", "middle", "last"]
Order = Literal["", "dmy", "mdy", "ymd"]
Epoch = Literal["", "sas", "unix", "excel"]
Comma = Literal["", "decimal", "thousands"]

ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")
TimeUnit = Literal["hours", "days", "weeks", "months", "years"]
ArmsAlike = Literal["one", "apart"]

TIME_UNITS: tuple[TimeUnit, ...] = get_args(TimeUnit)


@dataclass(frozen=True)
class ValueRules:
    """``[dates]`` and ``[numbers]`` of a ``study.toml``; "" where the values have to tell.

    Attributes
    ----------
    partial : what a date without its day, or without month and day, becomes
    order : how dates of three numbers are written, the year last unless "ymd"
    epoch : what numbers for dates count from
    pivot : years of two digits lie in the hundred years from this one
    comma : what a comma in a number separates
    """

    partial: Partial = "missing"
    order: Order = ""
    epoch: Epoch = ""
    pivot: int = 1950
    comma: Comma = ""
