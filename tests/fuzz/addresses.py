"""GETs of everything that is there, and of what is not."""

from __future__ import annotations

from hypothesis import strategies as st

from callbacks import pages
from services.views.study import View
from tests.fuzz.watch import Sent
from tests.fuzz.words import Site, latin, queries, study_words, texts, view_words


def addresses(site: Site) -> st.SearchStrategy[Sent]:
    """GETs of everything that is there, with any query."""
    found: list[st.SearchStrategy[Sent]] = []
    rules = sorted({str(r.rule) for r in site.server.url_map.iter_rules()} | set(pages.SITE))
    paths = [f"/study/<study_id>/{page}".rstrip("/") for page in pages.STUDY] * 3 + rules
    for study in site.studies():
        asked = st.tuples(
            st.sampled_from([p for p in paths if "<study_id>" in p]).map(
                lambda p, i=study.id: p.replace("<study_id>", i)  # type: ignore[misc]
            ),
            queries(view_words(View), study_words(study), list(map(str, study.subjects.columns))),
        )
        found += [asked.map(lambda a: Sent(a[0], latin(a[1]))), asked.map(layout_of)]
    own_pages = [p for p in paths if "<study_id>" in p and "." not in p]
    views = [
        f"{p.replace('<study_id>', study.id)}{query}"
        for study in site.studies()[:2]
        for p in own_pages
        for query in ("", "?f.SEX=F", "?xmax=1e-6", "?arms=A,B", "?f.AGE=..1", "?id=1")
    ]
    for page in pages.SITE.values():
        keys = view_words(page.view) if page.view else {}
        own = [page.path, *(f"/{page.id}.{ending}" for ending in page.files)]
        asked = st.tuples(st.sampled_from(own), queries(keys, views, []))
        found += [asked.map(lambda a: Sent(a[0], latin(a[1]))), asked.map(layout_of)]
    drafts = st.sampled_from([f"/upload/{i}" for i in site.uploads])
    found.append(st.tuples(drafts, queries({"table": []}, [], [])).map(lambda a: Sent(*a)))
    return st.one_of(found)


def layout_of(asked: tuple[str, str]) -> Sent:
    """The first question of a page that was opened."""
    address = f"http://localhost{asked[0]}?{latin(asked[1])}"
    return Sent("/_dash-layout", headers=(("Referer", address.replace("\0", "")),))


HEADERS = ("Host", "Referer", "Cookie", "Accept-Encoding", "Content-Length", "Range", "Origin",
           "If-None-Match", "If-Modified-Since", "Sec-Fetch-Site", "Transfer-Encoding", "Accept",
           "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "Expect", "User-Agent",
           "Authorization")  # fmt: skip
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "PROPFIND",
    "get",
    "Ω",
)


def odd_ones(site: Site) -> st.SearchStrategy[Sent]:
    """Any method, path and header."""
    rules = sorted({str(rule.rule) for rule in site.server.url_map.iter_rules()})
    part = st.one_of(texts(), st.sampled_from(["e3a06", "survival", "study", "f" * 32, "mgus2"]))
    paths = st.one_of(
        st.sampled_from(rules),
        st.tuples(st.sampled_from(rules), part).map(_filled),
        st.lists(part, max_size=5).map(lambda parts: "/" + "/".join(parts)),
        st.sampled_from(["/" + "a/" * 4000, "//", "/./..//", "*", "", "/study//survival"]),
    )
    value = st.one_of(
        texts(["gzip, br;q=nan", "bytes=0-", "scheme=dark; narrow=1", "localhost", "same-origin"]),
        st.binary(max_size=20).map(lambda b: b.decode("latin-1")),
    ).map(lambda v: latin(v).replace("\r", "").replace("\n", ""))
    return st.builds(
        Sent,
        path=paths.map(latin),
        query=st.one_of(st.just(""), texts().map(latin)),
        method=st.one_of(st.just("GET"), st.sampled_from(METHODS)).map(latin),
        headers=st.lists(st.tuples(st.sampled_from(HEADERS), value), max_size=3).map(tuple),
        body=st.one_of(st.just(b""), st.binary(max_size=200)),
        kind=st.sampled_from(
            ["", "application/json", "text/plain", "multipart/form-data; boundary=x"]
        ),
    )


def _filled(pair: tuple[str, str]) -> str:
    start, _, rest = pair[0].partition("<")
    return start + pair[1] + rest.partition(">")[2]
