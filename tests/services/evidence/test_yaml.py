"""Mistakes in a file of published facts. Oracle: the line that was spoiled."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from services.errors import UserError
from services.evidence import load as evidence

BAD = [
    ("randomized: true", "randomized: maybe", "randomized is a text (maybe)"),
    ("role: reference", "role: control", "arms[2].role is “control”"),
    ("events: 2}", "events: 93}", "endpoints[2].arms[1].events is 93 of 92 patients"),
    ("ci_high: 0.62", "ci_high: 0.2", "endpoints[1].hazard_ratio.ci_low"),
    ("estimate: 98", "estimate: 980", "estimate is 980"),
    ("estimate: 98", "estimate: .inf", "estimate is not finite"),
    ("arm: obs_p3, n: 90, landmarks", "arm: obs, n: 90, landmarks", "arm names “obs”"),
    ("follow_up_months: 35", "followup_months: 35", "followup_months is not a known key"),
    ("verification: primary", "verification: certain", "verification is “certain”"),
    ("source: ashedu2021_t1", "source: nobody", "names “nobody”"),
    ("citations:", "from_memory: []\ncitations:", "from_memory holds recollections"),
    ("pct: 28, denominator: 88", "pct: 82, denominator: 88", "pct is 82"),
    ("status: published", "status: published\nstatus: ongoing", "status appears twice"),
    ("acronym: E3A06", "acronym: null", "acronym is missing"),
    ('planned_end: \'2027-07-20\'', "planned_end: July", "planned_end is “July”"),
    ("pmid: '31652094'", "pmid: '31652094'\n    url: https://mirror.example/x", "mirror.example"),
    ("about: patients", "about: people", "conflicts[1].about names “people”"),
    ("follow_up_months: 35", "follow_up_months: 3.5e+1", "is written as 3.5e+1"),
    ("question: Does", "question: {Does", "not valid YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "expected"), BAD, ids=[b[2][:40] for b in BAD])
def test_a_bad_file_names_file_line_and_key(
    tmp_path: Path, good: str, bad: str, expected: str
) -> None:
    folder = shutil.copytree(evidence.FOLDER, tmp_path / "evidence")
    text = (folder / "e3a06.yaml").read_text("utf-8")
    assert good in text
    line = text[: text.index(good)].count("\n") + 1
    (folder / "e3a06.yaml").write_text(text.replace(good, bad, 1), "utf-8")
    with pytest.raises(UserError) as caught:
        evidence.load(folder)
    assert expected in caught.value.message
    named = re.match(r"e3a06\.yaml, line (\d+): ", caught.value.message)
    assert named is not None, caught.value.message
    if "missing" not in expected:  # what is not there is said of the table it belongs to
        assert line <= int(named[1]) <= line + 1
    assert caught.value.hint


def test_a_missing_kind_and_an_empty_file(tmp_path: Path) -> None:
    folder = shutil.copytree(evidence.FOLDER, tmp_path / "evidence")
    (folder / "new.yaml").write_text("id: new\n", "utf-8")
    with pytest.raises(UserError, match=r"new\.yaml, line 1: kind is missing"):
        evidence.load(folder)
    (folder / "new.yaml").write_text("", "utf-8")
    with pytest.raises(UserError, match=r"new\.yaml, line 1: the file is empty"):
        evidence.load(folder)
    (folder / "new.yaml").unlink()
    (folder / "ongoing.yaml").unlink()
    with pytest.raises(UserError, match="0 files of kind “ongoing”"):
        evidence.load(folder)
