"""What is said of known vulnerabilities. Oracle: pip-audit's documented report, written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import audit

REPORT = {
    "dependencies": [
        {"name": "flask", "version": "0.5", "vulns": [
            {"id": "PYSEC-2019-179", "fix_versions": ["1.0"], "description": "..."},
            {"id": "PYSEC-2018-66", "fix_versions": [], "description": "..."}]},
        {"name": "jinja2", "version": "3.0.2", "vulns": []},
        {"name": "odd", "skip_reason": "not found"},
    ]
}  # fmt: skip


def test_each_vulnerability_is_a_line() -> None:
    assert audit.told(json.dumps(REPORT)) == [
        "3 packages, 2 known vulnerabilities; 1 could not be looked up.",
        "flask 0.5: PYSEC-2019-179, mended in 1.0",
        "flask 0.5: PYSEC-2018-66, mended in no version yet",
    ]


def test_no_answer_is_not_taken_for_a_good_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "LAST", tmp_path / "audit.toml")
    (tmp_path / "audit.toml").write_text(audit._HEAD)
    # No such option: the program ends as it does without a network, before it looked.
    assert audit.main(["--no-such-option"]) == audit.NOT_LOOKED
    assert "never been reached" in capfd.readouterr().err
    (tmp_path / "audit.toml").write_text('last_look = 2026-11-01\nknown = ["flask 0.5: X"]\n')
    assert audit.main(["--no-such-option"]) == audit.NOT_LOOKED
    assert "The last look was on 2026-11-01: flask 0.5: X." in capfd.readouterr().err
