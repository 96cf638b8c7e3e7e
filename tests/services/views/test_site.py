"""The codec of the pages without a study: what is written reads back, bad values are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import UserError
from services.views.site import (
    CATALOGUE_SORTS,
    DESIGNS,
    FISH,
    REPORTS,
    CatalogueView,
    EvidenceView,
    RiskView,
    decode_site,
    encode_site,
)

TEXTS = st.text(min_size=1, max_size=40).filter(lambda t: "\x00" not in t and t.isprintable())
VALUES = st.none() | st.floats(0, 20)


@given(st.builds(CatalogueView, q=st.just("") | TEXTS, order=st.sampled_from(CATALOGUE_SORTS)))
def test_catalogue_reads_back(view: CatalogueView) -> None:
    assert decode_site(CatalogueView, encode_site(view)) == view


@given(
    st.builds(
        EvidenceView,
        drug=st.lists(TEXTS, unique=True, max_size=3).map(tuple),
        risk=st.lists(TEXTS, unique=True, max_size=3).map(tuple),
        design=st.sampled_from(DESIGNS),
        reports=st.sampled_from(REPORTS),
    )
)
def test_evidence_reads_back(view: EvidenceView) -> None:
    assert decode_site(EvidenceView, encode_site(view)) == view


@given(st.builds(RiskView, bmpc=VALUES, mprot=VALUES, flcr=VALUES, fish=st.sampled_from(FISH)))
def test_risk_reads_back(view: RiskView) -> None:
    assert decode_site(RiskView, encode_site(view)) == view


def test_defaults_are_left_out_and_unknown_keys_ignored() -> None:
    assert encode_site(RiskView()) == ""
    assert decode_site(RiskView, "?utm=x&bmpc=") == RiskView()


@pytest.mark.parametrize(
    ("kind", "query", "said"),
    [
        (RiskView, "?bmpc=101", "bmpc=101"),
        (RiskView, "?mprot=much", "mprot=much"),
        (RiskView, "?flcr=nan", "flcr=nan"),
        (EvidenceView, "?design=both", "design=both"),
        (CatalogueView, "?order=up", "order=up"),
        (CatalogueView, "?q=" + "a" * 201, "q=aaa"),
    ],
)
def test_a_bad_value_is_named(kind: type, query: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        decode_site(kind, query)
    assert said in caught.value.message
    assert "Allowed" in caught.value.hint
