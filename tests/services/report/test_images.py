"""Images from outside. Oracle: what of each drawing may reach a file, said by hand."""

from __future__ import annotations

import pytest

from services.errors import UserError
from services.report.images import MOST_BYTES, figure
from tests.services.report.drawings import HEAD, PLOT, png


def drawn(inside: str) -> str:
    made = figure(f'{HEAD} width="10" height="10">{inside}</svg>'.encode(), None, 1)
    assert made is not None
    return made.svg


def test_a_drawing_stays_as_it_was() -> None:
    made = figure(PLOT.encode(), png(), 2)
    assert made is not None
    assert (made.width, made.height, made.smallest) == (300, 200, 12)
    for part in ('d="M0,0L5,5"', "stroke: rgb(0, 1, 2)", 'clip-path="url(#f2-clip1)"',
                 'id="f2-clip1"', "white-space: pre"):  # fmt: skip
        assert part in made.svg
    assert ">At <tspan" in made.svg
    assert "</tspan> now</text>" in made.svg
    assert "onload" not in made.svg


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<SCRIPT>alert(1)</SCRIPT>",
        '<g onclick="alert(1)" ONCLICK="alert(1)"/>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>alert</body></foreignObject>",
        '<image href="https://evil.example/alert.png"/>',
        '<use xlink:href="https://evil.example/alert.svg#a"/>',
        '<a xlink:href="javascript:alert(1)"><text>x</text></a>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<animate attributeName="x" values="alert"/>',
        "<style>@import url(https://evil.example/alert)</style>",
        '<path style="fill: url(https://evil.example/alert)"/>',
        '<path style="fill: u\\72l(//evil.example/alert)"/>',
        "<path fill=\"url('https://evil.example/alert')\"/>",
        '<path style="background: url(#a); behavior: alert"/>',
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
        "<?xml-stylesheet href='https://evil.example/alert.css'?>",
        "<!-- alert -->",
    ],
)
def test_nothing_that_runs_or_loads_reaches_a_file(hostile: str) -> None:
    made = drawn(f'{hostile}<rect width="5" height="5"/>')
    assert '<rect width="5" height="5"/>' in made, "what is beside it is drawn"
    lower = made.lower()
    for word in ("alert", "evil", "javascript", "script", "onclick", "foreign", "import"):
        assert word not in lower


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "cannot be read as XML"),
        (b"<svg", "cannot be read as XML"),
        (b"<html/>", "first element"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "declares"),
        (f"{HEAD}/>".encode(), "how large"),
        (f'{HEAD} width="1e9" height="2"/>'.encode(), "how large"),
        (f'{HEAD} viewBox="a b c d"/>'.encode(), "how large"),
        (png(), "cannot be read as XML"),
        (b" " * (MOST_BYTES["svg"] + 1), "at most"),
    ],
)
def test_what_is_no_drawing_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(UserError, match="item 3") as refused:
        figure(data, None, 3)
    assert said in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"GIF89a", "start"), (png()[:40], "damaged"), (PLOT.encode(), "start")],
)
def test_what_is_no_png_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(UserError, match="PNG of item 1") as refused:
        figure(None, data, 1)
    assert said in refused.value.message


def test_a_drawing_keeps_its_size_in_print() -> None:
    made = figure(
        f'{HEAD} width="175mm" height="105.5mm" viewBox="0 0 700 422"/>'.encode(), None, 1
    )
    assert made is not None
    assert (made.width, made.height) == (700, 422)
    assert 'width="175mm" height="105.5mm"' in made.svg


def test_a_png_alone_has_its_own_size() -> None:
    made = figure(None, png(8, 6), 1)
    assert made is not None
    assert (made.width, made.height, made.svg) == (8, 6, "")
    assert figure(None, None, 1) is None
