"""Times of an endpoint reconsidered: another strategy for intercurrent events (ICH E9 R1).

A reason for censoring can count as the event; another time of the data (a parameter, or a date of
the subjects) can be ignored (treatment policy), end the follow-up (hypothetical) or be the event
(composite); and the clock can start at a landmark, among those still without the event.

What happens at another time counts where it comes before the endpoint's own time. On one day the
endpoint's own event counts; a censoring on that day becomes the event, where it is one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from services import lists, names
from services.arrays import BoolArray, FloatArray
from services.errors import few
from services.numbers import format_number
from services.study import dates, known
from services.study.memory import remembered
from services.study.model import SUBJECT, Endpoint, Reconsidered, Study
from services.study.records import OtherTime, Reason
from services.units import DAYS_PER_UNIT
from services.views.parse import STRATEGIES, FieldError
from services.views.study import View

SAME_DAY = 0.5  # days; times in months or years round
_LISTS = {name: lists.words(text) for name, text in lists.beside(__file__).items()}


def with_what_if(study: Study, view: View) -> Study:
    """The study with the times of the view's endpoint as the view reconsiders them.

    Raises
    ------
    FieldError : a reason, event or landmark that the data cannot answer; says what is allowed
    """
    given = study.reconsidered.given if study.reconsidered else study
    endpoint = view.endpoint or given.endpoints[0].id
    if not view.what_if or endpoint not in {e.id for e in given.endpoints}:
        return given
    known.refuse_without_landmark(view.known, view.landmark)
    days = (view.landmark or 0.0) * DAYS_PER_UNIT[view.unit]
    return _reconsidered(given, (endpoint, view.count, view.ice, days, view.known), view.since)


@remembered(32)
def _reconsidered(
    study: Study, asked: tuple[str, tuple[str, ...], tuple[str, ...], float, str], since: str
) -> Study:
    name, count, ice, landmark, by = asked
    endpoint = study.endpoint(name)
    rows = study.endpoint_rows(name)
    records = study.times.iloc[rows]
    made = _Records.of(records)
    words = [made.count(reason, name) for reason in count]
    done = [item.rpartition(":")[0] for item in ice]
    # What happened before follow-up ends elsewhere has happened: events first, whatever the order.
    for item, key in sorted(zip(ice, done, strict=True), key=lambda i: i[0].endswith(":censor")):
        if done.count(key) > 1:
            raise FieldError("ice", item, f"one strategy for {key}", "is one of two strategies")
        other = other_time(study, name, key, item)
        strategy = item.rpartition(":")[2]
        if strategy not in other.strategies:
            allowed = " or ".join(f"{key}:{s}" for s in other.strategies)
            raise FieldError("ice", item, f"{allowed}; it {other.refused}", other.refused)
        if strategy != "ignore":
            day = other_days(study, name, records[SUBJECT], key)
            seen = (
                dates.last_assessment(study, name, records[SUBJECT], day)
                if strategy == "censor"
                else None
            )
            made.at(day, strategy == "event", other.words, seen)
        if strategy == "event":
            words.append(names.uncapital(other.words))
    times = made.frame(records)
    _not_before_entry(times, landmark, since, ice)
    given = records[["TIME", "EVENT", "EVENT_TEXT"]].set_axis(
        ["TIME_GIVEN", "EVENT_GIVEN", "TEXT_GIVEN"], axis=1
    )
    kept = _after(times, landmark, since)
    rest = np.ones(len(study.times), dtype=bool)
    rest[rows] = False
    clocked = times[kept].assign(TIME=times["TIME"][kept] - landmark)
    all_times = pd.concat([study.times[rest], clocked], ignore_index=True)
    shown = replace(
        endpoint,
        label=_label(endpoint.label, bool(count or ice), since),
        event=", or ".join([endpoint.event, *words]),
        short=_without(endpoint) if words else endpoint.short,
        happened="" if words else endpoint.happened,
        competing=_still_competing(endpoint, records, clocked),
        landmarks=_reached(endpoint, clocked),
    )
    groups = _grouped(study, name, by, landmark, since) if by else study
    return replace(
        groups,
        times=all_times,
        endpoints=tuple(shown if e.id == name else e for e in study.endpoints),
        reconsidered=Reconsidered(
            asked=asked,
            given=study,
            moved=times[[SUBJECT, "TIME", "EVENT", "EVENT_TEXT"]].join(given)[made.moved],
            left_out=times[~kept][[SUBJECT, "EVENT", "EVENT_TYPE"]],
        ),
    )


def _grouped(study: Study, endpoint: str, by: str, landmark: float, since: str) -> Study:
    key = known.split(by)[1]
    try:
        other = other_time(study, endpoint, key, by)
    except FieldError as problem:
        raise FieldError("known", by, problem.allowed, problem.why) from problem
    days = other_days(study, endpoint, study.subjects.index.to_series(), key)
    return known.grouped(study, by, other.words, days, landmark, since)


def _not_before_entry(
    times: pd.DataFrame, landmark: float, since: str, ice: tuple[str, ...]
) -> None:
    """Refuse what entry times do not allow.

    Raises
    ------
    FieldError : a landmark, or a follow-up that ends before a patient came under observation
    """
    if "ENTRY" not in times or not (times["ENTRY"] > 0).any():
        return
    if landmark:
        why = "cannot be combined with entry times: patients come under observation after it"
        said = "This endpoint has entry times: there is no landmark for it."
        raise FieldError(
            "landmark", since.rpartition(" ")[2], "no landmark for this endpoint", why, said
        )
    early = int((times["TIME"] <= times["ENTRY"]).sum())
    if early:
        who = names.count(early, "patient")
        why = f"would end the follow-up of {who} before their entry into observation"
        raise FieldError("ice", ice[-1], "another time, or another strategy", why)


def _without(endpoint: Endpoint) -> str:
    return "without the event" if endpoint.good else "event-free"


def _label(label: str, moved: bool, since: str) -> str:
    reconsidered = f"{label}, reconsidered" if moved else label
    return f"{reconsidered}, from {since} on" if since else reconsidered


def _after(times: pd.DataFrame, landmark: float, since: str) -> BoolArray:
    """Who is still followed, without the event, after the landmark (days)."""
    days = times["TIME"].to_numpy(dtype=float)
    kept: BoolArray = days - landmark > 1e-9 * landmark if landmark else np.ones(len(days), bool)
    if landmark and len(days) and not kept.any():
        months = format_number(float(f"{days.max() / DAYS_PER_UNIT['months']:.3g}"))
        raise FieldError(
            "landmark",
            since.rpartition(" ")[2],
            f"a time before the last of the data, {months} months",
            "is after the last time in the data",
            f"Nobody is followed beyond {since}. The last time in the data is {months} months.",
        )
    return kept


def _still_competing(
    endpoint: Endpoint, given: pd.DataFrame, made: pd.DataFrame
) -> tuple[str, ...]:
    """What can still come instead of the event: not what now is the event, wherever it came."""
    before = set(given["EVENT_TYPE"][~given["EVENT"].to_numpy(dtype=bool)])
    after = set(made["EVENT_TYPE"][~made["EVENT"].to_numpy(dtype=bool)])
    return tuple(c for c in endpoint.competing if c not in before or c in after)


def _reached(endpoint: Endpoint, made: pd.DataFrame) -> tuple[float, ...]:
    last = float(made["TIME"].max()) / DAYS_PER_UNIT["months"] if len(made) else 0.0
    return tuple(month for month in endpoint.landmarks if month <= last)


@dataclass
class _Records:
    """The records of an endpoint while they are changed; all (n,)."""

    time: FloatArray
    event: BoolArray
    text: np.ndarray
    kind: np.ndarray
    given: pd.DataFrame
    typed: bool

    @classmethod
    def of(cls, records: pd.DataFrame) -> _Records:
        event = records["EVENT"].to_numpy(dtype=bool)
        kind = records["EVENT_TYPE"].to_numpy(dtype=object).copy()
        typed = bool((kind[event] != "").any())
        return cls(
            records["TIME"].to_numpy(dtype=float).copy(),
            event.copy(),
            records["EVENT_TEXT"].to_numpy(dtype=object).copy(),
            kind,
            records,
            typed,
        )

    def count(self, reason: str, endpoint: str) -> str:
        """Make the event of a reason for censoring; its words."""
        found = _censored_for(self.given, reason)
        if not found.any():
            known = [r.key for r in _reasons(self.given)][:8]
            raise FieldError(
                "count",
                reason,
                "; ".join(known) if known else f"none: nobody is censored for {endpoint}",
                "is not a reason for censoring of this endpoint",
            )
        words = _words_of(self.given, reason)
        self.event |= found
        self._name(found, words, keep=True)
        return names.label(words)

    def at(self, day: FloatArray, counts: bool, words: str, seen: FloatArray | None = None) -> None:
        """End the follow-up at a day (n,; NaN: never), with the event if it ``counts`` as one.

        Parameters
        ----------
        seen : (n,) days of the last assessment by then, where it ends instead; NaN: not known
        """
        before = day < self.time - SAME_DAY
        now = np.abs(day - self.time) <= SAME_DAY
        hit = before | (now & ~self.event) if counts else before
        known = np.full(len(day), np.nan) if seen is None else seen
        self.time = np.where(before, np.where(np.isnan(known), day, known), self.time)
        self.event = np.where(hit, counts, self.event)
        said = words if counts else f"Censored at {names.uncapital(words)}"
        self.text[hit] = names.capital(said)
        last = f"Censored at the last assessment before {names.uncapital(words)}"
        self.text[hit & ~np.isnan(known)] = last
        self.kind[hit] = ""
        if counts:
            self._name(hit, names.capital(words), keep=False)

    def _name(self, those: BoolArray, words: str, keep: bool) -> None:
        """What type of event it now is, where the endpoint's events have types."""
        if self.typed:
            blank = those & (self.kind == "") if keep else those
            self.kind[blank] = words

    @property
    def moved(self) -> BoolArray:
        """Whose time or status changed."""
        same = self.event == self.given["EVENT"].to_numpy(dtype=bool)
        changed: BoolArray = ~same | (np.abs(self.time - self.given["TIME"].to_numpy()) > 1e-9)
        return changed

    def frame(self, records: pd.DataFrame) -> pd.DataFrame:
        """The records as they are now."""
        return records.assign(
            TIME=self.time, EVENT=self.event, EVENT_TEXT=self.text, EVENT_TYPE=self.kind
        )


