"""What the survival page draws first of a study, for where the study is one of many."""

from __future__ import annotations

from services.pages.records import FirstLook
from services.pages.survival.page import survival_page
from services.study.model import Study
from services.views.study import View


def first_look(study: Study) -> FirstLook:
    """The curves of the study's default view; the incidences where something competes."""
    page = survival_page(study, View())
    curves = page.result.curves if page.result else ()
    if page.competing is None:
        lines = {c.arm: (c.time, c.survival) for c in curves}
    else:
        lines = {s.arm: (s.time, s.causes[0].incidence) for s in page.competing.incidences}
    drawn = ", cumulative incidence" if page.endpoint.competing else ""
    return FirstLook(
        endpoint=f"{page.endpoint.label}{drawn}",
        lines=lines,
        longest=max((float(c.time[-1]) for c in curves), default=0.0),
        follow_up=tuple(m for c in curves if (m := c.follow_up.estimate) is not None),
    )
