"""The log: a line for each request, and no line that tells an upload's id, its key or a patient.

A line names the rule that answered, not the address: what stands in addresses is what readers
asked, and an upload's id opens it. Query strings, names of files and what a client sent are left
out; what readers' computers are called is for the proxy to log, or not.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import flask

from callbacks import pages
from callbacks.context import SECRET_IN_TEXT
from services.settings import Settings
from services.studies import Catalogue

log = logging.getLogger("smm.requests")
_STUDY = re.compile(r"/study/([^/]+)(?:/([a-z-]+))?/?")
_MAPPING = re.compile(r"/upload/[0-9a-f]+/?")
OTHER = "(other)"  # addresses that open nothing
UPLOAD = "(upload)"


def register(
    server: flask.Flask,
    settings: Settings,
    catalogue: Catalogue,
    watch: Callable[[str, str, int, float], object] | None = None,
) -> None:
    """Log every request; to be registered before all else that looks at requests.

    Parameters
    ----------
    watch : told of each request its method, rule, status and seconds
    """
    _write_to_stderr(settings.log)

    @server.before_request
    def begin() -> None:
        flask.g.begun = time.perf_counter()

    @server.after_request
    def end(response: flask.Response) -> flask.Response:
        seconds = time.perf_counter() - flask.g.get("begun", time.perf_counter())
        rule, study = place(flask.request, catalogue)
        method = flask.request.method if flask.request.method in _METHODS else OTHER
        told = {
            "method": method,
            "rule": rule,
            "study": study,
            "status": response.status_code,
            "seconds": round(seconds, 4),
            "bytes": response.content_length,
        }
        words = f"{method} {rule} {study or '-'} {response.status_code} {seconds:.3f} s"
        if user := "".join(c for c in flask.request.remote_user or "" if c.isprintable())[:80]:
            told["user"] = user  # as a named proxy tells: callbacks/serving/proxy.py
            words += f" {user}"
        log.info(words, extra={"told": told})
        if watch is not None:
            watch(method, rule, response.status_code, seconds)
        return response


_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"})


def place(request: flask.Request, catalogue: Catalogue) -> tuple[str, str]:
    """The rule that answers a request, and the study: a listed one's id, or "(upload)", or ""."""
    rule = request.url_rule.rule if request.url_rule is not None else OTHER
    study = (request.view_args or {}).get("study_id", "")
    if rule == "/<path:path>":  # Dash answers all pages by one rule
        found = _STUDY.fullmatch(request.path)
        if found and (found[2] or "") in pages.STUDY:
            rule, study = f"/study/<study_id>/{found[2] or ''}".rstrip("/"), found[1]
        elif _MAPPING.fullmatch(request.path):
            rule, study = "/upload/<study_id>", UPLOAD
        else:
            path = request.path.rstrip("/")
            rule = path if path in pages.SITE else OTHER
    if study and study not in catalogue.ids():
        study = UPLOAD if SECRET_IN_TEXT.fullmatch(study) or study == UPLOAD else OTHER
    return rule, study


class _Text(logging.Formatter):
    """A line in words; several where something went wrong."""

    converter = time.gmtime  # type: ignore[assignment]
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        return SECRET_IN_TEXT.sub(UPLOAD, super().format(record))


class _Json(_Text):
    """A line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        told |= getattr(record, "told", {}) or {"message": record.getMessage()}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return SECRET_IN_TEXT.sub(UPLOAD, json.dumps(told, ensure_ascii=False))


class _Stderr(logging.StreamHandler[Any]):
    """Writes to what is standard error at the time of writing."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        """Standard error."""
        return sys.stderr


_HANDLER = _Stderr()


def _write_to_stderr(how: str) -> None:
    """Let every logger of the process write its lines by one handler: "text", "json" or "none"."""
    form = _Json() if how == "json" else _Text("%(asctime)s %(levelname)s %(name)s: %(message)s")
    _HANDLER.setFormatter(form)
    root = logging.getLogger()
    if _HANDLER not in root.handlers:
        root.addHandler(_HANDLER)
    log.setLevel(logging.WARNING if how == "none" else logging.INFO)
