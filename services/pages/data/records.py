"""Record of the page on a study's data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.pages.records import Methods

if TYPE_CHECKING:
    from services.study.model import Study
    from services.views.study import View


@dataclass(frozen=True, eq=False)
class DataPage:
    """The import report of ``study``, which holds it; ``answer`` says in short what was read."""

    study: Study
    view: View
    answer: str
    provenance: tuple[tuple[str, str], ...]
    reason: str | None = None
    methods: Methods = field(default=Methods())
