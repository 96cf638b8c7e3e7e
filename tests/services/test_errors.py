"""How values get into messages, and what an error carries. Oracle: the promises of the design."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.errors import LONGEST, SHOWN, FilterError, UserError, few, short


@given(st.lists(st.text(max_size=200), max_size=9))
def test_at_most_three_examples_are_named_and_never_a_long_one(values: list[str]) -> None:
    said = few(values)
    assert said
    assert "\n" not in said
    named, _, more = said.rpartition(" and ") if len(values) > SHOWN else (said, "", "")
    assert more == (f"{len(values) - SHOWN} more" if len(values) > SHOWN else "")
    assert len(named) <= SHOWN * (LONGEST + len(", "))


def test_nothing_is_said_to_be_none() -> None:
    assert few([]) == "none"


def test_what_is_cut_ends_in_a_sign_of_it() -> None:
    assert short("x" * LONGEST) == "x" * LONGEST
    assert short("x" * (LONGEST + 1)) == "x" * (LONGEST - 1) + "…"


def test_an_error_says_what_and_what_to_do() -> None:
    error = UserError("ADSL is missing.", "Send it.", ("one", "two"), status=404)
    assert str(error) == "ADSL is missing. Send it."
    told = {"message": "ADSL is missing.", "hint": "Send it.", "details": ["one", "two"]}
    assert error.to_json() == {"error": told}
    assert error.status == 404
    wrong = FilterError("Message.", "Hint.", "Age", "runs backward")
    assert isinstance(wrong, UserError)
    assert (wrong.label, wrong.why, wrong.status) == ("Age", "runs backward", 422)
