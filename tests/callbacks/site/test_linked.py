"""Addresses written by anyone. Oracle: RFC 3986; the refusals stand in site/test_compare.py."""

from __future__ import annotations

from flask import Flask

from callbacks.pages import STUDY
from callbacks.site.linked import inside, link_of, path_of, title_of, view_of_study
from services.views.study import View
from tests.studies import bundled


def test_an_address_of_this_site_with_or_without_its_host(server: Flask) -> None:
    with server.test_request_context(base_url="http://here:8050"):
        for host in ("", "http://here:8050", "https://here:8050"):
            page, study, view = view_of_study(
                STUDY, inside(f"{host}/study/e3a06/survival?level=0.9")
            )
            assert (page.name, study, view.level) == ("survival", "e3a06", 0.9)
        assert link_of(bundled(), page, "level=0.9") == (
            "http://here:8050/study/e3a06/survival?level=0.9"
        )
    assert path_of(bundled(), STUDY[""]) == "/study/e3a06"
    record = STUDY["states"].make(bundled(), View())
    assert title_of(STUDY["states"], record).startswith("E3A06: States")
