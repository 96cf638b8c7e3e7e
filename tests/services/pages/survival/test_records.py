"""The survival page's record. Oracle: the page that its whole address opens."""

from __future__ import annotations

import pytest

from services.pages.survival.page import survival_page
from services.views.study import decode, encode
from tests.studies import bundled


@pytest.mark.parametrize("query", ["", "?endpoint=OS&unit=years", "?plot=means"])
def test_the_whole_address_names_what_a_default_would_decide(query: str) -> None:
    page = survival_page(bundled(), decode(query))
    whole = page.full_address
    assert whole.at == page.view.at != ()
    assert set(whole.arms) == {a.name for a in page.arms}
    assert whole.plot == decode(query).plot
    again = survival_page(bundled(), decode(encode(whole)))
    assert (again.view, again.answer) == (page.view, page.answer)
