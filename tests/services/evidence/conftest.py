"""The reference that published facts are compared with, where it is."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.services.evidence.reference import REFERENCE


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    path = REFERENCE / "trials.yaml"
    if not path.is_file():
        pytest.skip("the reference is not here")
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def reference_models() -> dict[str, Any]:
    path = REFERENCE / "risk_models.yaml"
    if not path.is_file():
        pytest.skip("the reference is not here")
    return yaml.safe_load(path.read_text("utf-8"))
