"""What holds of all scripts and style sheets, read as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ASSETS = Path(__file__).resolve().parent.parent / "assets"
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
    "plot-container",
    "main-svg",
    "hoverlayer",
    "draglayer",
    "modebar",
    "._full",
    "._hover",
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
            "react-entry-point",
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
