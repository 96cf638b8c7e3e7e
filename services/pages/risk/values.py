"""What was typed into the calculator, as the models take it, and what looks wrong in it.

Nothing is changed in silence: a value in another unit is asked about and left out of the models
until that is answered; a ratio below 1 counts by its inverse, by the models' rule, and is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.numbers import format_number
from services.pages.risk.records import Question
from services.views.site import RiskView

# Rare above, in g/dL and before treatment; usual as g/L.
PROTEIN_ASKED = 8.0
PROTEIN_LITER_ASKED = 5.0  # g/L below which it is more likely g/dL
SHARE = 1.0  # percent of marrow below which a share was typed
NORMAL = (0.26, 1.65)  # kappa/lambda (Katzmann et al., Clin Chem 2002;48:1437)


@dataclass(frozen=True)
class Values:
    """A patient's values as the models take them; ``None`` is not known or not yet sure.

    Attributes
    ----------
    bmpc, aberrant : %; mprot : g/dL; flcr : involved/uninvolved, 1 or more
    kappa_lambda : what the ratio of kappa to lambda can be: one value, or two where only
        involved/uninvolved is known
    involved : mg/L of the involved chain
    asked : values that wait for an answer
    """

    bmpc: float | None
    mprot: float | None
    flcr: float | None
    kappa_lambda: tuple[float, ...]
    involved: float | None
    fish: str
    aberrant: float | None
    reduced: int | None
    isotype: str
    months: float | None
    questions: tuple[Question, ...]
    asked: tuple[str, ...]


def read(view: RiskView) -> Values:
    """The values of a view, with a question for each that looks wrong."""
    questions: list[Question] = []
    bmpc, mprot = _marrow(view, questions), _protein(view, questions)
    flcr, pair, involved = _ratio(view, questions)
    return Values(
        bmpc=bmpc,
        mprot=mprot,
        flcr=flcr,
        kappa_lambda=pair,
        involved=involved,
        fish=view.fish,
        aberrant=view.aberrant,
        reduced=None if view.reduced == "unknown" else int(view.reduced),
        isotype="" if view.isotype == "unknown" else view.isotype,
        months=view.months,
        questions=tuple(questions),
        asked=tuple(q.field for q in questions if q.waits),
    )


def _sure(view: RiskView, field: str) -> RiskView:
    return replace(view, sure=(*view.sure, field))


def _marrow(view: RiskView, questions: list[Question]) -> float | None:
    value = view.bmpc
    if value is None or not 0 < value < SHARE or "bmpc" in view.sure:
        return value
    meant = round(100 * value, 6)
    questions.append(
        Question(
            "bmpc",
            f"Marrow plasma cells of {format_number(value)}%: did you mean"
            f" {format_number(meant)}%?",
            f"Yes, {format_number(meant)}%",
            replace(view, bmpc=meant),
            f"No, {format_number(value)}%",
            _sure(view, "bmpc"),
        )
    )
    return None


def _protein(view: RiskView, questions: list[Question]) -> float | None:
    value = view.mprot
    if value is None:
        return None
    if view.mprot_unit == "g/L":
        other, deciliter = "g/dL", round(value / 10, 6)
        odd = 0 < value < PROTEIN_LITER_ASKED or deciliter > PROTEIN_ASKED
        meant = f"{format_number(value)} g/dL"
    else:
        other, deciliter = "g/L", value
        odd = value > PROTEIN_ASKED
        meant = f"{format_number(value)} g/L ({format_number(round(value / 10, 6))} g/dL)"
    if not odd or "mprot" in view.sure:
        return deciliter
    typed = f"{format_number(value)} {view.mprot_unit}"
    if view.mprot_unit == "g/L" and deciliter > PROTEIN_ASKED:
        questions.append(
            Question(
                "mprot",
                f"M-protein of {typed} is very rare. Is it correct?",
                keep=f"Yes, {typed}",
                kept=_sure(view, "mprot"),
            )
        )
        return None
    questions.append(
        Question(
            "mprot",
            f"M-protein of {typed}: did you mean {meant}?",
            f"Yes, {meant}",
            replace(view, mprot_unit=other),
            f"No, {typed}",
            _sure(view, "mprot"),
        )
    )
    return None


def _ratio(
    view: RiskView, questions: list[Question]
) -> tuple[float | None, tuple[float, ...], float | None]:
    """Involved/uninvolved, what kappa/lambda can be, and the involved chain in mg/L."""
    if view.flc == "chains" or (
        view.flcr is None and view.kappa_flc is not None and view.lambda_flc is not None
    ):
        return _of_chains(view, questions)
    value = view.flcr
    if value is None:
        return None, (), None
    if value == 0:
        text = "A free light chain ratio cannot be 0: enter kappa and lambda, or leave it empty."
        questions.append(Question("flcr", text))
        return None, (), None
    if value >= 1:
        return value, (value, 1 / value), None
    inverse = 1 / value
    shown = float(f"{inverse:.3g}")
    questions.append(
        Question(
            "flcr",
            f"A ratio of {format_number(value)} looks like kappa/lambda: involved/uninvolved is"
            f" never below 1 and would be {format_number(shown)}, which is what the models use "
            "here.",
            f"Use {format_number(shown)}",
            replace(view, flcr=shown),
            waits=False,
        )
    )
    return inverse, (value,), None


def _of_chains(
    view: RiskView, questions: list[Question]
) -> tuple[float | None, tuple[float, ...], float | None]:
    kappa, light = view.kappa_flc, view.lambda_flc
    if kappa is None or light is None:
        return None, (), None
    if kappa == 0 or light == 0:
        text = (
            "A free light chain of 0 gives no ratio: enter the lowest value that the laboratory "
            "measures."
        )
        questions.append(Question("flcr", text))
        return None, (), None
    pair = kappa / light
    return max(pair, 1 / pair), (pair,), max(kappa, light)


def chains_words(view: RiskView) -> str:
    """ "Lambda is involved: lambda/kappa 33"; "" unless both chains are typed."""
    found = read(view)
    if view.kappa_flc is None or view.lambda_flc is None or found.involved is None:
        return ""
    (pair,) = found.kappa_lambda
    assert found.flcr is not None  # both chains are above 0
    ratio = format_number(float(f"{found.flcr:.3g}"))
    if NORMAL[0] <= pair <= NORMAL[1]:
        return (
            f"Kappa/lambda {format_number(float(f'{pair:.3g}'))} is normal ({NORMAL[0]} to"
            f" {NORMAL[1]}): neither chain is in excess; the larger over the smaller is {ratio}."
        )
    first, second = ("kappa", "lambda") if pair > 1 else ("lambda", "kappa")
    return f"{first.capitalize()} is involved: {first}/{second} {ratio}."
