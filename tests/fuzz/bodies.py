"""Reports and uploads that make sense, almost, or none at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from urllib.parse import quote

from hypothesis import strategies as st

from callbacks import pages
from services.reading.mapping import Mapping
from services.reading.names import ADSL_TARGETS, ADTTE_TARGETS
from services.report import files as report_files
from services.views.study import View
from tests.fuzz.addresses import layout_of
from tests.fuzz.watch import Sent
from tests.fuzz.words import (
    NASTY,
    Site,
    mostly,
    queries,
    study_words,
    texts,
    values,
    view_words,
    written,
)


def reports(site: Site) -> st.SearchStrategy[Sent]:
    """Reports of any views, with what stands for images."""
    study = site.studies()[0]
    paths = [f"/study/{study.id}/{p}".rstrip("/") for p in pages.STUDY] + [*pages.SITE]
    query = queries(view_words(View), study_words(study), [])
    views = st.tuples(st.sampled_from(paths), mostly(st.just(""), query)).map("?".join)
    said = mostly(texts(), values())
    item = st.fixed_dictionaries(
        {"address": mostly(views, said)}, optional={"title": said, "comment": said}
    )
    body = st.fixed_dictionaries(
        {
            "format": mostly(st.sampled_from([*report_files.MIME]), values()),
            "items": mostly(st.lists(mostly(item, values()), min_size=1, max_size=2), values()),
        },
        optional={"title": said, "more": values()},
    )
    sent = mostly(body, values()).map(written)
    image = st.sampled_from([
        b"", b"<svg/>", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><g/></svg>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><svg>&b;</svg>", b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        b"\xff" * 99,
        b"<svg xmlns='http://www.w3.org/2000/svg' width='1e308' height='nan'/>", b"<g>" * 3000,
    ])  # fmt: skip
    names = st.sampled_from(["figure-0.svg", "figure-0.png", "figure-1.png", "figure-999.svg", "x"])
    images = mostly(st.just([]), st.lists(st.tuples(names, image), max_size=3))
    path = st.sampled_from(["/report", "/report/check"])
    alone = st.tuples(path, sent).map(
        lambda a: Sent(a[0], "", "POST", (), a[1], "application/json")
    )
    form = st.tuples(path, st.tuples(sent, images).map(_report_form))
    return alone | form.map(lambda a: _form(*a))


ROW = "P{},{},OS,{},DAYS,{},{}"
HEAD = "USUBJID,TRTP,PARAMCD,AVAL,AVALU,CNSR,AGE"


def uploads(_site: Site) -> st.SearchStrategy[Sent]:
    """Tables and mappings that make sense, almost, or none at all."""
    names = [*HEAD.split(","), "TIME", "EVENT", "ARM", "ID", "SEX", "STATUS"]
    plain = st.integers(0, 99).map(str)
    cell = mostly(plain, st.sampled_from([*names, *NASTY]).map(_quoted))
    time = mostly(plain, cell)
    row = st.tuples(plain, st.sampled_from("AB"), time, st.sampled_from("01"), cell)
    good = st.lists(row.map(lambda r: ROW.format(*r)), min_size=4, max_size=30)
    odd = st.lists(st.lists(cell, max_size=8).map(",".join), max_size=8)
    names_head = st.lists(st.sampled_from(names), max_size=8).map(",".join)
    head = mostly(
        st.sampled_from([HEAD, "id,group,what,time,unit,event,age"]), names_head | texts()
    )
    table = st.tuples(head, mostly(good, odd)).map(
        lambda t: "\n".join([t[0], *t[1], ""]).encode("utf-8", "replace")
    )
    raw = st.binary(max_size=60) | st.sampled_from([
        b"PK\x03\x04", b"PAR1xxxxPAR1", b"\x1f\x8b\x08\0", b"HEADER RECORD*******LIBRARY HEADER",
        b"[{",
        b'{"a": [1, 2', b"RDX3\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe\0",
        b"unit = 3\n[x",
    ])  # fmt: skip
    endings = [
        "csv",
        "zip",
        "parquet",
        "xpt",
        "sas7bdat",
        "rds",
        "json",
        "xlsx",
        "gz",
        "dta",
        "toml",
    ]
    name = mostly(
        st.sampled_from(["adtte.csv", "adsl.csv", "adae.csv"]),
        st.sampled_from([*(f"t.{e}" for e in endings), "study.toml", *NASTY]),
    )
    part = st.tuples(mostly(st.just("files"), texts(["adtte"])), name, mostly(table, raw))
    first = st.tuples(st.just("adtte"), st.just("adtte.csv"), mostly(table, raw))
    parts = st.tuples(first, mostly(st.just([]), st.lists(part, max_size=3))).map(
        lambda p: [p[0], *p[1]]
    )
    keys = {f.name: f for f in fields(Mapping)}
    column = st.dictionaries(
        st.sampled_from([*ADTTE_TARGETS, *ADSL_TARGETS]), mostly(st.sampled_from(names), texts())
    )
    said = st.dictionaries(
        mostly(st.sampled_from([*keys]), texts()), mostly(column | texts(["1", "days"]),
        values(names)),
        max_size=3,
    )  # fmt: skip
    mapping = mostly(st.just(b""), mostly(said, values()).map(written))
    return st.tuples(parts, mapping).map(_upload)


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def opened(status: int, body: bytes) -> list[Sent]:
    """Every page of what an upload made."""
    if status not in (201, 422):
        return []
    said = json.loads(body)
    if draft := said.get("draft"):
        return [layout_of((draft["url"], ""))]
    if study := said.get("study"):
        paths = [f"/study/{study}/{page}".rstrip("/") for page in pages.STUDY]
        return [layout_of((path, "")) for path in paths]
    return []


def _upload(told: tuple[list[tuple[str, str, bytes]], bytes]) -> Sent:
    parts, mapping = told
    fields = [(f, n, c) for f, n, c in parts]
    if mapping:
        fields.append(("mapping", "", mapping))
    return _form("/study", fields)


def _report_form(told: tuple[bytes, list[tuple[str, bytes]]]) -> list[tuple[str, str, bytes]]:
    return [("request", "", told[0]), *((n, n, c) for n, c in told[1])]


def _form(path: str, parts: Sequence[tuple[str, str, bytes]]) -> Sent:
    body = b""
    for field_name, name, content in parts:
        shown = quote(name, safe="./\\ <>'", errors="replace") if name else ""
        file = f'; filename="{shown}"' if name else ""
        head = f'--x\r\nContent-Disposition: form-data; name="{field_name}"{file}\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    return Sent(path, "", "POST", (), body + b"--x--\r\n", "multipart/form-data; boundary=x")
