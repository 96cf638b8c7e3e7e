"""A study that is gone leaves the memory. Oracle: weak references, sizes of arrays."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pandas as pd

from services.pages import cache
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.reading.files import read_study
from services.studies import BUNDLED
from services.study.memory import SMALL, weigh
from services.views.study import View
from tests.studies import two_arms


def test_a_forgotten_study_leaves_the_memory() -> None:
    study = replace(read_study(BUNDLED / "e3a06"), sha256="of nobody")
    for view in (View(), View(cut=("AGE:60",)), View(cut=("AGE:60",), by=("AGE:60", "SEX"))):
        survival_page(study, view)
        subgroups_page(study, view)
    left = weakref.ref(study.subjects)
    cache.forget(study)
    del study, view
    gc.collect()
    assert left() is None


def test_records_are_weighed_without_their_study() -> None:
    study = two_arms(24)
    page = survival_page(study, View())
    assert page.result is not None
    arrays = sum(c.time.nbytes + c.survival.nbytes for c in page.result.curves)
    assert arrays + int(page.records.memory_usage().sum()) < weigh(page) < 1 << 20
    assert weigh(pd.DataFrame({"a": np.zeros(1000)})) >= 8000
    assert weigh(study) == SMALL
    assert weigh({"a": ("b" * 500, {"c": np.zeros(10)})}) > 580
