"""The settings: each with its environment variable, default and help.

``python app.py --help`` and the README's table are made from them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from services.errors import UserError

ROOT = Path(__file__).resolve().parent.parent
_Positive = Annotated[int, Field(ge=1)]
PREFIX = r"(?:/[A-Za-z0-9._~-]+)*"  # of a path under which the site lies


def _switch(value: Any) -> Any:
    return value.strip() or "0" if isinstance(value, str) else value


def _folders(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return [part for part in value.split(os.pathsep) if part.strip()]


def _names(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return [part.strip().lower() for part in value.split(",") if part.strip()]


def _proxies(value: Any) -> Any:
    for one in _names(value):
        if one != "unix":
            ip_network(one)
    return _names(value)


def _help(text: str) -> Any:
    return Field(description=text)


@dataclass(frozen=True)
class Settings:
    """The values in force; a field's environment variable is ``SMM_`` and its name."""

    host: Annotated[str, _help("address the server listens on")] = "127.0.0.1"
    hosts: Annotated[
        tuple[str, ...],
        BeforeValidator(_names),
        _help("host names the server answers to, separated by ','; needed behind a proxy"),
    ] = ()
    port: Annotated[int, Field(ge=1, le=65535), _help("port the server listens on")] = 8050
    prefix: Annotated[
        str,
        Field(pattern=f"^{PREFIX}$"),
        _help("path under which a proxy shows the site, as /smm; empty: the root"),
    ] = ""
    trusted_proxies: Annotated[
        tuple[str, ...],
        BeforeValidator(_proxies),
        _help("addresses of proxies whose X-Forwarded headers are believed, separated by ','"),
    ] = ()
    user_header: Annotated[
        str,
        Field(pattern=r"^[A-Za-z0-9-]*$"),
        _help("header in which these tell who signed in there, for the log; empty: none"),
    ] = ""
    browser: Annotated[
        bool, BeforeValidator(_switch), _help("open a browser at start (1 or 0)")
    ] = True
    studies: Annotated[
        tuple[Path, ...],
        BeforeValidator(_folders),
        _help(f"additional study folders or zips, separated by '{os.pathsep}'"),
    ] = ()
    store: Annotated[
        str,
        Field(pattern=r"^((s3|s3a|gs|az|azure|abfs|abfss|adl)://[^/]+.*)?$"),
        _help("object store of uploaded studies, as s3://bucket/prefix; empty: the folder below"),
    ] = ""
    store_dir: Annotated[
        Path, _help("folder where uploaded studies are stored, or only read if SMM_STORE is set")
    ] = ROOT / "store"
    store_days: Annotated[
        int, Field(ge=1, le=36_500), _help("days until an uploaded study is deleted")
    ] = 30
    store_mb: Annotated[_Positive, _help("MB that all uploaded studies may use")] = 4096
    file_mb: Annotated[_Positive, _help("MB that an uploaded file may have, unpacked")] = 300
    import_mb: Annotated[_Positive, _help("MB of memory for reading one upload")] = 6144
    second_opinion_r: Annotated[
        bool, BeforeValidator(_switch), _help("let R recompute a view when a reader asks (1 or 0)")
    ] = True
    log: Annotated[
        Literal["text", "json", "none"],
        _help("a line for each request on standard error: text, json or none"),
    ] = "text"
    metrics_port: Annotated[
        int, Field(ge=0, le=65535), _help("port of numbers for Prometheus; 0: none")
    ] = 0
    threads: Annotated[_Positive, _help("requests answered concurrently")] = 16
    cache_size: Annotated[_Positive, _help("page results kept in memory")] = 512
    cache_mb: Annotated[_Positive, _help("MB that these may take together")] = 256
    answers_mb: Annotated[
        _Positive, _help("MB of answers kept in memory, to be sent again; without Redis")
    ] = 16
    report_mb: Annotated[_Positive, _help("MB that the images of one report may have")] = 80
    report_seconds: Annotated[
        int, Field(ge=0), _help("seconds after which no further item of a report is begun")
    ] = 120
    reports: Annotated[_Positive, _help("reports made at the same time")] = 2
    redis: Annotated[
        str,
        Field(pattern=r"^((redis|rediss|unix)://.+)?$"),
        _help("Redis in which several processes share answers, as redis://localhost:6379/0"),
    ] = ""
    redis_mb: Annotated[_Positive, _help("MB of answers kept there")] = 256


class Setting(NamedTuple):
    """One row of the table of settings."""

    name: str
    variable: str
    default: Any
    help: str


def _table() -> tuple[Setting, ...]:
    described = TypeAdapter(Settings).json_schema()["properties"]
    return tuple(
        Setting(f.name, f"SMM_{f.name.upper()}", f.default, described[f.name]["description"])
        for f in fields(Settings)
    )


TABLE = _table()


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from environment variables.

    Raises
    ------
    UserError : a variable holds what cannot be read; names it and the remedy

    >>> read({"SMM_PORT": "9000"}).port
    9000
    """
    given: dict[str, Any] = {
        s.name: environment[s.variable] for s in TABLE if s.variable in environment
    }
    try:
        return Settings(**given)
    except ValidationError as problem:
        error = problem.errors()[0]
        setting = next(s for s in TABLE if s.name == error["loc"][0])
        # "Input should be ...", "Value error, ...", or a pattern, which is no sentence.
        said = f"it {error['msg'].removeprefix('Input ')}"
        if error["type"] == "string_pattern_mismatch":
            said = "it is not written as needed"
        elif error["type"] == "value_error":
            said = error["msg"].removeprefix("Value error, ")
        raise UserError(
            f"{setting.variable}={given[setting.name]!r} cannot be used: {said}.",
            f"Needed: {setting.help}; default: {setting.default or 'none'}.",
        ) from problem
