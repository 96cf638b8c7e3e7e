"""How long an answer will take: one that takes long is said to before it is computed.

Nobody who follows a link should hold a server for minutes without knowing it. Whoever wants the
answer asks again with ``wait=yes``.
"""

from __future__ import annotations

from services import lists
from services.errors import UserError
from services.study import population as pop
from services.study.model import Study
from services.study.states import model_of
from services.views.codec import defaults
from services.views.study import ASKS_TO_WAIT, View

LONG = 10.0  # seconds
_SMALL = 20_000  # patients and events below which nothing takes long
_PER = 100_000
_MOST_TERMS = 1_500  # that a table lists
_COSTS: dict[str, dict[str, float]] = lists.beside(__file__)


def check(name: str, study: Study, view: View) -> None:
    """Raise the UserError of an answer that will take longer than ten seconds."""
    seconds = estimate(name, study, view)
    if seconds > LONG:
        about = round(seconds, -1) if seconds < 100 else round(seconds, -2)
        raise UserError(
            f"This answer takes about {about:,.0f} seconds: the study has"
            f" {len(study.subjects):,} patients.",
            "To have it computed all the same, add wait=yes to the address.",
            asks=ASKS_TO_WAIT,
        )


def estimate(name: str, study: Study, view: View) -> float:
    """About how many seconds the page of that name takes, on one core."""
    patients = len(study.subjects)
    events = 0 if study.adverse_events is None else len(study.adverse_events)
    terms = _terms(study) if name in ("safety", "benefit-risk") and events > _MOST_TERMS else 0
    rows = _COSTS["each"]["term"] * min(terms, _MOST_TERMS)
    if patients + events < _SMALL:
        return rows
    usual = defaults(View)
    if not _has(name, study, events):
        return 0.0
    each = _COSTS["pages"].get(name, 0.0) + _COSTS["plots"].get(view.plot, 0.0)
    for key, cost in _COSTS["asked"].items():
        if (value := getattr(view, key)) != usual[key]:
            each += cost * (len(value) if key == "adjust" else 1)
    if name == "subgroups":
        columns = view.by or [c for c in pop.filter_columns(study) if c.kind == "categorical"]
        each += _COSTS["each"]["variable"] * len(columns)
    if name in ("safety", "benefit-risk"):
        each += _COSTS["each"]["event"] * events / max(patients, 1)
    return rows + each * patients / _PER


def _has(name: str, study: Study, events: int) -> bool:
    """Whether a study has what a page computes, not only says that it is not there."""
    if name in ("safety", "benefit-risk") and not events:
        return False
    return name not in ("states", "benefit-risk") or model_of(study) is not None


def _terms(study: Study) -> int:
    events = study.adverse_events
    return 0 if events is None or "AEDECOD" not in events else events["AEDECOD"].nunique()