# --- what can be asked -----------------------------------------------------------------------


@remembered(64)
def reasons(study: Study, endpoint: str) -> tuple[Reason, ...]:
    """Why patients were censored for an endpoint, the most frequent first."""
    return _reasons(study.times.iloc[study.endpoint_rows(endpoint)])


@remembered(256)
def reason_words(study: Study, endpoint: str, reason: str) -> str:
    """A reason for censoring, by its text or code, in words."""
    return _words_of(study.times.iloc[study.endpoint_rows(endpoint)], reason)


def _censored_for(records: pd.DataFrame, reason: str) -> BoolArray:
    """Who is censored for a reason: of that text, else of that code."""
    censored = ~records["EVENT"].to_numpy(dtype=bool)
    found: BoolArray = censored & (records["EVENT_TEXT"].to_numpy(dtype=object) == reason)
    if not found.any():
        codes = records["CNSR"].map(format_number).to_numpy(dtype=object)
        found = censored & (codes == reason)
    return found


def _words_of(records: pd.DataFrame, reason: str) -> str:
    texts = dict.fromkeys(records["EVENT_TEXT"][_censored_for(records, reason)].astype(str))
    return names.join_or([t for t in texts if t]) or f"CNSR {reason}"


def _reasons(records: pd.DataFrame) -> tuple[Reason, ...]:
    censored = records[~records["EVENT"].to_numpy(dtype=bool)]
    texts = censored["EVENT_TEXT"].astype(str)
    codes = censored["CNSR"].map(format_number)
    keys = texts.where(texts != "", codes)
    tally = keys.value_counts()
    coded = set(codes[texts == ""])
    return tuple(
        Reason(str(key), f"CNSR {key}" if key in coded else str(key), int(n))
        for key, n in tally.items()
    )


