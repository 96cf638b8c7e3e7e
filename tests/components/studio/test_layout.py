"""The form of the studio holds what the view says, in keys that an address has."""

from __future__ import annotations

import json
import re
from html import unescape

from components.studio.layout import studio_form
from services.pages.survival.page import survival_page
from services.views.codec import codecs
from services.views.study import View, decode
from tests.studies import bundled


def form(query: str, curves: bool = True) -> str:
    page = survival_page(bundled("e3a06"), decode(query))
    return studio_form(page, "/study/e3a06/survival", "e3a06", curves)


def test_it_holds_what_the_view_says() -> None:
    made = form(
        "?endpoint=OS&fig_size=120x80&fig_rows=risk&hide=bands&fig_names=Observation,<b>"
        "&fig_order=Observation"
    )
    assert 'data-rest="?endpoint=OS"' in made
    assert '<option value="own" selected="">' in made
    assert 'value="120x80"' in made
    assert 'value="&lt;b&gt;"' in made
    ticked = re.findall(r'<input class="" value="(\w+)"[^>]*checked', made)
    assert ticked == ["title", "subtitle", "censors", "medians", "landmarks", "risk"]
    arms = re.findall('data-arm="([^"]+)"', made)
    assert arms == ["Observation", "Lenalidomide"]


def test_other_charts_are_asked_nothing_about_curves() -> None:
    made = form("", curves=False)
    assert set(re.findall('data-key="([^"]+)"', made)) == {
        "fig_size", "fig_dpi", "fig_own", "fig_font", "fig_hide", "fig_palette",
    }  # fmt: skip


def test_every_preset_is_an_address() -> None:
    found = re.findall('preset="([^"]+)"', form(""))
    presets = [json.loads(unescape(preset)) for preset in found]
    assert len(presets) == 4
    keys = set(re.findall('data-key="([^"]+)"', form("")))
    for preset in presets:
        assert preset.keys() <= keys & codecs(View).keys()
        view = decode("&".join(f"{key}={value}" for key, value in preset.items()))
        assert view.fig_size in ("column", "double")
