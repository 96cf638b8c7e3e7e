"""The values of a study's tables, read by one rule whatever format they came in."""

from __future__ import annotations

from services.reading.cells.dates import settle_dates
from services.reading.cells.quantities import settle_numbers
from services.reading.cells.rules import ValueRules
from services.reading.cells.stand_ins import stand_in
from services.reading.formats.table import Table
from services.study.model import Finding


def settle(tables: dict[str, Table], rules: ValueRules) -> tuple[dict[str, Table], list[Finding]]:
    """The tables with dates and numbers where pages need them, and what was lost on the way.

    Parameters
    ----------
    tables : by role ("adsl", "adtte", "adae"), with names in capitals
    rules : what ``study.toml`` says of the values

    Raises
    ------
    UserError : times or censoring that are not numbers
    """
    tables, findings = settle_dates(tables, rules)
    tables, told = settle_numbers(tables, rules)
    findings += told
    for role, table in tables.items():
        tables[role], told = stand_in(role, table, rules)
        findings += told
    return tables, findings
