"""What browsers tell. Oracle: RFC 3986, 3.2.2 of what stands in brackets."""

from __future__ import annotations

import pytest
from flask import Flask

from callbacks.context import address_parts


@pytest.mark.parametrize("told", ["http://[", "http://[::1", "//]/study", "http://[evil]/"])
def test_a_referrer_that_is_no_address_opens_an_empty_page(server: Flask, told: str) -> None:
    assert address_parts(told).netloc == ""
    answer = server.test_client().get("/_dash-layout", headers={"Referer": told})
    assert answer.status_code == 200


def test_an_address_is_told_by_its_parts() -> None:
    parts = address_parts("https://[::1]:8050/study/e3a06?endpoint=OS")
    assert (parts.netloc, parts.path, parts.query) == ("[::1]:8050", "/study/e3a06", "endpoint=OS")
