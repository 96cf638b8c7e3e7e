"""A view of the survival or subgroups page, recomputed by other code at this moment."""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence

from services import lists, names
from services.errors import UserError, short
from services.pages.records import PageRecord
from services.pages.second_opinion import by_r, questions
from services.pages.second_opinion.questions import Question
from services.pages.second_opinion.records import (
    NOTHING,
    SAME,
    Compared,
    Key,
    SecondOpinion,
    Source,
    Theirs,
)
from services.pages.subgroups.export import SCRIPTS as FOREST
from services.pages.subgroups.records import SubgroupsPage
from services.pages.survival.export import SCRIPTS as CURVES
from services.pages.survival.records import SurvivalPage
from services.statistics.opinions.by_lifelines import Lifelines
from services.statistics.opinions.by_survival import Survival
from services.statistics.opinions.programs import Answer, Program
from services.study.labels import value_label

R = "R"
NEAR = 1e-3  # and closer than this, the programs may have stopped iterating at different steps
MOST = 50_000  # patients: lifelines takes a minute for a model of more
WAIT = 2.0  # seconds for another second opinion to end
_WHY: Sequence[Mapping[str, str]] = lists.beside(__file__)["why"]
_one_at_a_time = threading.Lock()
Answers = Mapping[Key, float | None]


def second_opinion(page: PageRecord, with_r: bool = True) -> SecondOpinion:
    """The numbers of a page by other programs; what one cannot give is said in words.

    Parameters
    ----------
    page : of the survival or the subgroups page
    with_r : whether R may be run on this machine

    Raises
    ------
    UserError : the page has no numbers, or another one is being made right now
    """
    asked = list(_questions(page))
    if not asked:
        why = page.reason or "There are no numbers here."
        raise UserError("There is nothing to recompute.", why)
    if not _one_at_a_time.acquire(timeout=WAIT):
        raise UserError(
            "Another second opinion is being made right now.",
            "They are made one at a time. Ask again in a moment.",
            status=503,
        )
    try:
        told = [_by_program(program, page, asked) for program in (Lifelines(), Survival())]
        told.append(_by_r(page, asked, with_r))
    finally:
        _one_at_a_time.release()
    ours = questions.keys(asked)
    of = {key: question for question in asked for key in question.ours}
    numbers = tuple(
        Compared(
            key,
            value,
            {
                source.name: _theirs(page, source, key, of[key], found)
                for source, found, _ in told
                if source.problem is None
            },
        )
        for key, value in ours.items()
    )
    failed = {source.name: problems for source, _, problems in told}
    return SecondOpinion(
        page=page,
        sources=tuple(source for source, _, _ in told),
        numbers=tuple(_with_problems(number, failed) for number in numbers),
        answer=(*(_sentence(source, numbers) for source, _, _ in told), *_left_out(page, asked)),
        labels={key.group: _label(page, key.group) for key in ours if any(key.group)},
    )


def _questions(page: PageRecord) -> Iterator[Question]:
    if isinstance(page, SurvivalPage):
        return questions.of_survival(page)
    assert isinstance(page, SubgroupsPage)
    return questions.of_subgroups(page)


def _label(page: PageRecord, group: tuple[str, str]) -> str:
    known = {v.name: v.label for v in page.variables} if isinstance(page, SubgroupsPage) else {}
    variable, level = known.get(group[0], group[0]), group[1]
    return f"{variable}: {value_label(group[0], level)}" if level else variable


# --- the programs --------------------------------------------------------------------------------

Told = tuple[Source, Answers, Mapping[Key, str]]  # who, its numbers, and where it failed


def _by_program(program: Program, page: PageRecord, asked: Sequence[Question]) -> Told:
    try:
        version = program.version()
    except ImportError as problem:
        return Source(program.name, "", str(problem)), {}, {}
    if page.population.n > MOST:
        return Source(program.name, version, f"is asked of at most {MOST:,} patients."), {}, {}
    found: dict[Key, float | None] = {}
    problems: dict[Key, str] = {}
    for question in asked:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what they warn of shows in the numbers
                found |= _asked(program, page, question)
        except Exception as problem:  # another program's: it is said beside its number
            told = str(problem).partition(" Please see ")[0] or type(problem).__name__
            said = f"{program.name} stopped: {short(told, 160)}"
            for key in question.ours:
                reason = question.reasons.get(key)
                either = f". This page gives no ratio here either: {reason}." if reason else ""
                problems[key] = said.rstrip(".") + (either or ".")
    return Source(program.name, version), found, problems


