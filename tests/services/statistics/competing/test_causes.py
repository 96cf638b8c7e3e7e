"""Codes of causes. Oracle: the rule of the codes, 0 for censored."""

from __future__ import annotations

import pytest

from services.errors import UserError
from services.statistics.competing.causes import check_code, read, read_causes


def test_codes_of_causes_may_be_whole_floats():
    assert read_causes([2.0, 0.0]).tolist() == [2, 0]
    assert read_causes([True, False]).tolist() == [1, 0]


def test_an_event_is_one_of_any_cause():
    subjects, codes = read([5, 3, 4], [2, 0, 1])
    assert subjects.event.tolist() == [True, False, True]
    assert codes.tolist() == [2, 0, 1]


@pytest.mark.parametrize("code", [0, -1, 1.5])
def test_what_is_no_cause_is_refused(code):
    with pytest.raises(UserError, match="is not the code of a cause"):
        check_code(code)
    if code:
        with pytest.raises(UserError, match="is not the code of a cause"):
            read_causes([code])
