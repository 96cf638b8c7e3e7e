"""CSV without formulas. Oracles: Python's csv reader; OWASP's list of characters; R and Python,
which must read a study's own words back out of the scripts and files made of them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.csv_text import SafeWriter, safe_cell, write_frame, write_notes
from services.names import isolated
from services.pages.scripts import comments, one_line, python_value, r_value

WORDS = (
    'a "b" \\', "\\\"\n", "line\nbreak", "cr\rlf\r\nend", "tab\t", "β µ 😀", "\u202egnp.x\u2066",
    "\u2028sep", "@CI@", "#{x}", "%s {0}", "$(id)", "'; quit()", '"""', "\x1b[31m", "\x85next", "",
)  # fmt: skip


@given(st.text(alphabet="'=+-@\t\r\n,;\"a1.", max_size=6))
def test_no_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    out = io.StringIO(newline="")
    SafeWriter(out).writerow([text, "x"])
    (found, x), *rest = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert (x, rest) == ("x", [])
    assert found in (text, f"'{text}")
    if found.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        float(found.removesuffix("%"))


@given(st.text(alphabet="'=+a1", max_size=4), st.text(alphabet="'=+a1", max_size=4))
def test_two_names_stay_two(one: str, other: str) -> None:
    assert (safe_cell(one) == safe_cell(other)) == (one == other)


def test_notes_are_comments_without_formulas() -> None:
    out = io.StringIO()
    write_notes(out, [("Study", 'A,=1+1; "=2"\n=3,"@x"'), ("Level", "95%, -0.5 to 2")])
    lines = out.getvalue().splitlines()
    assert len(lines) == 2
    assert all(line.startswith("# ") for line in lines)
    for delimiter in ",;\t":
        for row in csv.reader(lines, delimiter=delimiter):
            assert not [cell for cell in row if cell.strip().strip('"').startswith(("=", "@"))]


def test_a_frame() -> None:
    out = io.StringIO()
    frame = pd.DataFrame({"=A": ["=x", None], "n": [1.5, float("nan")], "-c": [1, 2]})
    write_frame(out, frame)
    assert out.getvalue() == "'=A,n,'-c\n'=x,1.5,1\n,,2\n"


def test_no_csv_is_written_any_other_way() -> None:
    services = Path(__file__).parents[2] / "services"
    # Read back and written as it came, for a dialect that no reader knows: not for a reader's eyes.
    for file in services.rglob("*.py"):
        if file.name not in ("csv_text.py", "delimited.py"):
            text = file.read_text("utf-8")
            assert "csv.writer" not in text, file.name
            assert ".to_csv(" not in text, file.name


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=8), max_size=3))
def test_python_reads_the_words_back(words: list[str]) -> None:
    source = f"{comments([(w, w) for w in words])}\nFOUND = {python_value(words)}  # end"
    assert source.replace("\n", "").isprintable()
    scope: dict[str, list[str]] = {}
    exec(compile(source, "script", "exec"), scope)
    assert scope["FOUND"] == words


def test_python_reads_a_script_file(tmp_path: Path) -> None:
    source = f"{comments([(w, w) for w in WORDS])}\nimport json\n"
    source += f"print(json.dumps({python_value(WORDS)}))"
    (tmp_path / "s.py").write_text(source, encoding="utf-8")
    done = subprocess.run([sys.executable, "s.py"], cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(done.stdout) == list(WORDS)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not installed")
def test_r_reads_the_words_back(tmp_path: Path) -> None:
    source = f"{comments([(w, w) for w in WORDS])}\n"
    source += f"for (word in {r_value(WORDS)}) cat(utf8ToInt(word), '\\n')"
    (tmp_path / "s.R").write_text(source, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", "s.R"], cwd=tmp_path, capture_output=True, check=True,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    found = ["".join(chr(int(code)) for code in line.split()) for line in done.stdout.splitlines()]
    assert found == list(WORDS)


def test_comments_are_one_line_each() -> None:
    for word in WORDS:
        line = one_line(word)
        assert len(line.splitlines()) <= 1
        assert line.isprintable()


def test_marks_around_names_from_right_to_left_stay_on_the_screen() -> None:
    out = io.StringIO()
    write_notes(out, [("Arm", isolated("עברית"))])
    SafeWriter(out).writerow([isolated("עברית"), 1])
    assert out.getvalue() == "# Arm: עברית\nעברית,1\n"
