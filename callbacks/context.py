"""What the browser told us about itself, and how errors reach the page."""

from __future__ import annotations

import logging
import re
import secrets
import traceback

import flask

from services.errors import UserError
from services.study.model import SECRET_ID

log = logging.getLogger("smm")
SECRET_IN_TEXT = re.compile(rf"\b{SECRET_ID.pattern}\b")


def scheme() -> str:
    """ "light" or "dark", from the cookie that ``assets/head/screen.js`` keeps."""
    return "dark" if flask.request.cookies.get("scheme") == "dark" else "light"


def narrow() -> bool:
    """Whether the window is narrow, from the cookie that ``assets/head/screen.js`` keeps."""
    return flask.request.cookies.get("narrow") == "1"


def tablet() -> bool:
    """Whether the window is a tablet's or narrower, from the cookie beside that of ``narrow``."""
    return flask.request.cookies.get("tablet") == "1"


def explain(problem: Exception) -> UserError:
    """Any error as something to show: a person's to mend as it is, ours logged under an id."""
    if flask.has_request_context():
        flask.g.explained = True  # what may be otherwise in a moment is not kept for others
    if isinstance(problem, UserError):
        return problem
    error_id = secrets.token_hex(4)
    # A log is read and passed on by others than who has the address of an upload.
    told = "".join(traceback.format_exception(problem))
    log.error("error %s\n%s", error_id, SECRET_IN_TEXT.sub("(upload)", told))
    return UserError(
        f"Something went wrong on our side (error {error_id}).",
        "None of your data are lost. Reload the page; if this happens again, report this error "
        "number.",
        status=500,
    )
