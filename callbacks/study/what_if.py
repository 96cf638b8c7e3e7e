"""The controls of "What if" on each page that has them: what they ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from callbacks.controls import Controls
from components.survival import reconsider
from services.pages.records import USUAL, PageRecord
from services.views.study import View

NAMES = ("landmark", "usual", "count", "ice", "known", "flag")


def options(page: str) -> Mapping[tuple[str, str], Callable[[Any], Any]]:
    """What follows the view beside the controls' values, on the page of that name."""
    return {
        (f"{page}-usual", "options"): reconsider.usual_options,
        (f"{page}-count", "options"): reconsider.count_options,
        (f"{page}-ice", "options"): reconsider.ice_options,
        (f"{page}-known", "options"): reconsider.known_options,
        (f"{page}-flag", "options"): reconsider.flag_options,
        (f"{page}-flag-place", "className"): reconsider.flag_place,
    }


def asked(view: View, controls: Controls, page: PageRecord) -> View:
    """``view`` with what the controls ask of its times.

    Parameters
    ----------
    view : as all other controls have it; page : before them
    """
    before = controls.before
    known = "@".join(filter(None, (controls["flag"], controls["known"])))
    if controls["known"] in (None, controls["endpoint"]):
        known = ""
    if known != before.known:
        view = replace(view, arms=(), of="")  # of others
    count, ice = tuple(controls["count"]), one_each(controls["ice"], before.ice)
    if controls["endpoint"] != page.view.endpoint:
        # They are one endpoint's; what was chosen since is of the new one.
        count = tuple(item for item in count if item not in before.count)
        ice = tuple(item for item in ice if item not in before.ice)
    if controls.changed not in ("count", "ice") and (
        controls["usual"] != reconsider.what_if_values(page)["usual"]
    ):
        # Also where something else was chosen before this was answered.
        ways = {c.label: c.view for c in page.ways.choices if c.about == USUAL and c.view}
        if chosen := ways.get(controls["usual"]):
            count, ice = chosen.count, chosen.ice
    made = replace(view, count=count, ice=ice, known=known, **controls.times("landmark"))
    if known or not before.known:
        return before.regrouped(made)
    # What was asked of the groups goes with them.
    plain = replace(made, known=before.known).as_given()
    return replace(plain, count=made.count, ice=made.ice, landmark=made.landmark)


def one_each(chosen: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    """What is done at other times, one thing at each: what is new takes the older one's place.

    >>> one_each(["FLT:censor", "FLT:event"], ["FLT:censor"])
    ('FLT:event',)
    """
    new = {item.rpartition(":")[0]: item for item in chosen if item not in before}
    return tuple(item for item in chosen if new.get(item.rpartition(":")[0], item) == item)
