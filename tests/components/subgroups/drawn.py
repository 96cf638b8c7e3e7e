"""Forests as drawn, for tests."""

from __future__ import annotations

import re
from typing import Any

from services.pages.subgroups.page import subgroups_page
from services.pages.subgroups.records import SubgroupsPage
from services.views.study import decode
from tests.studies import bundled


def page_of(query: str = "") -> SubgroupsPage:
    return subgroups_page(bundled(), decode(query))


def cells(figure: dict[str, Any]) -> list[str]:
    """What stands in the columns, as plain words."""
    axes = [v for k, v in figure["layout"].items() if k.startswith("yaxis") and "ticktext" in v]
    texts = [text for axis in axes for text in axis["ticktext"]]
    return [" ".join(re.sub("</?[a-z][^>]*>", " ", text).split()) for text in texts]