@remembered(64)
def other_times(study: Study, endpoint: str) -> tuple[OtherTime, ...]:
    """The other times of the data that a patient reached before the endpoint's own."""
    keys = [e.id for e in study.endpoints if e.id != endpoint]
    keys += reached_dates(study)
    found = (other_time(study, endpoint, key, "") for key in keys if later(study, endpoint, key))
    return tuple(other for other in found if other.patients)


def later(study: Study, endpoint: str, key: str) -> int:
    """How many have another time at all; 0 where it is after the start in none of them."""
    days = other_days(study, endpoint, study.subjects.index.to_series(), key)
    known = days[~np.isnan(days)]
    return len(known) if (known > dates.first_day(study, endpoint)[0]).any() else 0


def date_words(study: Study, key: str) -> str:
    """What a date of the subjects is of."""
    return names.occasion(study.columns[key].label)


def reached_dates(study: Study) -> list[str]:
    """Dates of what can happen to a patient: no end of a study, no visit."""
    visits = dates.assessments(study)
    return [c for c in dates.of(study) if c not in _LISTS["never"] and c not in visits]


def other_time(study: Study, endpoint: str, key: str, asked: str) -> OtherTime:
    """What can be done at another time: a parameter, or a date of the subjects.

    Raises
    ------
    FieldError : the data have no such time
    """
    ids, known = [e.id for e in study.endpoints if e.id != endpoint], dates.of(study)
    if key not in ids and key not in known:
        allowed = [*ids, *reached_dates(study)]
        where = few(allowed, 8) if allowed else "none: the data have no other time"
        why = "is the endpoint itself" if key == endpoint else "is not in these data"
        raise FieldError("ice", asked or key, where, why)
    words = event_words(study, study.endpoint(key)) if key in ids else date_words(study, key)
    records = study.times.iloc[study.endpoint_rows(endpoint)]
    day = other_days(study, endpoint, records[SUBJECT], key)
    time = records["TIME"].to_numpy(dtype=float)
    event = records["EVENT"].to_numpy(dtype=bool)
    before = day < time - SAME_DAY
    had = before | ((np.abs(day - time) <= SAME_DAY) & ~event)
    followed = day < time - 1 - SAME_DAY
    if had.any() and not followed.any():
        kept = tuple(s for s in STRATEGIES if s != "ignore")
        n = int(had.sum())
        patients = "the patient" if n == 1 else f"all {n:,} patients"
        why = (
            "cannot be ignored in these data: follow-up for the endpoint stops there in"
            f" {patients} who had it first"
        )
        return OtherTime(key, words, n, kept, why)
    return OtherTime(key, words, int(had.sum()), STRATEGIES, "")


