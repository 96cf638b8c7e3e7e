"""Who is analyzed: filters on the subjects table, and their live counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from services import lists, names
from services.errors import FilterError, few
from services.numbers import format_number
from services.risk.models import MODELS
from services.study import roles
from services.study.labels import MISSING, value_label
from services.study.memory import remembered
from services.study.model import SUBJECT, Column, Study
from services.study.records import FilterColumn, Population
from services.values.natural import natural_key
from services.views.study import View

MOST_FILTERS = 100  # a page of more takes seconds, and nobody reads it
_MADE = ("derived", "data-driven")
MAX_LEVELS = 12  # more levels than this make a list nobody reads
# Models say much the same: the first stands among the filters, the others behind the numbers.
_FURTHER_MODELS = frozenset(model.id for model in MODELS[1:])
_LISTS = {name: lists.words(text) for name, text in lists.beside(__file__).items()}
_NEVER_PREFIX, _AFTER_BASELINE = _LISTS["never"], frozenset(_LISTS["after_baseline"])

Mask = np.ndarray


@remembered(64)
def filter_columns(study: Study) -> tuple[FilterColumn, ...]:
    """The columns offered as filters, decided from the data unless the study says so.

    The data are those of the efficacy population: what only others have makes no group of it.
    Identifiers, dates, free text, constants, coded copies (``AGEGR1N`` beside ``AGEGR1``) and the
    arms themselves are not offered; nor are more than ``MOST_FILTERS``.
    """
    given = study.reconsidered.given if study.reconsidered else study
    planned = given.subjects["ARM_PLANNED"].to_numpy() != ""
    frame = study.subjects[planned] if planned.any() and not planned.all() else study.subjects
    arms = roles.arms_of(frame)
    found: list[FilterColumn] = []
    names_in_order = [*map(str, frame.columns)]
    for name in sorted(names_in_order, key=lambda n: not _comes_first(study, n)):
        if len(found) == MOST_FILTERS:
            break
        column = study.columns.get(name) or Column(name=name, label=name)
        wanted = column.filter
        if wanted is False or (wanted is None and not _offered(name, frame, arms)):
            continue
        made = _describe(name, column, frame[name])
        if made is not None:
            found.append(made)
    place = {name: number for number, name in enumerate(names_in_order)}
    return tuple(sorted(found, key=lambda c: (_rank(study, c), place[c.name])))


def _comes_first(study: Study, name: str) -> bool:
    """Whether a column is offered whatever else there is."""
    known = study.columns.get(name)
    wanted = known is not None and (known.filter or known.provenance in _MADE)
    return wanted or name in ("SEX", "AGE")


def _rank(study: Study, found: FilterColumn) -> int:
    """Who a patient is first, then age and risk groups, other groups, numbers, more models."""
    if found.name == "SEX":
        return 0
    if found.kind == "numeric":
        return 3
    if found.name in _FURTHER_MODELS:
        return 4
    known = study.columns.get(found.name)
    return 1 if known and known.provenance in _MADE else 2


def _offered(name: str, frame: pd.DataFrame, arms: tuple[roles.Arms, ...]) -> bool:
    values = frame[name]
    if name in _AFTER_BASELINE or name.startswith(_NEVER_PREFIX) or roles.is_outcome(name):
        return False
    if name.endswith("N") and name[:-1] in frame.columns:
        return False
    if name.endswith(("DT", "DTM", "DTC", "FL", "DY")):
        return False
    if pd.api.types.is_datetime64_any_dtype(values):
        return False
    codes, levels = pd.factorize(values)
    if len(levels) < 2 or roles.is_identifier(name, values, len(levels)):
        return False
    return len(levels) > roles.MOST_LEVELS or not roles.is_arm(name, codes, levels, arms)


def _describe(name: str, column: Column, values: pd.Series) -> FilterColumn | None:
    missing = int(values.isna().sum())
    if _is_number(values) and not column.levels and values.nunique(dropna=True) > 5:
        numbers = values.astype(float)
        low, high = float(numbers.min()), float(numbers.max())
        return FilterColumn(
            name, column.label, "numeric", (), low, high, column.unit, missing, column.note
        )
    present = [level_text(v) for v in pd.Series(values.unique()).dropna()]
    if len(present) > MAX_LEVELS:
        return None
    ordered = [level for level in column.levels if level in present]
    ordered += sorted((p for p in present if p not in ordered), key=natural_key)
    if len(ordered) + bool(missing) < 2:
        return None
    levels = (*ordered, MISSING) if missing else tuple(ordered)
    return FilterColumn(
        name, column.label, "categorical", levels, None, None, column.unit, missing, column.note
    )


def _is_number(values: pd.Series) -> bool:
    return bool(
        pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    ) and not isinstance(values.dtype, pd.CategoricalDtype)


def level_text(value: object) -> str:
    """How a value is written in filters and shown: 1.0 as "1".

    >>> level_text(1.0), level_text("F")
    ('1', 'F')
    """
    if isinstance(value, (float, np.floating)):
        return format_number(float(value))
    return str(value)


@remembered(512)
def level_codes(study: Study, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes and level texts of a categorical column: one code per subject, -1 is missing."""
    values = study.subjects[name]
    codes, uniques = pd.factorize(values, use_na_sentinel=True)
    texts = [level_text(v) for v in uniques]
    known = {c.name: c for c in filter_columns(study)}
    order = [level for level in known[name].levels if level in texts] if name in known else []
    order += [t for t in texts if t not in order]
    position = np.array([order.index(t) for t in texts] + [-1])
    return position[codes], tuple(order)


