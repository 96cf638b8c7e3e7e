"""A study's overview: the patients chosen on the left fill its tables."""

from __future__ import annotations

from functools import partial

from callbacks.study_page import StudyPage
from components import overview
from services.overview import overview_csv, overview_json, overview_page
from services.page_records import file_name

PAGE = StudyPage(
    name="",
    title="Overview",
    make=overview_page,
    layout=overview.overview_layout,
    words=overview.words,
    islands=("overview-island-fixed",),
    files={"json": overview_json, "csv": overview_csv},
    file_stem=partial(file_name, endpoint=False),
)
