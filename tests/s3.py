"""An S3 server on this machine, for tests of what speaks to one."""

from __future__ import annotations

import os
import secrets
import threading
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@contextmanager
def s3(port: int = 0) -> Iterator[Mapping[str, str]]:
    """A running server; what it yields are the variables of the environment that lead to it.

    What is stored lives as long as this process: a server that is started again has it still.
    """
    from moto.moto_server import werkzeug_app as moto  # half a second of imports
    from werkzeug.serving import make_server

    answers = moto.DomainDispatcherApplication(moto.create_backend_app)
    handler = moto.MotoRequestHandler
    server = make_server("127.0.0.1", port, one_at_a_time(answers), True, request_handler=handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "of-a-test",
            "AWS_SECRET_ACCESS_KEY": "of-a-test",
            "AWS_REGION": "us-east-1",
        }
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def one_at_a_time(app: WSGIApplication) -> WSGIApplication:
    """Atomic requests, as S3's are: moto compares the version and writes in two steps."""
    lock = threading.Lock()

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        with lock:
            return list(app(environ, start))

    return answer


def bucket(leads: Mapping[str, str] | None = None) -> str:
    """The address of a new bucket, with a prefix, on the server of the environment."""
    name = f"test-{secrets.token_hex(6)}"
    server = (leads or os.environ)["AWS_ENDPOINT_URL"]
    made = urllib.request.Request(f"{server}/{name}", method="PUT", data=b"")
    urllib.request.urlopen(made).close()
    return f"s3://{name}/smm"