@remembered(512)
def categorical(study: Study, name: str) -> pd.Categorical:
    """The level of each subject as a categorical, the levels in their order.

    A level that nobody of the efficacy population has is none.
    """
    codes, levels = level_codes(study, name)
    offered = {level for c in filter_columns(study) if c.name == name for level in c.levels}
    ours = sum(level in offered for level in levels) or len(levels)  # they come first
    kept = np.where(codes < ours, codes, -1)
    return pd.Categorical.from_codes(list(kept), categories=pd.Index(levels[:ours], dtype=object))


def column(study: Study, name: str) -> FilterColumn:
    """The filter column of that name.

    Raises
    ------
    UserError : the study has no such filter; names those it has
    """
    for found in filter_columns(study):
        if found.name == name:
            return found
    known = ", ".join(c.name for c in filter_columns(study))
    title = study.short_title
    has = f"It has: {known}." if known else "It has no filters."
    named = study.columns[name].label if name in study.columns else name
    why = "is not a filter of this study"
    raise FilterError(f"{title} has no filter “{name}”.", has, named, why)


def parse_range(text: str, name: str, label: str = "") -> tuple[float, float]:
    """Read "50..65", "50.." or "..65".

    >>> parse_range("50..", "AGE")
    (50.0, inf)
    """
    low, dots, high = text.partition("..")
    try:
        ends = (float(low) if low else -np.inf, float(high) if high else np.inf)
        if not dots or not ends[0] <= ends[1]:
            raise ValueError(text)
        return ends
    except ValueError as problem:
        raise FilterError(
            f"“f.{name}={text}” cannot be used.",
            f"Write a range such as f.{name}=50..65; either end may be left out.",
            label or name,
            "is not a range from a lower to a higher number, such as 50..65",
        ) from problem


def _matches(study: Study, name: str, chosen: tuple[str, ...]) -> Mask:
    found = column(study, name)
    if found.kind == "numeric":
        numbers = study.subjects[name].to_numpy(dtype=float, na_value=np.nan)
        keep = np.zeros(len(numbers), dtype=bool)
        for text in chosen:
            if text == MISSING:
                keep |= np.isnan(numbers)
                continue
            low, high = parse_range(text, name, found.label)
            keep |= (numbers >= low) & (numbers <= high)
        return keep
    codes, levels = level_codes(study, name)
    wanted = []
    for text in chosen:
        if text == MISSING:
            wanted.append(-1)
        elif text in levels:
            wanted.append(levels.index(text))
        else:
            allowed = ", ".join(level or "(empty for missing)" for level in found.levels)
            hint = f"Allowed: {allowed}." if allowed else f"No patient has a value of {name}."
            has = few([value_label(name, level) for level in found.levels if level], shown=6)
            why = f"is not one of its values ({has})"
            raise FilterError(f"“f.{name}={text}” cannot be used.", hint, found.label, why)
    return np.isin(codes, wanted)


def known_later(study: Study, name: str) -> bool:
    """Whether a column of the subjects tells what happened after time 0, such as the response."""
    return name in study.subjects and (name in _AFTER_BASELINE or name == "RESPFL")


@remembered(256)
def arm_mask(study: Study, arms: tuple[str, ...]) -> Mask:
    """Subjects planned for one of these arms; kept, so not to be changed."""
    found: Mask = study.subjects["ARM_PLANNED"].isin(arms).to_numpy().copy()
    found.flags.writeable = False
    return found


