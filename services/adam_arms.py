"""Who was planned for which arm, who received it, and the arms themselves."""

from __future__ import annotations

import re
from typing import Any, Literal

import pandas as pd

from services.adam_columns import first_of, text
from services.adam_meta import ArmSpec, Meta
from services.adam_notes import Notes
from services.errors import SHOWN, UserError, few
from services.study import DASHES, NEUTRAL, PALETTE, Arm

PLANNED = ("TRT01P", "TRTP", "ARM")
ACTUAL = ("TRT01A", "TRTA", "ACTARM")
MAX_ARMS = 20

# CDISC's words for having no arm (SDTMIG 3.4, ARMNRS), and those in use before it.
_NO_ARM = re.compile(
    r"screen(ing)? fail(ure)?s?|scrnfail|not assigned|notassgn|not treated|nottrt|unassigned"
    r"|not randomi[sz]ed|assigned,? not treated|unplanned treatment|unplan|none",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"placebo|observation|control|standard|best supportive|\bsoc\b|watch|untreated|comparator",
    re.IGNORECASE,
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
            f"{source} has no arm: none of {', '.join((*PLANNED, *ACTUAL))} holds anything.",
            "Add the arm's name in a column TRT01P (planned) or TRT01A (actual).",
        )
    if planned is None:
        planned, rule = actual, actual_rule
        notes.warn(f"No planned arm: {actual_rule} is used for efficacy too.")
    if actual is None:
        actual, actual_rule = planned, rule
        notes.note(f"No actual arm: {rule} is used for safety too.")
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
    return text(frame, name, lambda arm: "" if _NO_ARM.fullmatch(arm) else arm)


def make_arms(subjects: pd.DataFrame, meta: Meta, notes: Notes) -> tuple[Arm, ...]:
    """The arms in display order, the reference last.

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
            f"At most {MAX_ARMS} can be shown; is the arm column the right one?",
        )
    others = subjects.loc[~subjects["ARM_ACTUAL"].isin([*present, ""]), "ARM_ACTUAL"]
    if len(others):
        notes.warn(
            f"Subjects received {few(others.unique())}, for which nobody was planned: "
            "they are in no arm of the safety pages.",
            len(others),
        )
    ordered = _ordered(present, subjects, meta)
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
                name=name,
                role=role,
                color=spec.color or (NEUTRAL if name == reference else PALETTE[i % len(PALETTE)]),
                # Colours repeat after seven arms; the pattern then differs.
                dash=DASHES[(i + i // len(PALETTE)) % len(DASHES)],
                regimen=spec.regimen,
            )
        )
    return tuple(arms)


def _ordered(present: list[str], subjects: pd.DataFrame, meta: Meta) -> list[str]:
    if meta.arms:
        named = [spec.name for spec in meta.arms]
        unknown = [a for a in present if a not in named]
        absent = [a for a in named if a not in present]
        if unknown or absent:
            details = [f"In the data, not in {meta.source}: {a}" for a in unknown[:SHOWN]]
            details += [f"In {meta.source}, not in the data: {a}" for a in absent[:SHOWN]]
            raise UserError(
                f"The arms of {meta.source} are not those of the data.",
                "Write each [[arms]] name as the data have it.",
                tuple(details),
            )
        return named
    for coded in ("TRT01PN", "TRTPN", "ARMN"):
        if coded in subjects and pd.api.types.is_float_dtype(subjects[coded]):
            code = subjects[coded].groupby(subjects["ARM_PLANNED"]).min()
            if code.reindex(present).notna().all():
                return sorted(present, key=lambda a: (code[a], a))
    return sorted(present)


def _reference(arms: list[str], specs: dict[str, ArmSpec], meta: Meta, notes: Notes) -> str:
    if meta.reference_arm:
        if meta.reference_arm not in arms:
            raise UserError(
                f"{meta.source}: reference_arm = {meta.reference_arm!r} is no arm of the data.",
                f"Arms: {few(arms)}.",
            )
        return meta.reference_arm
    said = [a for a in arms if a in specs and specs[a].role == "reference"]
    if said:
        return said[0]
    alike = [a for a in arms if _REFERENCE.search(a)]
    chosen = (alike or arms)[0]
    why = "by its name" if alike else "as the first arm"
    notes.note(
        f"Reference arm taken to be “{chosen}”, {why}.",
        remedy="Set reference_arm in study.toml, or choose another on the page.",
    )
    return chosen
