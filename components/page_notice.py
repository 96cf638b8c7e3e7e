"""What is said above a page: what of its link cannot be used, or why a change cannot be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components import html, island
from components.shell import notice
from services.errors import UserError

PLACE = "page-notice"
STORE = "page-notice-island"


def place(problems: Sequence[str]) -> list[Any]:
    """The place above a page, and the store of what stands in it first."""
    return [
        html.Div(id=PLACE, className="page-notice"),
        island.store(STORE, island.content(parts(problems))),
    ]


def parts(problems: Sequence[str]) -> dict[str, Any]:
    """What the place holds, for the store of a page's parts: nothing where all is well."""
    if not problems:
        return {PLACE: None}
    title = "Part of this link cannot be used"
    said = [html.Strong(title), *(html.P(text) for text in problems)]
    return {PLACE: html.Div(said, className="notice notice-info", role="status")}


def above(content: Mapping[str, Any], problems: Sequence[str]) -> dict[str, Any]:
    """What a page's store holds, and with it what stands above the page."""
    return {**content, "html": content["html"] | island.content(parts(problems))["html"]}


def partly(content: Mapping[str, Any], problem: UserError) -> dict[str, Any]:
    """What a page's store holds, and above the page why one of several changes is not in it."""
    title = "One of the changes cannot be applied; the others are"
    said = island.content({PLACE: notice(title, problem.message, problem.hint, "error")})
    return {**content, "html": content["html"] | said["html"]}


def failure(problem: UserError) -> dict[str, Any]:
    """Why a change cannot be shown. What was shown before it stays."""
    title = "This change cannot be applied; the page is unchanged"
    return island.content({PLACE: notice(title, problem.message, problem.hint, "error")})
