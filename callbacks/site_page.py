"""One mechanism for every page that belongs to no study; ``callbacks/pages.py`` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Generic, TypeVar

import flask
from dash import Dash, Input, Output, State, ctx, no_update

from callbacks import addresses
from callbacks.context import explain, narrow, scheme
from callbacks.controls import follow, follow_options, mark
from callbacks.said import like, text
from components import page_notice
from components.chart import Figure
from components.studio import figure as studio
from components.studio.layout import studio_form
from services.studies import Catalogue
from services.views.link import Link, site_link
from services.views.site import decode_site, encode_site

_MIME_TYPES = {
    "csv": "text/csv",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
}
View = TypeVar("View")
Page = TypeVar("Page")


@dataclass(frozen=True, kw_only=True)
class SitePage(Generic[View, Page]):
    """A page of the site, declared.

    Attributes
    ----------
    path : its address; title : of its link in the header, "" has none
    name : what a report calls it, if not as the link does, or record -> that
    whose : whose results it shows
    make : ``(catalogue, view)`` -> the page's record
    layout : (record, query as typed, scheme, narrow, endings of its files) -> the page's content,
        filled in
    view : what its address says; None says nothing
    words : (record, endings of its files) -> content of the page's island store
    islands : ids of further island stores
    figures : part of the id of a ``dcc.Graph`` -> (record, scheme, narrow) -> its figure
    controls : parts of their ids; ``typed`` those of them that keep what is typed into them
    marked : fields under which something can be said to be wrong
    values : record -> what each control holds
    view_from : (view before, controls) -> the view asked for, and per field what is wrong with it
    options : (id, property) -> record -> what follows the view beside the controls' values
    files : ending -> ``(catalogue, view)`` -> a JSON body or a text
    image : (record, what a file asks of it) -> the figure of an image file
    undrawn : why there is no such figure, if it shows charts all the same
    rests_on : record -> what a report says was asked for, label and words of each
    pinned : record -> id -> HTML of what a report shows of it, if not the words alone
    unpinned : why no report can hold it
    whole : an address is refused that cannot be shown as it is, instead of in part
    register_more : what the page has of its own
    """

    path: str
    title: str = ""
    name: str | Callable[[Page], str] = ""
    whose: str = "Published results"
    make: Callable[[Catalogue, Any], Page]
    layout: Callable[[Page, str, str, bool, tuple[str, ...]], Any]
    view: type[Any] | None = None
    words: Callable[[Page, tuple[str, ...]], Mapping[str, Any]] | None = None
    islands: Sequence[str] = ()
    figures: Mapping[str, Callable[[Page, str, bool], Figure]] = field(default_factory=dict)
    controls: Sequence[str] = ()
    typed: Collection[str] = ()
    marked: Collection[str] = ()
    values: Callable[[Page], Mapping[str, Any]] = lambda _page: {}
    view_from: Callable[[Any, Mapping[str, Any]], tuple[View, Mapping[str, str]]] | None = None
    options: Mapping[tuple[str, str], Callable[[Page], Any]] = field(default_factory=dict)
    files: Mapping[str, Callable[[Catalogue, Any], Any]] = field(default_factory=dict)
    image: Callable[[Page, studio.Canvas], Figure] | None = None
    undrawn: str = ""
    rests_on: Callable[[Page], tuple[tuple[str, str], ...]] = lambda _page: ()
    pinned: Callable[[Page], Mapping[str, str]] | None = None
    unpinned: str = ""
    whole: bool = False
    register_more: Callable[[Dash, Catalogue], None] | None = None

    @property
    def id(self) -> str:
        """What the ids of the page's components start with."""
        return self.path.strip("/") or "catalogue"

    def called(self, page: Page) -> str:
        """What a report calls it."""
        name = self.name if isinstance(self.name, str) else self.name(page)
        return name or self.title

    @property
    def offered(self) -> tuple[str, ...]:
        """Endings of the files that the page has for a reader."""
        return (*self.files, *(["figure.json"] if self.image else []))

    def parts(self, page: Page) -> Mapping[str, str]:
        """HTML of what a report shows of the page, by id."""
        if self.pinned is not None:
            return self.pinned(page)
        html: Mapping[str, str] = self.words(page, self.offered)["html"] if self.words else {}
        return html

    @property
    def live(self) -> bool:
        """Whether a callback or an island keeps the page up to date."""
        return self.view is not None or bool(self.islands)

    def open(self, catalogue: Catalogue, query: str) -> Any:
        """The page's content, under what of its link cannot be used."""
        if self.view is None:
            return self._laid_out(self.make(catalogue, None), query)
        made = cache(partial(self.make, catalogue))  # the link asks for the page that is shown
        link = self._link(query, made)
        content = self._laid_out(made(link.view), link.query)
        return [*page_notice.place(link.problems), content]

    def _link(self, query: str, make: Callable[[Any], Any]) -> Link[Any]:
        assert self.view is not None
        if self.whole:
            return Link(query, decode_site(self.view, query), ())
        return site_link(self.view, query, make)

    def _laid_out(self, page: Page, query: str) -> Any:
        return self.layout(page, query, scheme(), narrow(), self.offered)

    def register(self, app: Dash, catalogue: Catalogue) -> None:
        """The page's files, and one callback for all of it."""
        for ending, make in self.files.items():
            app.server.add_url_rule(
                f"/{self.id}.{ending}",
                f"{self.id}_{ending}",
                partial(self._file, catalogue, ending, make),
            )
        if self.image is not None:
            drawn, opened = partial(self._figure, catalogue), partial(self._studio, catalogue)
            app.server.add_url_rule(f"/{self.id}.figure.json", f"{self.id}_figure", drawn)
            app.server.add_url_rule(f"/studio/{self.id}", f"studio_{self.id}", opened)
        if self.register_more is not None:
            self.register_more(app, catalogue)
        if self.view is None:
            return
        controls = {name: Input(f"{self.id}-{name}", "value") for name in self.controls}
        state = {
            "errors": {name: State(f"{self.id}-{name}", "error") for name in self.marked},
            "options": [State(*place) for place in self.options],
        }

        @app.callback(
            output={
                "island": Output(f"{self.id}-island", "data"),
                "search": Output(f"{self.id}-address", "search"),
                "figures": {n: Output(f"{self.id}-{n}", "figure") for n in self.figures},
            },
            inputs={
                "search": Input(f"{self.id}-address", "search"),
                "controls": controls,
                "display": Input("display", "data"),
            },
            state=state,
            prevent_initial_call=True,
        )
        def update(**said: Any) -> dict[str, Any]:
            try:
                return self._answer(catalogue, said)
            except Exception as problem:
                return {
                    "island": page_notice.failure(explain(problem)),
                    "search": no_update,
                    "figures": dict.fromkeys(self.figures, no_update),
                }

    def _answer(self, catalogue: Catalogue, said: Mapping[str, Any]) -> dict[str, Any]:
        assert self.view is not None
        assert self.words is not None
        opened = ctx.triggered_id == f"{self.id}-address"
        made = cache(partial(self.make, catalogue))
        link = self._link(text(said["search"]), made)
        view = link.view
        wrong: Mapping[str, str] = {}
        shown = like(said["controls"], self.values(made(view)))
        if not opened and self.view_from is not None:
            asked: Any
            asked, wrong = self.view_from(view, shown)
            decode_site(self.view, encode_site(asked))  # what no control can say is refused
            view = asked
        page = made(view)
        mark(self.id, wrong, said["errors"])
        # What is being typed stays under the reader's fingers.
        values = {n: v for n, v in self.values(page).items() if opened or n not in self.typed}
        follow(self.id, values, shown)
        follow_options(self.options, page, said["options"])
        island = page_notice.above(
            self.words(page, self.offered), link.problems if link.says(view) else ()
        )
        return {
            "island": island,
            "search": no_update if link.says(view) else encode_site(view),
            "figures": {n: make(page, scheme(), narrow()) for n, make in self.figures.items()},
        }

    def _file(
        self, catalogue: Catalogue, ending: str, make: Callable[[Catalogue, Any], Any]
    ) -> flask.Response:
        def answer() -> flask.Response:
            body = make(catalogue, self._asked())
            if ending == "json":
                return addresses.json_response(body)
            return addresses.download(body, f"{self.id}.{ending}", _MIME_TYPES[ending])

        return addresses.answered(answer)

    def _figure(self, catalogue: Catalogue) -> flask.Response:
        """The figure of an image."""

        def answer() -> flask.Response:
            return addresses.json_response(self.drawn(self.make(catalogue, self._asked())))

        return addresses.answered(answer)

    def drawn(self, page: Any) -> Figure:
        """The figure of an image; ``report=docx`` in the address: as it stands in such a file."""
        image: Any = self.image
        return studio.figure(page, image, flask.request.args.get("report", ""))

    def _studio(self, catalogue: Catalogue) -> flask.Response:
        """The settings of the figure's file, as a part of a page."""

        def answer() -> flask.Response:
            form = studio_form(self.make(catalogue, self._asked()), self.path, self.id, False)
            return flask.Response(form, mimetype="text/html")

        return addresses.answered(answer)

    def _asked(self) -> Any:
        if self.view is None:
            return None
        return decode_site(self.view, flask.request.query_string.decode("utf-8", "replace"))
