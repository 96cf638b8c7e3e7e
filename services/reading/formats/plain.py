"""Plain values out of a column, by one rule whatever file format it came in.

A study written as CSV and as SAS transport must read as the same study, so a column's type is
decided from its values and its name, never from what the format happens to store.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services import lists
from services.errors import few
from services.study.model import Finding
from services.values import numbers
from services.values.frames import number_text, pooled

MISSING_WORDS = ("NA", ".", "NaN", "N/A", "NULL", "<NA>", "NaT", "#N/A")
# A level of a column of text ("Prior therapy: None"), missing beside numbers, dates and flags.
MISSING_LEVELS = ("None",)

_CODE = re.compile(r"[A-Z]{2,4}")


def _spellings(word: str) -> set[str]:
    letters = [{c.upper(), c.lower()} for c in word]
    return {"".join(spelling) for spelling in itertools.product(*letters)}


LEVEL_SPELLINGS = frozenset().union(*map(_spellings, MISSING_LEVELS))
SPELLINGS = frozenset({""}).union(*map(_spellings, MISSING_WORDS), LEVEL_SPELLINGS)


def like_codes(levels: list[str]) -> bool:
    """Whether the other levels of a column are codes, so that "NA" may be one of them.

    >>> like_codes(["EU", "ROW"]), like_codes(["F", "M"]), like_codes(["Europe", "Asia"])
    (True, False, False)
    """
    return 2 <= len(levels) <= 50 and all(_CODE.fullmatch(level) for level in levels)


def na_words(name: str, count: int, levels: list[str]) -> tuple[str, str]:
    """Message and remedy for cells "NA" of a column of codes that were read as missing."""
    others = few(sorted(levels))
    return (
        f"{name}: {count:,} {'value' if count == 1 else 'values'} “NA” read as missing, alongside"
        f" {others}.",
        "If NA is a value (North America, Namibia), write it out, or send the table as SAS,"
        " Parquet or Dataset-JSON, where missing values are empty.",
    )


# ADaM names that hold text whatever their values look like; and where "NA" is never a level.
_TEXT_NAME, _NA_MISSING = (
    re.compile(f"({lists.either(names)})", re.IGNORECASE)
    for names in lists.beside(__file__).values()
)
_FLAG_NAME = re.compile(r"\w+FL", re.IGNORECASE)
_ISO = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$"
_SAS_DATE = r"^\d{1,2}[A-Za-z]{3}\d{4}(:\d\d:\d\d(:\d\d(\.\d+)?)?)?$"

_MONTHS = (
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
)  # fmt: skip
_SAS_EPOCH = np.datetime64("1960-01-01", "us")
_US_PER_DAY = 86_400_000_000

_LOOK = 100  # values that tell of nearly every column whether its points can be thousands
DATETIME = "datetime64[us]"


def keeps_text(name: str) -> bool:
    """Whether a column of this name holds text whatever its values look like."""
    return _TEXT_NAME.fullmatch(name) is not None


def from_text(
    name: str, values: pa.Array | pa.ChunkedArray, *, typed: bool
) -> tuple[Any, tuple[Finding, ...]]:
    """A column of strings as numbers, dates or text.

    Only the distinct values are looked at, so a million rows of a few levels cost little.

    Parameters
    ----------
    name : of the column; some ADaM names are text by definition
    values : strings, nulls allowed
    typed : the file format has missing values of its own, so that the text "NA" is a value

    Returns
    -------
    (Series of float64, datetime64[us] or categories, what was assumed)
    """
    codes, levels, findings = _encoded(name, values, typed)
    if levels.dtype == object:
        return pd.Series(pooled(codes, levels), name=name), findings
    unset = {"f": np.nan, "M": np.datetime64("NaT", "us")}.get(levels.dtype.kind, np.nan)
    # One more slot for missing: code -1 takes it.
    slots = np.full(len(levels) + 1, unset, dtype=levels.dtype)
    slots[:-1] = levels
    return pd.Series(slots[codes], name=name), findings


def _encoded(
    name: str, values: pa.Array | pa.ChunkedArray, typed: bool
) -> tuple[Any, Any, tuple[Finding, ...]]:
    """Codes (-1 for missing) of levels, which may repeat; and what was assumed."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    codes = np.asarray(pc.fill_null(values.indices, -1).to_numpy(zero_copy_only=False))
    levels = pc.utf8_trim_whitespace(values.dictionary.cast(pa.string()))
    absent = _is_in(levels, SPELLINGS)
    converted, comma = _convert(name, levels.filter(pa.array(~absent)))
    findings = _commas_told(name, codes, levels, comma)
    if converted.dtype == np.float64 and comma == "none":
        findings += _points_told(name, codes, levels.filter(pa.array(~absent)), levels)
    if not absent.any():
        return codes, converted, findings
    if converted.dtype == object:
        if not _FLAG_NAME.fullmatch(name):
            absent &= ~_is_in(levels, LEVEL_SPELLINGS)
        if not _NA_MISSING.fullmatch(name):
            na = _is_in(levels, frozenset({"NA"}))
            if typed:
                absent &= ~na
            elif na.any():
                findings += _na_told(name, codes, levels, na, absent)
        converted, _ = _convert(name, levels.filter(pa.array(~absent)))
    kept = np.full(len(levels) + 1, -1, dtype=codes.dtype)
    kept[:-1][~absent] = np.arange(int((~absent).sum()))
    return kept[codes], converted, findings


def _is_in(levels: pa.Array, words: frozenset[str]) -> Any:
    return np.asarray(
        pc.is_in(levels, value_set=pa.array(sorted(words))).to_numpy(zero_copy_only=False)
    )


