"""What holds of all scripts and style sheets, read as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.theme import INKS

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
BRIDGE = ASSETS / "dash_bridge.js"

# What Dash and Plotly do not promise to keep.
INSIDE = (
    "dash_clientside",
    "set_props",
    "no_update",
    "_dash",  # -update-component, private_...
    "dash-graph",
    "changedProp",
    "sideUpdate",
    "window.fetch =",
    "Plotly.react",
    'window, "Plotly"',
    "__react",
    "react-entry-point",
    "js-plotly-plot",
    "main-svg",
    "hoverlayer",
    "draglayer",
    "._full",
    "_dash-dependencies",
    "getLayout",
    "d2c",
)


def named(text: str) -> list[str]:
    """The words of ``INSIDE`` in a script."""
    return [word for word in INSIDE if word in text]


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.js")), ids=lambda path: path.name)
def test_only_the_bridge_knows_the_inside_of_dash(path: Path) -> None:
    if path == BRIDGE:
        assert set(INSIDE) - set(named(path.read_text("utf-8"))) <= {
            "dash-graph",
            "__react",
        }, "words that nothing uses any more"
    else:
        assert named(path.read_text("utf-8")) == [], "this belongs into assets/dash_bridge.js"


def test_what_the_bridge_offers_is_used_and_what_is_used_it_offers() -> None:
    scripts = [path.read_text("utf-8") for path in ASSETS.glob("*.js") if path != BRIDGE]
    offered = BRIDGE.read_text("utf-8").partition("window.dashBridge = {")[2]
    called = {
        name
        for text in scripts
        for name in re.findall(r"\b(?:window\.dashBridge|bridge(?:\(\))?)\.(\w+)\(", text)
    }
    assert called - set(re.findall(r"\w+", offered)) == set()
    assert set(re.findall(r"\w+", offered.partition("}")[0])) - called == {"questionOf"}


STYLES = sorted(ASSETS.glob("*.css"))
TOKENS = ASSETS / "tokens.css"
COLOR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?)\(|(?<=[ :,])(?:white|black|red|gr[ae]y)(?=[ ;,])", re.I
)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colors_are_named_once(path: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert bool(COLOR.search(rules)) == (path == TOKENS), "colors belong into assets/tokens.css"


def test_every_color_is_used_and_every_used_one_is_there() -> None:
    text = "".join(path.read_text("utf-8") for path in STYLES)
    defined = set(re.findall(r"(--[a-z-]+):", TOKENS.read_text("utf-8")))
    scripts = {"--from", "--to", "--print-running"}  # set by rail.js and printing.js
    scripts |= {"--under"}  # what a table stands on, set where it is a card
    assert set(re.findall(r"var\((--[a-z-]+)", text)) - scripts == defined


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_and_charts_have_the_same_ink(scheme: str) -> None:
    light, _, dark = TOKENS.read_text("utf-8").partition('scheme="dark"')
    block = light if scheme == "light" else dark.partition("}")[0]
    values = dict(re.findall(r"(--[a-z-]+): ([^;]+);", block))
    ink = INKS[scheme]
    assert (values["--ink"], values["--muted"], values["--card"]) == (
        ink.text,
        ink.muted,
        ink.surface,
    )


def test_every_class_of_a_rule_is_given_somewhere() -> None:
    """Written whole, or made of a beginning and a value as in ``f"mark-{name}"``."""
    rules = "".join(
        re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL) for path in STYLES
    )
    selectors = " ".join(re.findall(r"([^{}]+)\{", rules))
    classes = set(re.findall(r"\.([a-z][\w-]*)", selectors, re.IGNORECASE))
    sources = [ROOT / "app.py", *ASSETS.glob("*.js")]
    sources += [
        path for layer in ("components", "callbacks") for path in (ROOT / layer).rglob("*.py")
    ]
    text = "".join(path.read_text("utf-8") for path in sources)

    words = set(re.findall(r"[\w-]+", text))
    begun = set(re.findall(r"([\w-]+-)\{", text))

    def given(name: str) -> bool:
        return name in words or any(name.startswith(start) for start in begun)

    others = {"modebar", "svg-container", "draglayer"}  # Plotly's
    unknown = {name for name in classes if not given(name) and not name.startswith("dash-")}
    assert unknown - others == set(), "rules that nothing uses"


def test_every_address_of_ours_lies_under_the_path_of_the_site() -> None:
    """A site may lie under a path: ``site.at`` in assets/head/screen.js puts it before."""
    scripts = [*ASSETS.glob("*.js"), *(ASSETS / "head").glob("*.js")]
    bare = [
        (path.name, line.strip())
        for path in scripts
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"""["'`]/[a-z_]""", line) and "site.at(" not in line
    ]
    assert bare == []


def test_addresses_are_decoded_in_one_place_that_takes_anything() -> None:
    """``decodeURIComponent("100%")`` throws, and anybody may write an address."""
    scripts = [*ASSETS.glob("*.js"), *(ASSETS / "head").glob("*.js")]
    bare = [p.name for p in scripts if re.search(r"decodeURI\w*\(", p.read_text("utf-8"))]
    assert bare == [], "window.common.decoded takes what cannot be decoded"
