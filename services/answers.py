"""Answers that are sent more than once: kept in this process, or shared by several through Redis.

Of equal questions at the same time one is computed. What Redis keeps is the bytes that were sent,
behind their own sum; never an object. While it does not answer, every process computes by itself.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from cachetools import LRUCache

from services.errors import UserError
from services.kept import program_sum

SECONDS = 3600  # that an answer is kept at most
MOST_BYTES = 8 << 20  # of one answer
LOCK_SECONDS = 10.0  # after which nobody waits any longer for who is computing
AWAY_SECONDS = 5.0  # that Redis is left alone after it did not answer
_POLL_SECONDS = 0.02
_NAME = "smm:answers"
_SUM = hashlib.sha256().digest_size
log = logging.getLogger("smm")

# One step each: other processes never see half of it. KEYS: order by age, size by key.
_DROP = """
local order, sizes = KEYS[1], KEYS[2]
local function drop(key)
  redis.call('DEL', key)
  redis.call('ZREM', order, key)
  local size = redis.call('HGET', sizes, key)
  if size then
    redis.call('HINCRBY', sizes, 'total', -size)
    redis.call('HDEL', sizes, key)
  end
end
"""
_KEEP = f"""{_DROP}
local key, text, seconds, now, most = unpack(ARGV)
for _, old in ipairs(redis.call('ZRANGEBYSCORE', order, '-inf', now - seconds)) do drop(old) end
drop(key)
redis.call('SET', key, text, 'EX', seconds)
redis.call('ZADD', order, now, key)
redis.call('HSET', sizes, key, #text)
redis.call('HINCRBY', sizes, 'total', #text)
while tonumber(redis.call('HGET', sizes, 'total')) > tonumber(most) do
  drop(redis.call('ZRANGE', order, 0, 0)[1])
end
"""
_FORGET = f"""{_DROP}
for _, key in ipairs(redis.call('ZRANGE', order, 0, -1)) do
  if string.sub(key, 1, #ARGV[1]) == ARGV[1] then drop(key) end
end
"""
_UNLOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


@dataclass(frozen=True)
class Answer:
    """What is sent: headers and body; ``lasting``: another who asks the same is to get it too."""

    headers: Mapping[str, str]
    body: bytes
    lasting: bool = True


class Kept(Protocol):
    """Answers by study and question."""

    def answer(
        self, study_id: str, asked: tuple[object, ...], make: Callable[[], Answer]
    ) -> Answer:
        """What ``make`` answers, or answered before.

        Parameters
        ----------
        study_id : of the study that the answer is about: the answer goes with it
        asked : all that the answer depends on beside the program: content of the study, question
        """

    def forget(self, study_id: str) -> None:
        """Drop all answers about a study."""


class Near:
    """Answers of this process.

    Parameters
    ----------
    most : bytes of all answers together; those longest unasked for go first
    """

    def __init__(self, most: int) -> None:
        self._answers: LRUCache[tuple[str, bytes], Answer] = LRUCache(most, _size)
        self._making: dict[tuple[str, bytes], threading.Lock] = {}
        self._lock = threading.Lock()

    def answer(
        self, study_id: str, asked: tuple[object, ...], make: Callable[[], Answer]
    ) -> Answer:
        """What ``make`` answers, or answered before; see ``Kept``."""
        key = study_id, hashlib.sha256(repr(asked).encode()).digest()
        with self._lock:
            if (found := self._answers.get(key)) is not None:
                return found
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if (found := self._answers.get(key)) is not None:
                    return found
            try:
                made = make()
                if made.lasting:
                    with self._lock, suppress(ValueError):  # larger than all that may be kept
                        self._answers[key] = made
                return made
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def forget(self, study_id: str) -> None:
        """Drop all answers about a study."""
        with self._lock:
            for key in [key for key in self._answers if key[0] == study_id]:
                del self._answers[key]


def _size(answer: Answer) -> int:
    return len(answer.body) + 1000  # and what is around it


class Answers:
    """Answers by study and question, of all processes that know the same Redis.

    Parameters
    ----------
    url : ``redis://host:port/number``
    most : bytes of all answers together; the oldest go first

    Raises
    ------
    UserError : the address cannot be used, or the package redis is not installed
    """

    def __init__(self, url: str, most: int = 256 << 20) -> None:
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError as problem:
            raise UserError(
                "SMM_REDIS is set, and the package redis is not installed.",
                "Install the packages of requirements-deploy.lock.",
            ) from problem
        try:
            self._redis: Any = redis.Redis.from_url(
                url, socket_connect_timeout=0.5, socket_timeout=2, retry=Retry(NoBackoff(), 1)
            )
        except ValueError as problem:
            raise UserError(
                f"SMM_REDIS cannot be used: {problem}.",
                "It is, for example, redis://localhost:6379/0.",
            ) from problem
        self._problem = redis.RedisError
        self._most = most
        self._away_until = 0.0
        self._program = program_sum()

    def check(self) -> None:
        """Raise a ``UserError`` (503) if Redis does not answer."""
        if self._asked(lambda: self._redis.ping()) is None:
            raise UserError("The shared cache of answers does not answer.", status=503)

    def answer(
        self, study_id: str, asked: tuple[object, ...], make: Callable[[], Answer]
    ) -> Answer:
        """What ``make`` answers, or answered before, here or in another process; see ``Kept``."""
        key = (
            f"{_group(study_id)}{hashlib.sha256(repr((self._program, asked)).encode()).hexdigest()}"
        )
        lock, token = f"{key}:lock", secrets.token_hex(8)
        end = time.monotonic() + LOCK_SECONDS
        while True:
            found = self._find(key)
            if found is not None:
                return found
            held = self._asked(
                lambda: bool(self._redis.set(lock, token, nx=True, px=int(LOCK_SECONDS * 1000)))
            )
            if held is not False or time.monotonic() > end:  # ours, or nobody to wait for
                break
            time.sleep(_POLL_SECONDS)
        try:
            # Who had the lock may have finished between our two questions.
            found = self._find(key) if held else None
            if found is not None:
                return found
            made = make()
            if made.lasting and len(made.body) <= MOST_BYTES:
                self._keep(key, made)
            return made
        finally:
            if held:
                self._asked(lambda: self._redis.eval(_UNLOCK, 1, lock, token))

    def forget(self, study_id: str) -> None:
        """Drop all answers about a study."""
        self._asked(
            lambda: self._redis.eval(
                _FORGET, 2, f"{_NAME}:order", f"{_NAME}:sizes", _group(study_id)
            )
        )

    def _find(self, key: str) -> Answer | None:
        text = self._asked(lambda: self._redis.get(key))
        if text is None:
            return None
        head, newline, body = text[_SUM:].partition(b"\n")
        if not newline or hashlib.sha256(text[_SUM:]).digest() != text[:_SUM]:
            log.warning("a shared answer is damaged and is made again")
            return None
        return Answer(json.loads(head), body)

    def _keep(self, key: str, made: Answer) -> None:
        content = json.dumps(dict(made.headers)).encode() + b"\n" + made.body
        text = hashlib.sha256(content).digest() + content
        told = (key, text, SECONDS, time.time(), self._most)
        self._asked(lambda: self._redis.eval(_KEEP, 2, f"{_NAME}:order", f"{_NAME}:sizes", *told))

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """What Redis answers; ``None`` if it does not, and for some seconds after that."""
        if time.monotonic() < self._away_until:
            return None
        try:
            return ask()
        except self._problem as problem:
            self._away_until = time.monotonic() + AWAY_SECONDS
            log.warning("Redis does not answer: %s", problem)
            return None


def _group(study_id: str) -> str:
    """What the keys of a study begin with; an upload's id opens it, so it stands nowhere."""
    return f"{_NAME}:{hashlib.sha256(study_id.encode()).hexdigest()[:32]}:"
