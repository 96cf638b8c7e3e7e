"""Names of a page's files. Oracle: the rule of the design: study, endpoint, page, hash."""

from __future__ import annotations

import re

from services.pages.records import ascii_name, file_name
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.studies import bundled


def test_a_name_has_a_hash_unless_the_view_is_the_default() -> None:
    plain = survival_page(bundled(), decode(""))
    assert file_name(plain, "survival", "csv") == "e3a06-PFS-survival.csv"
    assert file_name(plain, "survival", endpoint=False) == "e3a06-survival"
    other = survival_page(bundled(), decode("endpoint=OS"))
    assert file_name(other, "survival", "csv") == "e3a06-OS-survival.csv"
    first, second = (survival_page(bundled(), decode(q)) for q in ("f.SEX=F", "f.SEX=M"))
    names = {file_name(page, "survival", "csv") for page in (plain, first, second)}
    assert len(names) == 3
    assert re.fullmatch(r"e3a06-PFS-survival-[0-9a-f]{6}\.csv", file_name(first, "survival", "csv"))


def test_no_name_breaks_a_header() -> None:
    assert ascii_name('é "x"\r\n/../y.csv') == "---x----..-y.csv"
