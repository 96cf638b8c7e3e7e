"""Names with numbers in the order a reader expects. Oracle: by hand."""

from __future__ import annotations

from itertools import permutations

import pytest

from services.values.natural import natural_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["Arm 1", "Arm 2", "Arm 10"],
        ["0.5 mg/kg", "2.5 mg/kg", "10 mg/kg", "1,000 mg/kg", "Placebo"],
        ["Dose level -1", "Dose level 1", "Dose level 10"],
        ["<65", "65-74", "75-84", ">84"],
        ["≤5", "10", "≥100"],
        ["ISS I", "ISS II", "ISS III"],
        ["A1C2", "A1C10", "A2C1"],
        ["3-9", "10-20", "a", "B"],
    ],
)
def test_numbers_go_by_size_wherever_they_stand(ordered: list[str]) -> None:
    for given in permutations(ordered):
        assert sorted(given, key=natural_key) == ordered
