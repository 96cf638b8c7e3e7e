"""An S3 server on this machine, for tests of what speaks to one."""

from __future__ import annotations

import os
import secrets
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def s3(port: int = 0) -> Iterator[Mapping[str, str]]:
    """A running server; what it yields are the variables of the environment that lead to it.

    What is stored lives as long as this process: a server that is started again has it still.
    """
    from moto.server import ThreadedMotoServer  # half a second of imports

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "of-a-test",
            "AWS_SECRET_ACCESS_KEY": "of-a-test",
            "AWS_REGION": "us-east-1",
        }
    finally:
        server.stop()


def bucket(leads: Mapping[str, str] | None = None) -> str:
    """The address of a new bucket, with a prefix, on the server of the environment."""
    name = f"test-{secrets.token_hex(6)}"
    server = (leads or os.environ)["AWS_ENDPOINT_URL"]
    made = urllib.request.Request(f"{server}/{name}", method="PUT", data=b"")
    urllib.request.urlopen(made).close()
    return f"s3://{name}/smm"