def _asked(program: Program, page: PageRecord, question: Question) -> Answers:
    view, who = page.view, question.patients
    if question.kind == "interaction":
        return {}
    at: dict[float | None, Answer] = {}
    if question.kind == "log_rank":
        at[None] = program.log_rank(who)
    elif question.kind == "cox":
        at[None] = program.cox(who, view.level)
    else:
        at[None], points = program.curve(who, question.times, view.ci, view.level)
        at |= zip(question.times, points, strict=True)
    return {k: at[k.time][k.part] for k in question.ours if k.part in at[k.time]}


def _by_r(page: PageRecord, asked: Sequence[Question], allowed: bool) -> Told:
    if not allowed:
        return Source(R, "", "R is not asked: SMM_SECOND_OPINION_R is 0 on this server."), {}, {}
    wanted = list(questions.keys(asked))
    try:
        if isinstance(page, SubgroupsPage):
            assert page.pair is not None
            called = by_r.renamed(wanted, page.pair)
            version, printed = by_r.numbers(FOREST, page, called.values())
            found = {key: printed[own] for key, own in called.items() if own in printed}
        else:
            version, found = by_r.numbers(CURVES, page, wanted)
    except by_r.Unanswered as problem:
        return Source(R, "", str(problem)), {}, {}
    return Source(R, version), found, {}


# --- what is said --------------------------------------------------------------------------------


def _theirs(
    page: PageRecord, source: Source, key: Key, question: Question, found: Answers
) -> Theirs:
    value, ours = found.get(key), question.ours[key]
    if key not in found:
        return Theirs(None, None, False, _why(page, source, key, question, found, "none"), False)
    if value is None or ours is None:
        kind = "" if value is ours else "ours" if ours is None else "theirs"
        why = _why(page, source, key, question, found, kind) if kind else ""
        return Theirs(value, None, value is ours, why)
    same = math.isclose(ours, value, rel_tol=SAME, abs_tol=NOTHING)
    why = "" if same else _why(page, source, key, question, found, "differs")
    return Theirs(value, value - ours, same, why)


def _why(
    page: PageRecord, source: Source, key: Key, question: Question, found: Answers, kind: str
) -> str:
    """Why a number differs: the first known reason that fits, or that none is known."""
    reason = question.reasons.get(key, "")
    value, ours = found.get(key), question.ours[key]
    near = value is not None and ours is not None and math.isclose(ours, value, rel_tol=NEAR)
    fits = {
        "source": source.name,
        "what": key.what,
        "limit": "yes" if key.part in ("lower", "upper") else "no",
        "part": key.part,
        "kind": kind,
        "ci": page.view.ci,
        "entry": "no" if question.patients.entry is None else "yes",
        "apart": "near" if near else "far",
        "flat": "yes" if key.what == "median" and questions.flat_at_half(question) else "no",
        "gone": "yes" if questions.gone_before_events(question) else "no",
        "reason": "few" if question.few else "yes" if reason else "no",
    }
    for rule in _WHY:
        if all(fits[name] in lists.words(rule[name]) for name in fits if name in rule):
            return rule["why"].format(reason=reason)
    return "No difference of method that we know of explains this. Please tell us."


def _with_problems(number: Compared, failed: Mapping[str, Mapping[Key, str]]) -> Compared:
    theirs = {
        name: Theirs(None, None, False, failed[name][number.key], False)
        if number.key in failed[name]
        else said
        for name, said in number.theirs.items()
    }
    return Compared(number.key, number.ours, theirs)


def _sentence(source: Source, numbers: Sequence[Compared]) -> str:
    if source.problem is not None:
        return f"{source.name}: {source.problem}"
    said = [n.theirs[source.name] for n in numbers]
    given = [t for t in said if t.answered]
    same = sum(t.same for t in given)
    apart, rest = len(given) - same, len(said) - len(given)
    parts = [
        f"all {names.count(len(given), 'number')} it gives are the same as here"
        if not apart
        else f"{same:,} of {names.count(len(given), 'number')} {_are(same)} the same as here,"
        f" {apart:,} {_are(apart)} not"
    ]
    parts += [f"it has no answer to {rest:,} more"] if rest else []
    return f"{source.name} {source.version}: {'; '.join(parts)}."


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def _left_out(page: PageRecord, asked: Sequence[Question]) -> Iterator[str]:
    """What an adjusted model names without a coefficient of its own, and what becomes of it."""
    if not isinstance(page, SurvivalPage) or page.adjustment is None:
        return
    for column in dict.fromkeys(name for question in asked for name in question.left_out):
        label = names.capital(page.adjustment.columns[column])
        why = (
            "is a stratum as well as a factor, so it does not vary within a stratum"
            if column in page.view.strata
            else "does not vary, in whole or in part, apart from the arm, the strata and the"
            " factors before it"
        )
        yield (
            f"Adjusted hazard ratio: {label} {why} and has no coefficient of its own here. R gives"
            " NA for it; lifelines and survival are asked without it."
        )
