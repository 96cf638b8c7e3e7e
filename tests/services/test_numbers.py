"""Numbers that keep their digits. Oracle: the text they were written as."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import pytest

from services.csv_text import SafeWriter
from services.evidence.risk import Period, Progression
from services.evidence.yaml import read
from services.json_text import to_text
from services.numbers import Printed, plain


@pytest.mark.parametrize("text", ["0.60", "23.00", "0", "-1.50", "98", "12345.0"])
def test_text_and_value(text: str) -> None:
    number = Printed(text)
    assert (str(number), f"{number}", plain(number)) == (text, text, text)
    assert number == float(text)
    assert hash(number) == hash(float(text))
    assert 2 * number == 2 * float(text)


@pytest.mark.parametrize("text", ["", "1e3", "nan", ".5", "5.", "1_000", "0x10", " 1"])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not plain decimal digits"):
        Printed(text)


def test_copies_keep_the_digits() -> None:
    number = Printed("0.60")
    assert str(copy.deepcopy(number)) == str(pickle.loads(pickle.dumps(number))) == "0.60"


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        [[], {}],
        {"a": [1, 2.5, None, True], 'quo"te': ["ü", {"b": [Printed("0.60"), 1.0]}]},
        (Printed("1.0"), (2, [3.25])),
        "text",
    ],
)
def test_json_reads_back_as_the_library_would_write_it(value: object) -> None:
    """Oracle: the json module."""
    assert json.loads(to_text(value)) == json.loads(json.dumps(value))


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": [[], float("nan")]}])
def test_json_has_no_nan(value: object) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_text(value)


def test_csv_writes_the_digits(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with path.open("w") as out:
        SafeWriter(out).writerow((Printed("0.60"), Printed("23.00"), 0.6))
    assert path.read_text() == "0.60,23.00,0.6\n"


def test_yaml_keeps_the_digits_it_is_written_with(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("{years: 0.60, pct: 5, verification: derived, source: a}", "utf-8")
    made = read(path).record(Progression)
    assert (str(made.years), str(made.percent)) == ("0.60", "5")
    path.write_text("{years_from: 0, years_to: 010, pct_per_year: 010}", "utf-8")
    assert str(read(path).record(Period).years_to) == "010"
