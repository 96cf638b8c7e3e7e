"""Numbers of two JSON bodies that differ. Oracle: bodies written here."""

from __future__ import annotations

from services.compare.numbers import numbers
from services.compare.records import Number

A = {
    "study": {"n": 1},
    "curves": [{"arm": "Drug", "n": 10, "time": list(range(9)), "limits": [0.5, None]}],
    "groups": [{"level": "F", "hr": 0.5}, {"level": "M", "hr": 0.7}],
    "answer": "text", "p": None, "yes": True,
}  # fmt: skip
B = {
    "study": {"n": 2},
    "curves": [{"arm": "New drug", "n": 12, "time": list(range(10)), "limits": [0.6, None]}],
    "groups": [{"level": "M", "hr": 0.8}, {"level": "F", "hr": 0.5}],
    "answer": "other text", "p": 0.04, "yes": False,
}  # fmt: skip


def test_each_number_that_differs_once_by_what_names_it() -> None:
    found, series = numbers(A, B, ([("Drug",)], [("New drug",)]))
    assert [(one.path, one.a, one.b) for one in found] == [
        ("curves/Drug/n", 10, 12),
        ("curves/Drug/limits/0", 0.5, 0.6),
        ("groups/M/hr", 0.7, 0.8),
        ("p", None, 0.04),
    ]
    assert series == ("curves/Drug/time",)


def test_arms_of_other_names_without_their_place_are_not_matched() -> None:
    found, _ = numbers(A, B)
    assert ("curves/New drug/n", None, 12) in [(one.path, one.a, one.b) for one in found]
    assert numbers(A, A) == ((), ())


def test_classes_are_matched_by_name_and_counts_of_other_models_are_not() -> None:
    a = {"classes": [{"soc": "Eye", "n": 3}, {"soc": "Skin", "n": 5}]}
    assert numbers(a, {"classes": [{"soc": "Skin", "n": 5}]})[0] == (
        Number("classes/Eye/n", 3, None),
    )
    one, other = ({"table": {"models": ["Mayo", name], "both": 9}} for name in ("ISS", "IMWG"))
    assert len(numbers(one, other)[0]) == 2
