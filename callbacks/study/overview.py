"""A study's overview: the patients chosen on the left fill its tables."""

from __future__ import annotations

from functools import partial

from callbacks.study_page import StudyPage
from components.overview import layout as overview_layout
from services.pages.overview.export import overview_csv, overview_json
from services.pages.overview.page import overview_page
from services.pages.records import file_name

PAGE = StudyPage(
    name="",
    title="Overview",
    make=overview_page,
    layout=overview_layout.overview_layout,
    words=overview_layout.words,
    islands=("overview-island-fixed",),
    files={"json": overview_json, "csv": overview_csv},
    pinned=overview_layout.pinned,
    file_stem=partial(file_name, endpoint=False),
)
