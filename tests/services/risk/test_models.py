"""SMM risk models. Oracle: the published rules, at their limits."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from services.evidence.load import trial
from services.risk.models import INPUTS, MODELS, groups, model, used

NONE = np.nan


def test_the_index_is_kept() -> None:
    index = ["b", "a"]
    found = model("MAYO2018").groups(*(pd.Series([30.0, 1.0], index=index) for _ in range(3)))
    assert found.to_dict() == {"b": "High", "a": "Low"}


def test_share_at_high_risk_is_that_of_the_published_facts() -> None:
    """One figure, two places: its sources and their disagreement are told alike."""
    (share,) = (f for f in trial("aquila").baseline if "20/2/20" in f.measure)
    caveat = model("AQUILA").caveat
    assert f"{share.value}%" in caveat
    for words in ("approval notice of November 2025", "report of the advisory meeting says 40%"):
        assert words in caveat
        assert words in (share.note or "")


def test_models_cite_their_source() -> None:
    assert model("MAYO2018").doi == "10.1038/s41408-018-0077-4"
    assert len({one.id for one in MODELS}) == len(MODELS)
    for one in MODELS:
        # A DOI that was read, else journal, year and page.
        assert one.doi or re.search(r"Blood 20\d\d", one.citation), one.id
        assert len(one.grades) == len(one.levels)
        assert set(one.published) <= set(one.levels)
        assert set(one.inputs) <= set(INPUTS)


def _one(name: str, values: tuple[object, ...]) -> object:
    found = model(name).groups(*(pd.Series([v]) for v in values))
    return None if found.isna().all() else found.iloc[0]


@pytest.mark.parametrize(
    ("name", "values", "level"),
    [
        # Mayo 2008: >= 10%, >= 3 g/dL, <= 0.125 or >= 8; the limits count.
        ("MAYO2008", (10, 3, 8), "High"),
        ("MAYO2008", (9.9, 3, 8), "Intermediate"),
        ("MAYO2008", (10, 2.99, 8), "Intermediate"),
        ("MAYO2008", (10, 3, 7.99), "Intermediate"),
        ("MAYO2008", (10, 2.9, 0.125), "Intermediate"),
        ("MAYO2008", (10, 2.9, 0.126), "Low"),
        ("MAYO2008", (9, 2, 1), None),  # no factor, no group
        ("MAYO2008", (10, 3, NONE), None),
        # IMWG 2020: > 20%, > 2 g/dL, > 20; the limits do not count.
        ("IMWG2020", (20, 2, 20), "Low"),
        ("IMWG2020", (20.1, 2, 20), "Intermediate"),
        ("IMWG2020", (20.1, 2.1, 20), "High"),
        ("IMWG2020C", (20, 2, 20, "Standard risk"), "Low"),
        ("IMWG2020C", (20, 2, 20, "High risk"), "Low-intermediate"),
        ("IMWG2020C", (20, 2.1, 20, "High risk"), "Intermediate"),
        ("IMWG2020C", (20, 2.1, 20.1, "High risk"), "High"),
        ("IMWG2020C", (21, 2.1, 20.1, "N"), "High"),
        ("IMWG2020C", (21, 2.1, 20.1, None), "High"),  # three points settle it
        ("IMWG2020C", (21, 2.1, 1, None), None),
        # Point score: each limit belongs to the lower step.
        ("IMWG2020S", (15, 1.5, 10, "N"), "Low"),  # 0
        ("IMWG2020S", (15.1, 1.5, 10.1, "N"), "Low"),  # 2 + 2 = 4
        ("IMWG2020S", (15.1, 1.6, 10, "N"), "Low-intermediate"),  # 2 + 3 = 5
        ("IMWG2020S", (20, 3, 10, "N"), "Low-intermediate"),  # 2 + 3
        ("IMWG2020S", (20.1, 3, 10.1, "N"), "Low-intermediate"),  # 3 + 3 + 2 = 8
        ("IMWG2020S", (20.1, 3.1, 10.1, "N"), "High-intermediate"),  # 3 + 4 + 2 = 9
        ("IMWG2020S", (30, 3, 25.1, "N"), "High-intermediate"),  # 3 + 3 + 3 = 9
        ("IMWG2020S", (30.1, 3.1, 25.1, "N"), "High-intermediate"),  # 5 + 4 + 3 = 12
        ("IMWG2020S", (40, 3, 40, "Y"), "High"),  # 5 + 3 + 3 + 2 = 13
        ("IMWG2020S", (40.1, 3.1, 40.1, "Y"), "High"),  # 17
        ("IMWG2020S", (15, 1.5, 10, None), "Low"),  # 0 or 2
        ("IMWG2020S", (15.1, 1.5, 10.1, None), None),  # 4 or 6
        # PETHEMA: >= 95% aberrant, immunoparesis.
        ("PETHEMA", (94.9, "N"), "Low"),
        ("PETHEMA", (95, "N"), "Intermediate"),
        ("PETHEMA", (95, "Y"), "High"),
        ("PETHEMA", (94, None), None),
        # AQUILA: marrow, protein, ratio, isotype, immunoparesis, isotypes reduced.
        ("AQUILA", (10, 3, 1, "IgG", "N", 0), "Meets"),
        ("AQUILA", (9.9, 3, 50, "IgA", "Y", 2), "Does not meet"),
        ("AQUILA", (10, 2.99, 7.99, "IgG", "N", 0), "Does not meet"),
        ("AQUILA", (10, 2.99, 8, "IgG", "N", 0), "Meets"),
        ("AQUILA", (10, 2.99, 99.9, "IgG", "N", 0), "Meets"),
        ("AQUILA", (10, 2.99, 100, "IgG", "N", 0), "Does not meet"),
        ("AQUILA", (10, 2, 1, "IgA", "N", 0), "Meets"),
        ("AQUILA", (10, 2, 1, "IgG", "Y", 1), "Does not meet"),
        ("AQUILA", (10, 2, 1, "IgG", "Y", 2), "Meets"),
        ("AQUILA", (50, 2, 1, "IgG", "N", 0), "Does not meet"),
        ("AQUILA", (50.1, 2, 1, "IgG", "N", 0), "Meets"),
        ("AQUILA", (60, 2, 1, "IgG", "N", 0), "Does not meet"),
        ("AQUILA", (10, 2, 1, "IgG", "Y", NONE), None),  # one reduced, or two
        ("AQUILA", (10, 2, 1, "IgG", "N", NONE), "Does not meet"),  # none is reduced
        ("AQUILA", (10, 3, 1, None, None, NONE), "Meets"),
        ("AQUILA", (10, 2, 1, None, "N", NONE), None),
    ],
)
def test_models_at_their_published_limits(
    name: str, values: tuple[object, ...], level: str | None
) -> None:
    assert _one(name, values) == level


def test_limits_are_those_of_the_collected_facts() -> None:
    """The rules as text hold every threshold of the collected literature."""
    path = Path(__file__).resolve().parents[4] / "shared" / "reference" / "risk_models.yaml"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    facts = {m["id"]: m for m in yaml.safe_load(path.read_text("utf-8"))["risk_models"]}
    for model_id, fact in (("MAYO2008", "mayo2008"), ("MAYO2018", "mayo2018")):
        rule = model(model_id).rule
        for factor in facts[fact]["factors"]:
            for limit in re.findall(r"[<>]=? ?[\d.]+", factor["threshold"]):
                limit = limit.replace(">=", "≥").replace("<=", "≤")
                assert limit in rule, (model_id, limit)
    published = {
        "IMWG2020": facts["imwg2020"]["groups"],
        "IMWG2020C": facts["imwg2020"]["with_cytogenetics"]["groups"],
        "IMWG2020S": facts["imwg2020_score"]["groups"],
        "MAYO2008": facts["mayo2008"]["groups"],
        "MAYO2018": facts["mayo2018"]["groups"],
        "PETHEMA": facts["pethema2007"]["groups"],
    }
    for model_id, named in published.items():
        found = [(p.years, p.percent) for p in model(model_id).published.values()]
        expected = [
            (float(g["progression"][0]["years"]), g["progression"][0]["pct"]) for g in named
        ]
        assert found == expected, model_id


def test_what_a_study_lacks_is_named() -> None:
    frame = pd.DataFrame({"BMPC": [30.0, 12.0], "MPROT": [3.5, 1.0], "IMPARES": ["Y", ""]})
    assert used(model("AQUILA"), frame) == ("BMPC", "MPROT", "IMPARES")
    levels = groups(model("AQUILA"), frame)
    assert levels.tolist()[0] == "Meets"
    assert levels.isna().sum() == 1
