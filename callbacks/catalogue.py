"""The first page: every study with what it is about."""

from __future__ import annotations

from typing import Any

from callbacks.context import titles
from components.catalogue import catalogue_content
from components.shell import header
from services.catalogue import Catalogue


def layout(catalogue: Catalogue) -> tuple[Any, Any]:
    """Header and content of the catalogue."""
    studies = [catalogue.get(study_id) for study_id in catalogue.ids()]
    return header(titles(catalogue)), catalogue_content(studies)