def select(study: Study, view: View, arms: tuple[str, ...], base: Mask | None = None) -> Population:
    """The subjects of ``arms`` that pass every filter of ``view``.

    Parameters
    ----------
    base : whom the filters choose from, instead of everyone planned for ``arms``

    Raises
    ------
    UserError : a filter the study does not have, or a value it cannot take
    """
    everyone = base if base is not None else arm_mask(study, tuple(a.name for a in study.arms))
    base = arm_mask(study, arms) if base is None else base
    mask = base.copy()
    for name, chosen in view.filters:
        mask &= _matches(study, name, chosen)
    return Population(
        mask=mask,
        n=int(mask.sum()),
        n_total=int(base.sum()),
        filters=dict(view.filters),
        summary=describe_filters(study, view),
        n_study=int(everyone.sum()),
        analyzed=_at_landmark(study, mask),
        since=view.since if study.reconsidered else "",
    )


def _at_landmark(study: Study, mask: Mask) -> int | None:
    """How many of some subjects a landmark leaves to be analyzed; ``None`` without a landmark."""
    if study.reconsidered is None or not study.reconsidered.asked[3]:
        return None
    records = study.times.iloc[study.endpoint_rows(study.reconsidered.asked[0])]
    return int(mask[study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))].sum())


def live_counts(
    study: Study, view: View, arms: tuple[str, ...], base: Mask | None = None
) -> dict[str, dict[str, int]]:
    """Per categorical column and level: how many patients pass all *other* filters.

    ``base`` is as in ``select``.
    """
    base = arm_mask(study, arms) if base is None else base
    masks = {name: _matches(study, name, chosen) for name, chosen in view.filters}
    counts: dict[str, dict[str, int]] = {}
    for found in filter_columns(study):
        others = base.copy()
        for name, mask in masks.items():
            if name != found.name:
                others &= mask
        if found.kind == "numeric":
            counts[found.name] = {"": int(others.sum())}
            continue
        codes, levels = level_codes(study, found.name)
        tally = np.bincount(codes[others] + 1, minlength=len(levels) + 1)
        counts[found.name] = {
            level: int(tally[0] if level == MISSING else tally[levels.index(level) + 1])
            for level in found.levels
        }
    return counts


def choosing(study: Study, view: View) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The filters of ``view`` without those that leave out nobody of any arm: no filters."""
    everyone = arm_mask(study, tuple(a.name for a in study.arms))
    return tuple(
        (name, chosen)
        for name, chosen in view.filters
        if not _matches(study, name, chosen)[everyone].all()
    )


def describe_filters(study: Study, view: View) -> str:
    """The filters in words: "female, age 50 to 65 years, high risk (Mayo 2018)"; "" without any.

    Whose sex comes first, then as the study has its columns.
    """
    place = {name: i for i, name in enumerate(study.columns)}
    ordered = sorted(choosing(study, view), key=lambda one: place.get(one[0], len(place)))
    parts = [_filter_words(column(study, name), chosen) for name, chosen in ordered]
    return ", ".join(sorted(parts, key=lambda words: words not in ("female", "male")))


def _filter_words(found: FilterColumn, chosen: tuple[str, ...]) -> str:
    # "Age, cut at 65: >= 65" says its cut twice.
    label = found.label.partition(", ")[0] if ":" in found.name else found.label
    inside = names.label(label)
    if found.kind == "numeric":
        unit = found.unit if found.unit in ("", "%") else f" {found.unit}"
        ends = [parse_range(t, found.name) for t in chosen if t != MISSING]
        if any(low <= (found.low or 0) and (found.high or 0) <= high for low, high in ends):
            return f"{inside} known"  # none but those without a value are left out
        ranges = [_range_words(low, high, unit) for low, high in ends]
        words = f"{inside} {' or '.join(ranges)}" if ranges else f"{inside} missing"
        return f"{words} or missing" if ranges and MISSING in chosen else words
    texts = [names.isolated(value_label(found.name, t)) for t in chosen]
    if found.name == "SEX" and MISSING not in chosen:
        return " or ".join(texts).lower()
    if label.endswith(" risk") and MISSING not in chosen:
        levels = [names.label(t.removesuffix(" risk")) for t in texts]
        return f"{' or '.join(levels)} risk ({inside.removesuffix(' risk')})"
    return f"{inside}{'' if ':' in found.name else ':'} {' or '.join(texts)}"


def _range_words(low: float, high: float, unit: str) -> str:
    """A range with its unit.

    >>> _range_words(20, np.inf, "%"), _range_words(50, 65, " years")
    ('20% or more', '50 to 65 years')
    >>> _range_words(50, 50, " years")
    '50 years'
    """
    if low == high:
        return f"{format_number(low)}{unit}"
    if not np.isfinite(low):
        return f"up to {format_number(high)}{unit}"
    if not np.isfinite(high):
        return f"{format_number(low)}{unit} or more"
    return f"{format_number(low)} to {format_number(high)}{unit}"
