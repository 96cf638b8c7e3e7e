"""Adverse events counted. Oracle: a study of six patients, counted by hand."""

from __future__ import annotations

from tests.adverse_events import overview, page, terms, tiny


def test_a_tiny_study_counted_by_hand():
    found = page(tiny())
    # By actual arm: S5 was planned for placebo and got the drug; S7 and S8 are not in it.
    assert found.n == {"Drug": 4, "Placebo": 2}
    counts = overview(found)
    assert counts["any"] == {"Drug": (4, 7), "Placebo": (1, 1)}
    assert counts["severe"] == {"Drug": (2, 3), "Placebo": (0, 0)}
    assert counts["serious"] == {"Drug": (1, 2), "Placebo": (0, 0)}
    # RELATED, PROBABLE and POSSIBLE; not REMOTE, NONE or a blank.
    assert counts["related"] == {"Drug": (3, 4), "Placebo": (0, 0)}
    assert counts["related_severe"] == {"Drug": (2, 2), "Placebo": (0, 0)}
    assert counts["stopped"] == {"Drug": (1, 1), "Placebo": (0, 0)}
    assert counts["changed"] == {"Drug": (1, 1), "Placebo": (0, 0)}
    assert counts["fatal"] == {"Drug": (1, 1), "Placebo": (0, 0)}
    assert terms(found) == {
        "Anemia": {"Drug": 2, "Placebo": 0},
        "Neutropenia": {"Drug": 2, "Placebo": 0},
        "Nausea": {"Drug": 1, "Placebo": 1},
        "Arrest": {"Drug": 1, "Placebo": 0},
    }
    blood = next(c for c in found.classes if c.row.name == "Blood")
    assert blood.row.arms["Drug"].subjects == 3  # each of them once
    assert blood.row.arms["Drug"].percent == 75.0


def test_treatment_emergent_is_a_switch():
    assert terms(page(tiny()))["Nausea"]["Placebo"] == 1
    everything = page(tiny(), "emergent=no")
    assert terms(everything)["Nausea"]["Placebo"] == 2
    assert ("Events", "all adverse events; each patient once per row, at the worst grade") in (
        everything.provenance
    )


def test_subjects_without_events_stay_in_the_denominator():
    women = page(tiny(), "f.SEX=F")
    assert women.n == {"Drug": 2, "Placebo": 1}
    assert overview(women)["serious"] == {"Drug": (0, 0), "Placebo": (0, 0)}
    assert women.population.n_total == 6
