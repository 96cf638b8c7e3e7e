"""An uploaded study from its plain tables and what its reader said about them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.errors import UserError
from services.reading import build as reading_build
from services.reading.files import unused
from services.reading.formats.table import Table
from services.reading.guess import choose
from services.reading.mapping import Mapping, apply, used
from services.reading.study_toml import parse_meta
from services.study.model import ImportReport, Study
from services.study.states import model_of
from services.values.frames import text


def assemble(
    study_id: str,
    tables: Dict[str, Table],
    mapping: Mapping,
    toml: str = "",
    left: Sequence[str] = (),
    keyed: bool = False,
) -> Study:
    """Make the study.

    Parameters
    ----------
    tables : by role, with "adtte"
    mapping : what the reader said; goes before what ``study.toml`` says
    toml : text of the study's own ``study.toml``, "" if none came
    left : names of files that came along and are not used
    keyed : whether only a key corrects and deletes it

    Raises
    ------
    UserError : the tables make no study this way
    """
    meta: dict[str, Any] = tomllib.loads(toml) if toml else {}
    # Nobody but us says whose data these are and where they live.
    meta = {k: v for k, v in meta.items() if k not in ("id", "kind", "kind_note")}
    parse_meta(meta)
    chosen, among = choose(mapping, tables)
    mapped, said = apply(mapping, chosen)
    if among:
        said = (("Table with the times", f"{mapped['adtte'].name}, of {len(among)} tables"), *said)
    left = [*left, *(name for name in among if name != mapped["adtte"].name)]
    if mapping.reference:
        meta["reference_arm"] = mapping.reference
    if mapping.arms_alike:
        meta["arms_alike"] = mapping.arms_alike
    if mapping.states:
        meta["states"] = {**meta.get("states", {}), **mapping.states}
    if mapping.good is not None:
        meta["endpoints"] = _with_good(meta.get("endpoints", []), mapped["adtte"], mapping.good)
    title, source = _title(mapping, meta, mapped)
    meta["title"] = title
    study = reading_build.build(
        mapped.get("adsl"),
        mapped["adtte"],
        mapped.get("adae"),
        id=study_id,
        meta=meta,
        kind="uploaded",
        used=used(mapping),
    )
    report = study.report
    return replace(
        study,
        keyed=keyed,
        report=ImportReport(
            report.files,
            (("Title", source), *said, *report.mapped, *_states(study)),
            (*report.findings, *unused(tuple(left))),
        ),
    )


def _states(study: Study) -> tuple[tuple[str, str], ...]:
    """Which endpoints tell where patients are over time, and whether that was said."""
    model = model_of(study)
    if model is None:
        return ()
    said = dict(study.states).values()
    pairs = zip(model.states[1:], model.endpoints, strict=True)
    told = [f"{state}: {e}{'' if e in said else ' (by its name)'}" for state, e in pairs]
    return (("States", "; ".join(told)),)


def _with_good(said: list[dict[str, Any]], adtte: Table, good: bool) -> list[dict[str, Any]]:
    """The entries on endpoints with that of the only one."""
    codes = [code for code in text(adtte.frame, "PARAMCD").unique() if code]
    if len(codes) != 1:
        raise UserError(
            f"{adtte.name} contains {len(codes):,} endpoints: whether the event is good for the "
            "patient cannot be set for all of them together.",
            "Set good = true in [[endpoints]] of a study.toml, or leave it unspecified.",
        )
    entry = next((e for e in said if e.get("id") == codes[0]), {"id": codes[0]})
    return [*(e for e in said if e is not entry), entry | {"good": good}]


def _title(mapping: Mapping, meta: Dict[str, Any], tables: Dict[str, Table]) -> tuple[str, str]:
    if mapping.title:
        return mapping.title, "set on the page"
    if isinstance(meta.get("title"), str) and meta["title"].strip():
        return meta["title"], "title of study.toml"
    for table in tables.values():
        names = {str(c).upper(): c for c in table.frame.columns}
        if "STUDYID" in names:
            values = table.frame[[names["STUDYID"]]].drop_duplicates()
            found = [v for v in text(values, names["STUDYID"]) if v]
            if len(found) == 1:
                return found[0][:80], f"STUDYID of {table.name}"
    return "Uploaded study", "none given"