def _na_told(name: str, codes: Any, levels: pa.Array, na: Any, absent: Any) -> tuple[Finding, ...]:
    if len(levels) > 100:
        return ()
    others = [level for level, gone in zip(levels.to_pylist(), absent, strict=True) if not gone]
    if not like_codes(others):
        return ()
    count = int(np.append(na, False)[codes].sum())
    return (Finding("warning", *na_words(name, count, others), count),)


def _commas_told(
    name: str, codes: Any, levels: pa.Array, comma: numbers.Commas
) -> tuple[Finding, ...]:
    if comma not in ("decimal", "thousands"):
        return ()
    has = pc.match_substring(levels, ",").to_numpy(zero_copy_only=False)
    count = int(np.append(has, False)[codes].sum())
    text = next(level for level in levels.to_pylist() if "," in level)
    read = numbers.without_commas(pa.array([text]), comma)[0].as_py()
    what = "decimals" if comma == "decimal" else "thousands"
    return (Finding("note", f"{name}: commas separate {what}; {text} read as {read}.", "", count),)


def _points_told(name: str, codes: Any, present: pa.Array, levels: pa.Array) -> tuple[Finding, ...]:
    """Points that may separate thousands: 1.280 among 755 and 980."""
    for sample in (present[:_LOOK], present):  # nearly always the first few tell
        if not len(sample) or not numbers.all_match(sample, r"^[1-9]\d{0,2}(\.\d{3})?$"):
            return ()
    pointed = pc.match_substring(present, ".")
    with_point, whole = present.filter(pointed), present.filter(pc.invert(pointed))
    if not len(with_point) or not len(whole):
        return ()
    highest = pc.max(with_point.cast(pa.float64())).as_py()
    if highest >= np.median(whole.cast(pa.float64()).to_numpy(zero_copy_only=False)):
        return ()
    has = pc.match_substring(levels, ".").to_numpy(zero_copy_only=False)
    count = int(np.append(has, False)[codes].sum())
    text = with_point[0].as_py()
    return (
        Finding(
            "warning",
            f"{name}: every point is followed by three digits, and the other values are larger:"
            f" {text} is read as {float(text):g}, beside {whole[0].as_py()}.",
            "If points separate thousands, write the numbers without them.",
            count,
        ),
    )


def _convert(name: str, present: pa.Array) -> tuple[Any, numbers.Commas]:
    """float64, datetime64[us] or object for the distinct values of a column; what commas are."""
    if len(present) == 0:
        return np.empty(0, dtype=np.float64), "none"
    if keeps_text(name):
        if _FLAG_NAME.fullmatch(name):
            present = pa.array(
                [{"TRUE": "Y", "FALSE": "N"}.get(v.upper(), v) for v in present.to_pylist()]
            )
        return _objects(present), "none"
    comma = numbers.commas(present)
    plain = numbers.without_commas(present, comma)
    if numbers.all_match(plain, numbers.PLAIN) and numbers.all_match(plain, r"\d"):
        return numbers.to_float(plain).to_numpy(zero_copy_only=False), comma
    upper = set(pc.utf8_upper(present).to_pylist()) if len(present) <= 6 else set()
    if upper and upper <= {"TRUE", "FALSE"}:
        return np.array([float(v.upper() == "TRUE") for v in present.to_pylist()]), "none"
    dates = _dates(present)
    return (_objects(present) if dates is None else dates), "none"


def _objects(texts: pa.Array) -> Any:
    return texts.to_numpy(zero_copy_only=False).astype(object)


def _dates(texts: pa.Array) -> Any:
    """Dates as datetime64[us], or ``None`` if these are not all dates."""
    if numbers.all_match(texts, _ISO):
        plain = texts
    elif numbers.all_match(texts, _SAS_DATE):
        months = {m: f"{i:02d}" for i, m in enumerate(_MONTHS, 1)}
        written = []
        for text in texts.to_pylist():
            day, time = text.partition(":")[::2]
            month = months.get(day[-7:-4].upper())
            if month is None:
                return None
            date = f"{day[-4:]}-{month}-{day[:-7].zfill(2)}"
            written.append(f"{date}T{time}" if time else date)
        plain = pa.array(written)
    else:
        return None
    try:
        return plain.to_numpy(zero_copy_only=False).astype(DATETIME)
    except ValueError:  # the 30th of February: text, then, and whoever needs it will complain
        return None


def sas_dates(values: Any, datetimes: bool) -> Any:
    """SAS days (or seconds) since 1960 as a Series of datetime64[us]; NaN as NaT."""
    found = np.asarray(values, dtype=np.float64)
    scale = 1_000_000 if datetimes else _US_PER_DAY
    # Beyond the year 9999 on either side is no date; NaT keeps the overflow away.
    sane = np.isfinite(found) & (np.abs(found * scale) < 4e17)
    micro = np.where(sane, np.round(np.where(sane, found, 0.0) * scale), 0).astype(np.int64)
    dates = _SAS_EPOCH + micro.astype("timedelta64[us]")
    dates[~sane] = np.datetime64("NaT")
    return pd.Series(dates)


def from_numbers(name: str, values: Any) -> Any:
    """A numeric column as float64, or as categories where its ADaM name says so."""
    found = pd.Series(np.asarray(values, dtype=np.float64), name=name)
    if not keeps_text(name) or not found.notna().any():
        return found
    levels, uniques = pd.factorize(found)
    flag = {1.0: "Y", 0.0: "N"} if _FLAG_NAME.fullmatch(name) else {}
    texts = [flag.get(u, number_text(u)) for u in uniques]
    return pd.Series(pooled(levels, texts), name=name)
