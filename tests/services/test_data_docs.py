"""``docs/data.md`` says what the code does. Oracle: the readers themselves."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from services.errors import UserError
from services.reading import arms, mapping, units
from services.reading.cells.rules import TIME_UNITS, ValueRules
from services.reading.formats import bounds
from services.reading.formats.archive import MAX_MEMBERS
from services.reading.formats.plain import MISSING_WORDS
from services.reading.formats.read import read_table
from services.reading.mapping import Mapping, parse_mapping
from services.reading.study_toml import parse_meta
from services.settings import ROOT, TABLE
from services.uploads import store
from services.uploads.assemble import assemble

TEXT = (ROOT / "docs" / "data.md").read_text("utf-8")
TEMPLATE = {
    role: read_table(ROOT / "data" / "template" / f"{role}.csv")
    for role in ("adsl", "adtte", "adae")
}
TOML = (ROOT / "data" / "template" / "study.toml").read_text("utf-8")


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    lines = [line for line in section(title).splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(cell: str) -> list[str]:
    return re.findall(r"`([A-Z0-9]+)`", cell)


DOCUMENTED = {role: [n for row in rows(role.upper()) for n in named(row[0])] for role in TEMPLATE}


@pytest.mark.parametrize("role", list(TEMPLATE))
def test_the_template_has_the_documented_columns(role: str) -> None:
    """All but those that another column makes needless, or that few studies have."""
    needless = {"TRTP", "EVNTTYPE", "ANL01FL", "ENTRY", "ENTRYDT", "NACTDT", "LSTASDT"}
    assert set(DOCUMENTED[role]) - needless <= set(TEMPLATE[role].frame.columns)


@pytest.mark.parametrize(
    ("role", "column", "without"),
    [(role, row[0], row[2]) for role in ("adtte", "adsl") for row in rows(role.upper())],
)
def test_what_happens_without_a_column(role: str, column: str, without: str) -> None:
    for name in named(column):
        table = TEMPLATE[role]
        if name not in table.frame:
            continue
        changed = type(table)(table.frame.drop(columns=name), table.labels, table.name)
        tables = TEMPLATE | {role: changed}
        if without == "error":
            with pytest.raises(UserError, match=name):
                assemble("x", tables, Mapping(), TOML)
        else:
            study = assemble("x", tables, Mapping())
            assert len(study.times) >= 78


def test_the_names_of_arms() -> None:
    planned, actual = section("ADSL").split("`TRT01P`")[1], section("ADSL").split("`TRT01A`")[1]
    for name in arms.PLANNED[1:]:
        assert f"`{name}`" in planned
    for name in arms.ACTUAL[1:]:
        assert f"`{name}`" in actual
    for word in ("Screen Failure", "Not Assigned"):
        assert arms._NO_ARM.fullmatch(word)
        assert f"`{word}`" in TEXT


def test_units_missing_values_and_limits() -> None:
    unit_row = next(row for row in rows("ADTTE") if row[0] == "`AVALU`")
    documented = set(named(unit_row[1])) - {"COUNT"}
    assert documented == {unit.upper() for unit in TIME_UNITS}
    assert documented <= set(units.UNITS)
    said = set(re.findall(r"`([^`]+)`", section("Missing values").split("are missing")[0]))
    assert said == set(MISSING_WORDS)
    assert f"{bounds.MAX_ROWS:,} rows" in TEXT
    assert f"{bounds.MAX_COLUMNS:,} columns" in TEXT
    assert f"{bounds.MAX_CELLS:,} values" in TEXT
    assert f"{MAX_MEMBERS} files" in TEXT
    assert store.DRAFT_DAYS == 1


def test_what_is_shown_of_study_toml_can_be_said() -> None:
    shown = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    said = [parse_meta(tomllib.loads(block)).values for block in shown]
    assert ValueRules(order="dmy", epoch="sas") in said
    assert ValueRules(comma="thousands") in said


def test_every_setting_named_exists() -> None:
    known = {setting.variable for setting in TABLE}
    assert set(re.findall(r"SMM_[A-Z_]+", TEXT)) <= known


def test_the_mapping_that_is_shown_works() -> None:
    shown = re.search(r"mapping=(\{.*?\})'", TEXT, re.DOTALL)
    assert shown is not None
    said = parse_mapping(json.loads(shown[1]))
    table = read_table(b"id,months,dead,group\n1,3,1,A\n2,4,0,B\n", "trial.csv")
    study = assemble("x", {"adtte": table}, said)
    assert (study.title, study.reference_arm) == ("My trial", "B")
    keys = {key for row in rows("A plain table") for key in re.findall(r"`([a-z_]+)`", row[0])}
    assert keys == set(mapping.Mapping.__dataclass_fields__)
