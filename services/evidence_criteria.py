"""Entry criteria of a trial as rules, read from its evidence file."""

from __future__ import annotations

from services.evidence_records import Condition, Criterion
from services.evidence_yaml import Place, Table

# What a patient's values can tell: percent, g/dL, ratios, mg/L of the involved chain, months since
# diagnosis, number of reduced uninvolved immunoglobulins. "other" is never known here.
VALUES = (
    "bmpc", "mprot", "flcr", "kappa_lambda", "involved", "aberrant", "reduced", "isotype",
    "months", "mayo2018", "other",
)  # fmt: skip
_BOUNDS = ("at_least", "above", "at_most", "below")


def read_criteria(enrolment: Table) -> tuple[Criterion, ...]:
    """The list ``criteria`` of a trial's enrolment, empty if it is left out."""
    return tuple(_criterion(place, True) for place in enrolment.rows("criteria"))


def _criterion(place: Place, top: bool) -> Criterion:
    row = place.table(("words", "least", "of"))
    words = row.need("words").text() if top else row.text("words")
    parts = tuple(_part(item) for item in row.rows("of"))
    least = row.whole("least")
    if least is not None and not 1 <= least <= len(parts):
        raise place.wrong(
            f"has least {least}", f"Write 1 to {len(parts)}, the number of its parts."
        )
    return Criterion(words, 1 if least is None else least, parts)


def _part(place: Place) -> Condition | Criterion:
    if any(str(key.value) == "of" for key, _ in place.node.value):
        return _criterion(place, False)
    row = place.table(("value", *_BOUNDS, "equals"))
    value = row.choice("value", VALUES)
    bounds = {name: row.number(name) for name in _BOUNDS}
    equals = row.text("equals")
    if value != "other" and not equals and all(bound is None for bound in bounds.values()):
        raise place.wrong("has no bound", f"Give one of {', '.join((*_BOUNDS, 'equals'))}.")
    return Condition(value, **bounds, equals=equals)
