"""The table of settings: read from the environment, and the README says the same."""

from __future__ import annotations

import os
import re
from dataclasses import fields
from pathlib import Path

import pytest

from services.errors import UserError
from services.settings import ROOT, TABLE, Settings, read

README = ROOT / "README.md"


def readme_rows() -> dict[str, tuple[str, str]]:
    """Variable -> (default, help) of the README's table of settings."""
    rows = {}
    for line in README.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 3 and (match := re.fullmatch(r"`(SMM_\w+)`", cells[0])):
            rows[match[1]] = (cells[1].strip("`"), cells[2])
    return rows


def shown(value: object) -> str:
    """A default as the README has it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Path):
        return value.relative_to(ROOT).as_posix()
    return "" if value == () else str(value)


def test_the_readme_lists_every_setting_with_its_default_and_help() -> None:
    expected = {s.variable: (shown(s.default), s.help) for s in TABLE}
    assert readme_rows() == expected


def test_the_table_and_the_record_have_the_same_defaults() -> None:
    assert {s.name: s.default for s in TABLE} == {f.name: f.default for f in fields(Settings)}
    assert read({}) == Settings()
    assert all(s.variable == f"SMM_{s.name.upper()}" for s in TABLE)


def test_every_variable_is_read() -> None:
    found = read(
        {
            "SMM_HOST": "0.0.0.0",
            "SMM_PORT": "9000",
            "SMM_BROWSER": "no",
            "SMM_STUDIES": f"a{os.pathsep}b c{os.pathsep}",
            "SMM_STORE": "s3://bucket/prefix",
            "SMM_STORE_DIR": "/tmp/elsewhere",
            "SMM_STORE_DAYS": "3",
            "SMM_STORE_MB": "10",
            "SMM_FILE_MB": "20",
            "SMM_IMPORT_MB": "30",
            "SMM_SECOND_OPINION_R": "0",
            "SMM_LOG": "json",
            "SMM_METRICS_PORT": "9100",
            "SMM_THREADS": "2",
            "SMM_CACHE_SIZE": "1",
            "SMM_CACHE_MB": "8",
            "SMM_REPORT_MB": "9",
            "SMM_REPORT_SECONDS": "60",
            "SMM_REPORTS": "1",
            "SMM_REDIS": "redis://cache/1",
            "SMM_REDIS_MB": "9",
            "SMM_PREFIX": "/smm",
            "SMM_USER_HEADER": "X-Remote-User",
            "SMM_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,unix",
            "SMM_ANSWERS_MB": "7",
            "SMM_HOSTS": "Smm.Example, b.example,",
            "SMM_UNKNOWN": "ignored",
        }
    )
    assert found == Settings(
        host="0.0.0.0",
        port=9000,
        browser=False,
        studies=(Path("a"), Path("b c")),
        store="s3://bucket/prefix",
        store_dir=Path("/tmp/elsewhere"),
        store_days=3,
        store_mb=10,
        file_mb=20,
        import_mb=30,
        second_opinion_r=False,
        log="json",
        metrics_port=9100,
        threads=2,
        cache_size=1,
        cache_mb=8,
        report_mb=9,
        report_seconds=60,
        reports=1,
        redis="redis://cache/1",
        redis_mb=9,
        prefix="/smm",
        user_header="X-Remote-User",
        trusted_proxies=("127.0.0.1", "10.0.0.0/8", "unix"),
        answers_mb=7,
        hosts=("smm.example", "b.example"),
    )


@pytest.mark.parametrize("text", ["1", "true", "YES", " on "])
def test_a_switch_is_on(text: str) -> None:
    assert read({"SMM_BROWSER": text}).browser is True


@pytest.mark.parametrize("text", ["0", "False", "no", "off", ""])
def test_a_switch_is_off(text: str) -> None:
    assert read({"SMM_BROWSER": text}).browser is False


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("SMM_PORT", "eighty"),
        ("SMM_PREFIX", "/smm/"),
        ("SMM_PREFIX", "smm"),
        ("SMM_TRUSTED_PROXIES", "nginx"),
        ("SMM_PORT", "0"),
        ("SMM_PORT", "65536"),
        ("SMM_PORT", ""),
        ("SMM_BROWSER", "perhaps"),
        ("SMM_THREADS", "0"),
        ("SMM_THREADS", "2.5"),
        ("SMM_CACHE_SIZE", "-1"),
        ("SMM_STORE_DAYS", "a month"),
        ("SMM_STORE_DAYS", "99999999999999999999"),
        ("SMM_STORE_MB", "0"),
        ("SMM_FILE_MB", "x"),
        ("SMM_IMPORT_MB", "-5"),
    ],
)
def test_a_bad_value_names_the_variable_the_value_and_the_default(variable: str, text: str) -> None:
    with pytest.raises(UserError) as caught:
        read({variable: text})
    assert caught.value.message.startswith(f"{variable}={text!r} cannot be used")
    assert " it String" not in caught.value.message
    default = next(s.default for s in TABLE if s.variable == variable)
    assert caught.value.hint.endswith(f"; default: {default or 'none'}.")