def event_words(study: Study, endpoint: Endpoint) -> str:
    """What happens at an endpoint's time; with its label where that is another's event too."""
    alike = sum(e.event == endpoint.event for e in study.endpoints) > 1
    return f"{endpoint.event} ({names.label(endpoint.label)})" if alike else endpoint.event


def other_days(study: Study, endpoint: str, subjects: pd.Series[str], key: str) -> FloatArray:
    """The day of another time of each of n subjects, as the endpoint counts; NaN for none.

    A day at or before the start is the first day.
    """
    ids = pd.Index(subjects)
    rows = study.subjects.index.get_indexer(ids)
    if key in {e.id for e in study.endpoints}:
        found = study.times.iloc[study.endpoint_rows(key)]
        at = pd.Index(found[SUBJECT]).get_indexer(ids)
        event = np.append(found["EVENT"].to_numpy(dtype=bool), False)[at]
        days: FloatArray = np.where(
            event, np.append(found["TIME"].to_numpy(float), 0.0)[at], np.nan
        )
        moved = dates.shift(study, key, endpoint)[rows]
        if not moved.any():
            return days
        days, first = days + moved, dates.first_day(study, endpoint)[0]
    else:
        all_days, first = dates.days(study, endpoint, key)
        days = all_days[rows]
    return np.fmax(days, np.where(np.isnan(days), np.nan, first))
