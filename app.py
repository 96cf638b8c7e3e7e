"""SMM Outcomes: the web application.

``python app.py`` starts the dashboard; ``create_server()`` is what a WSGI server loads.
Importing this module has no side effects.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import gc
import logging
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from services.errors import UserError
from services.settings import ROOT, TABLE, Settings, read

if TYPE_CHECKING:
    import flask

    from services.studies import Catalogue

M_ARENA_MAX = -8  # glibc's malloc.h
NOT_LOADED = 4  # by this status gunicorn knows that it should not try again
GARBAGE = 10_000  # new objects between two looks for circles of them; Python's own are 700
SWITCH_SECONDS = 0.001  # Python's own are 0.005

# Dash, pandas and the pages are imported where they are needed: the port answers before that.


def create_server(
    settings: Settings | None = None, catalogue: Catalogue | None = None
) -> flask.Flask:
    """The WSGI application: ``gunicorn 'app:create_server()'`` works as well as ours.

    Without ``settings`` it is the whole process, and made ready for its readers.

    Raises
    ------
    UserError : a study folder that cannot be read
    """
    _share_processor_and_memory()
    from callbacks import dash_app
    from services.studies import Catalogue

    alone = settings is None
    settings = settings or read(os.environ)
    catalogue = catalogue or Catalogue(settings.studies, ROOT / "data" / "studies")
    server = dash_app.create_server(settings, catalogue)
    if catalogue.uploads is not None:
        catalogue.uploads.store.keep_sweeping()
    if alone:
        make_ready()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_end_copy)
    return server


def _share_processor_and_memory() -> None:
    """Settings of libraries for a process of many threads; before numpy is imported, and others.

    numpy's own threads take ten times the processor for our small matrices, waiting for each other.
    glibc gives each thread a heap: what one has freed others cannot use, a quarter of the memory.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if "MALLOC_ARENA_MAX" not in os.environ and sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
        if set_option is not None:
            set_option(M_ARENA_MAX, 2)


def _end_copy() -> None:
    """End a worker that was copied from a process which had loaded the app, and its server.

    Its threads (the store's sweeping, what reads an object store) do not come along; locks do.
    """
    print(
        "app.py: This server loads the app before it starts its workers, and the app's threads do"
        " not live on in them. Let each worker load it: gunicorn without --preload, uWSGI with"
        " --lazy-apps.",
        file=sys.stderr,
        flush=True,
    )
    os._exit(NOT_LOADED)


def make_ready() -> None:
    """What readers would wait for otherwise: slow imports, and looking for garbage among them."""
    from services import survival as engine

    engine.warm_up()  # lifelines takes two seconds to import
    gc.collect()
    gc.freeze()  # hundreds of thousands of objects that stay: a pause of a fifth of a second
    gc.set_threshold(GARBAGE)  # what a page is made of is young garbage for a while
    # A short answer waits so long for each of those who compute.
    sys.setswitchinterval(SWITCH_SECONDS)


def _parser() -> argparse.ArgumentParser:
    helps = {s.name: f"{s.help} ({s.variable})" for s in TABLE}
    parser = argparse.ArgumentParser(prog="app.py", description="Start the SMM Outcomes dashboard.")
    parser.add_argument("--host", help=helps["host"])
    parser.add_argument("--port", type=int, help=helps["port"])
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument(
        "--study",
        action="append",
        type=Path,
        metavar="DIR",
        default=[],
        help="a folder or zip with an ADaM study (adsl, adtte, adae); may be repeated",
    )
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    settings = read(os.environ)
    port = settings.port if options.port is None else options.port
    if not 0 < port < 65536:
        raise UserError(f"{port} is not a port number.", "A port is a number from 1 to 65535.")
    return replace(
        settings,
        host=options.host or settings.host,
        port=port,
        browser=settings.browser and not options.no_browser,
        studies=(*settings.studies, *options.study),
    )


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as problem:
        hint = "The host must be an address of this machine, for example --host 127.0.0.1."
        if problem.errno in (errno.EADDRINUSE, errno.EACCES):
            other = settings.port + 1 if 1023 < settings.port < 65535 else 8050
            hint = f"Choose another port, for example --port {other}."
        why = str(problem.strerror).partition(" (while")[0]
        raise UserError(
            f"Cannot listen on {settings.host}:{settings.port}: {why}.", hint
        ) from problem


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until it is stopped.

    Returns
    -------
    int : 0, or 2 after one clear line on standard error
    """
    options = _parser().parse_args(arguments)
    _share_processor_and_memory()
    listening = None
    try:
        settings = _settings(options)
        # Who comes early waits in this socket's queue while the pages are made.
        listening = _listening(settings)
        from services.studies import Catalogue

        catalogue = Catalogue(settings.studies, ROOT / "data" / "studies")
        print("Starting SMM Outcomes", flush=True)
        server = create_server(settings, catalogue)
    except UserError as problem:
        if listening is not None:
            listening.close()
        print(f"app.py: {problem}", file=sys.stderr)
        return 2
    # Not while somebody waits for the first page.
    threading.Thread(target=make_ready, daemon=True).start()
    # Bundled studies come first, then those of the command line: open the first of the latter.
    ids = catalogue.ids()
    opened = ids[-len(settings.studies)] if settings.studies else "e3a06"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    home = f"http://{host}:{settings.port}"
    address = f"{home}/study/{opened}/survival"
    opens = " and opens" if settings.browser else "; open"
    print(f"SMM Outcomes is running at {home}{opens} {address}  (stop with Ctrl-C)", flush=True)
    if settings.browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    # Who came early waited for the start, not for want of threads: no warning about that.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    from waitress import serve

    serve(
        server,
        sockets=[listening],
        threads=settings.threads,
        ident=None,
        # A browser holds six connections: many readers, and some who hold theirs for nothing.
        connection_limit=2000,
        channel_timeout=30,
        cleanup_interval=5,
        asyncore_use_poll=True,
        # Notice who goes away while an upload is read, so that it is not kept.
        channel_request_lookahead=1,
        # Whom of those who forward requests to believe: callbacks/serving/proxy.py.
        clear_untrusted_proxy_headers=False,
        max_request_body_size=(3 * settings.file_mb + 64) << 20,
    )
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # while it starts
        sys.exit(130)
