"""Who was planned for which arm, who received it, and the arms themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pandas as pd

from services import lists
from services.errors import SHOWN, UserError, checked_name, few, short
from services.reading.report import Notes
from services.reading.study_toml import ArmSpec, Meta
from services.study.model import DASHES, NEUTRAL, PALETTE, SUBJECT, Arm
from services.values import alike
from services.values.flags import quoted
from services.values.frames import coded, first_of, text
from services.values.natural import natural_key

PLANNED = ("TRT01P", "TRTP", "ARM")
ACTUAL = ("TRT01A", "TRTA", "ACTARM")
MAX_ARMS = 20

_LISTS = lists.beside(__file__)
_NO_ARM, _SURELY_NO_ARM, _REFERENCE = (
    re.compile(lists.either(_LISTS[words]), re.IGNORECASE)
    for words in ("no_arm", "surely_no_arm", "control")
)


def assign(
    subjects: pd.DataFrame, source: str, from_times: pd.DataFrame | None, notes: Notes
) -> tuple[Any, Any]:
    """Planned and actual arm of each subject, "" for none.

    Parameters
    ----------
    subjects : indexed by subject
    source : name of the file they came from
    from_times : what ADTTE says of each subject, asked where ``subjects`` has no arm
    notes : gets what was taken from where

    Raises
    ------
    UserError : no column holds an arm
    """
    planned, rule = _take(subjects, PLANNED, source, from_times)
    actual, actual_rule = _take(subjects, ACTUAL, source, from_times)
    if planned is None and actual is None:
        raise UserError(
            f"{source} has no arm: {', '.join((*PLANNED, *ACTUAL))} are all absent or empty.",
            "Add the arm's name in a column TRT01P (planned) or TRT01A (actual).",
        )
    if planned is None:
        planned, rule = actual, actual_rule
        notes.warn(f"No planned arm: {actual_rule} is also used for efficacy.")
    if actual is None:
        actual, actual_rule = planned, rule
        notes.note(f"No actual arm: {rule} is also used for safety.")
    notes.map("Planned arm (efficacy)", rule)
    notes.map("Actual arm (safety)", actual_rule)
    return planned, actual


def _take(
    subjects: pd.DataFrame, names: tuple[str, ...], source: str, from_times: pd.DataFrame | None
) -> tuple[Any, str]:
    name = first_of(subjects, *names)
    if name:
        return _arm_text(subjects, name), f"{name} of {source}"
    name = first_of(from_times, *names) if from_times is not None else None
    if name and from_times is not None:
        arms = _arm_text(from_times, name).reindex(subjects.index, fill_value="")
        return arms, f"{name} of ADTTE"
    return None, ""


def _arm_text(frame: pd.DataFrame, name: str) -> Any:
    return text(frame, name, str.strip)


def without_arm(
    planned: Any, actual: Any, flagged: Any, timed: Callable[[], Any], notes: Notes
) -> tuple[Any, Any]:
    """The arms of each subject, "" where words like "Screen Failure" or "None" name none.

    Parameters
    ----------
    planned, actual : as ``assign`` returns them
    flagged : (subjects,) who is in the efficacy population by its flag
    timed : tells (subjects,) who has a time to an event; asked only if any such word is there
    notes : gets who is left out, each word named
    """
    # By number: a million texts take their time.
    said, words = pd.factorize(planned)
    got, got_words = pd.factorize(actual)
    none = _each(words, _NO_ARM.fullmatch)[said]
    none_actual = _each(got_words, _NO_ARM.fullmatch)[got]
    dropped = np.zeros(len(planned), dtype=bool)
    if none.any():
        dropped = none & ~(flagged | timed())
        if flagged.any():  # an arm that nobody of the efficacy population is in is none
            dropped |= none & ~planned.isin(set(planned[flagged])).to_numpy()
        # Times of screen failures alone make no trial.
        there = words[np.unique(said[~dropped])]
        if all(not word or _SURELY_NO_ARM.search(word) for word in there):
            dropped = none & ~flagged
    kept = set(words[np.unique(said[none & ~dropped])])
    # Who was planned for a drug and received nothing is on no arm; an untreated control is.
    untreated = none_actual & (dropped | ~_each(got_words, kept.__contains__)[got])
    received = _blank(actual, untreated)
    assigned = _blank(planned, dropped)
    unassigned = dropped | (words == "")[said]
    out = unassigned & (untreated | (got_words == "")[got])
    if out.any():
        _tell_left_out(planned[out], actual[out], bool(flagged.any()), notes)
    for word in sorted(kept):
        notes.note(
            f"“{word}” is counted as an arm: its patients are in the efficacy population or have "
            "times.",
            int((assigned == word).sum()),
        )
    blank = unassigned & flagged
    if blank.any():
        notes.warn(
            "Patients of the efficacy population (ITTFL = Y) have no planned arm and are left out"
            f" of it: {few(planned.index[blank], 3)}.",
            int(blank.sum()),
            "Enter their arm in TRT01P.",
        )
    return assigned, received


def _each(texts: Any, test: Callable[[str], object]) -> Any:
    return np.array([bool(test(text)) for text in texts], dtype=bool)


def _blank(texts: Any, where: Any) -> Any:
    return texts.where(~where, "") if where.any() else texts


def _tell_left_out(planned: Any, actual: Any, by_flag: bool, notes: Notes) -> None:
    said = planned.where(planned != "", actual).value_counts()
    words = [f"“{word}” {n:,}" if word else f"no value {n:,}" for word, n in said.items()]
    say = notes.note
    if any(word and not _SURELY_NO_ARM.search(word) for word in said.index):
        say = notes.warn
    say(
        f"Subjects without an arm (screen failures) left out: {few(words, MAX_ARMS)}.",
        len(planned),
        "None of their arms has a patient with ITTFL = Y."
        if by_flag
        else "They have no time to an event.",
    )


def alike_arms(planned: Any, actual: Any, meta: Meta, notes: Notes) -> tuple[Any, Any]:
    """The arms, those that differ only in case, spaces or Unicode form as one if that was said."""
    if not alike.spellings([*planned.unique(), *actual.unique()]):
        return planned, actual
    counts = planned[planned != ""].value_counts().to_dict()
    for name in actual.unique():
        if name:
            counts.setdefault(name, 0)
    named = [spec.name for spec in meta.arms] + [meta.reference_arm]
    renamed, groups = alike.as_one(counts, named)
    for group in groups:
        names, what = quoted(group), alike.difference(group)
        if meta.arms_alike == "one":
            notes.note(f"Arms {names} differ only in {what}: merged into one, “{group[0]}”.")
        elif meta.arms_alike == "apart":
            notes.note(f"Arms {names} differ only in {what}: kept separate, as requested.")
        else:
            notes.warn(
                f"Arms {names} differ only in {what}. They are shown as {len(group)} arms.",
                sum(counts[name] for name in group),
                "To merge them, use “Similar arm names” on the page that corrects the columns, or"
                ' arms_alike = "one" in study.toml (or in the mapping).',
            )
    if meta.arms_alike != "one":
        return planned, actual
    return planned.replace(renamed), actual.replace(renamed)


def says_otherwise(
    frame: pd.DataFrame, name: str, subjects: pd.DataFrame, own: str, rows: Any
) -> Any:
    """Which records name another arm than their patient's own, a column of the subjects.

    Spellings of one arm do not contradict each other. ``rows`` are the records' rows of
    ``subjects``, -1 for none.
    """
    said, texts = coded(frame, name, alike.key)
    ours, own_texts = coded(subjects, own, alike.key)
    # A text of both columns has one number, and "" has 0.
    numbers = pd.factorize(np.concatenate([[""], texts, own_texts]))[0]
    theirs, mine = numbers[1 : len(texts) + 1][said], numbers[len(texts) + 1 :][ours][rows]
    return (rows >= 0) & (theirs != mine) & (theirs != 0) & (mine != 0)


def make_arms(
    subjects: pd.DataFrame, times: pd.DataFrame, meta: Meta, notes: Notes
) -> tuple[Arm, ...]:
    """The arms in display order, the reference last.

    The order is that of ``study.toml``, else of the numbers TRT01PN, TRTPN or ARMN among the
    subjects or in ADTTE (``times``), else as ``natural_key`` has it.

    Raises
    ------
    UserError : too many arms, or arms that ``study.toml`` does not know
    """
    present = [a for a in subjects["ARM_PLANNED"].unique() if a]
    if not present:
        raise UserError(
            "No subject has a planned arm in the efficacy population.",
            "Check TRT01P (or TRTP, ARM) and ITTFL.",
        )
    if len(present) > MAX_ARMS:
        raise UserError(
            f"There are {len(present):,} planned arms: {few(present)}.",
            f"At most {MAX_ARMS} can be shown. Is the arm column the right one?",
        )
    others = subjects.loc[~subjects["ARM_ACTUAL"].isin([*present, ""]), "ARM_ACTUAL"]
    if len(others):
        notes.warn(
            f"Subjects received {few(others.unique())}, which was not planned for anyone: they "
            "are in no arm on the safety pages.",
            len(others),
        )
    ordered = _ordered(present, subjects, times, meta)
    specs = {spec.name: spec for spec in meta.arms}
    reference = _reference(ordered, specs, meta, notes) if len(ordered) > 1 else None
    if reference:
        ordered = [a for a in ordered if a != reference] + [reference]
    arms = []
    for i, name in enumerate(ordered):
        spec = specs.get(name, ArmSpec(name))
        role: Literal["experimental", "reference", "single"] = (
            "single" if len(ordered) == 1 else "reference" if name == reference else "experimental"
        )
        arms.append(
            Arm(
                name=checked_name(name, "An arm"),
                role=role,
                color=spec.color or (NEUTRAL if name == reference else PALETTE[i % len(PALETTE)]),
                # Colors repeat after seven arms; the pattern then differs.
                dash=DASHES[(i + i // len(PALETTE)) % len(DASHES)],
                regimen=spec.regimen,
            )
        )
    return tuple(arms)


def _ordered(
    present: list[str], subjects: pd.DataFrame, times: pd.DataFrame, meta: Meta
) -> list[str]:
    if meta.arms:
        named = [spec.name for spec in meta.arms]
        unknown = [a for a in present if a not in named]
        absent = [a for a in named if a not in present]
        if unknown or absent:
            details = [f"In the data, not in {meta.source}: {a}" for a in unknown[:SHOWN]]
            details += [f"In {meta.source}, not in the data: {a}" for a in absent[:SHOWN]]
            raise UserError(
                f"The arms in {meta.source} do not match those in the data.",
                "Write each [[arms]] name as it is written in the data.",
                tuple(details),
            )
        return named
    arm = subjects["ARM_PLANNED"]
    for frame in (subjects, times):
        for numbers in (n for n in ("TRT01PN", "TRTPN", "ARMN") if n in frame):
            if not pd.api.types.is_float_dtype(frame[numbers]):
                continue
            own = arm if frame is subjects else arm.reindex(frame[SUBJECT].astype(object))
            code = frame[numbers].groupby(own.to_numpy()).min()
            if code.reindex(present).notna().all():
                return sorted(present, key=lambda a: (code[a], natural_key(a)))
    return sorted(present, key=natural_key)


def _reference(arms: list[str], specs: dict[str, ArmSpec], meta: Meta, notes: Notes) -> str:
    if meta.reference_arm:
        if meta.reference_arm not in arms:
            raise UserError(
                f"The reference arm “{short(meta.reference_arm)}” is not an arm in the data.",
                f"Arms: {few(arms)}.",
            )
        return meta.reference_arm
    said = [a for a in arms if a in specs and specs[a].role == "reference"]
    if said:
        return said[0]
    controls = [a for a in arms if _REFERENCE.search(a)]
    # "Drug + placebo" is less of a control than "Placebo": what else a name says counts.
    chosen = min(controls or arms[:1], key=lambda a: len(_beside_control(a)))
    why = "based on its name" if controls else "as the first arm"
    notes.note(
        f"Reference arm assumed to be “{chosen}”, {why}.",
        remedy="Set reference_arm in study.toml, or choose another on the page.",
    )
    return chosen


def _beside_control(name: str) -> list[str]:
    """The words of an arm's name that do not say that it is a control."""
    return re.findall(r"\w+", _REFERENCE.sub(" ", re.sub(r"^\w: ", "", name)))
