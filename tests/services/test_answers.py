"""Answers shared through Redis. Oracle: who computed how often, and what Redis holds."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from services import answers
from services.answers import Answer, Answers, Near
from services.errors import UserError
from tests.redis_server import running

Process = Callable[..., Answers]
HELLO = Answer({"Content-Type": "text/plain"}, b"hello\n\xff")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def client(server: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server) as client:
        client.flushall()
        yield client


@pytest.fixture
def process(server: str, client: redis.Redis) -> Iterator[Process]:
    """Makes what a further process has."""
    made: list[Answers] = []

    def make(**options: int) -> Answers:
        made.append(Answers(server, **options))
        return made[-1]

    yield make
    for one in made:
        one._redis.close()


class Maker:
    """Makes an answer and counts how often it had to."""

    def __init__(self, answer: Answer = HELLO) -> None:
        self.answer, self.times = answer, 0

    def __call__(self) -> Answer:
        self.times += 1
        return self.answer


def kept(client: redis.Redis) -> list[bytes]:
    """The keys of what is kept, but for the two that count them."""
    return sorted(k for k in client.keys("*") if not k.endswith((b":order", b":sizes")))


def test_what_one_process_answered_another_sends(process: Process, client: redis.Redis) -> None:
    make, other = Maker(), Maker()
    assert process().answer("s", ("q",), make) == HELLO
    assert process().answer("s", ("q",), other) == HELLO
    assert (make.times, other.times) == (1, 0)
    for study, asked in (("s", ("r",)), ("t", ("q",))):
        process().answer(study, asked, other)
    assert other.times == 2
    newer = process()
    newer._program = b"another version"
    newer.answer("s", ("q",), other)
    assert other.times == 3
    assert all(0 < client.ttl(key) <= answers.SECONDS for key in kept(client))


def test_what_is_kept_is_a_sum_json_and_bytes(process: Process, client: redis.Redis) -> None:
    asking = process()
    asking.answer("secret-id", ("q",), Maker())
    (key,) = kept(client)
    text = client.get(key)
    head, body = text[32:].split(b"\n", 1)
    assert (json.loads(head), body) == (dict(HELLO.headers), HELLO.body)
    assert b"secret-id" not in key + text
    for damaged in (b"", text[:-1], b"x" + text[1:]):
        client.set(key, damaged)
        make = Maker()
        assert asking.answer("secret-id", ("q",), make) == HELLO
        assert make.times == 1


def test_equal_questions_in_flight_are_computed_once(process: Process, client: redis.Redis) -> None:
    begun, go = threading.Event(), threading.Event()
    calls: list[int] = []

    def slow() -> Answer:
        calls.append(1)
        begun.set()
        assert go.wait(5)
        return HELLO

    found: list[Answer] = []

    def ask() -> None:
        found.append(process().answer("s", ("q",), slow))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(5)
    go.set()
    for thread in threads:
        thread.join()
    assert (len(calls), found) == (1, [HELLO] * 4)
    assert len(kept(client)) == 1  # no lock stays


def test_who_gets_the_lock_late_looks_again(
    process: Process, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, make = process(), Maker()
    lock = late._redis.set

    def after_another(*told: object, **more: object) -> object:
        process().answer("s", ("q",), Maker())
        return lock(*told, **more)

    monkeypatch.setattr(late._redis, "set", after_another)
    assert late.answer("s", ("q",), make) == HELLO
    assert make.times == 0


def test_nobody_waits_for_who_died_while_computing(
    process: Process, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LOCK_SECONDS", 0.1)
    outer = Maker()

    def dying() -> Answer:  # still holds its lock while another asks
        return process().answer("s", ("q",), outer)

    assert process().answer("s", ("q",), dying) == HELLO
    assert outer.times == 1
    with pytest.raises(UserError):
        process().answer("s", ("r",), _refusing)
    assert len(kept(client)) == 1


def _refusing() -> Answer:
    raise UserError("No such thing.")


def test_what_may_change_is_not_kept(process: Process, client: redis.Redis) -> None:
    process().answer("s", ("q",), Maker(Answer({}, b"failed", lasting=False)))
    assert kept(client) == []


def test_together_they_stay_within_their_bound(process: Process, client: redis.Redis) -> None:
    asking = process(most=10_000)
    for i in range(8):
        asking.answer("s", (i,), Maker(Answer({}, bytes(2_000))))
    assert len(kept(client)) == 4
    assert sum(client.strlen(key) for key in kept(client)) <= 10_000
    again = Maker()
    asking.answer("s", (7,), again)  # the newest is there, the oldest is not
    asking.answer("s", (0,), again)
    assert again.times == 1
    asking.answer("s", ("large",), Maker(Answer({}, bytes(20_000))))
    assert sum(client.strlen(key) for key in kept(client)) <= 10_000


def test_answers_go_with_their_study(process: Process, client: redis.Redis) -> None:
    asking = process()
    for study in ("s", "t"):
        for question in range(3):
            asking.answer(study, (question,), Maker())
    process().forget("s")
    assert len(kept(client)) == 3
    make = Maker()
    asking.answer("t", (0,), make)
    assert make.times == 0
    asking.answer("s", (0,), make)
    assert make.times == 1


def test_without_redis_it_is_slower_and_never_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "AWAY_SECONDS", 0.05)
    with running(tmp_path) as url:
        asking = Answers(url)
        asking.check()
        asking.answer("s", ("q",), Maker())
    make = Maker()
    assert asking.answer("s", ("q",), make) == HELLO
    asking.forget("s")
    assert make.times == 1
    with pytest.raises(UserError) as caught:
        asking.check()
    assert caught.value.status == 503
    time.sleep(0.06)
    with running(tmp_path):
        asking.answer("s", ("q",), make)
        asking.answer("s", ("q",), make)
    asking._redis.close()
    assert make.times == 2


@pytest.mark.parametrize("wrong", ["http://localhost", "redis://localhost:port"])
def test_an_address_that_is_none_is_refused_at_the_start(wrong: str) -> None:
    with pytest.raises(UserError, match="SMM_REDIS"):
        Answers(wrong)


# --- without Redis ------------------------------------------------------------------------------


def test_this_process_keeps_what_it_answered_until_it_is_forgotten() -> None:
    near, make = Near(1 << 20), Maker()
    assert near.answer("a", ("?",), make) is near.answer("a", ("?",), make) is HELLO
    assert make.times == 1
    near.answer("a", ("!",), make)
    near.answer("b", ("?",), make)
    assert make.times == 3
    near.forget("a")
    near.answer("b", ("?",), make)
    assert make.times == 3
    near.answer("a", ("?",), make)
    assert make.times == 4


def test_what_does_not_last_or_is_too_large_is_made_anew() -> None:
    near = Near(3000)
    for answer in (Answer({}, b"oops", lasting=False), Answer({}, b"x" * 3000)):
        make = Maker(answer)
        assert near.answer("a", ("?",), make) is near.answer("a", ("?",), make) is answer
        assert make.times == 2


def test_bytes_bound_it_and_the_longest_unasked_goes_first() -> None:
    near, make = Near(3 * 2000), Maker(Answer({}, b"x" * 1000))
    for question in "abcad":  # "b" is not asked again
        near.answer("s", (question,), make)
    assert make.times == 4
    near.answer("s", ("a",), make)
    assert make.times == 4
    near.answer("s", ("b",), make)
    assert make.times == 5


def test_equal_questions_at_once_are_computed_once_and_a_failure_frees_the_others() -> None:
    near, began, go, make = Near(1 << 20), threading.Event(), threading.Event(), Maker()

    def slow() -> Answer:
        began.set()
        go.wait()
        return make()

    found: list[Answer] = []
    ask = lambda: found.append(near.answer("a", ("?",), slow))  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    began.wait()
    go.set()
    for thread in threads:
        thread.join()
    assert (found, make.times) == ([HELLO] * 3, 1)

    def fails() -> Answer:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        near.answer("a", ("other",), fails)
    assert near.answer("a", ("other",), make) is HELLO
