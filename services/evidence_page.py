"""The evidence page: what is published, chosen by drug class, design and population.

Nothing is pooled here. Rows of different trials stand side by side as their papers print them.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.errors import UserError
from services.evidence import evidence
from services.evidence_forest import FAMILIES, forest, meta_rows, series
from services.evidence_page_records import EvidencePage
from services.evidence_records import Evidence
from services.evidence_results import arms_rows, events, landmarks, single_arm
from services.evidence_running import listed, running
from services.site_view_records import EvidenceView

FOLLOWED = ("e3a06", "quiredex", "aquila")


def evidence_page(view: EvidenceView) -> EvidencePage:
    """What the page shows of all published facts.

    Raises
    ------
    UserError : a drug class or population no trial has; names those there are
    """
    found = evidence()
    classes = _drug_classes(found)
    risks = tuple(dict.fromkeys(t.enrolment.risk for t in found.trials))
    _check("drug", view.drug, classes)
    _check("risk", view.risk, risks)
    chosen = [t for t in found.trials if _chosen(view, t.drug_classes, t.enrolment.risk)]
    chosen = [t for t in chosen if _design(view, t.randomized)]
    ongoing = [o for o in found.ongoing if _chosen(view, o.drug_classes, o.risk)]
    ongoing = [o for o in ongoing if _design(view, o.randomized)]
    randomized = [t for t in chosen if t.randomized and t.status != "ongoing"]
    return EvidencePage(
        view=view,
        drug_classes=classes,
        risks=risks,
        shown=len(chosen),
        total=len(found.trials),
        forests=tuple(forest(f, title, randomized, view.reports) for f, title in FAMILIES),
        landmarks=tuple(row for t in randomized for row in landmarks(t, view.reports)),
        responses=tuple(row for t in randomized for row in arms_rows(t, t.responses)),
        events=tuple(row for t in randomized for row in events(t)),
        single_arm=tuple(single_arm(t, a) for t in chosen for a in t.arms if a.role == "single"),
        meta=meta_rows(found),
        follow_up=tuple(s for t in chosen if t.id in FOLLOWED for s in series(t)),
        timeline=(
            *(running(t) for t in chosen if t.status != "published" or t.enrolment.planned_end),
            *(listed(o) for o in ongoing),
        ),
    )


def _drug_classes(found: Evidence) -> tuple[str, ...]:
    names = [c for t in found.trials for c in t.drug_classes]
    return tuple(dict.fromkeys([*names, *(c for o in found.ongoing for c in o.drug_classes)]))


def _check(key: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    for name in wanted:
        if name not in known:
            raise UserError(f"“{key}={name}” cannot be used.", f"Allowed: {', '.join(known)}.")


def _chosen(view: EvidenceView, classes: Sequence[str], risk: str) -> bool:
    drug = not view.drug or any(c in view.drug for c in classes)
    return drug and (not view.risk or risk in view.risk)


def _design(view: EvidenceView, randomized: bool | None) -> bool:
    wanted = {"randomized": True, "single-arm": False}.get(view.design)
    return wanted is None or randomized is wanted
