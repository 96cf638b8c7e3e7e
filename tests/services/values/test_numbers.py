"""Numbers written as text. Oracle: hand."""

from __future__ import annotations

import pytest

from services.reading.formats.read import read_table


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("values", "expected", "separates"),
    [
        (["12,5", "3", "0,25"], [12.5, 3.0, 0.25], "decimals"),
        (["1.480,5", "980,2"], [1480.5, 980.2], "decimals"),
        (["1,480", "0,5"], [1.48, 0.5], "decimals"),
        (["1,480.5", "980"], [1480.5, 980.0], "thousands"),
        (["1,480", "2.5"], [1480.0, 2.5], "thousands"),
        (["1,480,000", "5"], [1480000.0, 5.0], "thousands"),
    ],
)
def test_commas_that_mean_one_thing(
    delimiter: str, values: list[str], expected: list[float], separates: str
) -> None:
    lines = [f"K{delimiter}X", *(f'k{delimiter}"{v}"' for v in values)]
    table = read_table("\n".join(lines).encode(), "t.csv")
    assert table.frame["X"].tolist() == expected
    (found,) = table.findings
    assert f"X: commas separate {separates}" in found.message
    assert found.count == sum("," in v for v in values)


@pytest.mark.parametrize(
    "values", [["1,480", "1,500"], ["12,5", "12.5"], ["1,2,3", "4"], ["12,5", "x"], [",", "1"]]
)
def test_commas_that_do_not_stay_text(values: list[str]) -> None:
    table = read_table("\n".join(["K;X", *(f"k;{v}" for v in values)]).encode(), "t.csv")
    assert table.frame["X"].tolist() == values
    assert table.findings == ()
